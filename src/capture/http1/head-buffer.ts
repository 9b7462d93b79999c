/** A head in the packets in which it comes: each byte is searched once and joined a fixed number of times. */
import { LARGEST_HEAD } from "./head.ts";

const NOTHING = Buffer.alloc(0);
const END = Buffer.from("\r\n\r\n");

/** What has come so far: a number is where the head ends, behind its empty line. */
export type HeadState = number | "more" | "too-large" | "bare-lf";

export class HeadBuffer {
  /** What came, and room behind it once it is a copy of our own. */
  #bytes: Buffer = NOTHING;
  #size = 0;
  /** No head ends before here. */
  #searched = 0;
  #isCopy = false;

  get size(): number {
    return this.#size;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  add(bytes: Buffer): void {
    if (this.#size === 0) {
      this.#bytes = bytes;
      this.#isCopy = false;
    } else {
      const size = this.#size + bytes.byteLength;
      // Twice as large each time: a head in packets of one byte is not copied for each of them.
      if (!this.#isCopy || size > this.#bytes.byteLength) {
        const larger = Buffer.allocUnsafeSlow(size * 2);
        this.#bytes.copy(larger, 0, 0, this.#size);
        this.#bytes = larger;
        this.#isCopy = true;
      }
      bytes.copy(this.#bytes, this.#size);
    }
    this.#size += bytes.byteLength;
  }

  skipEmptyLines(): void {
    let at = 0;
    while (at + 1 < this.#size && this.#bytes[at] === 13 && this.#bytes[at + 1] === 10) at += 2;
    if (at === 0) return;
    const rest = this.take().subarray(at);
    if (rest.byteLength > 0) this.add(rest);
  }

  /** All of it, which is thereby forgotten. */
  take(): Buffer {
    const { bytes } = this;
    this.#bytes = NOTHING;
    this.#size = 0;
    this.#searched = 0;
    return bytes;
  }

  look(): HeadState {
    const { bytes } = this;
    const from = this.#searched;
    const at = bytes.indexOf(END, from);
    const end = at < 0 ? -1 : at + END.byteLength;
    if (end < 0 ? this.#size > LARGEST_HEAD : end > LARGEST_HEAD) return "too-large";
    if (end >= 0) return end;
    // Its end may be half here: up to three bytes of either sign.
    this.#searched = Math.max(0, this.#size - 3);
    return bytes.includes("\n\n", from) || bytes.includes("\n\r\n", from) ? "bare-lf" : "more";
  }
}
