/** What was lately known of files by path, bounded: what was not set for long is forgotten, in halves. */
export class RecentMap<Value> {
  readonly #half: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** Between half of `most` and `most` are known. */
  constructor(most: number) {
    this.#half = most / 2;
  }

  get(path: string): Value | undefined {
    return this.#young.get(path) ?? this.#old.get(path);
  }

  set(path: string, value: Value): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(path, value);
  }

  delete(path: string): void {
    this.#young.delete(path);
    this.#old.delete(path);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
