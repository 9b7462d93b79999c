/** How many rows a question has: of one filter from the counts that are kept, else counted, up to where it is cheap. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Conditions } from "./filter.ts";
import type { ExchangeQuery, Page } from "./index.ts";

/** Nobody pages so far, and counting on takes longer than the page itself (100,000 rows: 10 ms). */
export const MOST_COUNTED = 1_000;

/** Filters whose rows are counted as they come and go. */
const KEPT = ["model", "dialect", "upstream"] as const;

type Total = Pick<Page<unknown>, "total" | "counted">;

/** `conditions` are those of `query`, its words among them, without where the page begins. */
export function totalOf(db: Database, query: ExchangeQuery, { sql, values }: Conditions): Total {
  if (sql.length === 0) return exactly(counted(db, "select count(*) as n from exchanges", []));
  const kind = sql.length === 1 ? KEPT.find((one) => query[one]) : undefined;
  if (kind) {
    const kept = [kind, query[kind] ?? ""];
    return exactly(counted(db, "select count as n from facets where kind = ? and value = ?", kept));
  }
  const some = `select 1 from ${tablesFor(sql).from} where ${sql.join(" and ")} limit ${MOST_COUNTED + 1}`;
  const n = counted(db, `select count(*) as n from (${some})`, values);
  return n > MOST_COUNTED ? atLeast(MOST_COUNTED) : exactly(n);
}

/** Where rows with these conditions are found. The words lead, newest first; alone they need no other table. */
export function tablesFor(sql: readonly string[]): { from: string; place: string } {
  const ofWords = sql.filter((one) => one.startsWith("w.")).length;
  if (ofWords === 0) return { from: "exchanges e", place: "e.place" };
  const isAlone = ofWords === sql.length;
  return {
    from: isAlone ? "words w" : "words w cross join exchanges e on e.place = w.rowid",
    place: "w.rowid",
  };
}

function counted(db: Database, sql: string, values: readonly SQLQueryBindings[]): number {
  return db.query<{ n: number }, SQLQueryBindings[]>(sql).get(...values)?.n ?? 0;
}

export function exactly(total: number): Total {
  return { total, counted: "exactly" };
}

export function atLeast(total: number): Total {
  return { total, counted: "at-least" };
}
