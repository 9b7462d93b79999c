/** The connection to the index's file, with every statement prepared once, and what all rooms of the index share. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { ExchangeRow, SessionRow, UnreadableFile } from "../fact/rows.ts";
import type { ThreadAt } from "../fact/thread.ts";
import { openFirsts } from "./first.ts";
import type { AloneOf, Counts, FileAt } from "./index.ts";
import { placeOfId } from "./place.ts";
import { openRuns } from "./runs.ts";
import { openDatabase } from "./schema.ts";
import { starredAs, withStar } from "./stars.ts";
import { openThreads } from "./threads.ts";

/** More than one answer should hold; a caller that wants more pages on. */
const MOST_ROWS = 10_000;

/** Rows that were put without a file; ids of files begin at 1. */
export const NO_FILE = 0;

export type Stored = { row: string; run: string | null; starred: number } & {
  [Key in keyof ThreadAt]: ThreadAt[Key] | null;
};

/** What a row is made of, of `exchanges e` with `rows`, and of `sessions s`. */
export const EXCHANGE = `row, run, conversation, turn, parent, ${starredAs("exchange", "e.id")}`;
export const SESSION = `row, ${starredAs("session", "s.id")}`;

export type StoredSession = { row: string; starred: number };

export type StoredMessage = {
  seq: number;
  at: number;
  line: string;
  offset: number | null;
  size: number | null;
};

type Found = { place: number; file: number };

export type Store = ReturnType<typeof openStore>;

/** The connection with every statement prepared once; only the list's, which depends on its filters, is not here. */
export function openStore(path: string, aloneOf: AloneOf) {
  const db = openDatabase(path);
  const prepare = <Row, Values extends SQLQueryBindings[]>(sql: string) => db.prepare<Row, Values>(sql);
  const firsts = openFirsts(db);
  return {
    db,
    firsts,
    threads: openThreads(db, firsts),
    runs: openRuns(db, firsts, aloneOf),
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
      `insert into exchanges values (${Array(29).fill("?").join(", ")}) on conflict do nothing`,
    ),
    putRow: prepare<unknown, [number, string, string | null]>("insert into rows values (?, ?, ?)"),
    putWords: prepare<unknown, [number, string]>("insert into words (rowid, text) values (?, ?)"),
    dropExchange: prepare<{ alone: string | null }, [number]>(
      "delete from exchanges where place = ? returning alone",
    ),
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
      select ${EXCHANGE} from exchanges e join rows using (place) where id = ?`),
    rowsOf: prepare<Stored, [number]>(`
      select ${EXCHANGE} from exchanges e join rows using (place) where file = ?`),
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
    session: prepare<StoredSession, [string]>(`select ${SESSION} from sessions s where id = ?`),
    sessionRowsOf: prepare<StoredSession, [number]>(`select ${SESSION} from sessions s where file = ?`),
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
export function shut({ db, threads, runs, firsts, ...statements }: Store): void {
  firsts.close();
  threads.close();
  runs.close();
  for (const statement of Object.values(statements)) statement.finalize();
  db.close();
}

export function together(store: Store, write: () => void): void {
  store.db.transaction(write).immediate();
}

export function clamped(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit) || 1, 1), MOST_ROWS);
}

export function freePlace({ db }: Store, table: "exchanges" | "sessions", wanted: number): number {
  const taken = db.query<{ place: number }, [number]>(`select place from ${table} where place = ?`);
  let place = wanted;
  while (taken.get(place)) place++;
  return place;
}

/** A row that is gone in the meantime (retention, a deleted file) still says where its page ends. */
export function beforePlace(db: Database, table: "exchanges" | "sessions", id: string): number {
  const found = db.query<{ place: number }, [string]>(`select place from ${table} where id = ?`).get(id);
  return found?.place ?? placeOfId(id) ?? 0;
}

export function exchangeRow({ row, run, conversation, turn, parent, starred }: Stored): ExchangeRow {
  return withStar({ ...(JSON.parse(row) as ExchangeRow), run, conversation, turn, parent }, starred);
}

export function sessionRow({ row, starred }: StoredSession): SessionRow {
  return withStar(JSON.parse(row) as SessionRow, starred);
}
