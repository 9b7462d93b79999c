/**
 * A streamed JSON array as a fold: one frame an element, given as soon as the element is closed (Gemini's
 * streamGenerateContent without `alt=sse`). Works on bytes: in UTF-8 no part of a longer character looks like a bracket.
 */
import { parseJson } from "../json.ts";
import { concat, dataFrame, decode, MOST_FRAMES, troubleList, type Frame, type Framer } from "./frame.ts";

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const isOpen = (byte: number) => byte === 0x5b || byte === 0x7b;
const isClose = (byte: number) => byte === 0x5d || byte === 0x7d;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

export function jsonArray(most = MOST_FRAMES): Framer {
  const troubles = troubleList();
  let element: Uint8Array[] | null = null;
  let start = 0;
  let first = 0;
  /** Open brackets, the array's own included: 1 between elements. */
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let closed = false;
  let offset = 0;
  let piece = -1;
  let n = 0;
  let lastT = 0;
  let unread = 0;

  function feed(bytes: Uint8Array, t: number): Frame[] {
    const frames: Frame[] = [];
    piece += 1;
    lastT = t;
    let from = 0;
    const finish = (to: number) => {
      if (element === null) return;
      if (n >= most) {
        unread += 1;
        element = null;
        return;
      }
      if (to > from) element.push(bytes.subarray(from, to));
      frames.push(close(offset + to, t, true));
    };
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) quoted = false;
        continue;
      }
      if (isSpace(byte)) continue;
      if (depth === 0) {
        if (isOpen(byte) && !closed) depth = 1;
        continue;
      }
      if (depth === 1 && (byte === COMMA || isClose(byte))) {
        finish(i);
        if (byte !== COMMA) [depth, closed] = [0, true];
        continue;
      }
      if (element === null) [element, start, first, from] = [[], offset + i, piece, i];
      if (byte === QUOTE) quoted = true;
      else if (isOpen(byte)) depth += 1;
      else if (isClose(byte)) {
        depth -= 1;
        if (depth === 1) finish(i + 1);
      }
    }
    if (element !== null && n < most && from < bytes.length) element.push(bytes.subarray(from));
    offset += bytes.length;
    return frames;
  }

  function close(end: number, t: number, whole: boolean): Frame {
    const data = decode(concat(element ?? [])).trim();
    element = null;
    return dataFrame({ n: n++, t, data, json: parseJson(data), whole }, { start, end, first, last: piece });
  }

  function end(): Frame[] {
    if (element !== null && n >= most) {
      unread += 1;
      element = null;
    }
    const frames = element === null ? [] : [close(offset, lastT, false)];
    const what = "the JSON array of the stream is not closed";
    if (!closed && offset > 0) troubles.push({ at: offset, rule: "stream/array-not-closed", what });
    return frames;
  }

  return { feed, end, troubles: troubles.all, unread: () => unread };
}
