/** Newline-delimited JSON as a fold: one frame a line. A last line without a newline is whole when it is JSON. */
import { parseJson } from "../json.ts";
import { concat, dataFrame, decode, MOST_FRAMES, type Frame, type Framer } from "./frame.ts";

const LF = 10;
const [TAB, CR, SPACE] = [9, 13, 32];

export function ndjson(most = MOST_FRAMES): Framer {
  let line: Uint8Array[] = [];
  let start = 0;
  let first = 0;
  let offset = 0;
  let piece = -1;
  let n = 0;
  let lastT = 0;
  let unread = 0;
  /** Of what is only counted: the line at hand is not blank. */
  let isSaid = false;

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
    const said = decode(concat(line)).trim();
    // JSON text sequences begin each one with a separator (RFC 7464).
    const data = said.startsWith("\u001e") ? said.slice(1).trim() : said;
    line = [];
    if (data === "") return null;
    const json = parseJson(data);
    const whole = by === "newline" || json !== undefined;
    return dataFrame({ n: n++, t, data, json, whole }, { start, end, first, last: piece });
  }

  function count(bytes: Uint8Array): void {
    let said = isSaid;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte !== LF) said ||= byte !== SPACE && (byte < TAB || byte > CR);
      else if (said) [said, unread] = [false, unread + 1];
    }
    isSaid = said;
  }

  function end(): Frame[] {
    if (isSaid) unread += 1;
    isSaid = false;
    const frame = line.length > 0 ? close(offset, lastT, "end") : null;
    return frame ? [frame] : [];
  }

  return { feed, end, troubles: () => [], unread: () => unread };
}
