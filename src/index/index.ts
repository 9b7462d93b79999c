/**
 * The index answers questions over the record. Asking, writing and what only this machine's cache can know are three
 * interfaces: a store that is far away (a team's) has the first two. `sqlite.ts` implements all three; `contract.testkit.ts` and
 * `local-contract.testkit.ts` hold every implementation to them.
 */
import type { RecorderState } from "../fact/recorder-state.ts";
import type {
  ExchangeRow,
  MessageRow,
  RunChanges,
  RunRow,
  SessionRow,
  Star,
  StepRow,
  TieRow,
  UnreadableFile,
} from "../fact/rows.ts";
import type { Filter } from "../filter/filter.ts";
import type { RunSort, SessionSort, Sort } from "../filter/sort.ts";
import type { ThreadAt, ThreadKeys, ThreadLookup } from "../fact/thread.ts";

export type ExchangeQuery = {
  limit: number;
  /** Only rows older than this id (keyset paging, newest first). */
  before?: string;
  /**
   * In place of `before`: the rows of these ranks, `from` (0 is the last in order) to `from + limit`, so that a list knows all its
   * rows and reads those in sight. New rows have the highest ranks, in the order of time: what was read keeps its own.
   */
  from?: number;
  /** The first in order is the newest unless it says otherwise; what a row does not have comes last. */
  sort?: Sort;
  /** All of them unless it says otherwise. Its text is looked for in bodies, words as beginnings, phrases whole. */
  filter?: Filter;
  /** What "ten minutes ago" counts from, ms since 1970; the time of the question unless it says otherwise. */
  now?: number;
};

/** By what rows are put together: those of one conversation, or of one run. */
export type GroupBy = "conversation" | "run";

/**
 * A list in groups: groups in the order in which their first exchanges came, each with a head where more than one of its
 * exchanges fits, then these. Some calls of tools stand under the exchange that asked for them. What is folded is not in
 * the list, and not in its ranks and totals.
 */
export type GroupedQuery = Pick<ExchangeQuery, "filter" | "now" | "limit"> & {
  by: GroupBy;
  /** The rank of the first row, from 0. */
  from: number;
  order: "newest last" | "newest first";
  fold: Folds;
  /** Exchanges whose calls are shown. */
  calls: readonly string[];
};

/** Which groups are shown as their heads alone: these, or all but these. By the ids of conversations or runs. */
export type Folds = { folded: "these" | "all but these"; ids: readonly string[] };

export type GroupedRow =
  | { kind: "group"; group: GroupRow }
  /** `calls`: how many tools it asked for. `group`: whose head it stands under, or null. */
  | { kind: "exchange"; row: ExchangeRow; group: string | null; calls: number; opened: boolean }
  | { kind: "call"; step: StepRow; group: string | null };

/** What the exchanges of a group that fit come to. */
export type GroupRow = {
  /** Of the conversation or run. */
  id: string;
  by: GroupBy;
  title: string;
  folded: boolean;
  /** Exchanges that fit. */
  n: number;
  /** When the first began and the last one ended, ms since 1970. */
  at: number;
  last_at: number;
  clients: string[];
  models: string[];
  tokens_in: number;
  tokens_out: number;
  cost: number;
  errors: number;
  problems: number;
};

export type OverviewQuery = Pick<ExchangeQuery, "filter" | "now"> & {
  /** Into how many stretches of time it is cut at most; each is of a length that people count in. */
  stretches: number;
};

/** What the exchanges that fit come to, over time and by model. Times in ms since 1970; costs in US dollars. */
export type Overview = Sums & {
  /** Of the first and of the last; null when there is none. */
  first: number | null;
  last: number | null;
  step_ms: number;
  /** In order, those in which something began; each begins at a multiple of `step_ms`. */
  stretches: (Sums & { at: number })[];
  /** The most frequent first, at most `MOST_MODELS`. */
  models: (Sums & { model: string | null; ttft: Spread; total: Spread })[];
  ttft: Spread;
  total: Spread;
};

export type Sums = { n: number; errors: number; tokens_in: number; tokens_out: number; cost: number };

/** Half, and all but a twentieth, of what is known took no longer, in ms, within two hundredths; null where nothing is known. */
export type Spread = { p50: number | null; p95: number | null };

/** Where an exchange stands in a list of groups: its rank, or that of the folded head that stands for it. */
export type GroupedRank = { rank: number; group: string | null; folded: boolean };

/** `n` counts from the oldest on, which is 1; it stands between `older` and `newer`. */
export type Standing = { n: number; of: number; older: string | null; newer: string | null };

export type SessionQuery = { limit: number; before?: string; name?: string; sort?: SessionSort };

/** Newest first. `next` is the `before` of the next page, or null at the end. `total` counts all pages of the question. */
export type Page<Row> = { items: Row[]; next: string | null; total: number };

/** What there is to filter by, the most frequent first. */
export type Facets = Record<
  "model" | "dialect" | "upstream" | "status" | "client" | "tool" | "problem" | "expert",
  { value: string; count: number }[]
>;

/** What a filter asks of a run and what of its exchanges: see `filter/run-filter.ts`. */
export type RunQuery = Pick<ExchangeQuery, "limit" | "before" | "filter" | "now"> & {
  /** The newest first unless it says otherwise; what a run does not have comes last. */
  sort?: RunSort;
  /** Runs whose model is being asked at this moment: that is what they do, whatever their rows say. */
  asking?: readonly string[];
};

/** What there is to filter runs by, with the number of runs. */
export type RunFacets = Record<
  "model" | "client" | "server" | "tool" | "problem",
  { value: string; count: number }[]
>;

export type Counts = { exchanges: number; sessions: number; messages: number };

/** Asks. Every answer may come from far away; none of them changes anything. */
export interface Index {
  exchanges(query: ExchangeQuery): Promise<Page<ExchangeRow>>;
  exchange(id: string): Promise<ExchangeRow | null>;
  /** Where an exchange stands among those that a filter finds; null when the index does not know it. */
  standing(id: string, query: Pick<ExchangeQuery, "filter" | "now">): Promise<Standing | null>;
  /** The rank that the exchange has, or would have, among those that fit, in the order of time; null when it is not known. */
  rank(id: string, query: Pick<ExchangeQuery, "filter" | "now">): Promise<number | null>;
  grouped(query: GroupedQuery): Promise<{ items: GroupedRow[]; total: number; exchanges: number }>;
  /** Null when the index does not know the exchange, or when it does not fit. */
  groupedRank(id: string, query: Omit<GroupedQuery, "limit" | "from">): Promise<GroupedRank | null>;
  overview(query: OverviewQuery): Promise<Overview>;
  /** Values with counts, for completion. */
  facets(): Promise<Facets>;
  /** `next` is the `before` of the next page in any order. */
  sessions(query: SessionQuery): Promise<Page<SessionRow>>;
  session(id: string): Promise<SessionRow | null>;
  /**
   * In order of `seq`, from `after` (exclusive) on; `next` is the `after` of the next page. Without a total: who reads
   * a long session on counts nothing again for each page.
   */
  messages(
    session: string,
    after?: number,
    limit?: number,
  ): Promise<{ items: MessageRow[]; next: number | null }>;
  /** `next` is the `before` of the next page in any order. */
  runs(query: RunQuery): Promise<Page<RunRow>>;
  runFacets(): Promise<RunFacets>;
  run(id: string): Promise<RunRow | null>;
  /** In the order of time, from the step `after` (exclusive) on; `next` is the `after` of the next page. */
  steps(run: string, after?: string, limit?: number): Promise<{ items: StepRow[]; next: string | null }>;
  step(id: string): Promise<StepRow | null>;
  /** Steps that began in this exchange, or whose result it brought to the model. */
  stepsOf(exchange: string): Promise<StepRow[]>;
  /** The latest tool steps of which it is known what became of the result. */
  treated(limit: number): Promise<{ step: StepRow; run: RunRow }[]>;
  ties(run: string): Promise<TieRow[]>;
  tie(id: string): Promise<TieRow | null>;
  /** Ties of the calls of an MCP session. */
  tiesOf(session: string): Promise<TieRow[]>;
  counts(): Promise<Counts>;
  /** All that is starred. A row that is says so by itself. */
  stars(): Promise<Star[]>;
  /** What lies in the record and could not be read. */
  unreadable(): Promise<UnreadableFile[]>;
}

/** Where an exchange stands on disk; kept with the row so that it can be opened without a search. */
export type FileAt = { path: string; mtime: number; size: number };

/** `text` is what full-text search finds. `file` is for an index that stands beside the files. */
export type IndexEntry = {
  row: ExchangeRow;
  text: string;
  file?: FileAt;
  keys?: ThreadKeys | null;
  /** What it says about its run, for the cache of this machine; see `Evidence`. */
  evidence?: string | null;
  /** It is all of its run: no rows are kept of that, they are made of the evidence for whoever asks. */
  alone?: Alone | null;
};

/** The rows of a run of one exchange. */
export type Alone = { run: RunRow; step: StepRow };

/** Makes them of what an exchange says about its run. */
export type AloneOf = (evidence: string) => Alone;

export type FiledEntry = IndexEntry & { file: FileAt };

/** Writes. Every put may come again, after any of them: the last one of an id (of a session's `seq`) is what holds. */
export interface IndexWriter {
  /** All of them or none. */
  putExchanges(entries: readonly IndexEntry[]): void | Promise<void>;
  putSession(row: SessionRow, file?: FileAt): void | Promise<void>;
  putMessages(rows: readonly MessageRow[]): void | Promise<void>;
  putRuns(changes: RunChanges): void | Promise<void>;
  /** Of what this recorder has, these are starred and nothing else, whether they were put already or not. */
  putStars(stars: readonly Star[]): void | Promise<void>;
}

/**
 * Writes into a store that many recorders fill: what one has put no other changes. Evidence goes there too, since what was
 * recorded on two machines is joined there.
 */
export interface SharedWriter extends IndexWriter {
  /** Of these the ids that another recorder has, and those that were deleted there: asked before their bodies are put. */
  taken(rows: readonly (ExchangeRow | SessionRow)[]): Promise<string[]>;
  /** Gives the ids that another recorder has: theirs stay, all others are put. */
  share(entries: readonly IndexEntry[]): Promise<string[]>;
  putEvidence(pieces: readonly Omit<Evidence, "run" | "parent">[]): Promise<void>;
  /** How this recorder does: the last of it is kept. */
  report(state: RecorderState): Promise<void>;
}

/**
 * What an exchange or a session says about runs, in words that only its readers know. It waits until the runs are made
 * of it, and stays for whatever comes later. `gone`: its file is.
 */
export type Evidence = {
  /** The exchange or session, and which part of it. */
  source: string;
  part: string;
  kind: "model" | "session" | "served" | "gone";
  at: number;
  run: string | null;
  /** Of an exchange the one that it continues, as far as its thread is known. */
  parent: string | null;
  json: string;
};

/** Where a piece of evidence belongs. */
export type EvidenceAt = Pick<Evidence, "source" | "part" | "kind" | "run">;

/**
 * What only the cache of this machine's files can know. It answers at once: who keeps it in step with the folder works
 * in slices of milliseconds and does not wait inside of one.
 */
export interface LocalIndex extends IndexWriter {
  putExchanges(entries: readonly IndexEntry[]): void;
  putSession(row: SessionRow, file?: FileAt): void;
  putMessages(rows: readonly MessageRow[]): void;
  putRuns(changes: RunChanges): void;
  putStars(stars: readonly Star[]): void;

  /** Another number when another process has written since: what this one remembers may be old. */
  foreignWrites(): number;
  putEvidence(pieces: readonly Omit<Evidence, "run" | "parent">[]): void;
  /** Pieces of which no runs were made yet. */
  waiting(limit: number): Evidence[];
  /** Of which runs were made, in the order of time. */
  evidence(
    of: { source: string } | { run: string } | { from: number; to: number },
    limit: number,
  ): Evidence[];
  /** What an exchange or a session says, the latest first, whether runs were made of it or not. */
  said(source: string, limit: number): Omit<Evidence, "run" | "parent">[];
  /** The runs of `read` are made: they wait no more. `homes` belong to other runs now. `changes` are put with it. */
  settled(read: readonly Omit<EvidenceAt, "run">[], homes: readonly EvidenceAt[], changes?: RunChanges): void;

  /**
   * These are no longer all of their runs: their evidence is kept like any other's, and waits. Gives it; nothing of those
   * that were not alone.
   */
  joined(ids: readonly string[]): Evidence[];
  /** Those that are alone, not younger than this, and that a request with these keys may go on from. */
  aloneBefore(at: number, keys: Pick<ThreadKeys, "previous" | "prefixes">): string[];
  /** Of this agent's those that are alone, and were asked between these times. */
  aloneBetween(agent: string | null, from: number, to: number, limit: number): string[];

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

  /**
   * The files that the index has taken in, for finding what was added, changed or removed: by path, at most `limit`
   * (all) from the one after `after` on.
   */
  files(after?: string, limit?: number): Map<string, { mtime: number; size: number }>;
  /** Files to take in again, since another file with the same exchange is gone; they have the mtime 0. */
  again(): string[];
  /** What the index holds of one file: ids of exchanges or sessions. Null when it does not know the file. */
  file(path: string): { mtime: number; size: number; ids: string[] } | null;
  /** Where the exchange or session of this id stands; null when the index does not know it. */
  fileOf(id: string): FileAt | null;
  /** The rows of what stands in this file. */
  rowsIn(path: string): { exchanges: ExchangeRow[]; sessions: SessionRow[] };
  /** Forgets everything that came from this file. Returns the ids that are gone. */
  forget(path: string): string[];
  /**
   * A pack was written anew with some of its exchanges: `moved` is the new number of each that stays, by the old one. Returns the
   * ids that are gone.
   */
  repacked(pack: FileAt, moved: ReadonlyMap<number, number>): string[];
  /** Names a file of which all or a part could not be read. What the index holds of it stays. */
  putUnreadable(file: UnreadableFile & { mtime: number; size: number }): void;
  close(): void;
}
