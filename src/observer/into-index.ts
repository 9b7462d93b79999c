/** Entries on their way into the index: put together, tried again while the disk refuses, told when they are there. */
import type { Feed } from "../feed/feed.ts";
import type { FiledEntry, LocalIndex } from "../index/index.ts";
import type { Faults } from "./faults.ts";
import type { FlyingRows } from "./flying-rows.ts";
import { Pending } from "./pending.ts";
import { putEntries } from "./put-entries.ts";

export type IntoIndexOptions = {
  readonly index: Pick<LocalIndex, "putExchanges" | "putUnreadable">;
  readonly feed: Feed;
  readonly rows: FlyingRows;
  readonly faults: Faults;
};

/** Rows that go to the index together: more at once cost less each, when many wait. */
const INDEX_EVERY = { few: 100, many: 400 };
/** Entries that wait for an index that refuses them: each may hold a megabyte of text. */
const MOST_ENTRIES = 500;

export class IntoIndex {
  readonly #options: IntoIndexOptions;
  readonly #entries = new Pending();
  /** What the disk says to the index, while it refuses. */
  #trouble: string | null = null;

  constructor(options: IntoIndexOptions) {
    this.#options = options;
  }

  /** Those that wait: conversations are looked for among them too. */
  get pending(): Pending {
    return this.#entries;
  }

  get trouble(): string | null {
    return this.#trouble;
  }

  add(entry: FiledEntry): void {
    this.#entries.add(entry);
  }

  /** `behind`: how many exchanges still wait for their files. */
  putWhenMany(behind: number): void {
    const most = behind > INDEX_EVERY.many ? INDEX_EVERY.many : INDEX_EVERY.few;
    if (this.#entries.size >= most) this.put();
  }

  put(): void {
    const entries = this.#entries.take();
    if (entries.length === 0) return;
    const { index, feed, rows, faults } = this.#options;
    const { waits, refused, trouble } = putEntries(index, entries);
    this.#trouble = trouble;
    for (const [n, entry] of waits.entries()) {
      if (n < MOST_ENTRIES) {
        this.#entries.add(entry);
        continue;
      }
      rows.gone(entry.row.id);
      faults.add("not-indexed", `${trouble}; the next start takes them in`);
    }
    for (const { why } of refused) faults.add("not-indexed", why);
    const without = new Set([...waits, ...refused.map(({ entry }) => entry)]);
    for (const { entry } of refused) rows.gone(entry.row.id);
    for (const entry of entries) {
      if (without.has(entry)) continue;
      const { row } = entry;
      rows.gone(row.id);
      feed.publish({ type: "exchange.close", row, ending: row.ending ?? "complete" });
    }
  }
}
