/**
 * Server-sent events as a fold (WHATWG HTML, 9.2.6 "Interpreting an event stream").
 * A frame is a run of lines up to a blank one. Unlike a browser's EventSource it also gives comments, blocks without
 * data, and at the end the block that no blank line closed (`whole: false`), because a recorder hides nothing.
 */
import { concat, decode, MOST_FRAMES, troubleList, type Frame, type Framer } from "./frame.ts";
import { closed, newBlock, takeLine, type Block } from "./sse-block.ts";
import { blockCounter } from "./sse-count.ts";

const LF = 10;
const CR = 13;
const BOM = [0xef, 0xbb, 0xbf];

/** An event has a few lines; a million in one body are no events, and each of them costs. */
const MOST_LINES = 10;

export function sse(most = MOST_FRAMES): Framer {
  const troubles = troubleList();
  let line: Uint8Array[] = [];
  let lineStart = 0;
  let lineFirst = 0;
  let block: Block | null = null;
  /** The frame that a CR closed just now: the LF of a CRLF may come in the next piece and belongs to it. */
  let closedByCr: Frame | null = null;
  let afterCr = false;
  let offset = 0;
  let piece = -1;
  let n = 0;
  let lastT = 0;
  let lines = 0;
  /** From here on blocks are only counted. */
  let beyond: ReturnType<typeof blockCounter> | null = null;

  function feed(bytes: Uint8Array, t: number): Frame[] {
    const frames: Frame[] = [];
    piece += 1;
    lastT = t;
    let from = 0;
    // Each of the two is looked for once in a piece, and again only from where it stood.
    let [lf, cr] = [bytes.indexOf(LF), bytes.indexOf(CR)];
    while (from < bytes.length) {
      if (afterCr && from === lf) {
        if (closedByCr) Object.assign(closedByCr, { end: offset + from + 1 });
        from += 1;
        lf = bytes.indexOf(LF, from);
        [afterCr, closedByCr] = [false, null];
        continue;
      }
      if (beyond) {
        [afterCr, closedByCr] = [false, null];
        beyond.count(bytes.subarray(from));
        break;
      }
      const isCr = cr >= 0 && (lf < 0 || cr < lf);
      const at = isCr ? cr : lf;
      const to = at < 0 ? bytes.length : at;
      if (to > from) {
        if (line.length === 0) [lineStart, lineFirst] = [offset + from, piece];
        line.push(bytes.subarray(from, to));
        [afterCr, closedByCr] = [false, null];
      }
      if (at < 0) break;
      const frame = endLine(offset + at + 1, t);
      if (frame) frames.push(frame);
      afterCr = isCr;
      closedByCr = isCr ? (frame ?? null) : null;
      from = at + 1;
      if (isCr) cr = bytes.indexOf(CR, from);
      else lf = bytes.indexOf(LF, from);
    }
    offset += bytes.length;
    return frames;
  }

  function endLine(end: number, t: number): Frame | undefined {
    const whole = line.length === 0 ? "" : decode(withoutBom(concat(line)));
    const empty = whole === "";
    line = [];
    lines += 1;
    if (!empty) {
      take(whole);
      if (lines >= most * MOST_LINES) fill();
      return undefined;
    }
    if (!block) return undefined;
    const frame = close(block, end, t, true);
    block = null;
    if (n >= most) fill();
    return frame;
  }

  function fill(): void {
    beyond = blockCounter(block !== null);
    block = null;
  }

  function withoutBom(bytes: Uint8Array): Uint8Array {
    if (lineStart !== 0) return bytes;
    return BOM.every((byte, i) => bytes[i] === byte) ? bytes.subarray(3) : bytes;
  }

  function take(whole: string): void {
    block ??= newBlock(lineStart, lineFirst);
    takeLine(block, whole, troubles);
  }

  function close(open: Block, end: number, t: number, whole: boolean): Frame {
    return closed(open, { n: n++, t, end, last: piece, whole });
  }

  function end(): Frame[] {
    beyond?.end();
    if (line.length > 0) {
      const whole = decode(withoutBom(concat(line)));
      line = [];
      if (whole !== "") take(whole);
    }
    if (!block) return [];
    const frame = close(block, offset, lastT, false);
    block = null;
    return [frame];
  }

  return { feed, end, troubles: troubles.all, unread: () => beyond?.blocks() ?? 0 };
}
