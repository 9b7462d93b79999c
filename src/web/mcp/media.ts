/** Pictures, sound and files that a message of MCP carries: named, and shown after a click from the recorded bytes. */
import { isObject, type Json } from "../../read/json.ts";
import { size } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";

type Kind = "image" | "audio" | "file";
type Found = { readonly kind: Kind; readonly mime: string; readonly bytes: number; readonly path: string };

/** A message has a few; more would be a list and no help. Values that are looked at for them, and how deep they stand. */
const MOST_PICTURES = 20;
const MOST_VALUES = 5_000;
const DEEPEST = 8;

/** `address`: where the bytes of a place in this message are asked for. */
export function mediaOf({ t }: View, message: unknown, address: string): Html | false {
  const found = mediaIn(message);
  return (
    found.length > 0 &&
    html`<div class="medias">
      ${found.map(
        ({ kind, mime, bytes, path }) =>
          html`<div class="media">
            <b>${t(`part.${kind}`)}</b> ${mime} ${size(bytes)}
            ${kind !== "file" && html`<button class="button" data-media="${address}?at=${encodeURIComponent(path)}">${t("part.show")}</button>`}
            <div class="media-place"></div>
          </div>`,
      )}
    </div>`
  );
}

/**
 * `{ type: "image" | "audio", data, mimeType }` (content blocks) and `{ blob, mimeType }` (contents of a resource),
 * wherever they stand: in a result, a prompt, what a server asks to be sampled.
 */
export function mediaIn(message: unknown): Found[] {
  const found: Found[] = [];
  let left = MOST_VALUES;
  look(message, "$", 0);
  return found;

  function look(value: unknown, path: string, depth: number): void {
    if (depth > DEEPEST || found.length >= MOST_PICTURES || --left < 0) return;
    if (Array.isArray(value)) return value.forEach((it, n) => look(it, `${path}[${n}]`, depth + 1));
    if (!isObject(value)) return;
    const one = asMedia(value, path);
    if (one) return void found.push(one);
    for (const [name, it] of Object.entries(value))
      if (/^\w+$/.test(name)) look(it, `${path}.${name}`, depth + 1);
  }
}

function asMedia(value: Json, path: string): Found | null {
  const mime = typeof value["mimeType"] === "string" ? value["mimeType"].slice(0, 100) : "";
  const { type, data, blob } = value;
  if ((type === "image" || type === "audio") && typeof data === "string")
    return { kind: type, mime, bytes: bytesIn(data), path: `${path}.data` };
  if (typeof blob !== "string") return null;
  const [, kind = "file"] = /^(image|audio)\//.exec(mime) ?? [];
  return { kind: kind as Kind, mime, bytes: bytesIn(blob), path: `${path}.blob` };
}

/** Of base64. */
function bytesIn(text: string): number {
  const pad = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((text.length * 3) / 4) - pad);
}
