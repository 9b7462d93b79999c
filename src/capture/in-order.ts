/** Keeps the order of one exchange's facts while a body is being decoded on another thread: what follows waits. */

/** What may wait before its source is stopped, and for how long at most: a decoder that hangs must not hang the traffic. */
const MOST_BYTES = 1024 * 1024;
const LONGEST_STOP_MS = 100;

export class InOrder {
  readonly #owe: (work: Promise<void>) => void;
  /** Null while nothing is being decoded. */
  #behind: (() => void)[] | null = null;
  #bytes = 0;
  #rooms: (() => void)[] = [];
  #release: ReturnType<typeof setTimeout> | null = null;
  #hangs = false;

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
  crowded(room: () => void): boolean {
    if (this.#bytes <= MOST_BYTES || this.#hangs) return false;
    this.#rooms.push(room);
    this.#release ??= setTimeout(() => {
      this.#hangs = true;
      this.#goOnSending();
    }, LONGEST_STOP_MS);
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
    this.#goOnSending();
  }

  #goOnSending(): void {
    if (this.#release) clearTimeout(this.#release);
    this.#release = null;
    for (const room of this.#rooms.splice(0)) room();
  }
}
