/** One event of a stream as the page's table shows it: small, since an answer has ten thousands of them. */
import { beginningOf } from "../fact/beginning.ts";
import type { EventRow } from "../fact/live.ts";
import type { Added } from "./dialect.ts";
import type { Frame } from "./frames/frame.ts";
import { timelineEvent } from "./timeline.ts";

/** Text of one event that the table can show; the Raw panel has all of it. */
const SHOWN_CHARS = 2000;

/** `before`: when the event before came, or the response's head. `binary`: the message's bytes, when it is no text. */
export function eventRow(
  frame: Frame,
  added: readonly Added[],
  before: number,
  binary: Uint8Array | null = null,
): EventRow {
  const { n, t, gap, bytes, type, lane, pieces, whole } = timelineEvent(frame, added, before);
  // Of two calls in one event each has its own line.
  const adds = added
    .map(({ text, begins }, i) => (i > 0 && begins !== undefined ? `\n${text}` : text))
    .join("");
  const data = binary ? binary.subarray(0, SHOWN_CHARS).toBase64() : frame.data;
  return [
    n,
    round(t),
    round(gap),
    bytes,
    binary ? "binary" : type,
    lane,
    beginningOf(adds, SHOWN_CHARS),
    ...pieces,
    whole,
    beginningOf(data, SHOWN_CHARS),
    frame.from ?? null,
    ...partOf(added[0]),
  ];
}

/** Most events say neither. */
function partOf(first: Added | undefined): [part?: string | null, begins?: string | null] {
  const { part, begins } = first ?? {};
  return part === undefined && begins === undefined ? [] : [part ?? null, begins ?? null];
}

/** An answer that is no stream came in reads all the same. */
export function readRow(n: number, { t, bytes }: { t: number; bytes: Uint8Array }, before: number): EventRow {
  const data = decoder.decode(bytes.subarray(0, SHOWN_CHARS));
  const size = bytes.byteLength;
  return [
    n,
    round(t),
    round(t - before),
    size,
    "read",
    "control",
    data.slice(0, 200),
    n,
    n,
    true,
    data,
    null,
  ];
}

const decoder = new TextDecoder();

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
