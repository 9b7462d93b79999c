/** The first page of the list is what is in flight and what the index knows, merged by time, newest first. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { ExchangeQuery, Page } from "../index/index.ts";
import type { Sources } from "./sources.ts";

export type Listing = Page<ExchangeRow>;

/** Everything in flight is on the first page, even where that makes it longer than the limit by a row. */
export async function listing({ index, inFlight }: Sources, query: ExchangeQuery): Promise<Listing> {
  const flying = query.before === undefined ? inFlight().filter((row) => fits(row, query)) : [];
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

/** What the index would say, for a row that it does not have yet. Bodies in flight are not searched, only the story. */
export function fits(row: ExchangeRow, query: ExchangeQuery): boolean {
  const { dialect, model, upstream, status, q, conversation } = query;
  if (dialect && row.dialect !== dialect) return false;
  if (model && row.model !== model) return false;
  if (upstream && row.upstream !== upstream) return false;
  if (conversation && row.conversation !== conversation) return false;
  if (status && !hasStatus(row, status)) return false;
  if (!q) return true;
  const story = [row.asked, row.answered, row.model, row.path, row.upstream, ...row.tools]
    .join("\n")
    .toLowerCase();
  const words = q.toLowerCase().match(/"[^"]+"|\S+/g) ?? [];
  return words.every((word) => story.includes(word.replaceAll('"', "")));
}

function hasStatus({ status, ending }: ExchangeRow, wanted: string): boolean {
  const family = /^([1-9])xx$/i.exec(wanted);
  if (family) return status !== null && Math.floor(status / 100) === Number(family[1]);
  const [, sign = "=", number] = /^(>=|<=|>|<|=|!=)?\s*(\d+)$/.exec(wanted) ?? [];
  if (number === undefined) return ending === wanted.toLowerCase();
  return status !== null && compare(status, sign, Number(number));
}

function compare(a: number, sign: string, b: number): boolean {
  if (sign === ">=") return a >= b;
  if (sign === "<=") return a <= b;
  if (sign === ">") return a > b;
  if (sign === "<") return a < b;
  return sign === "!=" ? a !== b : a === b;
}
