/**
 * Takes back the memory of pieces that nobody keeps any more. They are large and few: the runtime's collector sees few
 * objects and would let them lie.
 */
import { edenGC, fullGC, heapSize } from "bun:jsc";

/** What is young is looked through after so many bytes; it takes a tenth of a millisecond. */
const YOUNG_BYTES = 16 * 1024 * 1024;

/**
 * What waited for the disk at that moment has grown old, and is only looked through with all else: some milliseconds,
 * once the heap has grown by this much since the last time.
 */
const OLD_BYTES = 48 * 1024 * 1024;

export type Collections = {
  readonly young: () => void;
  readonly all: () => void;
  readonly size: () => number;
};

const OF_THE_RUNTIME: Collections = { young: edenGC, all: fullGC, size: heapSize };

export class Collector {
  readonly #collections: Collections;
  #released = 0;
  /** The heap's size behind the last look through all of it. */
  #least: number;

  constructor(collections = OF_THE_RUNTIME) {
    this.#collections = collections;
    this.#least = collections.size();
  }

  /** So many bytes are kept by nobody any more. */
  released(bytes: number): void {
    this.#released += bytes;
    if (this.#released < YOUNG_BYTES) return;
    this.#released = 0;
    const { young, all, size } = this.#collections;
    young();
    // A heap that is large for another reason is not looked through again and again.
    if (size() < this.#least + OLD_BYTES) return;
    all();
    this.#least = size();
  }
}
