/** Newline-delimited JSON as a fold: one frame a line. A last line without a newline is whole when it is JSON. */
import { parseJson } from "../json.ts";
import { concat, decode, type Frame, type Framer } from "./frame.ts";

const LF = 10;

export function ndjson(): Framer {
  let line: Uint8Array[] = [];
  let start = 0;
  let first = 0;
  let offset = 0;
  let piece = -1;
  let n = 0;
  let lastT = 0;

  function feed(bytes: Uint8Array, t: number): Frame[] {
    const frames: Frame[] = [];
    piece += 1;
    lastT = t;
    let from = 0;
    for (;;) {
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
    const data = decode(concat(line)).trim();
    line = [];
    if (data === "") return null;
    const json = parseJson(data);
    const whole = by === "newline" || json !== undefined;
    return {
      n: n++,
      t,
      name: null,
      id: null,
      data,
      json,
      kind: "event",
      start,
      end,
      first,
      last: piece,
      whole,
    };
  }

  function end(): Frame[] {
    const frame = line.length > 0 ? close(offset, lastT, "end") : null;
    return frame ? [frame] : [];
  }

  return { feed, end, troubles: () => [] };
}
