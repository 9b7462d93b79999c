/** Batches of facts that were told and not read yet: read out of the spool when there is room for what they hold. */
import type { SpoolRange } from "../journal/spool.ts";
import type { SpoolReader } from "../journal/spool-reader.ts";

/** Facts in the spool, or the encoded facts themselves. */
export type Batch = SpoolRange | Uint8Array;

/** `range` is null for what came by memory. */
export type Read = { readonly bytes: Uint8Array; readonly range: SpoolRange | null };

export class Batches {
  readonly #reader: SpoolReader;
  #waiting: Batch[] = [];
  #missed = 0;

  constructor(reader: SpoolReader) {
    this.#reader = reader;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Those that could not be read, and never can be. */
  get missed(): number {
    return this.#missed;
  }

  add(batch: Batch): void {
    this.#waiting.push(batch);
  }

  /** The next one; null when none waits. `failed` is told what the disk says. */
  next(failed: (error: unknown) => void): Read | null {
    for (;;) {
      const batch = this.#waiting.shift();
      if (!batch) return null;
      if (batch instanceof Uint8Array) return { bytes: batch, range: null };
      try {
        return { bytes: this.#reader.read(batch), range: batch };
      } catch (error) {
        failed(error);
        if (!isPassing(error)) {
          this.#missed++;
          continue;
        }
        // It lies in the spool as well as ever, and what follows must not be understood without it.
        this.#waiting.unshift(batch);
        return null;
      }
    }
  }
}

/** Of this process's limits and of a disk that may come back, not of a file that is gone. */
function isPassing(error: unknown): boolean {
  return ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EIO"].includes(
    (error as NodeJS.ErrnoException).code ?? "",
  );
}
