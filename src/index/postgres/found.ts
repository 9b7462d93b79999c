/** What a filter finds: which shapes and manners fit, looked up among the few that there are, and what is left to ask of each row. */
import type { Condition } from "../conditions.ts";
import type { ExchangeQuery } from "../index.ts";
import { arrayOf, type Ask } from "./asking.ts";
import { wantedBy, type Wanted } from "./filter.ts";

export type Found = Omit<Wanted, "shapes" | "manners"> & {
  readonly projects: readonly string[];
  /** What is asked, times apart. */
  readonly about: "nothing" | "shapes" | "kinds" | "rows";
};

export type Query = Pick<ExchangeQuery, "filter" | "now">;

/** Null when nothing can fit. */
export async function foundBy(ask: Ask, projects: readonly string[], query: Query): Promise<Found | null> {
  const { filter = { terms: [] }, now = Date.now() } = query;
  if (projects.length === 0) return null;
  const wanted = wantedBy(filter, now, projects);
  if (wanted === null) return null;
  const kinds = await Promise.all([
    ...(wanted.shapes.length === 0 ? [] : [idsOf(ask, "s", projects, wanted.shapes)]),
    ...(wanted.manners.length === 0 ? [] : [idsOf(ask, "k", projects, wanted.manners)]),
  ]);
  const some = kinds.filter((one) => one !== "none");
  return some.length < kinds.length ? null : foundOf(projects, wanted, some);
}

function foundOf(projects: readonly string[], wanted: Wanted, kinds: readonly Condition[]): Found {
  const { since, until, words, without } = wanted;
  const isOfRows = wanted.rows.length > 0 || words !== null || without !== null;
  const ofKinds = wanted.kinds.length + wanted.manners.length > 0 ? "kinds" : "shapes";
  const isOfNothing = wanted.shapes.length === 0 && ofKinds === "shapes";
  return {
    projects,
    kinds: [...kinds, ...wanted.kinds],
    rows: wanted.rows,
    words,
    without,
    since,
    until,
    about: isOfRows ? "rows" : isOfNothing ? "nothing" : ofKinds,
  };
}

/** As one question, with kinds looked up in it; null when nothing can fit. */
export function foundAtOnce(
  projects: readonly string[],
  { filter = { terms: [] }, now = Date.now() }: Query,
): Found | null {
  const wanted = projects.length === 0 ? null : wantedBy(filter, now, projects);
  if (wanted === null) return null;
  const kinds = (["s", "k"] as const).flatMap((alias) => {
    const all = wanted[alias === "s" ? "shapes" : "manners"];
    return all.length === 0 ? [] : [lookedUp(idsAsked(alias, projects, all))];
  });
  return foundOf(projects, wanted, kinds);
}

/** The ids of kinds that fit, and the column of a row in which one of them has to stand. */
type IdsAsked = Condition & { readonly column: string };

function idsAsked(alias: "s" | "k", projects: readonly string[], all: readonly Condition[]): IdsAsked {
  const [table, column] = alias === "s" ? ["mcpl.shape", "e.shape"] : ["mcpl.manner", "e.manner"];
  return {
    column,
    sql: `select ${alias}.id from ${table} ${alias} where ${alias}.project = any(?::text[])${all.map((one) => ` and ${one.sql}`).join("")}`,
    values: [arrayOf(projects), ...all.flatMap((one) => [...one.values])],
  };
}

function lookedUp({ column, sql, values }: IdsAsked): Condition {
  return { sql: `${column} in (${sql})`, values };
}

/** More ids than this are looked up by each question itself: they would be longer than all the rest. */
const MOST_IDS = 20_000;

async function idsOf(
  ask: Ask,
  alias: "s" | "k",
  projects: readonly string[],
  all: readonly Condition[],
): Promise<Condition | "none"> {
  const asked = idsAsked(alias, projects, all);
  const rows = await ask<{ id: number }>(`${asked.sql} limit ${MOST_IDS + 1}`, ...asked.values);
  if (rows.length === 0) return "none";
  if (rows.length > MOST_IDS) return lookedUp(asked);
  return { sql: `${asked.column} = any(?::int[])`, values: [`{${rows.map(({ id }) => id).join(",")}}`] };
}

/** Of rows `e` of the lean table. */
export function rowsIn(found: Found, more: readonly Condition[] = [], within: Window = {}): Condition {
  const { words, without } = found;
  const since = within.since ?? found.since;
  const until = within.until ?? found.until;
  const times: Condition[] = [
    ...(since === null ? [] : [{ sql: "e.started >= ?::bigint", values: [since] }]),
    ...(until === null ? [] : [{ sql: "e.started <= ?::bigint", values: [until] }]),
  ];
  const worded = (asked: string, how: "in" | "not in"): Condition => ({
    sql: `(e.project, e.started, e.id) ${how} (select w.project, w.started, w.id from mcpl.worded(?::text, ?::text[], ?::bigint, ?::bigint) w)`,
    values: wordsAsked(found, asked, { since, until }),
  });
  return allOf([
    homeOf(found),
    ...found.kinds,
    ...times,
    ...found.rows,
    ...(words === null ? [] : [worded(words, "in")]),
    ...(without === null ? [] : [worded(without, "not in")]),
    ...more,
  ]);
}

/** A part of the time that is asked for. */
export type Window = { readonly since?: number | null; readonly until?: number | null };

export function wordsAsked(
  { projects }: Found,
  asked: string,
  { since, until }: Window,
): (string | number)[] {
  return [asked, arrayOf(projects), since ?? -Number.MAX_SAFE_INTEGER, until ?? Number.MAX_SAFE_INTEGER];
}

/** Of the same projects all that does not fit. */
export function restOf(found: Found): Found {
  const { sql, values } = allOf(found.kinds);
  return { ...found, kinds: [{ sql: `not coalesce((${sql}), false)`, values }] };
}

/** One project is in order by itself. */
export function homeOf({ projects }: Found): Condition {
  return projects.length === 1
    ? { sql: "e.project = ?", values: [projects[0]!] }
    : { sql: "e.project = any(?::text[])", values: [arrayOf(projects)] };
}

/** Of sums `e` of kinds and days. */
export function kindsIn(found: Found, more: readonly Condition[] = []): Condition {
  return allOf([homeOf(found), ...found.kinds, ...more]);
}

export function allOf(all: readonly Condition[]): Condition {
  return {
    sql: all.map(({ sql }) => sql).join(" and ") || "true",
    values: all.flatMap(({ values }) => [...values]),
  };
}

/** What is asked of kinds alone is known from their sums: of whole days, or of any time. */
export function isOfKinds({ about }: Found): boolean {
  return about !== "rows";
}

export function isOfAnyTime({ since, until }: Found): boolean {
  return since === null && until === null;
}
