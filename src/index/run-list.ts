/** The list of runs in SQLite: one page of what a filter finds, in any order, how many there are, and what to filter by. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import { firstOfChain } from "../fact/chain.ts";
import type { RunRow } from "../fact/rows.ts";
import type { Filter } from "../filter/filter.ts";
import { toolNames } from "../filter/run-filter.ts";
import { type Condition, likeOf } from "./conditions.ts";
import { SQLITE } from "./filter.ts";
import type { Page, RunFacets, RunQuery } from "./index.ts";
import { placesOf, valuesOf, where } from "./list.ts";
import {
  keyOfOrder,
  moments,
  NEWEST_RUN,
  RUN_FLAGS,
  RUN_NUMBERS,
  runConditions,
  type RunEngine,
} from "./run-conditions.ts";
import { ALL_RUNS, COUNTED, EACH, EVERY } from "./run-sources.ts";
import { isStarred, starredAs, withStar } from "./stars.ts";

type Found = { id: string; row: string | null; place: number; starred: number };

export function listedRuns(
  db: Database,
  { filter = { terms: [] }, now = Date.now(), sort = NEWEST_RUN, asking = [], before }: RunQuery,
  limit: number,
  oneOf: (id: string) => RunRow | null,
): Page<RunRow> {
  const all = runConditions(filter, now, engineAt(now));
  if (all === null) return { items: [], next: null, total: 0 };
  const at = moments(asking, now);
  // In the order in which they stand in the text: the inner question is written within the outer one.
  const standsAt = [at.now, JSON.stringify(at.asking), at.silent];
  const key = sort.by === "time" ? "r.place" : keyOfOrder(sort, (list) => `json_extract(${list}, '$[0]')`);
  const paged = before === undefined ? all : [...all, behind()];
  const listed = (source: string) =>
    db
      .query<Found, SQLQueryBindings[]>(
        `select r.id, r.row, r.place, ${starredAs("run", "r.id")} from ${source} ${where(paged)}
         order by ${key} ${sort.order === "ascending" ? "asc" : "desc"}, r.place desc limit ?`,
      )
      .all(...standsAt, ...valuesOf(paged), limit + 1);
  const rows = sort.by === "time" ? merged(EACH.map(listed), sort.order) : listed(EVERY);
  const total = db
    .query<{ n: number }, SQLQueryBindings[]>(
      all.length === 0 ? COUNTED : `select count(*) as n from ${EVERY} ${where(all)}`,
    )
    .get(...(all.length === 0 ? [] : [...standsAt, ...valuesOf(all)]));
  const page = rows.slice(0, limit);
  const items = page.flatMap(({ id, row, starred }) => {
    const found = row === null ? oneOf(id) : (JSON.parse(row) as RunRow);
    return found ? [withStar(found, starred)] : [];
  });
  return { items, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null, total: total?.n ?? 0 };

  function behind(): Condition {
    // By its place, which both of the tables have in order.
    const last = db
      .query<{ key: string | number; place: number }, SQLQueryBindings[]>(
        `select ${key} as key, r.place from ${EVERY} where r.place = ? and r.id = ?`,
      )
      .get(...standsAt, placeOfRun(db, before!), before!);
    if (!last) return { sql: "0", values: [] };
    const further = sort.order === "ascending" ? ">" : "<";
    if (sort.by === "time") return { sql: `r.place ${further} ?`, values: [last.place] };
    return {
      sql: `(${key} ${further} ? or (${key} = ? and r.place < ?))`,
      values: [last.key, last.key, last.place],
    };
  }
}

/** Each is in order. */
function merged(lists: readonly Found[][], order: "ascending" | "descending"): Found[] {
  const way = order === "ascending" ? 1 : -1;
  return lists.flat().toSorted((a, b) => way * (a.place - b.place));
}

function placeOfRun(db: Database, id: string): number {
  type At = { place: number };
  const kept = db.query<At, [string]>("select place from runs where id = ?").get(id);
  const first = firstOfChain(id);
  const alone = db.query<At, [string]>("select place from exchanges where id = ? and alone is not null");
  return (kept ?? (first === null ? null : alone.get(first)))?.place ?? -1;
}

/** Of a run of one exchange: who asked. */
export function agentOf({ agent }: RunRow): string {
  return agent === null ? "" : kept(agent);
}

/** What filters and orders read of a run, in the order of the table's columns between `id` and `row`; lists are JSON. */
export function valuesOfRun(row: RunRow): SQLQueryBindings[] {
  return [
    row.at,
    row.last_at,
    row.state,
    row.state_since,
    row.agent === null ? null : kept(row.agent),
    row.run === null ? null : kept(row.run),
    names(row.models),
    names(row.servers),
    names(toolNames(row)),
    names(row.rules ?? []),
    row.tokens_in,
    row.tokens_out,
    row.tokens_cached,
    row.cost,
    row.model_calls + row.tool_calls,
    row.errors,
    row.problems,
  ];
}

/** Nobody filters by more names of one run, or by longer ones. */
const MOST_NAMES = 128;
const LONGEST_CHARS = 1_000;

function names(all: readonly string[]): string {
  return JSON.stringify(all.slice(0, MOST_NAMES).map(kept));
}

/** SQLite compares to the first NUL. */
function kept(text: string): string {
  return text.slice(0, LONGEST_CHARS).toWellFormed().replaceAll("\0", "\ufffd");
}

export function runFacets(db: Database): RunFacets {
  const counted = (column: string) =>
    db
      .query<{ value: string; count: number }, []>(
        `select value, count(*) as count from ${ALL_RUNS}, json_each(${column}) group by value order by count desc, value limit 200`,
      )
      .all();
  const client = db
    .query<{ value: string; count: number }, []>(
      `select agent as value, count(*) as count from ${ALL_RUNS} where agent is not null
       group by agent order by count desc, agent limit 200`,
    )
    .all();
  const [model, server, tool, problem] = ["models", "servers", "tools", "rules"].map(counted);
  return { model: model!, client, server: server!, tool: tool!, problem: problem! };
}

const LISTS: Record<string, string> = {
  model: "r.models",
  server: "r.servers",
  tool: "r.tools",
  problem: "r.rules",
};
const origin = (name: string) => [`json_extract(r.row, '$.origin.${name}')`];

function engineAt(now: number): RunEngine {
  return {
    ...SQLITE,
    texts: {
      client: ["r.agent", "substr(r.agent, 1, instr(r.agent || ' ', ' ') - 1)"],
      run: ["r.id", "r.name"],
      recorder: origin("recorder"),
      user: origin("user"),
      project: origin("project"),
      host: origin("host"),
    },
    numbers: RUN_NUMBERS,
    flags: { ...RUN_FLAGS, starred: isStarred("run", "r.id") },
    named: (kind, pattern) => ({
      sql: `exists (select 1 from json_each(${LISTS[kind]}) where value like ? escape '\\')`,
      values: [likeOf(pattern)],
    }),
    time: (name, at) => ({ sql: `r.at ${name === "since" ? ">=" : "<="} ?`, values: [at] }),
    among(filter: Filter) {
      const found = placesOf({ filter, now });
      if (found === null || found.sql === "") return null;
      return {
        sql: `r.id in (select run from exchanges where run is not null and place in (${found.sql}))`,
        values: found.values,
      };
    },
  };
}
