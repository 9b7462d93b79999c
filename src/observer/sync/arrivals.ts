/** Exchanges on their way into the index, in batches, and what left it; the page is told of both. */
import type { Feed } from "../../feed/feed.ts";
import type { FiledEntry, LocalIndex } from "../../index/index.ts";
import { Pending } from "../pending.ts";
import type { Stamps } from "./stamps.ts";
import type { How } from "./to-do.ts";

/** Rows of one transaction: so many are written in one slice or some. */
export const MOST_ROWS = 100;
/** An exchange that is older than this when it comes may be continued by one that is here already. */
const LATE_MS = 60_000;

export type ArrivalsOptions = {
  readonly index: LocalIndex;
  readonly feed: Feed;
  readonly stamps: Stamps;
  /** Files that have to be taken in again. */
  readonly onAgain: (paths: readonly string[]) => void;
  /** What was put or refused has changed what there is to say. */
  readonly onFlush: () => void;
};

export class Arrivals {
  readonly entries = new Pending<FiledEntry>();
  readonly #options: ArrivalsOptions;
  #gone: string[] = [];
  /** The time of the oldest exchange that came after younger ones: from there on threads are resolved again. */
  #oldest = Infinity;
  #newest = 0;
  #flushedAt = 0;
  /** What the index says, while it refuses. */
  trouble: string | null = null;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  take(entry: FiledEntry, how: How, news: "rows" | "none"): void {
    this.entries.add(entry);
    const { at } = entry.row;
    if (how === "quiet" || at < this.#newest || at < Date.now() - LATE_MS) this.late(at);
    this.#newest = Math.max(this.#newest, at);
    if (this.entries.size >= MOST_ROWS) this.flush(news);
  }

  late(at: number): void {
    this.#oldest = Math.min(this.#oldest, at);
  }

  get hasLate(): boolean {
    return this.#oldest !== Infinity;
  }

  /** From where on threads are to be resolved again; asked once. */
  takeOldest(): number {
    const oldest = this.#oldest;
    this.#oldest = Infinity;
    return oldest;
  }

  left(ids: readonly string[]): void {
    for (const id of ids) this.#gone.push(id);
  }

  isOlderThan(ms: number): boolean {
    return performance.now() - this.#flushedAt > ms;
  }

  /** `none`: there is so much that the page will ask for what it shows. */
  flush(news: "rows" | "none"): void {
    const { index, feed, stamps, onAgain, onFlush } = this.#options;
    const taken = this.entries.take();
    const gone = this.#gone;
    this.#gone = [];
    this.#flushedAt = performance.now();
    try {
      if (taken.length > 0) index.putExchanges(taken);
      this.trouble = null;
    } catch (error) {
      this.trouble = `the index cannot be written: ${(error as Error).message}`;
      for (const { file } of taken) stamps.forget(file.path);
    }
    for (const { row } of news === "rows" ? taken : [])
      feed.publish({ type: "exchange.close", row, ending: row.ending ?? "complete" });
    if (gone.length > 0) {
      feed.publish({ type: "exchange.gone", ids: gone });
      onAgain(index.again());
    }
    onFlush();
  }
}
