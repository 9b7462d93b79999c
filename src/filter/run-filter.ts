/**
 * A filter in the list of runs. A run has values of its own (who asked, what it does now, what it took); the rest is asked of
 * its exchanges: one of them has to fit all such terms together, and none of them a term that is turned round.
 */
import type { RunRow } from "../fact/rows.ts";
import { clientNames } from "./fields.ts";
import type { Filter, Term } from "./filter.ts";
import { isWithin, like } from "./fits.ts";
import { isOver, standOf, toolName } from "./run-state.ts";
import type { Value } from "./value.ts";

type FieldTerm = Extract<Term, { kind: "field" }>;

export type RunFilter = {
  readonly own: readonly FieldTerm[];
  /** The run's own list has it, or one of its exchanges does. */
  readonly either: readonly FieldTerm[];
  /** One exchange has to fit all of these. */
  readonly one: Filter;
  /** No exchange may fit any of these. */
  readonly none: readonly Filter[];
};

const OWN = new Set(
  "state server steps errors client total tokens in out cached cost run recorder user project host since until".split(
    " ",
  ),
);
const EITHER = new Set(["model", "tool", "problem"]);
/** Of `is` and `has`: what is said of a run as a whole. */
const OWN_FLAGS = new Set(["streaming", "done", "error", "starred", "problem", "cache"]);

export function runFilterOf({ terms }: Filter): RunFilter {
  const said = terms.filter((term) => term.kind !== "wrong");
  const fields = said.filter((term) => term.kind === "field");
  const own = fields.filter(isOwn);
  const either = fields.filter(({ field }) => EITHER.has(field.name));
  const rest = said.filter((term) => term.kind === "text" || !(own.includes(term) || either.includes(term)));
  return {
    own,
    either,
    one: { terms: rest.filter(({ not }) => !not) },
    none: rest.filter(({ not }) => not).map((term) => ({ terms: [{ ...term, not: false }] })),
  };
}

function isOwn({ field: { name }, values }: FieldTerm): boolean {
  if (name !== "is" && name !== "has") return OWN.has(name);
  return values.every((value) => value.kind === "flag" && OWN_FLAGS.has(value.flag));
}

/** `unknown`: what the row says fits, but something is asked of its exchanges, which only the index knows. */
export function runFits(run: RunRow, filter: Filter, now: number): "yes" | "no" | "unknown" {
  const { own, either, one, none } = runFilterOf(filter);
  for (const term of own) if (hasTerm(run, term, now) === term.not) return "no";
  const found = either.map((term) => ({ term, has: hasTerm(run, term, now) }));
  if (found.some(({ term, has }) => has && term.not)) return "no";
  const isAsked = one.terms.length > 0 || none.length > 0 || found.some(({ has }) => !has);
  return isAsked ? "unknown" : "yes";
}

function hasTerm(run: RunRow, { field: { name }, values }: FieldTerm, now: number): boolean {
  return values.some((value) => hasValue(run, name, value, now));
}

function hasValue(run: RunRow, name: string, value: Value, now: number): boolean {
  switch (value.kind) {
    case "text":
      return textsOfRun(run, name).some((text) => text !== null && like(text, value.pattern));
    case "range":
      return isWithin(numberOfRun(run, name, now), value.from, value.to);
    case "flag":
      return is(run, name === "is" && value.flag === "done" ? "over" : value.flag, now);
    case "age":
      return name === "since" ? run.at >= now - value.ms : run.at <= now - value.ms;
    case "at":
      return name === "since" ? run.at >= value.at : run.at <= value.at;
    default:
      return value satisfies never;
  }
}

/** What an index keeps of a run for filters, beside its numbers. */
export function textsOfRun(run: RunRow, name: string): readonly (string | null)[] {
  switch (name) {
    case "client":
      return clientNames(run.agent);
    case "model":
      return run.models;
    case "server":
      return run.servers;
    case "tool":
      return toolNames(run);
    case "problem":
      return run.rules ?? [];
    case "run":
      return [run.id, run.run];
    default:
      return [run.origin?.[name as keyof NonNullable<RunRow["origin"]>] ?? null];
  }
}

/** As the model calls them, and by their own names. */
export function toolNames({ tools = [] }: RunRow): string[] {
  return [...new Set(tools.flatMap((name) => [name, toolName(name)]))];
}

function numberOfRun(run: RunRow, name: string, now: number): number {
  switch (name) {
    case "steps":
      return run.model_calls + run.tool_calls;
    case "errors":
      return run.errors;
    case "total":
      return (isOver(run, now) ? run.last_at : now) - run.at;
    case "tokens":
      return run.tokens_in + run.tokens_out;
    case "cost":
      return run.cost;
    default:
      return run[`tokens_${name}` as "tokens_in" | "tokens_out" | "tokens_cached"];
  }
}

/** Words of `state`, `is` and `has`. Whatever is over `is:done`; `state:done` is what did not fail. */
function is(run: RunRow, flag: string, now: number): boolean {
  const stand = standOf(run, now);
  switch (flag) {
    case "running":
    case "streaming":
      return !isOver(run, now);
    case "over":
      return isOver(run, now);
    case "waiting":
      return stand === "model" || stand === "host";
    case "error":
      return run.errors > 0 || stand === "failed";
    case "starred":
      return run.starred === true;
    case "problem":
      return run.problems > 0;
    case "cache":
      return run.tokens_cached > 0;
    default:
      return stand === flag;
  }
}
