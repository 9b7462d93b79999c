/** The list of exchanges: one page of what a filter finds, newest first, and how many there are. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { ExchangeQuery, Page } from "./index.ts";
import { conditions, type Condition } from "./filter.ts";

/**
 * `Row` is what the list is made of; `limit` is already within bounds, `place` that of the row the page comes after. The
 * page is found in the narrow table or in the words alone; only its own rows are read. Counting looks at every row
 * that fits: 100,000 take about 10 ms.
 */
export function listed<Row>(
  db: Database,
  { filter = { terms: [] }, now = Date.now() }: ExchangeQuery,
  page: { limit: number; after: number | null },
  columns: string,
): { rows: Row[]; total: Page<unknown>["total"] } {
  const { fields, words } = conditions(filter, now);
  if (words === "") return { rows: [], total: 0 };
  const found: Condition[] =
    words === null ? [...fields] : [{ sql: "words match ?", values: [words] }, ...fields];
  // The words lead: they give their rows in order, and few of them are looked at further.
  const [from, place] =
    words === null
      ? ["exchanges e", "e.place"]
      : fields.length === 0
        ? ["words", "words.rowid"]
        : ["words cross join exchanges e on e.place = words.rowid", "words.rowid"];
  const total =
    found.length === 0
      ? count(db, "select count(*) as n from exchanges", [])
      : count(db, `select count(*) as n from ${from} where ${allOf(found)}`, valuesOf(found));
  const paged = page.after === null ? found : [...found, { sql: `${place} < ?`, values: [page.after] }];
  const where = paged.length === 0 ? "" : `where ${allOf(paged)}`;
  const rows = db
    .query<Row, SQLQueryBindings[]>(
      `select ${columns} from exchanges join rows using (place)
       where place in (select ${place} from ${from} ${where} order by ${place} desc limit ?)
       order by place desc`,
    )
    .all(...valuesOf(paged), page.limit);
  return { rows, total };
}

/** The places of all exchanges that fit, as a question; null when all do, "" when none can. */
export function placesOf({ filter = { terms: [] }, now = Date.now() }: ExchangeQuery): Condition | null {
  const { fields, words } = conditions(filter, now);
  if (words === "") return { sql: "", values: [] };
  if (words === null && fields.length === 0) return null;
  const found: Condition[] =
    words === null ? [...fields] : [{ sql: "words match ?", values: [words] }, ...fields];
  const from = words === null ? "exchanges e" : "words cross join exchanges e on e.place = words.rowid";
  return { sql: `select e.place from ${from} where ${allOf(found)}`, values: valuesOf(found) };
}

function allOf(found: readonly Condition[]): string {
  return found.map(({ sql }) => sql).join(" and ");
}

function valuesOf(found: readonly Condition[]): (string | number)[] {
  return found.flatMap(({ values }) => values);
}

function count(db: Database, sql: string, values: readonly SQLQueryBindings[]): number {
  return db.query<{ n: number }, SQLQueryBindings[]>(sql).get(...values)?.n ?? 0;
}
