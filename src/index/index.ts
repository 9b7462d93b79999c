/**
 * The index answers questions over the files. It is a cache: delete it and it is rebuilt from `logs/`.
 * This file is the interface; `sqlite.ts` implements it, `contract.ts` holds every implementation to it.
 */
import type { ExchangeRow, MessageRow, SessionRow, UnreadableFile } from "../fact/rows.ts";
import type { ThreadAt, ThreadKeys, ThreadLookup } from "../fact/thread.ts";

export type ExchangeQuery = {
  limit: number;
  /** Only rows older than this id (keyset paging, newest first). */
  before?: string;
  /** Full text over bodies; words joined by AND, "phrases" in quotes. */
  q?: string;
  dialect?: string;
  model?: string;
  /** `200`, `4xx`, `>=400`, or an ending (`client-gone`). */
  status?: string;
  upstream?: string;
  conversation?: string;
};

/** Where an exchange stands on disk; kept with the row so that it can be opened without a search. */
export type FileAt = { path: string; mtime: number; size: number };

export type IndexEntry = { row: ExchangeRow; text: string; file: FileAt; keys?: ThreadKeys | null };

export interface Index {
  /** Adds or replaces exchanges in one transaction. `text` is what full-text search finds. */
  putExchanges(entries: readonly IndexEntry[]): void;
  /** Newest first. `next` is the `before` of the next page, or null at the end. */
  exchanges(query: ExchangeQuery): { items: ExchangeRow[]; next: string | null };
  exchange(id: string): { row: ExchangeRow; file: FileAt } | null;
  /** Values with counts, for completion: models, dialects, upstreams, statuses. */
  facets(): Record<"model" | "dialect" | "upstream" | "status", { value: string; count: number }[]>;

  /** For the thread of an exchange that is not put yet. */
  threads(before: { at: number; id: string }): ThreadLookup;
  /**
   * Resolves threads again in the order of time, at most `limit` exchanges, from the one after `after` on; for when
   * older exchanges came after younger ones. Gives where it stopped, or null at the end, and how many have changed.
   */
  rethread(
    after: { at: number; id: string } | null,
    limit: number,
    resolve: (id: string, keys: ThreadKeys, lookup: ThreadLookup) => ThreadAt | null,
  ): { next: { at: number; id: string } | null; changed: number };

  putSession(row: SessionRow, file: FileAt, why?: string | null): void;
  putMessages(rows: readonly MessageRow[]): void;
  sessions(query: { limit: number; before?: string; name?: string }): {
    items: SessionRow[];
    next: string | null;
  };
  session(id: string): { row: SessionRow; file: FileAt } | null;
  /** In order of `seq`, from `after` (exclusive) on. */
  messages(session: string, after?: number, limit?: number): MessageRow[];

  /**
   * The files that the index has taken in, for finding what was added, changed or removed: by path, at most `limit`
   * (all) from the one after `after` on.
   */
  files(after?: string, limit?: number): Map<string, { mtime: number; size: number }>;
  /** Files to take in again, since another file with the same exchange is gone; they have the mtime 0. */
  again(): string[];
  /** What the index holds of one file: ids of exchanges or sessions. Null when it does not know the file. */
  file(path: string): { mtime: number; size: number; ids: string[] } | null;
  /** Forgets everything that came from this file. Returns the ids that are gone. */
  forget(path: string): string[];
  /** Names a file of which all or a part could not be read. What the index holds of it stays. */
  putUnreadable(file: UnreadableFile & { mtime: number; size: number }): void;
  unreadable(): UnreadableFile[];
  counts(): { exchanges: number; sessions: number; messages: number };
  close(): void;
}
