/**
 * Opens the database file and brings it to our schema. It is a cache: a file of another version, a broken one or one
 * that is not ours is deleted and made again, so there is no migration that could be wrong.
 */
import { Database, SQLiteError } from "bun:sqlite";
import { closeSync, constants, lstatSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/** Raised with every change of `SCHEMA`, of what `words.ts` makes of a text, or of what a stored row means. */
const VERSION = 18;

/** "MCPL": tells our file from another program's database. */
const APPLICATION = 0x4d43504c;

/**
 * `exchanges.place` is time and order in one integer (see `place.ts`), so that the newest rows are the end of the
 * table, and full text, which knows only a number for each row, gives its hits newest first without sorting.
 */
const SCHEMA = `
  create table files (
    id integer primary key, path text not null unique, mtime real not null, size integer not null,
    shadowed integer not null default 0, why text
  );
  create index files_shadowed on files (id) where shadowed = 1;
  create index files_again on files (path) where mtime = 0;
  create index files_unreadable on files (path) where why is not null;

  -- What is asked for by filters; narrow, so that looking through all of 100,000 takes some milliseconds.
  create table exchanges (
    place integer primary key, id text not null unique, file integer not null, inside text not null,
    status integer, ending text, dialect text, model text, upstream text not null,
    conversation text, turn integer, parent text,
    provider text, client text, method text not null, path text not null, ttft_ms real, duration_ms real,
    tokens_in integer, tokens_out integer, tokens_cached integer, cost real, problems integer not null, run text,
    wire text not null, socket text,
    -- The place of the first of its conversation and of its run, its own where it has none: by these lists are grouped.
    conversation_first integer not null, run_first integer not null,
    -- The program that asked, or '', where the exchange is all of its run: then that has no rows of its own.
    alone text
  );
  -- Tools that were called, rules of problems, what stands in it: kind is the filter's field.
  create table names (kind text not null, value text not null, place integer not null, primary key (kind, value, place))
    without rowid;
  create index exchanges_file on exchanges (file);
  create index exchanges_socket on exchanges (socket) where socket is not null;
  create index exchanges_conversation on exchanges (conversation, conversation_first) where conversation is not null;
  -- Most are the first of theirs: that is said by their places.
  create index exchanges_conversation_first on exchanges (conversation_first) where conversation_first <> place;
  -- Beside the row, of an exchange that is alone, what it says about its run.
  create table rows (place integer primary key, row text not null, evidence text);
  create table facets (kind text not null, value text not null, count integer not null, primary key (kind, value))
    without rowid;

  -- What somebody starred; their truth is a file, from which they are put again.
  create table stars (of text not null, id text not null, primary key (of, id)) without rowid;

  -- Keys of conversations: by what each is found, and all that it has, for resolving it again.
  create table thread_keys (key text not null, place integer not null, primary key (key, place)) without rowid;
  create table threads (place integer primary key, id text not null, at real not null, keys text not null);

  create virtual table words using fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61'
  );

  create table sessions (
    place integer primary key, id text not null unique, file integer not null, name text not null, row text not null
  );
  create index sessions_file on sessions (file);
  create index sessions_name on sessions (name);

  create table messages (
    number integer primary key, session text not null, seq integer not null, at real not null, line text not null,
    -- Of a long line, of which only the outline is here: where it stands in its file.
    offset integer, size integer
  );
  create unique index messages_seq on messages (session, seq);

  -- What both wires say about runs, and what was made of it.
  create table evidence (
    number integer primary key, source text not null, part text not null, kind text not null, at real not null,
    run text, waits integer not null, json text not null
  );
  create unique index evidence_source on evidence (source, part);
  create index evidence_waits on evidence (number) where waits = 1;
  create index evidence_run on evidence (run) where run is not null;
  create index evidence_at on evidence (at);
  create index exchanges_run on exchanges (run, run_first) where run is not null;
  create index exchanges_run_first on exchanges (run_first) where run_first <> place;
  create index exchanges_alone on exchanges (alone) where alone is not null;

  -- Beside the row what its list is filtered and put in order by; lists of names are JSON.
  create table runs (
    place integer primary key, id text not null unique, at real not null, last_at real not null, state text not null,
    since real not null, agent text, name text, models text not null, servers text not null, tools text not null,
    rules text not null, tokens_in real not null, tokens_out real not null, tokens_cached real not null, cost real not null,
    steps integer not null, errors integer not null, problems integer not null, row text not null
  );
  create table steps (
    id text primary key, run text not null, at real not null, exchange text, seen text, treated integer not null,
    row text not null
  ) without rowid;
  create index steps_run on steps (run, at, id);
  create index steps_exchange on steps (exchange) where exchange is not null;
  create index steps_seen on steps (seen) where seen is not null;
  create index steps_treated on steps (at) where treated = 1;
  create table ties (id text primary key, run text, row text not null) without rowid;
  create index ties_run on ties (run);
`;

/** Opens `path` (or ":memory:"), making it and its folder when they are missing. Throws when the disk refuses. */
export function openDatabase(path: string): Database {
  if (path === ":memory:") return prepared(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (isEndless(path)) deleteDatabase(path);
  try {
    makePrivate(path);
    return prepared(path);
  } catch (error) {
    if (!isUseless(error)) throw error;
    deleteDatabase(path);
    makePrivate(path);
    return prepared(path);
  }
}

/** A pipe or a device that stands where the index should: to open it would take for ever, and it is no index to lose. */
function isEndless(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory() && !found.isSymbolicLink();
}

/** It holds all that was said. SQLite would make it readable for everybody, and gives its other files the same mode. */
function makePrivate(path: string): void {
  const { O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  try {
    closeSync(openSync(path, O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600));
  } catch {
    // a link, a folder, or a disk that refuses: SQLite says what is wrong with it
  }
}

/** True when the file, not the disk or another process, is at fault, so that making it again will help. */
export function isUseless(error: unknown): boolean {
  if (error instanceof OtherVersion) return true;
  if (!(error instanceof SQLiteError)) return false;
  const code = error.code ?? "";
  if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")) return true;
  // What FTS5 says when its own tables are broken.
  return error.message.includes("vtable constructor failed");
}

export function deleteDatabase(path: string): void {
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(path + end, { force: true });
}

class OtherVersion extends Error {}

function prepared(path: string): Database {
  const db = new Database(path, { create: true });
  try {
    // Two programs may stand on one folder: a writer waits for the other's batch (some ms) instead of failing.
    db.run("pragma busy_timeout = 5000");
    // Readers do not wait for the writer, and a commit is an append.
    db.run("pragma journal_mode = wal");
    // No fsync at each commit: a power cut may cost the last rows, which are in the files; it does not corrupt.
    db.run("pragma synchronous = normal");
    // 16 MB of pages: the upper levels of the full-text tree of 100,000 exchanges stay in memory. Twice as much filled an
    // index and searched it no faster, and the allocator makes 20 of 16.
    db.run("pragma cache_size = -16000");
    db.run("pragma temp_store = memory");
    // The log goes into the file every 16 MB: each time costs a wait for the disk.
    db.run("pragma wal_autocheckpoint = 4000");
    // After a large batch the log is cut back instead of keeping its largest size for ever.
    db.run("pragma journal_size_limit = 67108864");
    db.transaction(() => make(db)).immediate();
    db.query("select rowid from words where words match 'a' limit 1").all();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function make(db: Database): void {
  const version = pragma(db, "user_version");
  if (version === VERSION && pragma(db, "application_id") === APPLICATION) return;
  const tables = db.query<{ n: number }, []>("select count(*) as n from sqlite_schema").get();
  if (version !== 0 || tables?.n !== 0) throw new OtherVersion(`index of version ${version}`);
  db.run(SCHEMA);
  // A larger buffer and fewer, larger merges: measured 17 instead of 12 MB of text a second while rebuilding.
  db.run("insert into words (words, rank) values ('hashsize', 16777216)");
  db.run(`pragma application_id = ${APPLICATION}`);
  db.run(`pragma user_version = ${VERSION}`);
}

function pragma(db: Database, name: "user_version" | "application_id"): number {
  return db.query<Record<string, number>, []>(`pragma ${name}`).get()?.[name] ?? 0;
}
