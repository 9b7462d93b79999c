/** What the exchanges that fit come to, over time and by model, in the store of a team. */
import type { Index, Overview, OverviewQuery, Sums } from "../index.ts";
import { type Bin, FINE, LEAST_MS, MOST_MODELS, spreadOf, stepOf } from "../spread.ts";
import { arrayOf, type Ask, type Value } from "./asking.ts";
import { isError, type Table } from "./filter.ts";
import { foundBy } from "./list.ts";

const sumsIn = (
  table: Table,
) => `count(*)::float8 as n, count(*) filter (where ${isError(table)})::float8 as errors,
  coalesce(sum(e.tokens_in), 0)::float8 as tokens_in, coalesce(sum(e.tokens_out), 0)::float8 as tokens_out,
  coalesce(sum(e.cost), 0)::float8 as cost`;

const NOTHING: Sums = { n: 0, errors: 0, tokens_in: 0, tokens_out: 0, cost: 0 };
const UNKNOWN = { p50: null, p95: null };

export function askingOverview(ask: Ask, projects: () => Promise<string[]>): Pick<Index, "overview"> {
  return { overview: async (query) => overviewOf(ask, await projects(), query) };
}

async function overviewOf(ask: Ask, projects: readonly string[], query: OverviewQuery): Promise<Overview> {
  const empty = { ...NOTHING, first: null, last: null, step_ms: 1000, stretches: [], models: [] };
  const nothing = { ...empty, ttft: UNKNOWN, total: UNKNOWN };
  const found = foundBy(query);
  if (found === null || projects.length === 0) return nothing;
  const sums = sumsIn(found.table);
  const fits = found.all.map(({ sql }) => ` and (${sql})`).join("");
  const values = found.all.flatMap((one) => one.values);
  const from = <Row>(what: string, rest = "", more: Value[] = []) =>
    ask<Row>(
      `select ${what} from ${found.table} e where e.project = any(?::text[])${fits} ${rest}`,
      arrayOf(projects),
      ...values,
      ...more,
    );
  const [whole] = await from<Sums & { first: number | null; last: number | null }>(
    `${sums}, min(e.started)::float8 as first, max(e.started)::float8 as last`,
  );
  if (!whole || whole.first === null || whole.last === null) return nothing;
  const step_ms = stepOf(whole.last - whole.first, query.stretches);
  const bins = (column: "ttft_ms" | "duration_ms") =>
    from<Bin & { model: string | null }>(
      `e.model, floor(ln(greatest(e.${column}, ${LEAST_MS})) * ${FINE})::int as bin, count(*)::float8 as n`,
      `and e.${column} is not null group by 1, 2`,
    );
  const [stretches, models, ttft, total] = await Promise.all([
    from<Sums & { at: number }>(
      `((e.started / ${step_ms}) * ${step_ms})::float8 as at, ${sums}`,
      "group by 1 order by 1",
    ),
    from<Sums & { model: string | null }>(
      `e.model as model, ${sums}`,
      'group by e.model order by n desc, e.model collate "C" nulls first limit ?::bigint',
      [MOST_MODELS],
    ),
    bins("ttft_ms"),
    bins("duration_ms"),
  ]);
  const of = (all: typeof ttft, model: string | null) => spreadOf(all.filter((one) => one.model === model));
  return {
    ...whole,
    step_ms,
    stretches,
    models: models.map((one) => ({ ...one, ttft: of(ttft, one.model), total: of(total, one.model) })),
    ttft: spreadOf(ttft),
    total: spreadOf(total),
  };
}
