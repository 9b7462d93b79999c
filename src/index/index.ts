/**
 * The index answers questions over the files. It is a cache: delete it and it is rebuilt from `logs/`.
 * This file is the interface; `sqlite.ts` implements it, `contract.ts` holds every implementation to it.
 */
import type { Ending } from "../fact/fact.ts";

/** One line of the LLM list. `state` is `done` for everything that has a file. */
export type ExchangeRow = {
  id: string;
  /** ms since 1970 UTC. */
  at: number;
  state: "waiting" | "streaming" | "done";
  wire: "http" | "websocket";
  upstream: string;
  method: string;
  path: string;
  target: string;
  status: number | null;
  ending: Ending | null;
  error: string | null;
  dialect: string | null;
  provider: string | null;
  model: string | null;
  streamed: boolean;
  ttfb_ms: number | null;
  ttft_ms: number | null;
  duration_ms: number | null;
  tokens_in: number | null;
  tokens_out: number | null;
  tokens_cached: number | null;
  /** US dollars. */
  cost: number | null;
  /** Bytes of the bodies as they passed. */
  bytes_in: number;
  bytes_out: number;
  /** The story: what was asked (first words) and what came (first words or tool names). */
  asked: string;
  answered: string;
  tools: string[];
  problems: number;
  conversation: string | null;
  turn: number | null;
  parent: string | null;
};

/** One line of the MCP list: a session. */
export type SessionRow = {
  id: string;
  /** Server's name: the folder `logs/mcp_<name>/`. */
  name: string;
  at: number;
  last_at: number;
  state: "open" | "closed";
  transport: "stdio" | "http";
  command: string | null;
  era: "legacy" | "modern" | null;
  revision: string | null;
  client: string | null;
  server: string | null;
  messages: number;
  requests: number;
  errors: number;
  problems: number;
  /** Nothing but the question which era the server speaks. */
  probe?: boolean;
};

/**
 * One line of a session file, whatever its kind, with where it stands. `line` is the parsed JSON of the line. Of a long
 * one, which comes with its `place` in the file, the index keeps the outline (see `outline.ts`) and gives the line as
 * the file has it.
 */
export type MessageRow = {
  session_id: string;
  seq: number;
  at: number;
  line: Record<string, unknown>;
  place?: LinePlace;
};
/** In bytes. */
export type LinePlace = { offset: number; size: number };

/** A file in `logs/` that is not one of ours or is broken; shown on the page, never a reason to stop. */
export type UnreadableFile = { path: string; why: string };

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

/** By what an exchange is found as part of a conversation, and finds what it continues (see `read/thread.ts`). */
export type ThreadKeys = {
  header: string | null;
  response_id: string | null;
  previous: string | null;
  whole: string | null;
  prefixes: string[];
};

export type ThreadKnown = { id: string; conversation: string; turn: number };

/** The latest exchange with that key that came before the one in question. */
export type ThreadLookup = {
  byHeader(header: string): ThreadKnown | null;
  byResponse(response_id: string): ThreadKnown | null;
  /** With the first of these that any exchange has. */
  byWhole(wholes: readonly string[]): ThreadKnown | null;
};

export type ThreadAt = { conversation: string; turn: number; parent: string | null };

export type IndexEntry = { row: ExchangeRow; text: string; file: FileAt; keys?: ThreadKeys | null };

export interface Index {
  /** Adds or replaces exchanges in one transaction. `text` is what full-text search finds. */
  putExchanges(entries: readonly IndexEntry[]): void;
  /** Newest first. `next` is the `before` of the next page, or null at the end. */
  exchanges(query: ExchangeQuery): { items: ExchangeRow[]; next: string | null };
  exchange(id: string): { row: ExchangeRow; file: FileAt } | null;
  /** Values with counts, for completion: models, dialects, upstreams, statuses. */
  facets(): Record<"model" | "dialect" | "upstream" | "status", { value: string; count: number }[]>;

  /** `why`: a part of the file could not be read; it is named as unreadable although its session is shown. */
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
