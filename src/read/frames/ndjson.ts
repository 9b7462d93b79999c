/** Newline-delimited JSON as a fold: one frame a line. A last line without a newline is whole when it is JSON. */
import { parseJson } from "../json.ts";
import { concat, dataFrame, decode, MOST_FRAMES, type Frame, type Framer } from "./frame.ts";

const [TAB, LF, CR, SEPARATOR, SPACE] = [9, 10, 13, 30, 32];

/** What a line holds so far. JSON text sequences begin each one with a separator (RFC 7464). */
type Held = "blanks" | "separator" | "text";

function heldAfter(held: Held, byte: number): Held {
  if (held === "text" || byte === SPACE || (byte >= TAB && byte <= CR)) return held;
  return held === "blanks" && byte === SEPARATOR ? "separator" : "text";
}

function holdsText(line: Uint8Array): boolean {
  let held: Held = "blanks";
  for (let i = 0; i < line.length && held !== "text"; i++) held = heldAfter(held, line[i]!);
  return held === "text";
}

export function ndjson(most = MOST_FRAMES): Framer {
  let line: Uint8Array[] = [];
  let start = 0;
  let first = 0;
  let offset = 0;
  let piece = -1;
  let n = 0;
  let lastT = 0;
  let unread = 0;
  /** Of the line at hand, where lines are only counted. */
  let held: Held = "blanks";

  function feed(bytes: Uint8Array, t: number): Frame[] {
    const frames: Frame[] = [];
    piece += 1;
    lastT = t;
    let from = 0;
    for (;;) {
      if (n >= most) {
        count(bytes.subarray(from));
        break;
      }
      const at = bytes.indexOf(LF, from);
      const to = at < 0 ? bytes.length : at;
      if (line.length === 0) [start, first] = [offset + from, piece];
      if (to > from) line.push(bytes.subarray(from, to));
      if (at < 0) break;
      const frame = close(offset + at + 1, t, "newline");
      if (frame) frames.push(frame);
      from = at + 1;
    }
    offset += bytes.length;
    return frames;
  }

  function close(end: number, t: number, by: "newline" | "end"): Frame | null {
    const bytes = concat(line);
    line = [];
    if (!holdsText(bytes)) return null;
    const said = decode(bytes).trim();
    const data = said.startsWith("\u001e") ? said.slice(1).trim() : said;
    const json = parseJson(data);
    const whole = by === "newline" || json !== undefined;
    return dataFrame({ n: n++, t, data, json, whole }, { start, end, first, last: piece });
  }

  function count(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte !== LF) held = heldAfter(held, byte);
      else {
        if (held === "text") unread += 1;
        held = "blanks";
      }
    }
  }

  function end(): Frame[] {
    if (held === "text") unread += 1;
    held = "blanks";
    const frame = line.length > 0 ? close(offset, lastT, "end") : null;
    return frame ? [frame] : [];
  }

  return { feed, end, troubles: () => [], unread: () => unread };
}
