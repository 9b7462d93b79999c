/** The list of exchanges: one page of what a filter finds, newest first, and how many there are. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Sort } from "../filter/sort.ts";
import type { ExchangeQuery, Page, Standing } from "./index.ts";
import { NUMBER_COLUMNS } from "./conditions.ts";
import { conditions, type Condition } from "./filter.ts";

/**
 * `Row` is what the list is made of; `limit` is already within bounds, `after` the place of the row that the page comes
 * after. The page is found in the narrow table or in the words alone; only its own rows are read. Counting looks at
 * every row that fits: 100,000 take about 10 ms.
 */
export function listed<Row>(
  db: Database,
  query: ExchangeQuery,
  { limit, after }: { limit: number; after: number | null },
  columns: string,
): { rows: Row[]; total: Page<unknown>["total"] } {
  const { sort = NEWEST } = query;
  const found = sourceOf(query, sort);
  if (found === null) return { rows: [], total: 0 };
  const { from, place } = found;
  const total = countOnce(db, `select count(*) as n from ${from} ${where(found.all)}`, valuesOf(found.all));
  const paged = after === null ? found.all : [...found.all, { sql: `${place} < ?`, values: [after] }];
  const page = query.from === undefined ? { limit, skip: 0 } : rowsOfRanks(query.from, limit, total);
  const rows = db
    .query<Row, SQLQueryBindings[]>(
      `with hits as materialized (
         select ${place} as place from ${from} ${where(paged)} order by ${orderOf(sort, place)} limit ? offset ?)
       select ${columns} from hits join exchanges e on e.place = hits.place join rows on rows.place = hits.place
       order by ${orderOf(sort, "hits.place")}`,
    )
    .all(...valuesOf(paged), page.limit, page.skip);
  return { rows, total };
}

/** How many of those that fit come before this place in the order of time. */
export function rankOf(db: Database, query: ExchangeQuery, at: number): number {
  const found = sourceOf(query, NEWEST);
  if (found === null) return 0;
  const before = [...found.all, { sql: `${found.place} < ?`, values: [at] }];
  return count(db, `select count(*) as n from ${found.from} ${where(before)}`, valuesOf(before));
}

/** The places of all exchanges that fit, as a question; null when all do, "" when none can. */
export function placesOf(query: Pick<ExchangeQuery, "filter" | "now">): Condition | null {
  const found = sourceOf(query, NEWEST);
  if (found === null) return { sql: "", values: [] };
  if (found.all.length === 0) return null;
  return {
    sql: `select ${found.place} from ${found.from} ${where(found.all)}`,
    values: valuesOf(found.all),
  };
}

const NEWEST: Sort = { by: "time", order: "descending" };

/** Where the rows that fit are found: `from`, the column of their places, conditions. */
export type Source = {
  readonly from: string;
  readonly place: string;
  readonly all: readonly Condition[];
};

/** Where the rows that fit are found; null when none can be. The words lead: they give their rows in order. */
export function sourceOf(
  { filter = { terms: [] }, now = Date.now() }: Pick<ExchangeQuery, "filter" | "now">,
  sort: Sort,
): Source | null {
  const { fields, words } = conditions(filter, now);
  if (words === "") return null;
  if (words === null) return { from: "exchanges e", place: "e.place", all: fields };
  const all = [{ sql: "words match ?", values: [words] }, ...fields];
  return fields.length === 0 && sort.by === "time"
    ? { from: "words", place: "words.rowid", all }
    : { from: "words cross join exchanges e on e.place = words.rowid", place: "words.rowid", all };
}

/** Ranks count from the end of the order. */
function rowsOfRanks(from: number, limit: number, total: number): { limit: number; skip: number } {
  const first = Math.max(0, Math.min(Math.trunc(from) || 0, total));
  const last = Math.min(first + limit, total);
  return { limit: last - first, skip: total - last };
}

const COLUMNS: Record<Exclude<Sort["by"], "time">, string> = {
  model: "e.model collate nocase",
  dialect: "e.dialect",
  upstream: "e.upstream",
  client: "e.client",
  ...NUMBER_COLUMNS,
  problems: "e.problems",
};

function orderOf({ by, order }: Sort, place: string): string {
  const way = order === "ascending" ? "asc" : "desc";
  return by === "time" ? `${place} ${way}` : `${COLUMNS[by]} ${way} nulls last, ${place} desc`;
}

export function where(all: readonly Condition[]): string {
  return all.length === 0 ? "" : `where ${allOf(all)}`;
}

/** Three looks at the rows that fit, each of which stops at the place. */
export function standingAt(
  db: Database,
  query: Pick<ExchangeQuery, "filter" | "now">,
  place: number,
): Standing {
  const found = placesOf(query) ?? {
    sql: "select e.place from exchanges e",
    values: [],
  };
  const places = found.sql === "" ? "select 0 as place where 0" : found.sql;
  const ask = (what: string, where: string) =>
    db
      .query<{ value: number | null }, SQLQueryBindings[]>(
        `select ${what} as value from (${places}) where ${where}`,
      )
      .get(...found.values, place)?.value ?? null;
  const idAt = (at: number | null) =>
    at === null
      ? null
      : (db.query<{ id: string }, [number]>("select id from exchanges where place = ?").get(at)?.id ?? null);
  return {
    n: ask("count(*)", "place <= ?") ?? 0,
    of: count(db, `select count(*) as n from (${places})`, found.values),
    older: idAt(ask("max(place)", "place < ?")),
    newer: idAt(ask("min(place)", "place > ?")),
  };
}

function allOf(found: readonly Condition[]): string {
  return found.map(({ sql }) => sql).join(" and ");
}

export function valuesOf(found: readonly Condition[]): (string | number)[] {
  return found.flatMap(({ values }) => values);
}

function count(db: Database, sql: string, values: readonly SQLQueryBindings[]): number {
  return db.query<{ n: number }, SQLQueryBindings[]>(sql).get(...values)?.n ?? 0;
}

type Counted = { state: string; totals: Map<string, number> };
const counted = new WeakMap<Database, Counted>();
/** Filters that several windows show at once. */
const MOST_COUNTED = 50;

/** Each further page says the same total: what was counted holds as long as nobody has written. */
function countOnce(db: Database, sql: string, values: readonly SQLQueryBindings[]): number {
  const { own, others } = db
    .query<{ own: number; others: number }, []>(
      "select total_changes() as own, data_version as others from pragma_data_version",
    )
    .get()!;
  const state = `${own} ${others}`;
  const before = counted.get(db);
  const known =
    before?.state === state && before.totals.size < MOST_COUNTED ? before : { state, totals: new Map() };
  counted.set(db, known);
  const key = JSON.stringify([sql, values]);
  const total: number = known.totals.get(key) ?? count(db, sql, values);
  known.totals.set(key, total);
  return total;
}
