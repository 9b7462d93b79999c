/** Images, audio and files as parts: a URL, or inline base64 data that the page can fetch by its place in the body. */
import { text } from "./json.ts";
import type { MediaPart } from "./reading.ts";

type Kind = MediaPart["type"];

/** From a URL that may be a `data:` URL. `where` is the JSON path of the string that holds it. */
export function fromUrl(type: Kind, url: unknown, where: string, name: string | null = null): MediaPart {
  const value = text(url);
  if (value !== null && isBareBase64(value))
    return {
      type,
      mime: mimeOf(value),
      url: null,
      data: where,
      bytes: base64Size(value, value.length),
      name,
    };
  const inline =
    value === null ? null : /^data:([^;,]*)(?:;(?!base64,)[^;,]*)*(;base64)?,/i.exec(value.slice(0, 512));
  if (!inline || value === null) return { type, mime: null, url: value, data: null, bytes: null, name };
  const payload = value.length - inline[0].length;
  const bytes = inline[2] ? base64Size(value, payload) : payload;
  return { type, mime: inline[1]?.toLowerCase() || null, url: null, data: where, bytes, name };
}

/** From bare base64. */
export function fromBase64(
  type: Kind,
  base64: unknown,
  mime: string | null,
  where: string,
  name: string | null = null,
): MediaPart {
  const value = text(base64);
  if (/^data:/i.test(value?.slice(0, 5) ?? ""))
    return { ...fromUrl(type, value, where, name), ...(mime && { mime: mime.toLowerCase() }) };
  const bytes = value === null ? null : base64Size(value, value.length);
  return {
    type,
    mime: mime?.toLowerCase() ?? null,
    url: null,
    data: value === null ? null : where,
    bytes,
    name,
  };
}

/** A reference by id (an uploaded file): neither URL nor data. */
export function byId(type: Kind, id: unknown, mime: string | null = null): MediaPart {
  return { type, mime, url: null, data: null, bytes: null, name: text(id) };
}

/** Where a URL is due, some send the data alone: long, and of base64's letters only, as no path and no address is. */
function isBareBase64(value: string): boolean {
  return value.length >= 64 && /^[A-Za-z0-9+/_-]{64}/.test(value) && mimeOf(value) !== null;
}

/** By the first bytes, as base64 shows them. */
export function mimeOf(base64: string): string | null {
  if (base64.startsWith("iVBORw0KGgo")) return "image/png";
  if (base64.startsWith("/9j/")) return "image/jpeg";
  if (base64.startsWith("R0lGOD")) return "image/gif";
  if (base64.startsWith("JVBERi0")) return "application/pdf";
  if (base64.startsWith("UklGR") && /^.{10}[A-Za-z0-9+/]{0,2}V0VCU|^UklGR.{6}XRUJQ/.test(base64.slice(0, 40)))
    return "image/webp";
  return null;
}

/** Size of the decoded data, from the length of its last `length` characters and their padding. */
function base64Size(value: string, length: number): number {
  const padding = value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((length * 3) / 4) - (length % 4 === 0 ? padding : 0));
}
