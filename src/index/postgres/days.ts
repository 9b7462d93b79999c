/**
 * How many fit, in all or day by day. Of what is asked of kinds alone sums know it; only of the days in which a time begins or ends,
 * and of what is asked of rows, these are looked at.
 */
import type { Condition } from "../conditions.ts";
import { arrayOf, type Ask } from "./asking.ts";
import { allOf, type Found, isOfAnyTime, isOfKinds, kindsIn, rowsIn } from "./found.ts";

export const DAY_MS = 86_400_000;

export type Day = { readonly day: number; readonly n: number };

export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** The newest first, those in which something fits; null where only looking at all rows would say. */
export async function daysOf(ask: Ask, found: Found): Promise<Day[] | null> {
  if (!isOfKinds(found)) return null;
  if (found.about === "nothing" && isOfAnyTime(found))
    return ask<Day>(
      `select day::float8 as day, sum(n)::float8 as n from mcpl.tally where project = any(?::text[]) and kind = 'exchange'
       group by day having sum(n) > 0 order by day desc`,
      arrayOf(found.projects),
    );
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

export async function countOf(ask: Ask, found: Found): Promise<number> {
  const days = await daysOf(ask, found);
  if (days !== null) return sumOf(days);
  const { without } = found;
  // Those that hold a word are few: all the others are what is left of all.
  if (without === null) return looked(ask, found);
  const { rows } = found;
  const [others, held] = [rows.slice(0, -1), rows.at(-1)!];
  const having: Condition = { sql: held.sql.replace(" not in ", " in "), values: held.values };
  const base = { ...found, rows: others, without: null };
  const [all, some] = await Promise.all([
    countOf(ask, base),
    looked(ask, { ...base, rows: [...others, having] }),
  ]);
  return all - some;
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
