/**
 * AWS binary event streams as a fold (application/vnd.amazon.eventstream; Smithy "Amazon Event Stream Specification").
 * `name` is the event, exception or error type; `data` is the payload's text. A payload that only wraps base64 `bytes`
 * (Bedrock InvokeModelWithResponseStream) is unwrapped: `data` and `json` are then the inner ones.
 */
import { isObject, parseJson } from "../json.ts";
import { concat, decode, MOST_FRAMES, troubleList, type Frame, type Framer } from "./frame.ts";

const PRELUDE_BYTES = 12;
const LEAST_BYTES = 16;
/** The format allows 24 MiB for a message; a greater length is junk, not a message to wait for. */
const MOST_BYTES = 24 * 1024 * 1024;
/** Sizes of the header value types without a length of their own: true, false, byte, short, int, long, time, uuid. */
const SIZES: Record<number, number> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

export function eventStream(most = MOST_FRAMES): Framer {
  const troubles = troubleList();
  let held: { bytes: Uint8Array; piece: number }[] = [];
  let size = 0;
  /** Total length of the message at hand, once its prelude came; null before. */
  let wanted: number | null = null;
  let lost = false;
  let start = 0;
  let piece = -1;
  let n = 0;
  let lastT = 0;
  let unread = 0;

  function feed(bytes: Uint8Array, t: number): Frame[] {
    const frames: Frame[] = [];
    piece += 1;
    lastT = t;
    if (bytes.length > 0) held.push({ bytes, piece });
    size += bytes.length;
    while (!lost && size >= (wanted ?? PRELUDE_BYTES)) {
      if (wanted === null) {
        wanted = lengthOf(concat(held.map((part) => part.bytes)));
        continue;
      }
      const frame = message(wanted, t);
      if (frame) frames.push(frame);
      wanted = null;
    }
    return frames;
  }

  function lengthOf(bytes: Uint8Array): number {
    const view = viewOf(bytes);
    const [total, headers] = [view.getUint32(0), view.getUint32(4)];
    if (total >= LEAST_BYTES && total <= MOST_BYTES && headers <= total - LEAST_BYTES) return total;
    lost = true;
    troubles.push({
      at: start,
      rule: "stream/bad-length",
      what: `a message claims a length of ${total} bytes`,
    });
    return Number.POSITIVE_INFINITY;
  }

  function message(total: number, t: number): Frame | null {
    const all = concat(held.map((part) => part.bytes));
    const first = held[0]?.piece ?? piece;
    held = all.length > total ? [{ bytes: all.subarray(total), piece }] : [];
    size = all.length - total;
    const frame = n < most ? frameOf(all.subarray(0, total), t, first) : null;
    if (frame === null) unread += 1;
    start += total;
    return frame;
  }

  function frameOf(bytes: Uint8Array, t: number, first: number): Frame {
    const view = viewOf(bytes);
    const headersEnd = PRELUDE_BYTES + view.getUint32(4);
    if (crc32(bytes.subarray(0, 8)) !== view.getUint32(8)) badChecksum("prelude");
    if (crc32(bytes.subarray(0, -4)) !== view.getUint32(bytes.length - 4)) badChecksum("message");
    const headers = headersOf(bytes.subarray(PRELUDE_BYTES, headersEnd));
    const name = headers[":event-type"] ?? headers[":exception-type"] ?? headers[":error-code"] ?? null;
    const payload = unwrap(decode(bytes.subarray(headersEnd, -4)));
    const data = payload.data === "" ? (headers[":error-message"] ?? "") : payload.data;
    const place = { start, end: start + bytes.length, first, last: piece };
    return { n: n++, t, name, id: null, data, json: payload.json, kind: "event", ...place, whole: true };
  }

  function badChecksum(part: "prelude" | "message"): void {
    const what = `the checksum of the ${part} at byte ${start} is wrong`;
    troubles.push({ at: start, rule: "stream/bad-checksum", what });
  }

  function end(): Frame[] {
    if (size === 0) return [];
    if (n >= most) {
      unread += 1;
      return [];
    }
    const data = decode(concat(held.map((part) => part.bytes)));
    const place = { start, end: start + size, first: held[0]?.piece ?? piece, last: piece };
    held = [];
    size = 0;
    return [
      {
        n: n++,
        t: lastT,
        name: null,
        id: null,
        data,
        json: undefined,
        kind: "event",
        ...place,
        whole: false,
      },
    ];
  }

  return { feed, end, troubles: troubles.all, unread: () => unread };
}

/** String headers by name; others as text. A broken header ends the list: what follows cannot be found. */
export function headersOf(bytes: Uint8Array): Record<string, string> {
  const headers: Record<string, string> = {};
  const view = viewOf(bytes);
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + view.getUint8(at);
    if (nameEnd >= bytes.length) break;
    const name = decode(bytes.subarray(at + 1, nameEnd));
    const type = view.getUint8(nameEnd);
    let [from, length] = [nameEnd + 1, SIZES[type]];
    if (type === 6 || type === 7) {
      if (from + 2 > bytes.length) break;
      [length, from] = [view.getUint16(from), from + 2];
    }
    if (length === undefined || from + length > bytes.length) break;
    const value = bytes.subarray(from, from + length);
    if (name !== "__proto__")
      headers[name] = type === 7 ? decode(value) : type <= 1 ? String(type === 0) : hex(value);
    at = from + length;
  }
  return headers;
}

function unwrap(data: string): { data: string; json: unknown } {
  const json = parseJson(data);
  if (!isObject(json) || typeof json["bytes"] !== "string") return { data, json };
  if (Object.keys(json).some((key) => key !== "bytes" && key !== "p")) return { data, json };
  try {
    const inner = decode(Uint8Array.from(atob(json["bytes"]), (char) => char.charCodeAt(0)));
    return { data: inner, json: parseJson(inner) };
  } catch {
    return { data, json };
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 of IEEE 802.3, the one of gzip and of event streams. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  // By number: an iterator costs several times what the step itself does.
  for (let at = 0; at < bytes.length; at++)
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
