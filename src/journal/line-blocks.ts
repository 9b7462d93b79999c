/**
 * Lines that wait for the disk, as the bytes that will be written: a text of each cost several times its characters, and
 * a flood of tiny lines filled the memory with them.
 */

import { concat } from "../fact/concat.ts";

/** A block holds lines of one moment; the first is small, since most files get a few lines now and then. */
const LEAST_BYTES = 4 * 1024;
const MOST_BYTES = 256 * 1024;
/** Bytes of a UTF-16 unit in UTF-8, at most. */
const WIDEST = 3;

export type Block = { readonly bytes: Uint8Array; readonly lines: number };

type Filling = { readonly buffer: Buffer; used: number; lines: number };

export class LineBlocks {
  readonly #blocks: Filling[] = [];
  /** Bytes that wait, and lines. */
  size = 0;
  lines = 0;

  push(line: string): void {
    const most = line.length * WIDEST + 1;
    let last = this.#blocks.at(-1);
    if (!last || last.buffer.byteLength - last.used < most) {
      last = { buffer: this.#room(line, most, last), used: 0, lines: 0 };
      this.#blocks.push(last);
    }
    const from = last.used;
    last.used += last.buffer.write(line, from);
    last.buffer[last.used++] = LF;
    last.lines++;
    this.lines++;
    this.size += last.used - from;
  }

  /** What came first, up to so many bytes: a question to the disk costs more than a copy. */
  take(most: number): Block | null {
    let size = 0;
    const blocks: Filling[] = [];
    for (let next = this.#blocks[0]; next && size + next.used <= most; next = this.#blocks[0]) {
      blocks.push(this.#blocks.shift()!);
      size += next.used;
    }
    const [first = this.#blocks.shift(), second] = blocks;
    if (!first) return null;
    const bytes = second ? concat(blocks.map(bytesOf)) : bytesOf(first);
    const lines = second ? blocks.reduce((sum, each) => sum + each.lines, 0) : first.lines;
    this.size -= bytes.byteLength;
    this.lines -= lines;
    return { bytes, lines };
  }

  #room(line: string, most: number, last: Filling | undefined): Buffer {
    // A line may be nearly as long as a text can be: it gets what it needs.
    if (most > MOST_BYTES) return Buffer.allocUnsafeSlow(Buffer.byteLength(line) + 1);
    const size = last ? Math.min(MOST_BYTES, 2 * last.buffer.byteLength) : LEAST_BYTES;
    return Buffer.allocUnsafeSlow(Math.max(size, most));
  }
}

const LF = 10;

function bytesOf({ buffer, used }: Filling): Uint8Array {
  return buffer.subarray(0, used);
}
