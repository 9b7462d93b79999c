/** Errors that are nobody's but ours, counted by what they cost, with the last reason of each: for the page to say. */

/** What an error has cost. */
export type Fault = "unread" | "set-aside" | "not-indexed" | "lost" | "fact" | "listener";

export class Faults {
  readonly #seen = new Map<Fault, { count: number; why: string }>();
  /** Left in the quarantine by earlier runs. */
  readonly #before: number;

  constructor(before: number) {
    this.#before = before;
  }

  add(fault: Fault, why: string): void {
    const count = (this.#seen.get(fault)?.count ?? 0) + 1;
    this.#seen.set(fault, { count, why });
  }

  /** How many of each kind happened. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#seen].map(([fault, { count }]) => [fault, count]));
  }

  /** A sentence for each kind that happened. */
  said(): string[] {
    const said = [...this.#seen].map(([fault, { count, why }]) => SENTENCES[fault](count, why));
    if (this.#before > 0)
      said.push(
        `${this.#before} exchanges of earlier runs lie in logs/quarantine, each with its reason in a .txt file`,
      );
    return said;
  }
}

const SENTENCES: Readonly<Record<Fault, (count: number, why: string) => string>> = {
  unread: (n, why) => `${n} exchanges were kept as they came, since they could not be read, the last: ${why}`,
  "set-aside": (n, why) => `${n} exchanges were set aside in logs/quarantine, the last: ${why}`,
  "not-indexed": (n, why) => `${n} exchanges have their files and are not in the list, the last: ${why}`,
  lost: (n, why) => `${n} exchanges could not be kept at all, the last: ${why}; traffic was not affected`,
  fact: (n, why) => `${n} parts of exchanges were not recorded, the last: ${why}; traffic was not affected`,
  listener: (n, why) => `MCP sessions over HTTP lack ${n} parts, the last: ${why}; the exchanges have them`,
};
