/** What programs left in the spool when they were killed: found again and again, taken in, and let go of. */
import { statSync } from "node:fs";
import type { LocalIndex } from "../index/index.ts";
import { claim, clearDrafts, giants, leftovers } from "../journal/leftovers.ts";
import type { SpoolFile } from "../journal/spool.ts";
import { reasonOf } from "./of-the-disk.ts";
import type { Recorder } from "./recorder.ts";

export type RecoveryOptions = {
  readonly logDir: string;
  readonly life: string;
  readonly recorder: Pick<Recorder, "recover">;
  readonly index: Pick<LocalIndex, "fileOf">;
  readonly warn: (message: string) => void;
};

export class Recovery {
  readonly #options: RecoveryOptions;
  #recovering: Promise<void> | null = null;
  /** What stands in the way of recovering what a killed program left. */
  #left: string | null = null;
  #stopping = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Null when nothing is in the way. */
  trouble(): string | null {
    return this.#left;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#recovering;
  }

  /**
   * What dead programs left: whole exchanges, and ones that were interrupted. A file goes when those have theirs. Looked
   * for again and again: that one is dead may be known only later, and another may die while we run.
   */
  look(): Promise<void> {
    return (this.#recovering ??= this.#lookForLeftovers()
      .catch((error: unknown) => {
        this.#left = `what a killed program left in logs/spool cannot be read yet (${reasonOf(error)}); it is tried again`;
      })
      .finally(() => (this.#recovering = null)));
  }

  async #lookForLeftovers(): Promise<void> {
    const { logDir, life } = this.#options;
    const [giant] = giants(logDir);
    this.#left =
      giant === undefined ? null : `logs/spool/${giant} is larger than any spool and is left alone`;
    for (const paths of leftovers(logDir, life)) {
      if (this.#stopping) return;
      const mine = claim(paths, life);
      try {
        if (await this.recover(mine.files, "cut")) mine.done();
      } finally {
        mine.release();
      }
    }
    clearDrafts(logDir);
  }

  /** The files of one life: an exchange may begin in one and end in a later one. */
  async recover(files: readonly SpoolFile[], rest: "cut" | "goes-on"): Promise<boolean> {
    const ranges = files.map(({ path, size }) => ({
      path,
      at: 0,
      length: Math.min(size, statSync(path).size),
    }));
    const { torn, settled } = await this.#options.recorder.recover(
      ranges,
      (id) => this.#options.index.fileOf(id) !== null,
      rest,
    );
    const message = `${torn} bytes at the end of the spool were cut off when its program was killed`;
    if (torn > 0) this.#options.warn(message);
    return settled;
  }
}
