/**
 * The list in groups over the store: as SQLite has it, but that a group's place is found when it is asked for. It looks at
 * every exchange of its projects, so it is for stores whose projects a page can list.
 */
import { believedExchange, believedRun, believedStep, jsonOf } from "../../fact/believed.ts";
import type { ExchangeRow } from "../../fact/rows.ts";
import type { GroupedQuery, GroupedRank, GroupedRow, GroupRow, Index } from "../index.ts";
import { arrayOf, type Ask, type Value } from "./asking.ts";
import { IS_ERROR, plain } from "./filter.ts";
import { foundAtOnce, rowsIn } from "./found.ts";
import { clamped, rowsOf } from "./stored.ts";

type Asking = Pick<Index, "grouped" | "groupedRank">;
type Asked = Omit<GroupedQuery, "limit" | "from">;
type Found = {
  kind: "head" | "exchange" | "call";
  of: string | null;
  id: string | null;
  step: string;
  n: number;
};

/** Names of a head: more say nothing more. */
const MOST_NAMES = 4;

export function askingGroups(ask: Ask, projects: () => Promise<string[]>): Asking {
  return {
    async grouped(query) {
      const mine = await projects();
      const list = listOf(query, mine);
      if (list === null) return { items: [], total: 0, exchanges: 0 };
      const [{ total, exchanges } = { total: 0, exchanges: 0 }] = await ask<{
        total: number;
        exchanges: number;
      }>(
        `${list.sql} select (select count(*) from hits)::float8 as exchanges, (select count(*) from list)::float8 as total`,
        ...list.values,
      );
      const from = Math.max(0, Math.min(Math.trunc(query.from) || 0, total));
      const found = await ask<Found>(
        `${list.sql} select kind, of, id, step, n::float8 as n from list order by ${orderOf(query)} limit ?::bigint offset ?::bigint`,
        ...list.values,
        clamped(query.limit),
        from,
      );
      return { items: await itemsOf(ask, mine, query, list, found), total, exchanges };
    },
    async groupedRank(id, query) {
      const list = listOf(query, await projects());
      if (list === null) return null;
      const [found] = await ask<{ of: string | null; n: number; rank: number | null; head: number | null }>(
        `${list.sql}, ranked as (select list.*, row_number() over (order by ${orderOf(query)}) - 1 as rank from list)
         select hits.of, hits.n::float8 as n,
           (select rank from ranked where kind = 'exchange' and ranked.id = hits.id)::float8 as rank,
           (select rank from ranked where kind = 'head' and ranked.of = hits.of)::float8 as head
         from hits where hits.id = ?`,
        ...list.values,
        plain(id),
      );
      if (!found) return null;
      const group = found.n > 1 ? found.of : null;
      if (found.rank !== null) return { rank: found.rank, group, folded: false };
      return { rank: found.head ?? 0, group, folded: true } satisfies GroupedRank;
    },
  };
}

const RUN =
  "coalesce((select o.run from mcpl.run_of o where o.project = e.project and o.exchange = e.id), e.run_as, e.run)";

/** `hits` are exchanges that fit, with their groups; `list` is what is to be put in order. Null when nothing can fit. */
function listOf(
  { by, filter, now, fold, calls }: Asked,
  projects: readonly string[],
): { sql: string; values: Value[] } | null {
  const found = foundAtOnce(projects, { ...(filter && { filter }), ...(now !== undefined && { now }) });
  if (found === null) return null;
  const fits = rowsIn(found);
  const isNamed = "coalesce(of = any(?::text[]), false)";
  const sql = `with every as (
      select e.project, e.id, e.started, ${by === "run" ? RUN : "coalesce(e.conversation_as, e.conversation)"} as of, (${fits.sql}) as fits
      from mcpl.lean e where e.project = any(?::text[])),
    placed as (
      select *, first_value(started) over w as first_started, first_value(id) over w as first_id from every
      window w as (partition by coalesce(of, chr(1) || id) order by started, id)),
    hits as (select *, count(*) over (partition by first_started, first_id) as n from placed where fits),
    shown as (select * from hits where n = 1 or ${fold.folded === "these" ? "not " : ""}${isNamed}),
    list as (
      select 'head' as kind, of, null as id, null::bigint as started, first_started, first_id, 0::float8 as at, '' as step, max(n) as n
      from hits where n > 1 group by of, first_started, first_id
      union all select 'exchange', of, id, started, first_started, first_id, 0, '', n from shown
      union all select 'call', of, shown.id, shown.started, first_started, first_id, s.at, s.id, n from shown
        join mcpl.step s on s.project = shown.project and s.exchange = shown.id
        where shown.id = any(?::text[]) and position('"kind":"tool"' in s.row) > 0)`;
  return {
    sql,
    values: [...fits.values, arrayOf(projects), arrayOf(fold.ids.map(plain)), arrayOf(calls.map(plain))],
  };
}

/** A head first, then its exchanges, each with its calls. */
function orderOf({ order }: Asked): string {
  const way = order === "newest last" ? "asc" : "desc";
  return `first_started ${way}, first_id ${way}, (kind <> 'head'), started ${way}, id ${way}, (kind = 'call'), at, step`;
}

async function itemsOf(
  ask: Ask,
  projects: readonly string[],
  query: GroupedQuery,
  list: { sql: string; values: Value[] },
  found: readonly Found[],
): Promise<GroupedRow[]> {
  const ids = [...new Set(found.flatMap(({ kind, id }) => (kind === "exchange" && id !== null ? [id] : [])))];
  const [rows, calls, steps, heads] = await Promise.all([
    rowsOf(ask, projects, ids),
    ask<{ exchange: string; n: number }>(
      `select s.exchange, count(*)::float8 as n from mcpl.step s where s.project = any(?::text[])
       and s.exchange = any(?::text[]) and position('"kind":"tool"' in s.row) > 0 group by 1`,
      arrayOf(projects),
      arrayOf(ids),
    ),
    ask<{ id: string; row: string }>(
      "select s.id, s.row from mcpl.step s where s.project = any(?::text[]) and s.id = any(?::text[])",
      arrayOf(projects),
      arrayOf(found.flatMap(({ step }) => (step === "" ? [] : [step]))),
    ),
    headsOf(ask, projects, query, list, [...new Set(found.flatMap(({ of }) => of ?? []))]),
  ]);
  const row = new Map(rows.map((one) => [one.id, one]));
  const n = new Map(calls.map((one) => [one.exchange, one.n]));
  const step = new Map(steps.map((one) => [one.id, believedStep(jsonOf(one.row))]));
  const isFolded = (id: string) => query.fold.ids.includes(id) === (query.fold.folded === "these");
  return found.flatMap((one): GroupedRow[] => {
    const head = one.n > 1 && one.of !== null ? heads.get(one.of) : undefined;
    const group = head?.id ?? null;
    if (one.kind === "head")
      return head ? [{ kind: "group", group: { ...head, folded: isFolded(head.id) } }] : [];
    if (one.kind === "call") {
      const call = step.get(one.step);
      return call ? [{ kind: "call", step: call, group }] : [];
    }
    const exchange: ExchangeRow | undefined = row.get(one.id ?? "");
    if (!exchange) return [];
    const asked = n.get(exchange.id) ?? 0;
    const opened = asked > 0 && query.calls.includes(exchange.id);
    return [{ kind: "exchange", row: exchange, group, calls: asked, opened }];
  });
}

type Summed = Omit<GroupRow, "by" | "folded" | "title" | "clients" | "models"> & {
  clients: (string | null)[];
  models: (string | null)[];
  first_row: string;
  run_row: string | null;
};

/** Sums of what fits; a run has a title, a conversation is called by what its first one asked. */
async function headsOf(
  ask: Ask,
  projects: readonly string[],
  { by }: GroupedQuery,
  list: { sql: string; values: Value[] },
  groups: readonly string[],
): Promise<Map<string, GroupRow>> {
  if (groups.length === 0) return new Map();
  const rows = await ask<Summed>(
    `${list.sql} select hits.of as id, count(*)::float8 as n, min(hits.started)::float8 as at,
       max(hits.started + coalesce(e.duration_ms, 0))::float8 as last_at,
       array_agg(distinct e.client) as clients, array_agg(distinct e.model) as models,
       coalesce(sum(e.tokens_in), 0)::float8 as tokens_in, coalesce(sum(e.tokens_out), 0)::float8 as tokens_out,
       coalesce(sum(e.cost), 0)::float8 as cost, count(*) filter (where ${IS_ERROR})::float8 as errors,
       sum(e.problems)::float8 as problems,
       (array_agg(e.row order by hits.started, hits.id))[1] as first_row,
       (select r.row from mcpl.run r where r.project = any(?::text[]) and r.id = hits.of and r.row is not null limit 1) as run_row
     from hits join mcpl.exchange e on e.project = hits.project and e.started = hits.started and e.id = hits.id
     where hits.of = any(?::text[]) group by hits.of`,
    ...list.values,
    arrayOf(projects),
    arrayOf(groups),
  );
  return new Map(
    rows.map(({ first_row, run_row, clients, models, ...sums }) => {
      const own = by === "run" && run_row ? believedRun(jsonOf(run_row)).title : null;
      // Rows are read here: as JSON they may hold what Postgres' own JSON refuses.
      const { asked } = believedExchange(jsonOf(first_row));
      const head = { ...sums, by, folded: false, title: own || asked || sums.id };
      return [sums.id, { ...head, clients: namesIn(clients), models: namesIn(models) }];
    }),
  );
}

function namesIn(all: readonly (string | null)[]): string[] {
  return all.filter((name) => name !== null).slice(0, MOST_NAMES);
}
