/** The index in one SQLite file, with full-text search. */
import { parseExact, stringifyExact } from "../fact/json-source.ts";
import type { Database, SQLQueryBindings } from "bun:sqlite";
import { grouped, groupedRank } from "./grouped.ts";
import { listed, rankOf, standingAt } from "./list.ts";
import type { ExchangeRow, LinePlace, MessageRow, SessionRow, UnreadableFile } from "../fact/rows.ts";
import type { ThreadAt } from "../fact/thread.ts";
import type {
  Counts,
  Facets,
  FileAt,
  Index,
  IndexEntry,
  LocalIndex,
  Page,
  SessionQuery,
  Standing,
  ExchangeQuery,
} from "./index.ts";
import { outlineOf } from "./outline.ts";
import { overviewOf } from "./overview.ts";
import { placeOf, placeOfId } from "./place.ts";
import { facetsOf } from "./facets.ts";
import { openFirsts } from "./first.ts";
import { openRuns } from "./runs.ts";
import { openThreads } from "./threads.ts";
import { deleteDatabase, isUseless, openDatabase } from "./schema.ts";
import { spaced } from "./words.ts";

/**
 * Opens the index at `path` (":memory:" for one that is gone with the process). When the file turns out to be broken
 * while it is in use, it is made again, empty, and `lost` is told, so that somebody fills it from the files. `read` gives
 * a line of a session, or null when it cannot; without it long lines stay outlines.
 */
export function openIndex(
  path: string,
  lost: () => void = () => {},
  read: (session: string, place: LinePlace) => Promise<string | null> = async () => null,
): Index & LocalIndex {
  let store = open(path);

  function guarded<T>(run: (store: Store) => T): T {
    try {
      return run(store);
    } catch (error) {
      if (!isUseless(error)) throw error;
      shut(store);
      deleteDatabase(path);
      store = open(path);
      lost();
      return run(store);
    }
  }

  /** Long lines as the file has them; the outline of one that is not there any more, or when it is too much. */
  async function opened(rows: MessageRow[]): Promise<MessageRow[]> {
    let left = OPENED;
    const all: MessageRow[] = [];
    for (const { place, ...row } of rows) {
      left -= place?.size ?? 0;
      const line = place && left >= 0 ? lineIn(await read(row.session_id, place), row) : null;
      all.push(line ? { ...row, line } : row);
    }
    return all;
  }

  /** Asked at once and answered as if it were far away: nobody may count on more. */
  async function asked<T>(run: (store: Store) => T): Promise<T> {
    return guarded(run);
  }

  return {
    exchanges: (query) => asked((store) => listExchanges(store, query)),
    exchange: (id) => asked((store) => oneExchange(store, id)),
    rank: (id, query) => asked((store) => rankOfId(store, id, query)),
    standing: (id, query) => asked((store) => standing(store, id, query)),
    grouped: (query) => asked(({ db }) => grouped(db, { ...query, limit: clamped(query.limit) })),
    groupedRank: (id, query) => asked(({ db }) => groupedRank(db, id, query)),
    overview: (query) => asked(({ db }) => overviewOf(db, query)),
    facets: () => asked(facets),
    sessions: (query) => asked((store) => listSessions(store, query)),
    session: (id) => asked((store) => oneSession(store, id)),
    async messages(session, after = -1, limit = 1_000) {
      const rows = await asked((store) => listMessages(store, session, after, limit));
      const next = rows.length < clamped(limit) ? null : (rows.at(-1)?.seq ?? null);
      return { items: await opened(rows), next };
    },
    runs: (query) => asked(({ runs }) => runs.runs(query, clamped(query.limit))),
    runFacets: () => asked(({ runs }) => runs.facets()),
    run: (id) => asked(({ runs }) => runs.run(id)),
    steps: (run, after, limit = 1_000) => asked(({ runs }) => runs.steps(run, after, clamped(limit))),
    step: (id) => asked(({ runs }) => runs.step(id)),
    stepsOf: (exchange) => asked(({ runs }) => runs.stepsOf(exchange)),
    treated: (limit) => asked(({ runs }) => runs.treated(clamped(limit))),
    ties: (run) => asked(({ runs }) => runs.ties(run)),
    tie: (id) => asked(({ runs }) => runs.tie(id)),
    tiesOf: (session) => asked(({ runs }) => runs.tiesOf(session)),
    counts: () => asked((store) => store.counts.get() ?? { exchanges: 0, sessions: 0, messages: 0 }),
    unreadable: () => asked((store) => store.unreadable.all()),

    putExchanges: (entries) => guarded((store) => putExchanges(store, entries)),
    putSession: (row, file) => guarded((store) => putSession(store, row, file)),
    putMessages: (rows) => guarded((store) => putMessages(store, rows)),
    putRuns: (changes) => guarded((store) => together(store, () => store.runs.put(changes))),
    foreignWrites: () => guarded(({ runs }) => runs.foreignWrites()),
    putEvidence: (pieces) => guarded((store) => together(store, () => store.runs.putEvidence(pieces))),
    waiting: (limit) => guarded(({ runs }) => runs.waiting(clamped(limit))),
    evidence: (of, limit) => guarded(({ runs }) => runs.evidence(of, limit)),
    said: (source, limit) => guarded(({ runs }) => runs.said(source, clamped(limit))),
    settled: (read, homes, changes) =>
      guarded((store) =>
        together(store, () => {
          if (changes) store.runs.put(changes);
          store.runs.settled(read, homes);
        }),
      ),

    threads: (before) => store.threads.lookup(before),
    rethread: (after, limit, resolve) =>
      guarded((store) => store.threads.again(after, clamped(limit), resolve)),
    files: (after = "", limit = -1) => guarded((store) => someFiles(store, after, limit)),
    again: () => guarded((store) => store.again.all().map(({ path }) => path)),
    file: (path) => guarded((store) => oneFile(store, path)),
    fileOf: (id) => guarded((store) => fileOf(store, id)),
    rowsIn: (path) => guarded((store) => rowsIn(store, path)),
    forget: (path) => guarded((store) => forget(store, path)),
    putUnreadable: (file) => guarded((store) => putUnreadable(store, file)),
    close: () => shut(store),
  };
}

/** Bytes of long lines that are read for one answer. */
const OPENED = 256 * 1024 * 1024;

/** More than one answer should hold; a caller that wants more pages on. */
const MOST = 10_000;

type Stored = { row: string; run: string | null } & {
  [Key in keyof ThreadAt]: ThreadAt[Key] | null;
};
type StoredMessage = {
  seq: number;
  at: number;
  line: string;
  offset: number | null;
  size: number | null;
};
type Found = { place: number; file: number };
type Store = ReturnType<typeof open>;

/** The connection with every statement prepared once; only the list's, which depends on its filters, is not here. */
function open(path: string) {
  const db = openDatabase(path);
  const prepare = <Row, Values extends SQLQueryBindings[]>(sql: string) => db.prepare<Row, Values>(sql);
  const firsts = openFirsts(db);
  return {
    db,
    firsts,
    threads: openThreads(db, firsts),
    runs: openRuns(db, firsts),
    addFile: prepare<unknown, [string, number, number, string | null]>(
      "insert into files (path, mtime, size, why) values (?, ?, ?, ?) on conflict do nothing",
    ),
    changeFile: prepare<unknown, [number, number, string | null, number]>(
      "update files set mtime = ?, size = ?, why = ?, shadowed = 0 where id = ?",
    ),
    file: prepare<{ id: number; mtime: number; size: number }, [string]>(
      "select id, mtime, size from files where path = ?",
    ),
    files: prepare<{ path: string; mtime: number; size: number }, [string, number]>(
      "select path, mtime, size from files where path > ? order by path limit ?",
    ),
    shadow: prepare<unknown, [number]>("update files set shadowed = 1 where id = ?"),
    dropFile: prepare<unknown, [number]>("delete from files where id = ?"),
    again: prepare<{ path: string }, []>("select path from files where mtime = 0 order by path"),
    unshadow: prepare<unknown, []>("update files set shadowed = 0, mtime = 0 where shadowed = 1"),
    unreadable: prepare<UnreadableFile, []>(
      "select path, why from files where why is not null order by path",
    ),

    exchangeAt: prepare<Found, [string]>("select place, file from exchanges where id = ?"),
    putExchange: prepare<unknown, SQLQueryBindings[]>(
      `insert into exchanges values (${Array(28).fill("?").join(", ")}) on conflict do nothing`,
    ),
    putRow: prepare<unknown, [number, string]>("insert into rows values (?, ?)"),
    putWords: prepare<unknown, [number, string]>("insert into words (rowid, text) values (?, ?)"),
    dropExchange: prepare<unknown, [number]>("delete from exchanges where place = ?"),
    putName: prepare<unknown, [string, string, number]>("insert into names values (?, ?, ?)"),
    dropName: prepare<unknown, [string, string, number]>(
      "delete from names where kind = ? and value = ? and place = ?",
    ),
    dropRow: prepare<{ row: string }, [number]>("delete from rows where place = ? returning row"),
    facet: prepare<unknown, [string, string, number]>(`
      insert into facets values (?, ?, ?) on conflict (kind, value) do update set count = count + excluded.count`),
    facets: prepare<{ kind: string; value: string; count: number }, []>(
      "select kind, value, count from facets where count > 0 order by count desc, value",
    ),
    dropWords: prepare<unknown, [number]>("delete from words where rowid = ?"),
    exchangesOf: prepare<{ place: number; id: string }, [number]>(
      "select place, id from exchanges where file = ?",
    ),
    exchange: prepare<Stored, [string]>(`
      select row, run, conversation, turn, parent from exchanges join rows using (place) where id = ?`),
    rowsOf: prepare<Stored, [number]>(`
      select row, run, conversation, turn, parent from exchanges join rows using (place) where file = ?`),
    fileOfExchange: prepare<FileAt, [string]>(`
      select files.path || inside as path, mtime, size from exchanges join files on files.id = file
      where exchanges.id = ?`),

    sessionAt: prepare<Found, [string]>("select place, file from sessions where id = ?"),
    putSession: prepare<unknown, [number, string, number, string, string]>(
      "insert or replace into sessions values (?, ?, ?, ?, ?)",
    ),
    dropSession: prepare<unknown, [number]>("delete from sessions where place = ?"),
    sessionsOf: prepare<{ place: number; id: string }, [number]>(
      "select place, id from sessions where file = ?",
    ),
    session: prepare<{ row: string }, [string]>("select row from sessions where id = ?"),
    sessionRowsOf: prepare<{ row: string }, [number]>("select row from sessions where file = ?"),
    fileOfSession: prepare<FileAt, [string]>(`
      select path, mtime, size from sessions join files on files.id = file where sessions.id = ?`),

    putMessage: prepare<unknown, [string, number, number, string, number | null, number | null]>(
      `insert into messages (session, seq, at, line, offset, size) values (?, ?, ?, ?, ?, ?)
       on conflict (session, seq) do update
       set at = excluded.at, line = excluded.line, offset = excluded.offset, size = excluded.size`,
    ),
    dropMessages: prepare<unknown, [string]>("delete from messages where session = ?"),
    messages: prepare<StoredMessage, [string, number, number]>(
      "select seq, at, line, offset, size from messages where session = ? and seq > ? order by seq limit ?",
    ),
    counts: prepare<Counts, []>(`
      select (select count(*) from exchanges) as exchanges, (select count(*) from sessions) as sessions,
        (select count(*) from messages) as messages`),
  };
}

/** SQLite keeps a connection, and its log file, alive for as long as one statement of it is. */
function shut({ db, threads, runs, firsts, ...statements }: Store): void {
  firsts.close();
  threads.close();
  runs.close();
  for (const statement of Object.values(statements)) statement.finalize();
  db.close();
}

function together(store: Store, write: () => void): void {
  store.db.transaction(write).immediate();
}

function putExchanges(store: Store, entries: readonly IndexEntry[]): void {
  store.db
    .transaction(() => {
      const batch: Batch = { files: new Map(), facets: new Map(), last: -1 };
      const placed = entries.map((entry) => ({
        entry,
        place: placeOf(entry.row.at, entry.row.id),
      }));
      // Full text takes rows in ascending order; each step back would make it write out what it has gathered.
      placed.sort((a, b) => a.place - b.place);
      for (const { entry, place } of placed) putExchange(store, entry, place, batch);
      addFacets(store, batch.facets);
    })
    .immediate();
}

/** Rows that were put without one; ids of files begin at 1. */
const NO_FILE = 0;

/** What many rows of one transaction share: ids of files, changes of counts as `kind\nvalue`, the last place. */
type Batch = {
  files: Map<string, number>;
  facets: Map<string, number>;
  last: number;
};

function putExchange(
  store: Store,
  { row, text, file, keys, evidence }: IndexEntry,
  wanted: number,
  batch: Batch,
): void {
  const { path, inside } = split(file?.path ?? "");
  const id = file ? (batch.files.get(path) ?? putFile(store, { ...file, path }, null)) : NO_FILE;
  if (file) batch.files.set(path, id);
  const { conversation, turn, parent, ...rest } = row;
  const columns = [
    row.status,
    row.ending,
    row.dialect,
    row.model,
    row.upstream,
    conversation,
    turn,
    parent,
    row.provider,
    row.client,
    row.method,
    row.path,
    row.ttft_ms,
    row.duration_ms,
    row.tokens_in,
    row.tokens_out,
    row.tokens_cached,
    row.cost,
    row.problems,
    row.run,
    row.wire,
    row.socket ?? null,
  ];
  const put = (at: number) => {
    const firsts = [
      store.firsts.firstOf("conversation", conversation, at),
      store.firsts.firstOf("run", row.run, at),
    ];
    return store.putExchange.run(at, row.id, id, inside, ...columns, ...firsts).changes === 1;
  };
  // Many of one moment stand one behind the other.
  let place = Math.max(wanted, batch.last + 1);
  if (!put(place)) {
    // The exchange is known already, or another one stands at its place.
    const before = store.exchangeAt.get(row.id);
    if (before) {
      if (before.file !== id) store.shadow.run(before.file);
      store.firsts.leavesAll(before.place);
      dropExchange(store, before.place, batch.facets);
      store.runs.forget(row.id);
    }
    place = freePlace(store, "exchanges", wanted);
    put(place);
  }
  batch.last = place;
  store.putRow.run(place, JSON.stringify(rest));
  store.putWords.run(place, spaced(text));
  for (const [kind, values] of namesOf(row))
    for (const value of new Set(values)) store.putName.run(kind, value, place);
  if (keys) store.threads.put(place, row, keys);
  if (evidence)
    store.runs.putEvidence([{ source: row.id, part: "", kind: "model", at: row.at, json: evidence }]);
  countFacets(batch.facets, row, 1);
}

/** What a row has several of, by the field of the filter that asks for it. */
function namesOf({
  tools,
  rules,
  expert,
  has,
}: Pick<ExchangeRow, "tools" | "rules" | "expert" | "has">): [kind: string, values: readonly string[]][] {
  return [
    ["tool", tools],
    ["problem", rules],
    ["expert", expert],
    ["has", has],
  ];
}

/** `packed/x.json.zst#12` is the file `packed/x.json.zst`; what follows stays with the exchange. */
function split(path: string): { path: string; inside: string } {
  const found = /^(.*\.zst)(#\d+)$/s.exec(path);
  return found?.[1] && found[2] ? { path: found[1], inside: found[2] } : { path, inside: "" };
}

function putFile(store: Store, { path, mtime, size }: FileAt, why: string | null): number {
  const added = store.addFile.run(path, mtime, size, why);
  if (added.changes === 1) return Number(added.lastInsertRowid);
  const { id } = store.file.get(path)!;
  store.changeFile.run(mtime, size, why, id);
  return id;
}

function freePlace({ db }: Store, table: "exchanges" | "sessions", wanted: number): number {
  const taken = db.query<{ place: number }, [number]>(`select place from ${table} where place = ?`);
  let place = wanted;
  while (taken.get(place)) place++;
  return place;
}

/** Its names are found by its row: an index of them by place would cost each exchange that comes, and few are dropped. */
function dropExchange(store: Store, place: number, facets: Batch["facets"]): void {
  store.dropExchange.run(place);
  store.threads.drop(place);
  store.dropWords.run(place);
  const gone = store.dropRow.get(place);
  if (!gone) return;
  const row = JSON.parse(gone.row) as Omit<ExchangeRow, "conversation" | "turn" | "parent">;
  for (const [kind, values] of namesOf(row))
    for (const value of new Set(values)) store.dropName.run(kind, value, place);
  countFacets(facets, row, -1);
}

/** Every value that is counted under `status` is one that the status filter takes. */
function countFacets(
  facets: Batch["facets"],
  row: Omit<ExchangeRow, "conversation" | "turn" | "parent">,
  by: 1 | -1,
): void {
  const { model, dialect, upstream, status, ending, client } = row;
  const count = (kind: keyof Facets, value: string | number | null) => {
    if (value === null || value === "") return;
    const key = `${kind}\n${value}`;
    facets.set(key, (facets.get(key) ?? 0) + by);
  };
  count("model", model);
  count("dialect", dialect);
  count("upstream", upstream);
  count("status", status);
  if (ending !== "complete") count("status", ending);
  count("client", client);
  for (const tool of new Set(row.tools)) count("tool", tool);
  for (const rule of new Set(row.rules)) count("problem", rule);
  for (const word of new Set(row.expert)) count("expert", word);
}

function addFacets(store: Store, facets: Batch["facets"]): void {
  for (const [key, by] of facets) {
    const end = key.indexOf("\n");
    if (by !== 0) store.facet.run(key.slice(0, end), key.slice(end + 1), by);
  }
}

function listExchanges({ db }: Store, query: ExchangeQuery): Page<ExchangeRow> {
  const limit = clamped(query.limit);
  const after = query.before === undefined ? null : beforePlace(db, "exchanges", query.before);
  const columns = "row, run, conversation, turn, parent";
  // One row more tells whether there is a next page; ranks tell it by themselves.
  const most = query.from === undefined ? limit + 1 : limit;
  const { rows, total } = listed<Stored>(db, query, { limit: most, after }, columns);
  const items = rows.slice(0, limit).map(exchangeRow);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total };
}

function rankOfId({ db }: Store, id: string, query: Pick<ExchangeQuery, "filter" | "now">): number | null {
  const known = db.query<{ place: number }, [string]>("select place from exchanges where id = ?").get(id);
  return known && rankOf(db, { limit: 1, ...query }, known.place);
}

function standing(store: Store, id: string, query: Parameters<Index["standing"]>[1]): Standing | null {
  const own = store.exchangeAt.get(id);
  return own && standingAt(store.db, query, own.place);
}

function clamped(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit) || 1, 1), MOST);
}

/** A row that is gone in the meantime (retention, a deleted file) still says where its page ends. */
function beforePlace(db: Database, table: "exchanges" | "sessions", id: string): number {
  const found = db.query<{ place: number }, [string]>(`select place from ${table} where id = ?`).get(id);
  return found?.place ?? placeOfId(id) ?? 0;
}

function exchangeRow({ row, run, conversation, turn, parent }: Stored): ExchangeRow {
  return { ...(JSON.parse(row) as ExchangeRow), run, conversation, turn, parent };
}

function oneExchange(store: Store, id: string): ExchangeRow | null {
  const found = store.exchange.get(id);
  return found && exchangeRow(found);
}

function fileOf({ fileOfExchange, fileOfSession }: Store, id: string): FileAt | null {
  return fileOfExchange.get(id) ?? fileOfSession.get(id);
}

function rowsIn(store: Store, path: string): ReturnType<LocalIndex["rowsIn"]> {
  const file = store.file.get(path)?.id ?? -1;
  return {
    exchanges: store.rowsOf.all(file).map(exchangeRow),
    sessions: store.sessionRowsOf.all(file).map(({ row }) => JSON.parse(row) as SessionRow),
  };
}

function facets(store: Store): Facets {
  return facetsOf(store.facets.all());
}

function putSession(store: Store, row: SessionRow, file: FileAt | undefined): void {
  store.db
    .transaction(() => {
      const id = file ? putFile(store, file, null) : NO_FILE;
      const before = store.sessionAt.get(row.id);
      if (before && before.file !== id) store.shadow.run(before.file);
      if (before) store.dropSession.run(before.place);
      const place = freePlace(store, "sessions", placeOf(row.at, row.id));
      store.putSession.run(place, row.id, id, row.name, JSON.stringify(row));
    })
    .immediate();
}

function putMessages(store: Store, rows: readonly MessageRow[]): void {
  store.db
    .transaction(() => {
      for (const { session_id, seq, at, line, place } of rows) {
        const text = stringifyExact(place ? outlineOf(line, place.size) : line);
        store.putMessage.run(session_id, seq, at, text, place?.offset ?? null, place?.size ?? null);
      }
    })
    .immediate();
}

function listSessions({ db }: Store, query: SessionQuery): Page<SessionRow> {
  const limit = clamped(query.limit);
  const before =
    query.before === undefined ? Number.MAX_SAFE_INTEGER : beforePlace(db, "sessions", query.before);
  const [condition, values] = query.name ? ["name = ?", [query.name]] : ["true", []];
  const rows = db
    .query<{ row: string }, SQLQueryBindings[]>(
      `select row from sessions where place < ? and ${condition} order by place desc limit ?`,
    )
    .all(before, ...values, limit + 1);
  const items = rows.slice(0, limit).map(({ row }) => JSON.parse(row) as SessionRow);
  const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null;
  const total = db
    .query<{ n: number }, SQLQueryBindings[]>(`select count(*) as n from sessions where ${condition}`)
    .get(...values);
  return { items, next, total: total?.n ?? 0 };
}

function oneSession(store: Store, id: string): SessionRow | null {
  const found = store.session.get(id);
  return found && (JSON.parse(found.row) as SessionRow);
}

function listMessages(store: Store, session: string, after: number, limit: number): MessageRow[] {
  const rows = store.messages.all(session, after, clamped(limit));
  return rows.map(({ seq, at, line, offset, size }) => ({
    session_id: session,
    seq,
    at,
    line: parseExact(line) as MessageRow["line"],
    ...(offset !== null && size !== null && { place: { offset, size } }),
  }));
}

/** Null when the file has something else there by now. */
function lineIn(text: string | null, { session_id }: MessageRow): MessageRow["line"] | null {
  try {
    const line = parseExact(text ?? "null");
    const isIts = typeof line === "object" && line !== null && "session_id" in line;
    return isIts && line.session_id === session_id ? (line as MessageRow["line"]) : null;
  } catch {
    return null; // not even JSON: the outline is what there is
  }
}

function someFiles({ files }: Store, after: string, limit: number): ReturnType<LocalIndex["files"]> {
  const found: ReturnType<LocalIndex["files"]> = new Map();
  for (const { path, mtime, size } of files.all(after, limit)) found.set(path, { mtime, size });
  return found;
}

function oneFile(store: Store, path: string): ReturnType<LocalIndex["file"]> {
  const found = store.file.get(path);
  if (!found) return null;
  const { id, mtime, size } = found;
  const contents = [...store.exchangesOf.all(id), ...store.sessionsOf.all(id)];
  return { mtime, size, ids: contents.map((one) => one.id) };
}

function forget(store: Store, path: string): string[] {
  return store.db
    .transaction(() => {
      const file = store.file.get(path);
      if (!file) return [];
      const gone = dropContents(store, file.id);
      store.dropFile.run(file.id);
      // A second file with the same exchange stood back for this one: it has to be taken in again.
      if (gone.length > 0) store.unshadow.run();
      return gone;
    })
    .immediate();
}

function dropContents(store: Store, file: number): string[] {
  const gone: string[] = [];
  const facets: Batch["facets"] = new Map();
  for (const { place, id } of store.exchangesOf.all(file)) {
    dropExchange(store, place, facets);
    store.runs.forget(id);
    gone.push(id);
  }
  addFacets(store, facets);
  for (const { place, id } of store.sessionsOf.all(file)) {
    store.dropMessages.run(id);
    store.dropSession.run(place);
    store.runs.forget(id);
    gone.push(id);
  }
  return gone;
}

function putUnreadable(store: Store, { why, ...file }: UnreadableFile & FileAt): void {
  store.db.transaction(() => putFile(store, file, why)).immediate();
}
