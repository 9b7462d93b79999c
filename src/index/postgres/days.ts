/**
 * How many fit, in all or day by day. Of what is asked of kinds alone sums know it; only of the days in which a time begins or ends,
 * and of what is asked of rows, these are looked at.
 */
import type { Condition } from "../conditions.ts";
import { arrayOf, type Ask } from "./asking.ts";
import { allOf, type Found, isOfAnyTime, isOfKinds, kindsIn, rowsIn, wordsAsked } from "./found.ts";

export const DAY_MS = 86_400_000;

export type Day = { readonly day: number; readonly n: number };

export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** The newest first, those in which something fits; null where only looking at all rows would say. */
export async function daysOf(ask: Ask, found: Found): Promise<Day[] | null> {
  if (!isOfKinds(found)) return null;
  if (found.about === "nothing" && isOfAnyTime(found)) return everyDay(ask, found);
  const { since, until } = found;
  const edges = [...new Set([since, until].flatMap((at) => (at === null ? [] : [dayOf(at)])))];
  const within: Condition[] = [
    ...(since === null ? [] : [{ sql: "e.day > ?::int", values: [bounded(dayOf(since))] }]),
    ...(until === null ? [] : [{ sql: "e.day < ?::int", values: [bounded(dayOf(until))] }]),
  ];
  const { sql, values } = kindsIn(found, within);
  const [whole, ...parts] = await Promise.all([
    ask<Day>(
      `select e.day::float8 as day, sum(e.n)::float8 as n from mcpl.cell e where ${sql} group by 1 having sum(e.n) > 0 order by 1 desc`,
      ...values,
    ),
    ...edges.map(async (day) => ({ day, n: await looked(ask, found, [onDay(day)]) })),
  ]);
  return [...whole, ...parts.filter(({ n }) => n > 0)].toSorted((a, b) => b.day - a.day);
}

/** Of all exchanges of its projects. */
export function everyDay(ask: Ask, { projects }: Found): Promise<Day[]> {
  return ask<Day>(
    `select day::float8 as day, sum(n)::float8 as n from mcpl.tally where project = any(?::text[]) and kind = 'exchange'
     group by day having sum(n) > 0 order by day desc`,
    arrayOf(projects),
  );
}

export async function countOf(ask: Ask, found: Found): Promise<number> {
  const days = await daysOf(ask, found);
  if (days !== null) return sumOf(days);
  const { words, without } = found;
  // Those that hold a word are few: all the others are what is left of all.
  if (without !== null) {
    const base = aboutOf({ ...found, without: null });
    const both = words === null ? without : `(${words}) & (${without})`;
    const [all, some] = await Promise.all([
      countOf(ask, base),
      countOf(ask, { ...found, without: null, words: both }),
    ]);
    return all - some;
  }
  if (words === null || found.kinds.length + found.rows.length > 0) return looked(ask, found);
  const [row] = await ask<{ n: number }>(
    "select mcpl.worded_count(?::text, ?::text[], ?::bigint, ?::bigint)::float8 as n",
    ...wordsAsked(found, words, found),
  );
  return row?.n ?? 0;
}

/** Without its words it may be asked of kinds alone. */
function aboutOf(found: Found): Found {
  if (found.rows.length > 0 || found.words !== null) return found;
  return { ...found, about: found.kinds.length === 0 ? "nothing" : "kinds" };
}

export function sumOf(days: readonly Day[]): number {
  return days.reduce((sum, { n }) => sum + n, 0);
}

/** Row by row. */
export async function looked(ask: Ask, found: Found, more: readonly Condition[] = []): Promise<number> {
  const { sql, values } = rowsIn(found, more);
  const [row] = await ask<{ n: number }>(
    `select count(*)::float8 as n from mcpl.lean e where ${sql}`,
    ...values,
  );
  return row?.n ?? 0;
}

export function onDay(day: number): Condition {
  return allOf([
    { sql: "e.started >= ?::bigint", values: [day * DAY_MS] },
    { sql: "e.started < ?::bigint", values: [(day + 1) * DAY_MS] },
  ]);
}

/** A day that a column holds. */
function bounded(day: number): number {
  return Math.max(-2_147_483_648, Math.min(day, 2_147_483_647));
}
