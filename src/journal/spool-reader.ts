/** The other end of the spool: whole batches out of it, or any range. */
import { closeSync, openSync, readSync } from "node:fs";
import { type Decoded, decodeFacts } from "../fact/line.ts";
import type { SpoolRange } from "./spool.ts";

/** Files kept open: their bytes can be read as long as they are, even when somebody deletes the folder. */
const OPEN_FILES = 8;

/** `bytes`: how many are no records, when there are none to decode. */
export type Window = {
  readonly part: SpoolRange;
  readonly bytes: number;
  readonly decoded: (Decoded & { readonly bytes: Uint8Array }) | null;
};

const WINDOW_BYTES = 16 * 1024 * 1024;
/** Two of the largest records that there can be. */
const LARGEST_WINDOW = 512 * 1024 * 1024;

export class SpoolReader {
  /** In the order of their first use. */
  readonly #files = new Map<string, number>();

  /** Throws what the disk says, and when the range is not all there. */
  read(range: SpoolRange): Uint8Array {
    const bytes = new Uint8Array(range.length);
    this.readInto(bytes, range);
    return bytes;
  }

  /** To the beginning of `target`. */
  readInto(target: Uint8Array, { path, at, length }: SpoolRange): void {
    const fd = this.#files.get(path) ?? this.#open(path);
    for (let done = 0; done < length;) {
      const read = readSync(fd, target, done, length - done, at + done);
      if (read === 0) throw new Error(`${path} ends at ${at + done}, ${length - done} bytes early`);
      done += read;
    }
  }

  /**
   * The records of a range, in windows that are whole records: what a program left may be larger than memory. The bytes
   * at the end, or from where there are no records on, come as a number.
   */
  *windows({ path, at: start, length }: SpoolRange): Generator<Window> {
    const end = start + length;
    let room = WINDOW_BYTES;
    for (let at = start; at < end;) {
      const part = { path, at, length: Math.min(room, end - at) };
      const bytes = this.read(part);
      const decoded = decodeFacts(bytes);
      if (decoded.rest === 0 && part.length < end - at && room < LARGEST_WINDOW) {
        room *= 2;
        continue;
      }
      if (decoded.rest === 0) return yield { part, bytes: end - at, decoded: null };
      yield { part, bytes: 0, decoded: { ...decoded, bytes } };
      at += decoded.rest;
      room = WINDOW_BYTES;
    }
  }

  close(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }

  #open(path: string): number {
    const fd = openSync(path, "r");
    this.#files.set(path, fd);
    const [oldest] = this.#files;
    if (this.#files.size > OPEN_FILES && oldest) {
      closeSync(oldest[1]);
      this.#files.delete(oldest[0]);
    }
    return fd;
  }
}
