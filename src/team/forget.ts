/**
 * Deletes traffic from a team's store, by person and by time: bodies first, then everything that says what was in them. May be
 * broken off and run again. What was deleted stays deleted, also when a recorder ships it once more.
 */
import type { SQL } from "bun";
import type { S3Bodies } from "../bodies/s3.ts";
import { arrayOf } from "../index/postgres/asking.ts";

export type Forgotten = {
  /** Null: of everybody, of all projects. */
  readonly person: string | null;
  readonly project: string | null;
  /** What began before, ms since 1970. */
  readonly before: number;
};

export type Remains = { readonly exchanges: number; readonly sessions: number };

/** Of one transaction, and of one round of deleting bodies. */
const BATCH = 500;
const AT_ONCE = 8;

const OF = "($1::text is null or e.person = $1::text) and ($2::text is null or e.project = $2::text)";

export async function countOf(sql: SQL, { person, project, before }: Forgotten): Promise<Remains> {
  const values = [person, project, before];
  const [exchanges] = await sql.unsafe(
    `select count(*)::float8 as n from mcpl.exchange e where ${OF} and e.started < $3::bigint`,
    values,
  );
  const [sessions] = await sql.unsafe(
    `select count(*)::float8 as n from mcpl.session e where ${OF} and e.at < $3::float8`,
    values,
  );
  return { exchanges: exchanges.n, sessions: sessions.n };
}

/** Of this person (of everybody) what began later, and stays. */
export async function remainsOf(sql: SQL, { person, project, before }: Forgotten): Promise<Remains> {
  const values = [person, project, before];
  const [exchanges] = await sql.unsafe(
    `select count(*)::float8 as n from mcpl.exchange e where ${OF} and e.started >= $3::bigint`,
    values,
  );
  const [sessions] = await sql.unsafe(
    `select count(*)::float8 as n from mcpl.session e where ${OF} and e.at >= $3::float8`,
    values,
  );
  return { exchanges: exchanges.n, sessions: sessions.n };
}

export async function forget(sql: SQL, bodies: Pick<S3Bodies, "remove">, what: Forgotten): Promise<Remains> {
  const values = [what.person, what.project, what.before];
  const done = { exchanges: 0, sessions: 0 };
  // Before anything goes: what is shipped meanwhile stays away too.
  await sql.unsafe(
    "insert into mcpl.forgotten (person, project, before, exchanges, sessions) values ($1::text, $2::text, $3::bigint, 0, 0)",
    values,
  );
  for (;;) {
    const rows: Row[] = await sql.unsafe(
      `select e.project, e.id from mcpl.exchange e where ${OF} and e.started < $3::bigint limit ${BATCH}`,
      values,
    );
    if (rows.length === 0) break;
    await removeAll(rows, (id) => bodies.remove({ of: "exchange", id }));
    await dropRows(sql, rows, "exchange");
    done.exchanges += rows.length;
  }
  for (;;) {
    const rows: Row[] = await sql.unsafe(
      `select e.project, e.id from mcpl.session e where ${OF} and e.at < $3::float8 limit ${BATCH}`,
      values,
    );
    if (rows.length === 0) break;
    await removeAll(rows, (id) => bodies.remove({ of: "session", id }));
    await dropRows(sql, rows, "session");
    done.sessions += rows.length;
  }
  await sql.unsafe(
    `delete from mcpl.run e where ${OF} and e.at < $3::float8 and not exists (select from mcpl.step s where s.project = e.project and s.run = e.id)`,
    values,
  );
  await sql.unsafe(
    `delete from mcpl.recorder e where ${OF} and extract(epoch from e.at) * 1000 < $3::bigint`,
    values,
  );
  await sql.unsafe(
    `update mcpl.forgotten set exchanges = $4::float8, sessions = $5::float8
     where person is not distinct from $1::text and project is not distinct from $2::text and before = $3::bigint`,
    [...values, done.exchanges, done.sessions],
  );
  return done;
}

type Row = { readonly project: string; readonly id: string };

async function removeAll(rows: readonly Row[], remove: (id: string) => Promise<void>): Promise<void> {
  for (let at = 0; at < rows.length; at += AT_ONCE)
    await Promise.all(rows.slice(at, at + AT_ONCE).map(({ id }) => remove(id)));
}

/** With them whole runs in which they have a part: a run's title and steps quote what was said. */
async function dropRows(sql: SQL, rows: readonly Row[], kind: "exchange" | "session"): Promise<void> {
  const values = [arrayOf(rows.map(({ project }) => project)), arrayOf(rows.map(({ id }) => id))];
  const gone = "unnest($1::text[], $2::text[]) g (project, id)";
  const runs =
    kind === "exchange"
      ? `select o.project, o.run from mcpl.run_of o join ${gone} on o.project = g.project and o.exchange = g.id
         union select s.project, s.run from mcpl.step s join ${gone} on s.project = g.project and (s.exchange = g.id or s.seen = g.id)`
      : `select t.project, t.run from mcpl.tie t join ${gone} on t.project = g.project and t.id >= g.id || '/' and t.id < g.id || '0' where t.run is not null
         union select s.project, s.run from mcpl.step s join ${gone} on s.project = g.project and s.id >= g.id || '/' and s.id < g.id || '0'`;
  await sql.begin(async (own) => {
    const found: { project: string; run: string }[] = await own.unsafe(runs, values);
    const both = [arrayOf(found.map(({ project }) => project)), arrayOf(found.map(({ run }) => run))];
    const theirs = "unnest($1::text[], $2::text[]) g (project, run)";
    // What is on its way, or shipped once more, stays away too.
    const bury = `insert into mcpl.buried select project, $3::text, id from unnest($1::text[], $2::text[]) g (project, id) on conflict do nothing`;
    await own.unsafe(bury, [...values, kind]);
    await own.unsafe(bury, [...both, "run"]);
    for (const [table, column] of [
      ["step", "run"],
      ["tie", "run"],
      ["run_of", "run"],
      ["run", "id"],
    ] as const)
      await own.unsafe(
        `delete from mcpl.${table} d using ${theirs} where d.project = g.project and d.${column} = g.run`,
        both,
      );
    await own.unsafe(
      `delete from mcpl.evidence d using ${gone} where d.project = g.project and d.source = g.id`,
      values,
    );
    await own.unsafe(
      `delete from mcpl.frame d using ${gone} where d.project = g.project and position(g.id in d.frame) > 0`,
      values,
    );
    if (kind === "session")
      await own.unsafe(
        `delete from mcpl.message d using ${gone} where d.project = g.project and d.session = g.id`,
        values,
      );
    await own.unsafe(
      `delete from mcpl.${kind} d using ${gone} where d.project = g.project and d.id = g.id`,
      values,
    );
  });
}
