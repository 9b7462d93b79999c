/** What the exchanges that fit come to, over time and by model: each sum is one pass over the narrow table. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Overview, OverviewQuery, Sums } from "./index.ts";
import { IS_ERROR } from "./filter.ts";
import { sourceOf, valuesOf, where } from "./list.ts";
import { SLOTS } from "./place.ts";
import { type Bin, FINE, LEAST_MS, MOST_MODELS, spreadOf, stepOf } from "./spread.ts";

const SUMS = `count(*) as n, coalesce(sum(${IS_ERROR}), 0) as errors, coalesce(sum(e.tokens_in), 0) as tokens_in,
  coalesce(sum(e.tokens_out), 0) as tokens_out, coalesce(sum(e.cost), 0) as cost`;

const NOTHING: Sums = { n: 0, errors: 0, tokens_in: 0, tokens_out: 0, cost: 0 };
const UNKNOWN = { p50: null, p95: null };

export function overviewOf(db: Database, query: OverviewQuery): Overview {
  const empty = { ...NOTHING, first: null, last: null, step_ms: 1000, stretches: [], models: [] };
  const found = sourceOf(query, { by: "status", order: "ascending" });
  if (found === null) return { ...empty, ttft: UNKNOWN, total: UNKNOWN };
  const ask = <Row>(what: string, rest = "", more: SQLQueryBindings[] = []) =>
    db
      .query<Row, SQLQueryBindings[]>(`select ${what} from ${found.from} ${where(found.all)} ${rest}`)
      .all(...valuesOf(found.all), ...more);
  const [{ first, last, ...sums } = { ...NOTHING, first: null, last: null }] = ask<
    Sums & { first: number | null; last: number | null }
  >(`${SUMS}, min(e.place) / ${SLOTS} as first, max(e.place) / ${SLOTS} as last`);
  if (first === null || last === null) return { ...empty, ttft: UNKNOWN, total: UNKNOWN };
  const step_ms = stepOf(last - first, query.stretches);
  const bins = (column: "ttft_ms" | "duration_ms") =>
    ask<Bin & { model: string | null }>(
      `e.model, cast(floor(ln(max(e.${column}, ${LEAST_MS})) * ${FINE}) as integer) as bin, count(e.${column}) as n`,
      "group by 1, 2",
    ).filter(({ n }) => n > 0);
  const [ttft, total] = [bins("ttft_ms"), bins("duration_ms")];
  const of = (all: typeof ttft, model: string | null) => spreadOf(all.filter((one) => one.model === model));
  return {
    ...sums,
    first,
    last,
    step_ms,
    stretches: ask<Sums & { at: number }>(
      `(e.place / ${SLOTS} / ${step_ms}) * ${step_ms} as at, ${SUMS}`,
      "group by 1 order by 1",
    ),
    models: ask<Sums & { model: string | null }>(
      `e.model as model, ${SUMS}`,
      "group by e.model order by n desc, model limit ?",
      [MOST_MODELS],
    ).map((one) => ({ ...one, ttft: of(ttft, one.model), total: of(total, one.model) })),
    ttft: spreadOf(ttft),
    total: spreadOf(total),
  };
}
