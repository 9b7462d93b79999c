/** The list of runs in the store: one page of what a filter finds, in any order, how many there are, and what to filter by. */
import { believedRun, jsonOf } from "../../fact/believed.ts";
import type { RunRow } from "../../fact/rows.ts";
import type { Filter } from "../../filter/filter.ts";
import type { Condition } from "../conditions.ts";
import type { Page, RunFacets, RunQuery } from "../index.ts";
import {
  keyOfOrder,
  moments,
  NEWEST_RUN,
  RUN_FLAGS,
  RUN_NUMBERS,
  runConditions,
  type RunEngine,
  standing,
} from "../run-conditions.ts";
import { withStar } from "../stars.ts";
import { arrayOf, type Ask, type Value } from "./asking.ts";
import { fitting, plain, RUNS_ENGINE } from "./filter.ts";
import { foundAtOnce, isOfAnyTime, rowsIn } from "./found.ts";
import { isStarred, starredAs } from "./stars.ts";
import { clamped, type Owned, owned } from "./stored.ts";

export const OWNED = `r.id, r.row, r.project, r.recorder, r.person, r.host, ${starredAs("run", "r")}`;

/** Of a run that was taken into another one the row is null. */
const RUNS = standing(
  "(select * from mcpl.run where project = any(?::text[]) and row is not null) one",
  "id = any(?::text[])",
  "?::float8",
);

export async function listedRuns(
  ask: Ask,
  projects: readonly string[],
  { filter = { terms: [] }, now = Date.now(), sort = NEWEST_RUN, asking = [], ...query }: RunQuery,
): Promise<Page<RunRow>> {
  const limit = clamped(query.limit);
  const all = runConditions(filter, now, engineAt(now, projects));
  if (all === null || projects.length === 0) return { items: [], next: null, total: 0 };
  const at = moments(asking, now);
  // In the order in which they stand in the text: the inner question is written within the outer one.
  const stands: Value[] = [at.now, arrayOf(at.asking.map(plain)), at.silent, arrayOf(projects)];
  const key = keyOfOrder(sort, (list) => `(${list})[1] collate "C"`);
  const [counts, behind] = await Promise.all([
    ask<{ n: number }>(
      `select count(*)::float8 as n from ${RUNS} ${where(all)}`,
      ...stands,
      ...valuesOf(all),
    ),
    query.before === undefined ? null : beyond(query.before),
  ]);
  const paged = behind === null ? all : [...all, behind];
  const rows = await ask<Owned>(
    `select r.id, ${OWNED} from ${RUNS} ${where(paged)}
     order by ${key} ${sort.order === "ascending" ? "asc" : "desc"}, r.at desc, r.id desc limit ?::bigint`,
    ...stands,
    ...valuesOf(paged),
    limit + 1,
  );
  const items = rows.slice(0, limit).map(runRow);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total: counts[0]?.n ?? 0 };

  async function beyond(before: string): Promise<Condition> {
    const [last] = await ask<{ key: string | number; at: number; id: string }>(
      `select ${key} as key, r.at, r.id from ${RUNS} where r.id = ? limit 1`,
      ...stands,
      plain(before),
    );
    if (!last) return { sql: "false", values: [] };
    const value = typeof last.key === "number" ? "?::float8" : "?::text";
    const further = sort.order === "ascending" ? ">" : "<";
    return {
      sql: `(${key} ${further} ${value} or (${key} = ${value} and (r.at, r.id) < (?::float8, ?)))`,
      values: [last.key, last.key, last.at, last.id],
    };
  }
}

export function runRow({ id, row, starred, project, recorder, person, host }: Owned): RunRow {
  return withStar(owned({ ...believedRun(jsonOf(row)), id }, { project, recorder, person, host }), starred);
}

export async function runFacets(ask: Ask, projects: readonly string[]): Promise<RunFacets> {
  const all = await ask<{ kind: string; value: string; count: number }>(
    `select kind, value, count(*)::float8 as count from mcpl.run r cross join lateral (
       select 'client' as kind, r.agent as value
       union all select 'model', unnest(r.models) union all select 'server', unnest(r.servers)
       union all select 'tool', unnest(r.tools) union all select 'problem', unnest(r.rules)) v
     where r.project = any(?::text[]) and r.row is not null and value is not null
     group by kind, value order by count desc, value`,
    arrayOf(projects),
  );
  const values = (wanted: string) =>
    all.filter(({ kind }) => kind === wanted).map(({ value, count }) => ({ value, count }));
  return {
    model: values("model").slice(0, MOST_VALUES),
    client: values("client").slice(0, MOST_VALUES),
    server: values("server").slice(0, MOST_VALUES),
    tool: values("tool").slice(0, MOST_VALUES),
    problem: values("problem").slice(0, MOST_VALUES),
  };
}

const MOST_VALUES = 200;

const LISTS: Record<string, string> = {
  model: "r.models",
  server: "r.servers",
  tool: "r.tools",
  problem: "r.rules",
};

function engineAt(now: number, projects: readonly string[]): RunEngine {
  return {
    ...RUNS_ENGINE,
    texts: {
      client: ["r.agent", "split_part(r.agent, ' ', 1)"],
      run: ["r.id", "r.name"],
      recorder: ["r.recorder"],
      user: ["r.person"],
      project: ["r.project"],
      host: ["r.host"],
    },
    numbers: RUN_NUMBERS,
    flags: { ...RUN_FLAGS, starred: isStarred("run", "r") },
    like: fitting,
    named(kind, typed) {
      const { sql, values } = fitting("one", typed);
      return { sql: `exists (select from unnest(${LISTS[kind]}) one where ${sql})`, values };
    },
    time: (name, at) => ({ sql: `r.at ${name === "since" ? ">=" : "<="} ?::float8`, values: [at] }),
    among(filter: Filter) {
      const found = foundAtOnce(projects, { filter, now });
      if (found === null || (found.about === "nothing" && isOfAnyTime(found))) return null;
      const { sql, values } = rowsIn(found);
      return {
        sql: `(r.project, r.id) in (select h.project, h.run from mcpl.lean e
          join mcpl.run_of h on h.project = e.project and h.exchange = e.id where ${sql})`,
        values,
      };
    },
  };
}

function where(all: readonly Condition[]): string {
  return all.length === 0 ? "" : `where ${all.map(({ sql }) => sql).join(" and ")}`;
}

function valuesOf(all: readonly Condition[]): Value[] {
  return all.flatMap(({ values }) => [...values]);
}
