/** Images, audio and files as parts: a URL, or inline base64 data that the page can fetch by its place in the body. */
import { text } from "./json.ts";
import type { MediaPart } from "./reading.ts";

type Kind = MediaPart["type"];

/** From a URL that may be a `data:` URL. `where` is the JSON path of the string that holds it. */
export function fromUrl(type: Kind, url: unknown, where: string, name: string | null = null): MediaPart {
  const value = text(url);
  const inline = value === null ? null : /^data:([^;,]*)?(?:;[^,]*?)?(;base64)?,/i.exec(value.slice(0, 512));
  if (!inline || value === null) return { type, mime: null, url: value, data: null, bytes: null, name };
  const payload = value.length - inline[0].length;
  const bytes = inline[2] ? base64Size(value, payload) : payload;
  return { type, mime: inline[1] || null, url: null, data: where, bytes, name };
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
  if (value?.startsWith("data:")) return { ...fromUrl(type, value, where, name), ...(mime && { mime }) };
  const bytes = value === null ? null : base64Size(value, value.length);
  return { type, mime, url: null, data: value === null ? null : where, bytes, name };
}

/** A reference by id (an uploaded file): neither URL nor data. */
export function byId(type: Kind, id: unknown, mime: string | null = null): MediaPart {
  return { type, mime, url: null, data: null, bytes: null, name: text(id) };
}

/** Size of the decoded data, from the length of its last `length` characters and their padding. */
function base64Size(value: string, length: number): number {
  const padding = value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((length * 3) / 4) - (length % 4 === 0 ? padding : 0));
}
