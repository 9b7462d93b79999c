/**
 * Brings the store to our version, forward only, in one place: whoever comes first does it, the others wait for it. A store that
 * is newer than we are is used as it is: its functions take what we send.
 */
import type { SQL } from "bun";
import { COUNTING } from "./counting.ts";
import { FUNCTIONS, RIGHTS } from "./functions.ts";
import { GUARDING } from "./guarding.ts";
import { LEAN } from "./lean.ts";
import { ORDERING } from "./ordering.ts";
import { OWNING } from "./owning.ts";
import { PUTTING } from "./putting.ts";
import { REPORTS } from "./reports.ts";
import { FILTERED_RUNS } from "./run-columns.ts";
import { SLIM } from "./slim.ts";
import { STARS } from "./stars.ts";
import { TABLES } from "./tables.ts";
import { WORDING } from "./wording.ts";

/** Each once, in this order. What stands here has been run somewhere: it is added to, never changed. */
export const MIGRATIONS: readonly string[] = [
  TABLES + COUNTING + FUNCTIONS,
  SLIM,
  FILTERED_RUNS,
  PUTTING,
  REPORTS,
  GUARDING,
  STARS,
  LEAN,
  OWNING,
  WORDING,
  ORDERING,
];

export const VERSION = MIGRATIONS.length;

/** Throws a sentence when the store is of no use to us. */
export async function migrate(sql: SQL): Promise<void> {
  const [about] = await sql.unsafe(`
    select current_setting('server_version_num')::int as server,
      has_database_privilege(current_database(), 'create') as may, to_regclass('mcpl.migration') is not null as made`);
  if (about.server < 150_000)
    throw new Error(`the store is Postgres ${Math.floor(about.server / 10_000)}; it takes 15 or later`);
  const version = about.made ? await versionOf(sql) : 0;
  if (version >= VERSION) return;
  if (!about.may)
    throw new Error(
      `the store is of version ${version}, and this program needs ${VERSION}: run \`bun run team init --store URL\` as its owner`,
    );
  await sql.begin(async (own) => {
    // What others have filled takes as long as it takes.
    await own.unsafe("set local statement_timeout = 0; select pg_advisory_xact_lock(5063, 0)");
    await own.unsafe(
      "create schema if not exists mcpl; create table if not exists mcpl.migration (version int primary key, at timestamptz not null default now())",
    );
    const before = await versionOf(own);
    for (let n = before; n < VERSION; n++) {
      await own.unsafe(MIGRATIONS[n]!);
      await own.unsafe("insert into mcpl.migration (version) values ($1::int)", [n + 1]);
    }
    if (before < VERSION) await own.unsafe(RIGHTS);
  });
}

async function versionOf(sql: SQL): Promise<number> {
  const [found] = await sql.unsafe("select coalesce(max(version), 0)::int as version from mcpl.migration");
  return found.version;
}
