/**
 * From a filter to conditions over runs, in the words of any engine; what is asked of their exchanges is a question of its
 * own. `runFits` says the same of a row, held by a test over random ones. Also the orders of the list, and its pages.
 */
import { runFilterOf } from "../filter/run-filter.ts";
import { SILENT_MS } from "../filter/run-state.ts";
import type { Filter, Term } from "../filter/filter.ts";
import type { RunSort } from "../filter/sort.ts";
import { type Condition, conditionsOf, type Engine, MOST_TERMS } from "./conditions.ts";

const GOING = "r.stand in ('model', 'tool', 'host')";

/** Flags that every engine says in the same words. */
export const RUN_FLAGS = {
  running: GOING,
  streaming: GOING,
  "is done": `not ${GOING}`,
  waiting: "r.stand in ('model', 'host')",
  ...Object.fromEntries(
    ["model", "tool", "host", "silent", "done", "failed"].map((state) => [state, `r.stand = '${state}'`]),
  ),
  error: "(r.errors > 0 or r.stand = 'failed')",
  problem: "r.problems > 0",
  cache: "r.tokens_cached > 0",
} as const;

export const RUN_NUMBERS = {
  steps: "r.steps",
  errors: "r.errors",
  total: "r.total",
  in: "r.tokens_in",
  out: "r.tokens_out",
  cached: "r.tokens_cached",
  tokens: "(r.tokens_in + r.tokens_out)",
  cost: "r.cost",
} as const;

/** `among`: the run has an exchange that fits; null when none can. */
export type RunEngine = Engine & { among(filter: Filter): Condition | null };

/** Null when nothing fits. */
export function runConditions(filter: Filter, now: number, engine: RunEngine): Condition[] | null {
  const { own, either, one, none } = runFilterOf(filter);
  const all = [...conditionsOf({ terms: own }, now, engine).fields];
  for (const term of either.slice(0, MOST_TERMS)) all.push(ofEither(term, now, engine));
  if (one.terms.length > 0) {
    const found = engine.among(one);
    if (found === null) return null;
    all.push(found);
  }
  for (const other of none.slice(0, MOST_TERMS)) {
    const found = engine.among(other);
    if (found !== null) all.push({ ...found, sql: `not (${found.sql})` });
  }
  return all;
}

function ofEither(term: Term & { kind: "field" }, now: number, engine: RunEngine): Condition {
  const asked: Filter = { terms: [{ ...term, not: false }] };
  const both = [...conditionsOf(asked, now, engine).fields, engine.among(asked)].filter((it) => it !== null);
  const sql = both.map((it) => `(${it.sql})`).join(" or ");
  return { sql: term.not ? `not (${sql})` : `(${sql})`, values: both.flatMap(({ values }) => values) };
}

/**
 * Rows of runs as `r`, with what they do at this moment (`stand`) and how long they take (`total`). `asking` says whether the
 * model of a run is being asked now, of which no row knows. Values, as they stand in the text: now, the asking, when silence began.
 */
export function standing(runs: string, asking: string, number: string): string {
  return `(select *, case when ${GOING.replace("r.", "")} then ${number} - at else last_at - at end as total
    from (select *, case when ${asking} then 'model'
      when state in ('model', 'tool', 'host') and since < ${number} then 'silent' else state end as stand from ${runs}) r) r`;
}

/** More runs than anybody has going on at a time. */
const MOST_ASKING = 1_000;

export function moments(asking: readonly string[], now: number) {
  return { asking: asking.slice(-MOST_ASKING), silent: now - SILENT_MS, now };
}

export const NEWEST_RUN: RunSort = { by: "time", order: "descending" };

/** `first`: how an engine says the first of a list. */
export function keyOfOrder({ by, order }: RunSort, first: (list: string) => string): string {
  // What is not there comes last in both directions.
  const words = (column: string) =>
    order === "ascending" ? `coalesce(${column}, '\u{10ffff}')` : `coalesce(${column}, '')`;
  switch (by) {
    case "time":
      return "r.at";
    case "client":
      return words("r.agent");
    case "state":
      return "r.stand";
    case "model":
      return words(first("r.models"));
    case "server":
      return words(first("r.servers"));
    case "steps":
    case "total":
    case "tokens":
    case "cost":
    case "errors":
      return RUN_NUMBERS[by];
    case "problems":
      return "r.problems";
    default:
      return by satisfies never;
  }
}
