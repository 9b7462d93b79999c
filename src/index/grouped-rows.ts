/** What stands on one page of the list in groups: exchanges by their places, sums of groups, how many calls there are. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { ExchangeRow } from "../fact/rows.ts";
import { IS_ERROR } from "./filter.ts";
import type { GroupedQuery, GroupRow } from "./index.ts";
import { sourceOf, valuesOf, where } from "./list.ts";
import { SLOTS } from "./place.ts";
import { EXCHANGE, exchangeRow, type Stored } from "./store.ts";

/** Names of a head: more say nothing more. */
const MOST_NAMES = 4;

export function rowsAt(db: Database, places: readonly number[]): Map<number, ExchangeRow> {
  const found = db
    .query<Stored & { place: number }, [string]>(
      `select place, ${EXCHANGE} from exchanges e join rows using (place)
       where place in (select value from json_each(?))`,
    )
    .all(JSON.stringify(places));
  return new Map(found.map((stored) => [stored.place, exchangeRow(stored)]));
}

/** How many tools each of these asked for. */
export function callsOf(db: Database, exchanges: readonly string[]): Map<string, number> {
  const found = db
    .query<{ exchange: string; n: number }, [string]>(
      `select exchange, count(*) as n from steps where exchange in (select value from json_each(?))
       and row ->> 'kind' = 'tool' group by exchange`,
    )
    .all(JSON.stringify(exchanges));
  return new Map(found.map(({ exchange, n }) => [exchange, n]));
}

type Summed = Omit<GroupRow, "clients" | "models" | "title" | "by" | "folded"> & {
  first: number;
  clients: string | null;
  models: string | null;
  start: number;
};

/** Of those that have more than one exchange that fits. Not yet folded. */
export function headsOf(db: Database, query: GroupedQuery, firsts: readonly number[]): Map<number, GroupRow> {
  const { by } = query;
  const found = sourceOf(query, { by: "status", order: "ascending" });
  if (found === null || firsts.length === 0) return new Map();
  const all = [
    // The first by its place, the others by an index that has none of these.
    {
      sql: `(e.place in (select value from json_each(?))
        or (e.${by}_first <> e.place and e.${by}_first in (select value from json_each(?))))`,
      values: [JSON.stringify(firsts), JSON.stringify(firsts)],
    },
    ...found.all,
  ];
  const rows = db
    .query<Summed, SQLQueryBindings[]>(
      `select e.${by}_first as first, min(e.${by}) as id, count(*) as n, min(e.place) as start,
         min(e.place) / ${SLOTS} as at, max(e.place / ${SLOTS} + coalesce(e.duration_ms, 0)) as last_at,
         group_concat(distinct e.client) as clients, group_concat(distinct e.model) as models,
         coalesce(sum(e.tokens_in), 0) as tokens_in, coalesce(sum(e.tokens_out), 0) as tokens_out,
         coalesce(sum(e.cost), 0) as cost, sum(${IS_ERROR}) as errors, sum(e.problems) as problems
       from ${found.from} ${where(all)} group by e.${by}_first having count(*) > 1`,
    )
    .all(...valuesOf(all));
  const titles = titlesOf(db, query.by, rows);
  return new Map(
    rows.map((row) => {
      const { id, n, at, last_at, tokens_in, tokens_out, cost, errors, problems } = row;
      const sums = { id, n, at, last_at, tokens_in, tokens_out, cost, errors, problems };
      const names = { clients: namesIn(row.clients), models: namesIn(row.models) };
      return [row.first, { ...sums, ...names, by, folded: false, title: titles.get(row.first) ?? id }];
    }),
  );
}

function namesIn(joined: string | null): string[] {
  return joined === null ? [] : joined.split(",").slice(0, MOST_NAMES);
}

/** A run has a title of its own; else a group is called by what its first exchange asked. */
function titlesOf(db: Database, by: GroupedQuery["by"], rows: readonly Summed[]): Map<number, string> {
  type Title = { title: string | null };
  const ofRun = db.query<Title, [string]>("select row ->> 'title' as title from runs where id = ?");
  const ofFirst = db.query<Title, [number]>("select row ->> 'asked' as title from rows where place = ?");
  return new Map(
    rows.flatMap((row) => {
      const own = by === "run" ? ofRun.get(row.id)?.title : null;
      const title = own || ofFirst.get(row.start)?.title;
      return title ? [[row.first, title] as const] : [];
    }),
  );
}
