/** The list of exchanges: one page of what a filter finds, by key or by rank, and how many there are; where one of them stands. */
import type { ExchangeRow } from "../../fact/rows.ts";
import type { Condition } from "../conditions.ts";
import type { ExchangeQuery, Page, Standing } from "../index.ts";
import type { Ask } from "./asking.ts";
import { countOf, type Day, dayOf, daysOf, looked, onDay, sumOf } from "./days.ts";
import { type Found, foundBy, type Query } from "./found.ts";
import { earlier } from "./page-rows.ts";
import { NEWEST, OLDEST, pageOf } from "./page.ts";
import { clamped, exchangeRow, type Place, placeBefore, placeOf } from "./stored.ts";

export async function listed(
  ask: Ask,
  projects: readonly string[],
  query: ExchangeQuery,
): Promise<Page<ExchangeRow>> {
  const limit = clamped(query.limit);
  const found = await foundBy(ask, projects, query);
  if (found === null) return { items: [], next: null, total: 0 };
  const { sort = NEWEST, from, before } = query;
  const [known, place] = await Promise.all([
    knownOf(ask, found),
    before === undefined || from !== undefined ? null : placeBefore(ask, projects, before),
  ]);
  const { total } = known;
  if (total === 0) return { items: [], next: null, total };
  if (from === undefined) {
    const wish = { sort, skip: 0, most: limit + 1, ...(place && { beyond: place }) };
    const rows = await pageOf(ask, found, wish, known);
    const items = rows.slice(0, limit).map(exchangeRow);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total };
  }
  // Ranks count from the end of the order.
  const first = Math.max(0, Math.min(Math.trunc(from) || 0, total));
  const last = Math.min(first + limit, total);
  if (first === last) return { items: [], next: null, total };
  const rows = await pageOf(ask, found, { sort, skip: total - last, most: last - first }, known);
  return { items: rows.map(exchangeRow), next: null, total };
}

async function knownOf(ask: Ask, found: Found): Promise<{ days: Day[] | null; total: number }> {
  const days = await daysOf(ask, found);
  return { days, total: days === null ? await countOf(ask, found) : sumOf(days) };
}

/** How many of those that fit come before it in the order of time. */
export async function rankOf(
  ask: Ask,
  projects: readonly string[],
  id: string,
  query: Query,
): Promise<number | null> {
  const own = await placeOf(ask, projects, id);
  if (own === null) return null;
  const found = await foundBy(ask, projects, query);
  return found === null ? 0 : below(ask, found, own, await daysOf(ask, found), earlier(own));
}

export async function standingOf(
  ask: Ask,
  projects: readonly string[],
  id: string,
  query: Query,
): Promise<Standing | null> {
  const own = await placeOf(ask, projects, id);
  if (own === null) return null;
  const found = await foundBy(ask, projects, query);
  if (found === null) return { n: 0, of: 0, older: null, newer: null };
  const known = await knownOf(ask, found);
  const until: Condition = { sql: "(e.started, e.id) <= (?::bigint, ?)", values: [own.started, own.id] };
  const nearest = async (sort: typeof NEWEST) =>
    (await pageOf(ask, found, { sort, skip: 0, most: 1, beyond: own }, known))[0]?.id ?? null;
  const [n, older, newer] = await Promise.all([
    below(ask, found, own, known.days, until),
    nearest(NEWEST),
    nearest(OLDEST),
  ]);
  return { n, of: known.total, older, newer };
}

/** Of its own day they are looked at. */
async function below(
  ask: Ask,
  found: Found,
  own: Place,
  days: readonly Day[] | null,
  until: Condition,
): Promise<number> {
  if (days === null) return looked(ask, found, [until]);
  const day = dayOf(own.started);
  const before = sumOf(days.filter((one) => one.day < day));
  return before + (await looked(ask, found, [onDay(day), until]));
}
