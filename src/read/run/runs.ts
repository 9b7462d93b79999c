/** The rows of runs: sums that a step is added to and taken from, so that a step costs the same in a long run. */
import type { RunRow, StepRow } from "../../fact/rows.ts";
import type { ModelEvidence } from "./evidence.ts";
import { cut } from "./excerpt.ts";
import { laneOf } from "./model-step.ts";
import { TimeList } from "./time-list.ts";
import { hasFailed, type Node } from "./world.ts";

const TITLE = 120;
const MOST_MODELS = 8;
/** More names than a person looks for in one run; a row goes to every page with each step. */
const MOST_NAMES = 32;

type Sums = Pick<
  RunRow,
  "model_calls" | "tool_calls" | "tokens_in" | "tokens_out" | "tokens_cached" | "cost" | "errors" | "problems"
>;

const NO_SUMS: Readonly<Sums> = {
  model_calls: 0,
  tool_calls: 0,
  tokens_in: 0,
  tokens_out: 0,
  tokens_cached: 0,
  cost: 0,
  errors: 0,
  problems: 0,
};

type Took = NonNullable<RunRow["took"]>;

const NOTHING_TOOK: Readonly<Took> = { model: 0, tool: 0 };

const NO_TIES: Readonly<RunRow["ties"]> = { exact: 0, inferred: 0, ambiguous: 0 };

type Run = {
  readonly sums: Sums;
  readonly ties: RunRow["ties"];
  readonly took: Took;
  readonly models: Map<string, number>;
  readonly tools: Map<string, number>;
  readonly rules: Map<string, number>;
  readonly sessions: Map<string, number>;
  readonly lanes: Map<string, number>;
  readonly steps: Set<string>;
  /** Exchanges, those that bring tools, and the latest moment of each. */
  readonly nodes: TimeList<Node>;
  readonly talks: TimeList<Node>;
  /** Steps by the end of each; the latest may be taken away again. */
  readonly ends: TimeList<{ at: number; key: string }>;
};

export type Runs = ReturnType<typeof runs>;

export function runs() {
  const all = new Map<string, Run>();
  const steps = new Map<string, StepRow>();
  const homes = new Map<Node, string>();

  return {
    step: (id: string): StepRow | undefined => steps.get(id),
    known: (id: string): boolean => all.has(id),

    put(step: StepRow): void {
      this.drop(step.id);
      steps.set(step.id, step);
      count(runAt(step.run), step, 1);
    },
    drop(id: string): StepRow | null {
      const step = steps.get(id);
      if (!step) return null;
      steps.delete(id);
      const run = runAt(step.run);
      count(run, step, -1);
      if (isEmpty(run)) all.delete(step.run);
      return step;
    },
    /** Where the exchange belongs now. Gives the run that it left. */
    house(node: Node, id: string | null): string | null {
      const before = homes.get(node) ?? null;
      if (before === id) return null;
      if (before !== null) {
        const run = runAt(before);
        run.nodes.remove(node);
        run.talks.remove(node);
        if (isEmpty(run)) all.delete(before);
      }
      if (id === null) homes.delete(node);
      else {
        homes.set(node, id);
        runAt(id).nodes.add(node);
        if (node.it.purpose === "turn" && node.it.tools > 0) runAt(id).talks.add(node);
      }
      return before;
    },
    row(id: string, serverOf: (session: string) => string | null): RunRow | null {
      const run = all.get(id);
      return run && run.steps.size > 0 ? rowOf(id, run, serverOf) : null;
    },
  };

  function runAt(id: string): Run {
    const known = all.get(id);
    if (known) return known;
    const run: Run = {
      sums: { ...NO_SUMS },
      ties: { ...NO_TIES },
      took: { ...NOTHING_TOOK },
      models: new Map(),
      tools: new Map(),
      rules: new Map(),
      sessions: new Map(),
      lanes: new Map(),
      steps: new Set(),
      nodes: new TimeList(),
      talks: new TimeList(),
      ends: new TimeList(),
    };
    all.set(id, run);
    return run;
  }

  function rowOf(id: string, run: Run, serverOf: (session: string) => string | null): RunRow {
    const first = run.nodes.at(0);
    const talk = run.talks.at(0) ?? first;
    const last = run.ends.last()?.at ?? first?.at ?? 0;
    const sessions = [...run.sessions.keys()].toSorted();
    return {
      id,
      at: Math.min(first?.at ?? Infinity, run.ends.at(0)?.at ?? Infinity),
      last_at: last,
      title: titled(talk?.it.first?.text ?? talk?.it.last ?? ""),
      agent: talk?.it.agent ?? null,
      run: first?.it.run ?? null,
      models: named(run.models, MOST_MODELS),
      sessions,
      servers: [...new Set(sessions.flatMap((session) => serverOf(session) ?? []))].toSorted(),
      ...run.sums,
      cost: inDollars(run.sums.cost),
      tools: named(run.tools, MOST_NAMES),
      rules: named(run.rules, MOST_NAMES),
      agents: [...run.lanes.keys()].filter((lane) => lane !== "main").length,
      ties: { ...run.ties },
      took: { ...run.took },
      ...stateOf(run),
    };
  }

  /** Of the last answer in the conversation itself: what came of it. */
  function stateOf({ nodes }: Run): Pick<RunRow, "state" | "state_of" | "state_since"> {
    const latest = [...nodes.backFrom(Infinity, 16)];
    const node = latest.find((one) => one.it.purpose === "turn" && laneOf(one) === "main") ?? latest[0];
    if (!node) return { state: "done", state_of: null, state_since: 0 };
    if (hasFailed(node.it)) return { state: "failed", state_of: null, state_since: node.it.ended };
    const calls = node.asked.filter(({ it, closed }) => it.kind !== "provider" && !Number.isFinite(closed));
    if (calls.length === 0) return { state: "done", state_of: null, state_since: node.it.ended };
    for (const { served, it } of calls) {
      const open = [...served].filter((one) => one.it.state === "open").map(({ at }) => at);
      if (open.length > 0) return { state: "tool", state_of: it.name, state_since: Math.min(...open) };
    }
    const since = calls.flatMap(({ served, at }) =>
      served.size === 0 ? [at] : [...served].map(({ it }) => it.ended ?? it.at),
    );
    const waiting = calls.find(({ served }) => served.size === 0);
    return { state: "host", state_of: waiting?.it.name ?? null, state_since: Math.max(...since) };
  }
}

/** A run of which nothing but its first request is known. */
export function beginning({ at, first, last, agent, run, model }: ModelEvidence, id: string): RunRow {
  return {
    id,
    at,
    last_at: at,
    title: titled(first?.text ?? last),
    agent,
    run,
    models: model === null ? [] : [model],
    sessions: [],
    servers: [],
    ...NO_SUMS,
    tools: [],
    rules: [],
    agents: 0,
    ties: { ...NO_TIES },
    took: { ...NOTHING_TOOK },
    state: "model",
    state_of: model,
    state_since: at,
  };
}

/** Sums of doubles are off by less. */
export function inDollars(sum: number): number {
  return Math.round(sum * 1e9) / 1e9;
}

/** In whole ms: sums are the same in any order. Of a call that no server is known to have served nothing is known. */
export function tookOf({ kind, at, ended, ties, split }: StepRow): number {
  const whole = ended === null ? 0 : ended - at;
  const took = kind === "model" ? whole : (split?.server ?? (ties.length > 0 ? whole : 0));
  return Math.max(0, Math.round(took));
}

function titled(words: string): string {
  // Much white space in it: the words come later.
  const start = plain(words.slice(0, 2 * TITLE));
  return cut(start.length > TITLE ? start : plain(words), TITLE);
}

function plain(words: string): string {
  return words.replace(/\s+/g, " ").trim();
}

function isEmpty({ steps, nodes }: Run): boolean {
  return steps.size === 0 && nodes.size === 0;
}

function count(run: Run, step: StepRow, by: 1 | -1): void {
  const { sums } = run;
  if (by === 1) run.steps.add(step.id);
  else run.steps.delete(step.id);
  const end = { at: step.ended ?? step.at, key: step.id };
  if (by === 1) run.ends.add(end);
  else run.ends.removeKey(end);
  sums[step.kind === "model" ? "model_calls" : "tool_calls"] += by;
  for (const key of ["tokens_in", "tokens_out", "tokens_cached", "cost"] as const)
    sums[key] += by * (step[key] ?? 0);
  run.took[step.kind === "model" ? "model" : "tool"] += by * tookOf(step);
  if (step.state === "failed") sums.errors += by;
  sums.problems += by * step.problems.filter(({ severity }) => severity !== "note").length;
  if (step.certainty !== null) run.ties[step.certainty] += by;
  if (step.kind === "model") {
    tally(run.models, step.name, by);
    tally(run.lanes, step.lane, by);
  } else tally(run.tools, step.name, by);
  for (const { rule } of step.problems) tally(run.rules, rule, by);
  for (const tie of step.ties) tally(run.sessions, tie.slice(0, tie.lastIndexOf("/")), by);
}

function tally(counts: Map<string, number>, name: string, by: 1 | -1): void {
  const now = (counts.get(name) ?? 0) + by;
  if (now > 0) counts.set(name, now);
  else counts.delete(name);
}

/** The most used first. */
function named(counts: ReadonlyMap<string, number>, most: number): string[] {
  const entries = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return entries.slice(0, most).map(([name]) => name);
}
