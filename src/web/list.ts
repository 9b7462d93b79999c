/** The first page of the list is what is in flight and what the index knows, merged by time, newest first. Ranks and other orders are the index's alone. */
import type { ExchangeRow } from "../fact/rows.ts";
import { fits } from "../filter/fits.ts";
import type { ExchangeQuery, Page } from "../index/index.ts";
import type { Sources } from "./sources.ts";

export type Listing = Page<ExchangeRow>;

/** Everything in flight is on the first page, even where that makes it longer than the limit by a row. */
export async function listing({ index, inFlight }: Sources, query: ExchangeQuery): Promise<Listing> {
  const isFirst = query.before === undefined && query.from === undefined && query.sort === undefined;
  const flying = isFirst ? inFlight().filter((row) => isAsked(row, query)) : [];
  const limit = Math.max(1, query.limit - flying.length);
  const page = await index.exchanges({ ...query, limit });
  if (flying.length === 0) return page;
  const { items } = page;
  const filed = new Set(items.map(({ id }) => id));
  const unfiled = flying.filter(({ id }) => !filed.has(id));
  return {
    ...page,
    items: [...items, ...unfiled].sort(newestFirst),
    total: page.total + unfiled.length,
  };
}

export function newestFirst(a: ExchangeRow, b: ExchangeRow): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}

/** Bodies in flight are not searched, only the story. */
export function isAsked(
  row: ExchangeRow,
  { filter, now = Date.now() }: Pick<ExchangeQuery, "filter" | "now">,
): boolean {
  return filter === undefined || fits(row, filter, now, "story") === "yes";
}
