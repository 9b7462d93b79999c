/** What the owner of a team's store does there: set it up, give and take back tokens, see who opened what, let old days go. */
import type { SQL } from "bun";
import { arrayOf } from "../index/postgres/asking.ts";

export type TokenKind = "recorder" | "page";
export type TokenLine = {
  readonly name: string;
  readonly kind: TokenKind;
  readonly projects: string[];
  readonly made: Date;
  readonly revoked: Date | null;
};

/** Lets the two roles sign in. A password goes as a literal: the statement takes no parameters. */
export async function givePassword(
  sql: SQL,
  role: "mcpl_recorder" | "mcpl_page",
  password: string,
): Promise<void> {
  const [quoted] = await sql.unsafe("select quote_literal($1::text) as it", [password]);
  await sql.unsafe(`alter role ${role} login password ${quoted.it}`);
}

/** Said once: the store keeps its hash alone. */
export async function makeToken(
  sql: SQL,
  kind: TokenKind,
  name: string,
  projects: readonly string[],
  given?: string,
): Promise<string> {
  const secret =
    given ?? `mcpl_${Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url")}`;
  await sql.unsafe(
    "insert into mcpl.token (hash, kind, name, projects) values (sha256(convert_to($1::text, 'UTF8')), $2::text, $3::text, $4::text[]) on conflict do nothing",
    [secret, kind, name, arrayOf(projects)],
  );
  return secret;
}

export async function tokens(sql: SQL): Promise<TokenLine[]> {
  return (await sql.unsafe(
    "select name, kind, projects, made, revoked from mcpl.token order by made",
  )) as TokenLine[];
}

/** How many were taken back. */
export async function revoke(sql: SQL, name: string): Promise<number> {
  const gone = await sql.unsafe(
    "update mcpl.token set revoked = now() where name = $1::text and revoked is null returning 1",
    [name],
  );
  return gone.length;
}

export type AuditLine = {
  readonly at: Date;
  readonly page: string;
  readonly visitor: string;
  readonly what: string;
  readonly id: string;
};

export async function auditSince(sql: SQL, ms: number): Promise<AuditLine[]> {
  return (await sql.unsafe(
    "select at, page, visitor, what, id from mcpl.audit where at >= to_timestamp($1::float8 / 1000) order by at limit 100000",
    [ms],
  )) as AuditLine[];
}

/** Whole days of exchanges; sessions and runs that began before. Gives how many days went. */
export async function dropBefore(sql: SQL, ms: number): Promise<number> {
  const [days] = await sql.unsafe("select mcpl.drop_days($1::bigint)::float8 as n", [Math.floor(ms)]);
  for (const statement of [
    "delete from mcpl.message m using mcpl.session s where s.project = m.project and s.id = m.session and s.at < $1::float8",
    "delete from mcpl.session where at < $1::float8",
    "delete from mcpl.tie t using mcpl.run r where r.project = t.project and r.id = t.run and r.at < $1::float8",
    "delete from mcpl.run_of o using mcpl.run r where r.project = o.project and r.id = o.run and r.at < $1::float8",
    "delete from mcpl.step where at < $1::float8",
    "delete from mcpl.run where at < $1::float8",
    "delete from mcpl.evidence where at < $1::float8",
    "delete from mcpl.recorder where at < to_timestamp($1::float8 / 1000)",
    "delete from mcpl.audit where at < to_timestamp($1::float8 / 1000)",
  ])
    await sql.unsafe(statement, [ms]);
  return days.n;
}
