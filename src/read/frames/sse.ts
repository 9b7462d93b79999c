/**
 * Server-sent events as a fold (WHATWG HTML, 9.2.6 "Interpreting an event stream").
 * A frame is a run of lines up to a blank one. Unlike a browser's EventSource it also gives comments, blocks without
 * data, and at the end the block that no blank line closed (`whole: false`), because a recorder hides nothing.
 */
import { parseJson } from "../json.ts";
import { concat, decode, MOST_FRAMES, troubleList, type Frame, type Framer } from "./frame.ts";

const LF = 10;
const CR = 13;
const BOM = [0xef, 0xbb, 0xbf];

type Block = {
  start: number;
  first: number;
  name: string | null;
  id: string | null;
  data: string[];
  notes: string[];
  /** JSON objects on lines without a field: gateways write errors so. */
  bare: string[] | null;
  retry: boolean;
};

/** Of a line that is no field: enough for what a server says of its trouble. */
const MOST_WORDS = 300;

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
  /** From here on frames are only counted: in a line with something in it, in a block with such lines. */
  let isFull = false;
  let inLine = false;
  let inBlock = false;
  let unread = 0;

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
      if (isFull) {
        closedByCr = null;
        count(bytes.subarray(from));
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
    isFull = true;
    inBlock = block !== null;
    block = null;
  }

  function count(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte !== LF && byte !== CR) {
        inLine = true;
        afterCr = false;
        continue;
      }
      const isSecond = byte === LF && afterCr;
      afterCr = byte === CR;
      if (isSecond) continue;
      if (inLine) [inLine, inBlock] = [false, true];
      else if (inBlock) [inBlock, unread] = [false, unread + 1];
    }
  }

  function withoutBom(bytes: Uint8Array): Uint8Array {
    if (lineStart !== 0) return bytes;
    return BOM.every((byte, i) => bytes[i] === byte) ? bytes.subarray(3) : bytes;
  }

  function take(whole: string): void {
    block ??= {
      start: lineStart,
      first: lineFirst,
      name: null,
      id: null,
      data: [],
      notes: [],
      bare: null,
      retry: false,
    };
    // Nearly every line, and each of a stream is asked.
    if (whole.startsWith("data: ")) {
      block.data.push(whole.slice(6));
      return;
    }
    const colon = whole.indexOf(":");
    const field = colon < 0 ? whole : whole.slice(0, colon);
    const value = colon < 0 ? "" : whole.slice(whole[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") block.data.push(value);
    else if (field === "event") block.name = value;
    else if (field === "id") block.id = value.includes("\0") ? block.id : value;
    else if (field === "") block.notes.push(value);
    else if (field === "retry") block.retry = block.notes.push(whole) > 0;
    else if (field === "error") {
      // llama.cpp once told errors in a field of their own.
      block.name = "error";
      block.data.push(value);
    } else {
      const words = whole.length > MOST_WORDS ? `${whole.slice(0, MOST_WORDS)}…` : whole;
      const what = `a line of the event stream has no field that a client knows: ${words}`;
      troubles.push({ at: block.start, rule: "stream/unknown-field", what });
      if (whole.startsWith("{")) (block.bare ??= []).push(whole);
      else block.notes.push(whole);
    }
  }

  function close(closed: Block, end: number, t: number, whole: boolean): Frame {
    const { start, first, name, id } = closed;
    const lines = closed.data.length > 0 ? closed.data : (closed.bare ?? closed.data);
    const hasData = lines.length > 0;
    const said = hasData ? lines : closed.notes;
    const data = said.length === 1 ? (said[0] as string) : said.join("\n");
    const json = hasData ? parseJson(data) : undefined;
    // A browser drops an event without data. One that is named an error says enough by its name.
    const isEvent = hasData || name === "error";
    const kind = isEvent ? "event" : name !== null || id !== null || closed.retry ? "control" : "comment";
    return { n: n++, t, name, id, data, json, kind, start, end, first, last: piece, whole };
  }

  function end(): Frame[] {
    if (inLine || inBlock) unread += 1;
    [inLine, inBlock] = [false, false];
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

  return { feed, end, troubles: troubles.all, unread: () => unread };
}
