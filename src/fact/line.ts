/**
 * The line format: how facts travel between threads and lie in the spool. A record is
 *
 *     u32 length of the JSON · u32 length of the bytes · JSON (UTF-8, the fact without `bytes`) · bytes
 *
 * little-endian, one after another, no header: a file of records cut at any byte still gives every whole record.
 */
import type { Fact } from "./fact.ts";
import { isFact, isId } from "./is-fact.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** No record of ours is near this; a larger length means that the bytes are not records. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A body of this size and more is not copied into the line: it stands in the list by itself. */
const LARGE = 8 * 1024;

/** The facts as parts that make one line when they are joined. Large bodies are parts as they are, not copies. */
export function encodeFacts(facts: readonly Fact[]): Uint8Array<ArrayBuffer>[] {
  const heads: string[] = [];
  let room = 0;
  for (const fact of facts) {
    const head = headOf(fact);
    heads.push(head);
    // A UTF-16 unit is at most three bytes of UTF-8.
    room += 8 + head.length * 3 + bytesToCopy(fact);
  }
  const whole = new Uint8Array(room);
  const view = new DataView(whole.buffer);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let from = 0;
  let at = 0;
  for (const [n, fact] of facts.entries()) {
    const { written } = encoder.encodeInto(heads[n]!, whole.subarray(at + 8));
    const body = fact.fact === "bytes" ? fact.bytes : undefined;
    view.setUint32(at, written, true);
    view.setUint32(at + 4, body?.byteLength ?? 0, true);
    at += 8 + written;
    if (!body) continue;
    if (body.byteLength < LARGE) {
      whole.set(body, at);
      at += body.byteLength;
    } else {
      parts.push(whole.subarray(from, at), body as Uint8Array<ArrayBuffer>);
      from = at;
    }
  }
  if (at > from) parts.push(whole.subarray(from, at));
  return parts;
}

function bytesToCopy(fact: Fact): number {
  return fact.fact === "bytes" && fact.bytes.byteLength < LARGE ? fact.bytes.byteLength : 0;
}

function headOf(fact: Fact): string {
  if (fact.fact !== "bytes") return JSON.stringify(fact);
  const frame = fact.frame ? `,"frame":"${fact.frame}"` : "";
  const passed = fact.passed === undefined ? "" : `,"passed":${fact.passed}`;
  return `{"fact":"bytes","id":"${fact.id}","t":${fact.t},"from":"${fact.from}"${frame}${passed}}`;
}

/** `broken`: ids of records that are whole and no facts, "" where not even that can be read. */
export type Decoded = { facts: Fact[]; rest: number; broken: string[] };

/**
 * Every whole record, in order. `rest` is where the first record that is not whole (or not a record) starts: the
 * length of the input when nothing is left over. A record that is no fact costs itself alone.
 */
export function decodeFacts(bytes: Uint8Array): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoded: Decoded = { facts: [], rest: 0, broken: [] };
  let at = 0;
  while (at + 8 <= bytes.byteLength) {
    const head = view.getUint32(at, true);
    const body = view.getUint32(at + 4, true);
    const end = at + 8 + head + body;
    if (head === 0 || head > MOST_BYTES || body > MOST_BYTES || end > bytes.byteLength) break;
    const value = parse(decoder.decode(bytes.subarray(at + 8, at + 8 + head)));
    if (value === undefined) break;
    if (!isFact(value)) decoded.broken.push(idOf(value));
    else if (value.fact === "bytes")
      decoded.facts.push({ ...value, bytes: bytes.subarray(at + 8 + head, end) });
    else decoded.facts.push(value);
    at = end;
  }
  decoded.rest = at;
  return decoded;
}

/** Undefined for what is not JSON: the lengths before it mean nothing then. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // the caller stops here and says how much is left
  }
}

function idOf(value: unknown): string {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : "";
  return isId(id) ? id : "";
}
