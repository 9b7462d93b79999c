/**
 * Follows a file of lines that somebody appends to. Splits on the byte and decodes whole lines; a line that is not
 * finished waits. A file that was cut, or replaced under its name, is read again from its start.
 */
import { parseExact } from "../fact/json-source.ts";
import * as fs from "node:fs";
import { DEEPEST_IN_LINES, isTooMuch, MOST_VALUES } from "../fact/nesting.ts";

/** A line and where its bytes stand in the file, or the beginning of one that is not JSON and why. */
export type TailedLine =
  | { readonly json: unknown; readonly at: number; readonly size: number }
  | { readonly text: string; readonly why: string };

export type Tailed = {
  /** True when these lines are the file's first ones again: forget what came before. */
  readonly restarted: boolean;
  readonly lines: readonly TailedLine[];
  /** There is more to read at once. */
  readonly more: boolean;
};

export type Tail = {
  /** Reads on, about `most` bytes of whole lines. Null when the file is gone. Other failures of the disk are thrown. */
  read(most?: number): Tailed | null;
};

/** 1 MiB: some ms of work between two looks at anything else. */
const PIECE = 1024 * 1024;
/** Twice what the recorder keeps of a line (32 MiB); a longer one is skipped and named. */
const MOST_LINE_BYTES = 64 * 1024 * 1024;
/** What is shown of a line that is not JSON. */
const SHOWN_CHARS = 2_000;
/** The last bytes that were read; when they are others now, the file is another one of the same name. */
const MARK = 64;

const LF = 0x0a;
const BRACE = 0x7d;

export function openTail(path: string, longest: number = MOST_LINE_BYTES): Tail {
  let inode = -1;
  let offset = 0;
  /** Where the piece in hand begins. */
  let start = 0;
  let rest: Uint8Array[] = [];
  let restSize = 0;
  /** The rest of a line that is too long is on its way and is not kept. */
  let skipping = false;
  let mark: Uint8Array = new Uint8Array();

  function read(most: number = PIECE): Tailed | null {
    const file = opened(path);
    if (file === null) return null;
    try {
      const { ino, size } = fs.fstatSync(file);
      const restarted = inode !== -1 && (ino !== inode || size < offset || !marked(file));
      if (restarted) reset();
      inode = ino;
      const piece = bytesAt(file, offset, Math.min(most, size - offset));
      start = offset;
      offset += piece.byteLength;
      if (piece.byteLength > 0) mark = ending(mark, piece);
      return { restarted, lines: split(piece), more: piece.byteLength > 0 && offset < size };
    } finally {
      fs.closeSync(file);
    }
  }

  function reset(): void {
    offset = 0;
    rest = [];
    restSize = 0;
    skipping = false;
    mark = new Uint8Array();
  }

  function marked(file: number): boolean {
    return Buffer.from(bytesAt(file, offset - mark.byteLength, mark.byteLength)).equals(mark);
  }

  function split(piece: Uint8Array): TailedLine[] {
    const lines: TailedLine[] = [];
    let from = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, from)) {
      finish(lines, piece.subarray(from, end), start + from);
      from = end + 1;
    }
    keep(piece.subarray(from));
    // A last line without its line end: no beginning of a JSON object is JSON, so one that parses is whole.
    if (rest.at(-1)?.at(-1) === BRACE) {
      const last = lineOf(Buffer.concat(rest), offset - restSize);
      if (last && "json" in last) {
        lines.push(last);
        keepNothing();
      }
    }
    return lines;
  }

  /** `at`: where `end` begins. */
  function finish(lines: TailedLine[], end: Uint8Array, at: number): void {
    const size = restSize + end.byteLength;
    if (skipping || size > longest) {
      lines.push({ text: "", why: `a line of more than ${longest} bytes was skipped` });
    } else {
      const line = lineOf(rest.length === 0 ? end : Buffer.concat([...rest, end]), at - restSize);
      if (line) lines.push(line);
    }
    keepNothing();
  }

  function keep(piece: Uint8Array): void {
    if (piece.byteLength === 0) return;
    restSize += piece.byteLength;
    skipping ||= restSize > longest;
    if (skipping) rest = [];
    else rest.push(piece);
  }

  function keepNothing(): void {
    rest = [];
    restSize = 0;
    skipping = false;
  }

  return { read };
}

const decoder = new TextDecoder();

function lineOf(bytes: Uint8Array, at: number): TailedLine | null {
  const text = decoder.decode(bytes);
  if (text.trim() === "") return null;
  if (isTooMuch(text, DEEPEST_IN_LINES))
    return {
      text: text.slice(0, SHOWN_CHARS),
      why: `it is nested deeper than ${DEEPEST_IN_LINES} levels, or holds more than ${MOST_VALUES} values`,
    };
  try {
    return { json: parseExact(text), at, size: bytes.byteLength };
  } catch (error) {
    return {
      text: text.slice(0, SHOWN_CHARS),
      why: `it is not JSON: ${(error as Error).message}`,
    };
  }
}

function opened(path: string): number | null {
  try {
    return fs.openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function bytesAt(file: number, offset: number, size: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, 0));
  let filled = 0;
  while (filled < bytes.byteLength) {
    const count = fs.readSync(file, bytes, filled, bytes.byteLength - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function ending(mark: Uint8Array, piece: Uint8Array): Uint8Array {
  if (piece.byteLength >= MARK) return piece.slice(-MARK);
  return Buffer.concat([mark, piece]).subarray(-MARK);
}
