/** Keeps the order of one exchange's facts while a body is being decoded on another thread: what follows waits. */
import { PausedSources } from "./paused-sources.ts";

/** What may wait before its source is stopped; a decoder that hangs stops it once. */
const MOST_BYTES = 1024 * 1024;

export class FactOrder {
  readonly #owe: (work: Promise<void>) => void;
  /** Null while nothing is being decoded. */
  #behind: (() => void)[] | null = null;
  #bytes = 0;
  #hangs = false;
  readonly #stopped = new PausedSources(() => (this.#hangs = true));

  /** `owe`: told of work that must be done before the program ends. */
  constructor(owe: (work: Promise<void>) => void) {
    this.#owe = owe;
  }

  get busy(): boolean {
    return this.#behind !== null;
  }

  /** Only while it is not busy. */
  decode(work: Promise<void>): void {
    this.#behind = [];
    const goOn = () => this.#goOn();
    this.#owe(work.then(goOn, goOn));
  }

  /** Runs the task again when its turn has come. `weight`: the bytes that it keeps. */
  wait(task: () => void, weight: number): void {
    this.#behind?.push(task);
    this.#bytes += weight;
  }

  /** True where the source should be stopped until `room` is called. */
  shouldPause(room: () => void): boolean {
    if (this.#bytes <= MOST_BYTES || this.#hangs) return false;
    this.#stopped.add(room);
    return true;
  }

  #goOn(): void {
    const tasks = this.#behind ?? [];
    this.#behind = null;
    for (const [n, task] of tasks.entries()) {
      task();
      // It decodes too: the rest waits for it, behind what it has put there itself.
      if (this.busy) return tasks.slice(n + 1).forEach((next) => this.wait(next, 0));
    }
    this.#bytes = 0;
    this.#hangs = false;
    this.#stopped.release();
  }
}
