/** Sources that wait until there is room for the record again; never for long, whatever the record does. */
const LONGEST_STOP_MS = 100;

export class PausedSources {
  readonly #overdue: () => void;
  #rooms: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `overdue`: told when nobody made room in time; the sources go on after it. */
  constructor(overdue: () => void = () => {}) {
    this.#overdue = overdue;
  }

  get size(): number {
    return this.#rooms.length;
  }

  add(room: () => void): void {
    this.#rooms.push(room);
    this.#timer ??= setTimeout(() => {
      this.#overdue();
      this.release();
    }, LONGEST_STOP_MS);
  }

  release(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const room of this.#rooms.splice(0)) room();
  }
}
