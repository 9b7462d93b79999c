/**
 * What the exchanges that fit come to, over time and by model, in the store of a team. What is asked of kinds alone is added up from
 * their sums, however many rows there are; of times within days, and of what is asked of rows, these are looked at.
 */
import type { Condition } from "../conditions.ts";
import type { Index, Overview, OverviewQuery, Spread, Sums } from "../index.ts";
import { type Bin, MOST_MODELS, spreadOf, stepOf } from "../spread.ts";
import type { Ask, Value } from "./asking.ts";
import { countOf, DAY_MS, daysOf, onDay } from "./days.ts";
import { type Found, foundBy, homeOf, isOfAnyTime, isOfKinds, kindsIn, restOf, rowsIn } from "./found.ts";

const HOUR_MS = 3_600_000;

const LOOKED = `count(*)::float8 as n, count(*) filter (where e.failed)::float8 as errors,
  coalesce(sum(e.tokens_in), 0)::float8 as tokens_in, coalesce(sum(e.tokens_out), 0)::float8 as tokens_out,
  coalesce(sum(e.cost), 0)::float8 as cost`;
const ADDED = ["n", "errors", "tokens_in", "tokens_out", "cost"]
  .map((name) => `sum(e.${name})::float8 as ${name}`)
  .join(", ");

const NOTHING: Sums = { n: 0, errors: 0, tokens_in: 0, tokens_out: 0, cost: 0 };
const UNKNOWN: Spread = { p50: null, p95: null };

type OfModel = Sums & { model: string | null };
type Lengths = Bin & { model: string | null; of: number };

export function askingOverview(ask: Ask, projects: () => Promise<string[]>): Pick<Index, "overview"> {
  return { overview: async (query) => overviewOf(ask, await projects(), query) };
}

async function overviewOf(ask: Ask, projects: readonly string[], query: OverviewQuery): Promise<Overview> {
  const empty = { ...NOTHING, first: null, last: null, step_ms: 1000, stretches: [], models: [] };
  const nothing = { ...empty, ttft: UNKNOWN, total: UNKNOWN };
  const found = await foundBy(ask, projects, query);
  const ends = found && (await endsOf(ask, found));
  if (found === null || ends === null) return nothing;
  const step_ms = stepOf(ends.last - ends.first, query.stretches);
  const [stretches, models, lengths] = await Promise.all([
    stretchesOf(ask, found, step_ms),
    modelsOf(ask, found),
    lengthsOf(ask, found),
  ]);
  const spread = (of: 0 | 1, all: readonly Lengths[]) => spreadOf(all.filter((one) => one.of === of));
  return {
    ...summed(models),
    ...ends,
    step_ms,
    stretches,
    models: models.slice(0, MOST_MODELS).map((one) => {
      const own = lengths.filter(({ model }) => model === one.model);
      return { ...one, ttft: spread(0, own), total: spread(1, own) };
    }),
    ttft: spread(0, lengths),
    total: spread(1, lengths),
  };
}

async function endsOf(ask: Ask, found: Found): Promise<{ first: number; last: number } | null> {
  const end = async (what: "min" | "max", more: readonly Condition[]) => {
    const { sql, values } = rowsIn(found, more);
    const [row] = await ask<{ at: number | null }>(
      `select ${what}(e.started)::float8 as at from mcpl.lean e where ${sql}`,
      ...values,
    );
    return row?.at ?? null;
  };
  const days = await daysOf(ask, found);
  const on = (day: number | undefined) => (day === undefined ? [] : [onDay(day)]);
  if (days?.length === 0) return null;
  const [first, last] = await Promise.all([
    end("min", on(days?.at(-1)?.day)),
    end("max", on(days?.[0]?.day)),
  ]);
  return first === null || last === null ? null : { first, last };
}

/** Of sums of whole days or hours where these are all that is asked for; else of rows, and of those that fit or those that do not: the fewer. */
async function stretchesOf(ask: Ask, found: Found, step: number): Promise<Stretch[]> {
  const of = (at: string, what: string, from: string, { sql, values }: Condition) =>
    ask<Stretch>(
      `select (${at} * ${step})::float8 as at, ${what} from ${from} e where ${sql} group by 1 order by 1`,
      ...values,
    );
  const whole = (unit: number) => Math.round(step / unit);
  if (step % HOUR_MS !== 0) return of(`e.started / ${step}`, LOOKED, "mcpl.lean", rowsIn(found));
  const perHour = `floor(e.hour / ${whole(HOUR_MS)}::float8)`;
  const looked = () => of(perHour, LOOKED, "mcpl.lean", rowsIn(found));
  if (!isOfAnyTime(found) || !isOfKinds(found)) return looked();
  if (step % DAY_MS === 0)
    return (await of(`floor(e.day / ${whole(DAY_MS)}::float8)`, ADDED, "mcpl.cell", kindsIn(found))).filter(
      isThere,
    );
  const every = async () => (await of(perHour, ADDED, "mcpl.hour", homeOf(found))).filter(isThere);
  if (found.about === "nothing") return every();
  const others = restOf(found);
  const [n, rest] = await Promise.all([countOf(ask, found), countOf(ask, others)]);
  if (n < rest) return looked();
  if (rest === 0) return every();
  const [all, less] = await Promise.all([every(), of(perHour, LOOKED, "mcpl.lean", rowsIn(others))]);
  return without(all, less);
}

type Stretch = Sums & { at: number };

function without(all: readonly Stretch[], less: readonly Stretch[]): Stretch[] {
  const gone = new Map(less.map((one) => [one.at, one]));
  return all
    .map(({ at, ...sums }) => {
      const own = gone.get(at);
      for (const name of Object.keys(NOTHING) as (keyof Sums)[]) sums[name] -= own?.[name] ?? 0;
      return { at, ...sums };
    })
    .filter(isThere);
}

async function modelsOf(ask: Ask, found: Found): Promise<OfModel[]> {
  const isAdded = isOfKinds(found) && isOfAnyTime(found);
  const { sql, values } = isAdded ? kindsIn(found) : rowsIn(found);
  const all = await ask<OfModel>(
    `select s.model, ${ADDED} from (select e.shape, ${isAdded ? ADDED : LOOKED} from ${isAdded ? "mcpl.cell" : "mcpl.lean"} e where ${sql} group by 1) e
     join mcpl.shape s on s.id = e.shape group by s.model order by n desc, s.model collate "C" nulls first`,
    ...values,
  );
  return all.filter(isThere);
}

/** How long what fits took, in bins, by model. */
async function lengthsOf(ask: Ask, found: Found): Promise<Lengths[]> {
  const of = (from: string, values: readonly Value[]) =>
    ask<Lengths>(
      `select s.model, e.of::int as of, e.bin::int as bin, sum(e.n)::float8 as n from (${from}) e join mcpl.shape s on s.id = e.shape group by 1, 2, 3`,
      ...values,
    );
  if (isOfAnyTime(found) && (found.about === "nothing" || found.about === "shapes")) {
    const { sql, values } = kindsIn(found);
    const all = await of(`select e.shape, e.of, e.bin, e.n from mcpl.spread e where ${sql}`, values);
    return all.filter(isThere);
  }
  const { sql, values } = rowsIn(found);
  const looked = (of: 0 | 1, column: string) =>
    `select e.shape, ${of} as of, e.${column} as bin, count(*) as n
     from mcpl.lean e where ${sql} and e.${column} is not null group by 1, 3`;
  const [ttft, total] = await Promise.all([
    of(looked(0, "ttft_bin"), values),
    of(looked(1, "duration_bin"), values),
  ]);
  return [...ttft, ...total];
}

/** What was there and was deleted leaves a sum of none. */
function isThere({ n }: { n: number }): boolean {
  return n > 0;
}

function summed(all: readonly Sums[]): Sums {
  const sums = { ...NOTHING };
  for (const one of all) for (const name of Object.keys(NOTHING) as (keyof Sums)[]) sums[name] += one[name];
  return sums;
}
