/**
 * The list in groups, as one order of the same rows: heads, exchanges and the calls that are shown are three questions over
 * narrow indexes, put together and cut to a page. Only what is on the page is read.
 */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { ExchangeRow, StepRow } from "../fact/rows.ts";
import type { GroupBy, GroupedQuery, GroupedRank, GroupedRow } from "./index.ts";
import { callsOf, headsOf, rowsAt } from "./grouped-rows.ts";
import { sourceOf, valuesOf, where } from "./list.ts";

/** One row of the list as the page is found: what it is, by where it stands. */
export type Found = {
  first: number;
  /** -1 of a head: it stands before its exchanges. */
  place: number;
  kind: "head" | "exchange" | "call";
  /** Of a call its step, with the time that it began. */
  at: number;
  step: string;
};

type Asked = Omit<GroupedQuery, "limit" | "from">;
type List = { sql: string; hits: string; values: SQLQueryBindings[] };

/** Most groups and exchanges that one question may name: more are not opened by hand. */
const MOST_NAMED = 500;

export function grouped(db: Database, query: GroupedQuery) {
  const list = listOf(db, query);
  if (list === null) return { items: [], total: 0, exchanges: 0 };
  const { total, exchanges } = db
    .query<{ total: number; exchanges: number }, SQLQueryBindings[]>(
      `${list.hits} select (select count(*) from hits) as exchanges, (select count(*) from (${list.sql})) as total`,
    )
    .get(...list.values)!;
  const from = Math.max(0, Math.min(Math.trunc(query.from) || 0, total));
  const limit = Math.min(query.limit, total - from);
  const found = page(db, list, query.order, { from, limit, total });
  return { items: rowsOf(db, query, found), total, exchanges };
}

export function groupedRank(db: Database, id: string, query: Asked): GroupedRank | null {
  const list = listOf(db, query);
  const own = db
    .query<{ place: number; first: number; of: string | null }, [string]>(
      `select place, ${query.by}_first as first, ${query.by} as of from exchanges where id = ?`,
    )
    .get(id);
  if (list === null || !own) return null;
  const { place, first } = own;
  const isAhead = query.order === "newest last" ? "<" : ">";
  const look = (sql: string, ...values: number[]) =>
    db
      .query<{ n: number }, SQLQueryBindings[]>(`${list.hits} select count(*) as n from ${sql}`)
      .get(...list.values, ...values)?.n ?? 0;
  const fits = look("hits where place = ?", place) > 0;
  if (!fits) return null;
  const headed = look("hits where first = ?", first) > 1;
  const isThere = look(`(${list.sql}) where place = ? and kind = 'exchange'`, place) > 0;
  const before = look(`(${list.sql}) where first ${isAhead} ?`, first);
  const group = headed ? own.of : null;
  if (!isThere) return { rank: before, group, folded: true };
  const within = look(`(${list.sql}) where first = ? and (place = -1 or place ${isAhead} ?)`, first, place);
  return { rank: before + within, group, folded: false };
}

/** The whole list without its order, as a question over `hits`; null when nothing can fit. */
function listOf(db: Database, query: Asked): List | null {
  const { by, fold, calls } = query;
  const found = sourceOf(query, { by: "status", order: "ascending" });
  if (found === null) return null;
  const hits = `with hits as (select ${found.place} as place, e.${by}_first as first, e.id as id from ${found.from} ${where(found.all)})`;
  const isNamed = `first in (${firstsOf(db, by, fold.ids.slice(0, MOST_NAMED)).join(", ")})`;
  const isShown = fold.folded === "these" ? `not ${isNamed}` : isNamed;
  // One that stands alone has no head that could stand for it.
  const alone = "first in (select first from hits group by first having count(*) = 1)";
  const members = `select first, place, id from hits where ${isShown} or ${alone}`;
  const shown = calls.slice(0, MOST_NAMED);
  const parts = [
    "select first, -1 as place, 'head' as kind, 0 as at, '' as step from hits group by first having count(*) > 1",
    `select first, place, 'exchange', 0, '' from (${members})`,
  ];
  if (shown.length > 0)
    parts.push(`select m.first, m.place, 'call', steps.at, steps.id from (${members}) m
      join steps on steps.exchange = m.id
      where m.id in (${shown.map((id) => `'${id.replaceAll("'", "''")}'`).join(", ")}) and steps.row ->> 'kind' = 'tool'`);
  return { hits, sql: parts.join(" union all "), values: valuesOf(found.all) };
}

function firstsOf(db: Database, by: GroupBy, ids: readonly string[]): number[] {
  const statement = db.query<{ first: number | null }, [string]>(
    `select min(${by}_first) as first from exchanges where ${by} = ?`,
  );
  return ids.flatMap((id) => statement.get(id)?.first ?? []);
}

/** From the end that is nearer: what comes before a page is sorted only to be left out. */
function page(
  db: Database,
  list: List,
  order: GroupedQuery["order"],
  { from, limit, total }: { from: number; limit: number; total: number },
): Found[] {
  const isNearEnd = from > total / 2;
  const way = order === "newest last" ? 1 : -1;
  const terms: [sql: string, way: number][] = [
    ["first", way],
    // Of a head 1, so it comes before the others whatever the order is.
    ["(place = -1)", -1],
    ["place", way],
    ["kind = 'call'", 1],
    ["at", 1],
    ["step", 1],
  ];
  const sorted = terms
    .map(([sql, its]) => `${sql} ${its * (isNearEnd ? -1 : 1) > 0 ? "asc" : "desc"}`)
    .join(", ");
  const skip = isNearEnd ? total - from - limit : from;
  const found = db
    .query<Found, SQLQueryBindings[]>(
      `${list.hits} select * from (${list.sql}) order by ${sorted} limit ? offset ?`,
    )
    .all(...list.values, limit, skip);
  return isNearEnd ? found.toReversed() : found;
}

/** What stands on the page, read by its places. */
function rowsOf(db: Database, query: GroupedQuery, found: readonly Found[]): GroupedRow[] {
  const exchanges = rowsAt(
    db,
    found.flatMap(({ kind, place }) => (kind === "exchange" ? [place] : [])),
  );
  const firsts = new Set(found.map(({ first }) => first));
  const heads = headsOf(db, query, [...firsts]);
  const calls = callsOf(
    db,
    [...exchanges.values()].map(({ id }) => id),
  );
  const opened = new Set(query.calls);
  const isFolded = foldedBy(query);
  return found.flatMap(({ kind, first, place, step }): GroupedRow[] => {
    const head = heads.get(first);
    const group = head?.id ?? null;
    if (kind === "head")
      return head ? [{ kind: "group", group: { ...head, folded: isFolded(head.id) } }] : [];
    if (kind === "call") return stepRow(db, step).map((one) => ({ kind: "call", step: one, group }));
    const row: ExchangeRow | undefined = exchanges.get(place);
    if (!row) return [];
    const n = calls.get(row.id) ?? 0;
    return [{ kind: "exchange", row, group, calls: n, opened: n > 0 && opened.has(row.id) }];
  });
}

function foldedBy({ fold }: GroupedQuery): (id: string) => boolean {
  const ids = new Set(fold.ids);
  return (id) => ids.has(id) === (fold.folded === "these");
}

function stepRow(db: Database, id: string): StepRow[] {
  const found = db.query<{ row: string }, [string]>("select row from steps where id = ?").get(id);
  return found ? [JSON.parse(found.row) as StepRow] : [];
}
