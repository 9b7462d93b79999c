/**
 * What was shipped, on disk: written after the store has it. A crash between the two ships it once more, which the store takes
 * for the same. Deleted, everything is shipped once more; of another store, it begins anew.
 */
import { Database } from "bun:sqlite";
import { closeSync, constants, openSync } from "node:fs";
import type { SetAside } from "./ports.ts";

const SCHEMA = `
  create table if not exists target (name text not null);
  create table if not exists exchanges (id text primary key, at real not null, thread text) without rowid;
  create table if not exists sessions (id text primary key, bytes integer not null, seq integer not null, stamp text not null) without rowid;
  create table if not exists runs (id text primary key, stamp text not null) without rowid;
  create table if not exists allowed (id text primary key) without rowid;
  create table if not exists aside (id text primary key, kind text not null, how text not null, why text not null, at real not null) without rowid;
`;

export type SessionMark = { readonly bytes: number; readonly seq: number; readonly stamp: string };

/** `thread`: what its row said of its thread. */
export type ShippedExchange = { readonly id: string; readonly thread: string };

export type Checkpoint = ReturnType<typeof openCheckpoint>;

/** `target` null: whatever store it is of. */
export function openCheckpoint(path: string, target: string | null) {
  if (path !== ":memory:")
    closeSync(openSync(path, constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0), 0o600));
  const db = new Database(path, { create: true });
  db.run("pragma busy_timeout = 5000");
  db.run("pragma journal_mode = wal");
  db.run("pragma synchronous = normal");
  db.run(SCHEMA);
  // Of before threads were remembered.
  if (db.query("select 1 from pragma_table_info('exchanges') where name = 'thread'").get() === null)
    db.run("alter table exchanges add column thread text");
  if (target !== null && db.query<{ name: string }, []>("select name from target").get()?.name !== target)
    db.transaction(() => {
      for (const table of ["target", "exchanges", "sessions", "runs", "aside", "allowed"])
        db.run(`delete from ${table}`);
      db.query("insert into target values (?)").run(target);
    }).immediate();
  const known = db.prepare<{ id: string }, [string, string]>(
    "select id from exchanges where id = ?1 union all select id from aside where id = ?2",
  );
  const add = db.prepare<unknown, [string, number, string]>(
    "insert into exchanges (id, at, thread) values (?, ?, ?) on conflict (id) do update set thread = excluded.thread",
  );
  const thread = db.prepare<{ thread: string | null }, [string]>("select thread from exchanges where id = ?");
  const mark = db.prepare<SessionMark, [string]>("select bytes, seq, stamp from sessions where id = ?");
  const setMark = db.prepare<unknown, [string, number, number, string]>(
    "insert or replace into sessions values (?, ?, ?, ?)",
  );
  const run = db.prepare<{ stamp: string }, [string]>("select stamp from runs where id = ?");
  const setRun = db.prepare<unknown, [string, string]>("insert or replace into runs values (?, ?)");
  const dropRun = db.prepare<unknown, [string]>("delete from runs where id = ?");
  const setAside = db.prepare<unknown, [string, string, string, string, number]>(
    "insert or replace into aside values (?, ?, ?, ?, ?)",
  );
  const isAside = db.prepare<{ id: string }, [string]>("select id from aside where id = ?");
  const aside = db.prepare<SetAside, [number]>(
    "select id, kind, how, why from aside order by at desc limit ?",
  );
  const counts = db.prepare<{ how: string; n: number }, []>(
    "select how, count(*) as n from aside group by how",
  );
  const old = db.prepare<{ id: string }, [number, number]>(
    "select id from exchanges where at > 0 and at < ? order by at limit ?",
  );
  const dropped = db.prepare<unknown, [string]>("update exchanges set at = 0 where id = ?");
  const allowed = db.prepare<{ id: string }, [string]>("select id from allowed where id = ?");
  const written = db.prepare<{ data_version: number }, []>("pragma data_version");
  const statements = [
    allowed,
    written,
    known,
    add,
    thread,
    mark,
    setMark,
    run,
    setRun,
    dropRun,
    setAside,
    isAside,
    aside,
    counts,
    old,
    dropped,
  ];

  return {
    /** Shipped, or set aside. */
    isDone: (id: string): boolean => known.get(id, id) !== null,
    /** `at`: when it was shipped first, ms since 1970. */
    shipped: (all: readonly ShippedExchange[], at: number): void =>
      void db.transaction(() => all.forEach((one) => add.run(one.id, at, one.thread))).immediate(),
    /** Of what was shipped; null where that is not known. */
    thread: (id: string): string | null => thread.get(id)?.thread ?? null,
    session: (id: string): SessionMark => mark.get(id) ?? { bytes: 0, seq: -1, stamp: "" },
    shippedSession: (id: string, { bytes, seq, stamp }: SessionMark): void =>
      void setMark.run(id, bytes, seq, stamp),
    run: (id: string): string | null => run.get(id)?.stamp ?? null,
    shippedRuns: (stamps: ReadonlyMap<string, string>, gone: readonly string[]): void =>
      void db
        .transaction(() => {
          for (const [id, stamp] of stamps) setRun.run(id, stamp);
          for (const id of gone) dropRun.run(id);
        })
        .immediate(),
    setAside: ({ id, kind, how, why }: SetAside, at: number): void =>
      void setAside.run(id, kind, how, why.slice(0, 500), at),
    isAside: (id: string): boolean => isAside.get(id) !== null,
    aside: (limit: number): SetAside[] => aside.all(limit),
    counts(): { held: number; refused: number } {
      const of = (how: string) => counts.all().find((one) => one.how === how)?.n ?? 0;
      return { held: of("held"), refused: of("refused") };
    },
    /** Shipped whatever is found in it: somebody has looked. False when nothing of this id was set aside. */
    release: (id: string): boolean =>
      db
        .transaction(() => {
          const isKnown = db.query("delete from aside where id = ?").run(id).changes > 0;
          if (isKnown) db.query("insert or ignore into allowed values (?)").run(id);
          return isKnown;
        })
        .immediate(),
    isAllowed: (id: string): boolean => allowed.get(id) !== null,
    /** Another number when another process has written since. */
    foreignWrites: (): number => written.get()?.data_version ?? 0,
    /** Shipped before, and not yet dropped here. */
    shippedBefore: (at: number, limit: number): string[] => old.all(at, limit).map(({ id }) => id),
    dropped: (id: string): void => void dropped.run(id),
    close(): void {
      for (const statement of statements) statement.finalize();
      db.close();
    },
  };
}
