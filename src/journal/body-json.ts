/** Bodies as JSON values and back, to the byte: JSON where it is JSON, text where it is UTF-8, base64 for the rest. */
import { isUtf8 } from "node:buffer";
import { joined, type Piece } from "../fact/exchange.ts";
import { parseWithin } from "../fact/nesting.ts";

/** `$base64` for what is not text. */
type Encoded = string | { $base64: string };

/**
 * A piece of a stream. `data` is its text; where a character was cut in two by the network, it stands whole in the
 * chunk in which it ended and `cut` says how many of its bytes came with chunks before.
 */
export type Chunk = { t_ms: number; data: Encoded; cut?: number; frame?: "text" | "binary" };

/** From here on a body is not in memory as text again, which is up to twice as large: it is written in parts. */
const LARGE = 64 * 1024;

/** What is JSON already, to be written as it is. */
export class Written {
  constructor(readonly parts: Iterable<string | Uint8Array>) {}
}

/**
 * What stands in the file for a body. `raw` is there when writing `value` back would not give the bytes. `known`: the
 * body as somebody has parsed it already, or undefined.
 */
export function bodyOf(
  bytes: Uint8Array,
  type: string | undefined,
  known?: unknown,
): { value: unknown; raw?: unknown } {
  if (bytes.byteLength === 0) return { value: null };
  if (!isText(bytes)) return { value: unreadOf(bytes) };
  const hasBracket = BRACKET.test(beginning(bytes));
  const looksLikeJson = type === undefined ? hasBracket : /json/i.test(type);
  // What begins so and was taken for a text is no JSON, or too much of it.
  if (!looksLikeJson || (hasBracket && typeof known === "string")) return { value: unreadOf(bytes) };
  const text = strict.decode(bytes);
  const isKnown = typeof known === "object" && known !== null;
  const value = isKnown && JSON.stringify(known) === text ? known : parseWithin(text);
  // Not JSON, or too deep to be written back.
  if (value === undefined) return { value: unreadOf(bytes) };
  const written = JSON.stringify(value);
  // A body that is a JSON string or null would be taken for text or nothing when it is read back.
  if (typeof value !== "object" || value === null || "$base64" in value || written !== text)
    return { value: new Written([written]), raw: unreadOf(bytes) };
  return { value: new Written([bytes.byteLength < LARGE ? text : bytes]) };
}

const BRACKET = /^\s*[[{]/;

/** The bytes as they are, whatever they may mean. */
export function unreadOf(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return null;
  const shape = isText(bytes) ? "text" : "base64";
  if (bytes.byteLength >= LARGE) return new Written(inParts(bytes, shape));
  return shape === "text" ? strict.decode(bytes) : { $base64: base64(bytes) };
}

function* inParts(bytes: Uint8Array, shape: "text" | "base64"): Generator<string> {
  yield shape === "text" ? '"' : '{"$base64":"';
  // 3 bytes are 4 characters of base64 without a rest.
  const size = LARGE - (LARGE % 3);
  for (let at = 0, end = 0; at < bytes.byteLength; at = end) {
    end = Math.min(at + size, bytes.byteLength);
    if (shape === "text" && end < bytes.byteLength) end -= unfinished(bytes.subarray(at, end));
    const part = bytes.subarray(at, end);
    yield shape === "text" ? JSON.stringify(strict.decode(part)).slice(1, -1) : base64(part);
  }
  yield shape === "text" ? '"' : '"}';
}

export function bytesOf(value: unknown, raw: unknown): Uint8Array | null {
  const kept = raw === undefined ? value : raw;
  if (kept === null || kept === undefined) return null;
  if (typeof kept === "string") return Buffer.from(kept, "utf8");
  if (isBase64(kept)) return Buffer.from(kept.$base64, "base64");
  return Buffer.from(JSON.stringify(kept), "utf8");
}

export function* chunksOf(pieces: readonly Piece[]): Generator<Chunk> {
  const binary = pieces.some((piece) => piece.frame === undefined) && !areText(pieces);
  let carried: Uint8Array = new Uint8Array(0);
  for (const [n, { t, bytes, frame }] of pieces.entries()) {
    if (frame) {
      const text = frame === "text" && !looksBinary(bytes) ? textOf(bytes) : null;
      yield { t_ms: t, data: text ?? { $base64: base64(bytes) }, frame };
    } else if (binary) yield { t_ms: t, data: { $base64: base64(bytes) } };
    else {
      const cut = carried.byteLength;
      const all = cut === 0 ? bytes : Buffer.concat([carried, bytes]);
      const open = n === pieces.length - 1 ? 0 : unfinished(all);
      carried = all.subarray(all.byteLength - open);
      const data = textOf(all.subarray(0, all.byteLength - open)) ?? "";
      yield { t_ms: t, data, ...(cut > 0 && { cut }) };
    }
  }
}

function areText(pieces: readonly Piece[]): boolean {
  return !(pieces[0] && looksBinary(pieces[0].bytes)) && isUtf8(joined(pieces));
}

/** The pieces again, with the very borders they had on the wire; all in one array. */
export function piecesOf(chunks: readonly Chunk[]): Piece[] {
  let size = 0;
  for (const { data } of chunks) size += encodedSize(data);
  const all = Buffer.alloc(size);
  // A piece starts behind what was written before it and what of that came early.
  let written = 0;
  const starts = chunks.map(({ data, cut }) => {
    const start = written + (cut ?? 0);
    written += isBase64(data)
      ? all.write(data.$base64, written, "base64")
      : all.write(String(data ?? ""), written, "utf8");
    return start;
  });
  return chunks.map((chunk, n) => ({
    t: chunk.t_ms,
    bytes: all.subarray(starts[n], starts[n + 1] ?? written),
    ...(chunk.frame && { frame: chunk.frame }),
  }));
}

/** At least as many bytes as it is; base64 of a stranger may hold what is none. */
function encodedSize(data: Chunk["data"]): number {
  return isBase64(data) ? Math.ceil(data.$base64.length * 0.75) : Buffer.byteLength(String(data ?? ""));
}

/** How many bytes at the end begin a UTF-8 character that is not complete. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.byteLength; back++) {
    const byte = bytes[bytes.byteLength - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | null {
  return isUtf8(bytes) ? strict.decode(bytes) : null;
}

function isText(bytes: Uint8Array): boolean {
  return !looksBinary(bytes) && isUtf8(bytes);
}

function beginning(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 64));
}

/** As far as git looks for the byte that no text has. In JSON it is six characters: 64 MB of them were a file of 400 MB. */
const LOOKED_AT_BYTES = 8000;

function looksBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, LOOKED_AT_BYTES).includes(0);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function isBase64(value: unknown): value is { $base64: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "$base64" in value &&
    typeof value.$base64 === "string" &&
    Object.keys(value).length === 1
  );
}
