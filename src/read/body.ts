/** A whole body as a value: JSON whatever its content type says, the fields of a form, text, or null when binary. */
import type { Piece } from "../fact/exchange.ts";
import { joined } from "../fact/exchange.ts";
import { decode } from "./frames/frame.ts";
import { mediaType } from "./framing.ts";
import { parseJson } from "./json.ts";
import { multipart } from "./multipart.ts";

export function bodyOf(pieces: readonly Piece[], contentType: string | undefined): unknown {
  const bytes = joined(pieces);
  if (bytes.length === 0) return null;
  const type = mediaType(contentType);
  if (type === "multipart/form-data") return multipart(bytes, contentType ?? "") ?? null;
  if (type !== null && /^(audio|image|video|font)\//.test(type)) return null;
  const text = decode(bytes).replace(/^\uFEFF/, "");
  const json = parseJson(text);
  if (json !== undefined) return json;
  if (type === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(text));
  return text.includes("\u0000") ? null : text;
}
