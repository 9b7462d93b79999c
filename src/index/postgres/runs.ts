/** Runs, steps and ties in the store: as their recorders made them, or joined. */
import type { RunRow, StepRow, TieRow } from "../../fact/rows.ts";
import type { Index, Page, RunQuery } from "../index.ts";
import type { Condition } from "../conditions.ts";
import { arrayOf, type Ask, type Value } from "./asking.ts";
import { type Found, plain } from "./filter.ts";
import { beginningOf, clamped, foundBy, type From, owned } from "./list.ts";

type Row = { row: string };
type Owned = Row & From;
type Asking = Pick<
  Index,
  "run" | "runs" | "steps" | "step" | "stepsOf" | "treated" | "ties" | "tie" | "tiesOf"
>;

/** More ties than a page can show; a run of so many has its steps in pages. */
const MOST_TIES = 10_000;
const MOST_STEPS = 1_000;
const OWNED = "r.row, r.project, r.recorder, r.person, r.host";

export function askingRuns(ask: Ask, projects: () => Promise<string[]>): Asking {
  /** `?` of the first value are the projects. */
  const asked = async <Found>(sql: string, ...values: Value[]) =>
    ask<Found>(sql, arrayOf(await projects()), ...values);
  const steps = async (sql: string, ...values: Value[]) =>
    (
      await asked<Row>(`select s.row from mcpl.step s where s.project = any(?::text[]) and ${sql}`, ...values)
    ).map(parsed<StepRow>);
  const ties = async (sql: string, ...values: Value[]) =>
    (
      await asked<Row>(`select t.row from mcpl.tie t where t.project = any(?::text[]) and ${sql}`, ...values)
    ).map(parsed<TieRow>);

  return {
    runs: async (query) => runs(ask, await projects(), query),
    async run(id) {
      const [found] = await asked<Owned>(
        `select ${OWNED} from mcpl.run r where r.project = any(?::text[]) and r.id = ? and r.row is not null limit 1`,
        plain(id),
      );
      return found === undefined ? null : runRow(found);
    },
    async steps(run, after, limit = 1_000) {
      const most = clamped(limit);
      const [last] =
        after === undefined
          ? []
          : await asked<{ at: number }>(
              "select at from mcpl.step where project = any(?::text[]) and id = ?",
              plain(after),
            );
      const at = after === undefined ? -1 : (last?.at ?? Number.MAX_VALUE);
      const found = await steps(
        "s.run = ? and (s.at, s.id) > (?::float8, ?) order by s.at, s.id limit ?::bigint",
        plain(run),
        at,
        plain(after ?? ""),
        most + 1,
      );
      const items = found.slice(0, most);
      return { items, next: found.length > most ? (items.at(-1)?.id ?? null) : null };
    },
    step: async (id) => (await steps("s.id = ? limit 1", plain(id)))[0] ?? null,
    stepsOf: (exchange) =>
      steps(
        "(s.exchange = ? or s.seen = ?) order by s.at, s.id limit ?::bigint",
        plain(exchange),
        plain(exchange),
        MOST_STEPS,
      ),
    async treated(limit) {
      const found = await asked<Owned & { step: string }>(
        `select s.row as step, ${OWNED} from mcpl.step s join mcpl.run r on r.project = s.project and r.id = s.run
         where s.project = any(?::text[]) and s.treated and r.row is not null order by s.at desc limit ?::bigint`,
        clamped(limit),
      );
      return found.map((one) => ({ step: JSON.parse(one.step) as StepRow, run: runRow(one) }));
    },
    ties: (run) => ties("t.run = ? order by t.id limit ?::bigint", plain(run), MOST_TIES),
    tie: async (id) => (await ties("t.id = ? limit 1", plain(id)))[0] ?? null,
    /** "0" is the sign behind "/". */
    tiesOf: (session) =>
      ties(
        "t.id >= ? and t.id < ? order by t.id limit ?::bigint",
        plain(`${session}/`),
        plain(`${session}0`),
        MOST_TIES,
      ),
  };
}

async function runs(ask: Ask, projects: readonly string[], query: RunQuery): Promise<Page<RunRow>> {
  const limit = clamped(query.limit);
  const found = foundBy(query);
  if (found === null || projects.length === 0) return { items: [], next: null, total: 0 };
  const within = withAny(found, projects);
  const [counts, before] = await Promise.all([
    ask<{ n: number }>(
      `select count(*)::float8 as n from mcpl.run r where r.project = any(?::text[]) and r.row is not null${within.sql}`,
      arrayOf(projects),
      ...(within.values as Value[]),
    ),
    query.before === undefined ? null : beginningOf(ask, "run", projects, query.before),
  ]);
  const paged = before === null ? "" : " and (r.at, r.id) < (?::float8, ?)";
  const rows = await ask<Owned>(
    `select ${OWNED} from mcpl.run r where r.project = any(?::text[]) and r.row is not null${within.sql}${paged}
     order by r.at desc, r.id desc limit ?::bigint`,
    arrayOf(projects),
    ...(within.values as Value[]),
    ...(before === null ? [] : [before.at, before.id]),
    limit + 1,
  );
  const items = rows.slice(0, limit).map(runRow);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total: counts[0]?.n ?? 0 };
}

/** A run fits when one of its exchanges does. */
function withAny({ table, all }: Found, projects: readonly string[]): Condition {
  if (all.length === 0) return { sql: "", values: [] };
  return {
    sql: ` and (r.project, r.id) in (select h.project, h.run from ${table} e
      join mcpl.run_of h on h.project = e.project and h.exchange = e.id
      where e.project = any(?::text[]) and ${all.map(({ sql }) => sql).join(" and ")})`,
    values: [arrayOf(projects), ...all.flatMap(({ values }) => values)],
  };
}

function runRow({ row, ...from }: Owned): RunRow {
  return owned(JSON.parse(row) as RunRow, from);
}

function parsed<Kind>({ row }: Row): Kind {
  return JSON.parse(row) as Kind;
}
