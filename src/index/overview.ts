/** What the exchanges that fit come to, over time and by model: one walk over the narrow table, however much is asked of it. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Overview, OverviewQuery, Sums } from "./index.ts";
import { IS_ERROR } from "./filter.ts";
import { sourceOf, valuesOf, where } from "./list.ts";
import { SLOTS } from "./place.ts";
import { FINE, LEAST_MS, MOST_MODELS, spreadOf, stepOf } from "./spread.ts";

/** One exchange; `at` in ms. */
type One = {
  at: number;
  model: string | null;
  error: number;
  tokens_in: number | null;
  tokens_out: number | null;
  cost: number | null;
  ttft_ms: number | null;
  duration_ms: number | null;
};

const ONE = `e.place / ${SLOTS} as at, e.model as model, ${IS_ERROR} as error, e.tokens_in as tokens_in,
  e.tokens_out as tokens_out, e.cost as cost, e.ttft_ms as ttft_ms, e.duration_ms as duration_ms`;

export function overviewOf(db: Database, query: OverviewQuery): Overview {
  const all: Sums & Times = { ...nothing(), ttft: new Map(), total: new Map() };
  const unknown = spread(new Map());
  const empty: Overview = {
    ...nothing(),
    first: null,
    last: null,
    step_ms: 1000,
    stretches: [],
    models: [],
    ttft: unknown,
    total: unknown,
  };
  const found = sourceOf(query, { by: "status", order: "ascending" });
  if (found === null) return empty;
  const ask = <Row>(what: string) =>
    db.query<Row, SQLQueryBindings[]>(`select ${what} from ${found.from} ${where(found.all)}`);
  const [ends] = ask<{ first: number | null; last: number | null }>(
    `min(e.place) / ${SLOTS} as first, max(e.place) / ${SLOTS} as last`,
  ).all(...valuesOf(found.all));
  const { first, last } = ends ?? { first: null, last: null };
  if (first === null || last === null) return empty;

  const step_ms = stepOf(last - first, query.stretches);
  const stretches = new Map<number, Sums & { at: number }>();
  const models = new Map<string | null, Sums & Times & { model: string | null }>();
  for (const one of ask<One>(ONE).iterate(...valuesOf(found.all))) {
    const at = one.at - (one.at % step_ms);
    const stretch = stretches.get(at) ?? put(stretches, at, { at, ...nothing() });
    add(stretch, one);
    const { model } = one;
    const its =
      models.get(model) ?? put(models, model, { model, ...nothing(), ttft: new Map(), total: new Map() });
    add(its, one);
    count(its.ttft, one.ttft_ms);
    count(its.total, one.duration_ms);
  }
  for (const its of models.values()) {
    for (const name of Object.keys(nothing()) as (keyof Sums)[]) all[name] += its[name];
    for (const time of ["ttft", "total"] as const)
      for (const [bin, n] of its[time]) all[time].set(bin, (all[time].get(bin) ?? 0) + n);
  }
  const { ttft, total, ...sums } = all;
  return {
    ...sums,
    first,
    last,
    step_ms,
    stretches: [...stretches.values()].toSorted((a, b) => a.at - b.at),
    models: [...models.values()]
      .toSorted((a, b) => b.n - a.n || (String(a.model ?? "") < String(b.model ?? "") ? -1 : 1))
      .slice(0, MOST_MODELS)
      .map((its) => ({ ...its, ttft: spread(its.ttft), total: spread(its.total) })),
    ttft: spread(ttft),
    total: spread(total),
  };
}

/** How many in each logarithmic bin. */
type Bins = Map<number, number>;
type Times = { ttft: Bins; total: Bins };

function nothing(): Sums {
  return { n: 0, errors: 0, tokens_in: 0, tokens_out: 0, cost: 0 };
}

function add(sums: Sums, { error, tokens_in, tokens_out, cost }: One): void {
  sums.n++;
  sums.errors += error;
  if (tokens_in !== null) sums.tokens_in += tokens_in;
  if (tokens_out !== null) sums.tokens_out += tokens_out;
  if (cost !== null) sums.cost += cost;
}

function count(bins: Bins, ms: number | null): void {
  if (ms === null) return;
  const bin = Math.floor(Math.log(Math.max(ms, LEAST_MS)) * FINE);
  bins.set(bin, (bins.get(bin) ?? 0) + 1);
}

function spread(bins: Bins) {
  return spreadOf([...bins].map(([bin, n]) => ({ bin, n })));
}

function put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Value {
  map.set(key, value);
  return value;
}
