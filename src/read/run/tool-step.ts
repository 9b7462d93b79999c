/** The step of a tool call as a row: what was asked, what the server gave, what the model saw of it. */
import { NOTHING_OF_A_STEP } from "../../fact/no-step.ts";
import type { StepMarks, StepRow, StepState } from "../../fact/rows.ts";
import { clockAhead } from "./clocks.ts";
import { cut, MOST_SHOWN_CHARS, wordsOf } from "./excerpt.ts";
import { argumentProblems, fidelityOf } from "./fidelity.ts";
import { EARLY } from "./plausible.ts";
import { namesServer } from "./tool-names.ts";
import type { ToolContext } from "./tool-context.ts";
import { clockProblems, orderProblems, stateProblems } from "./tool-problems.ts";
import { type Asked, rootOf, type Served } from "./world.ts";

/** APIs in which a result can say that it is an error. */
const FLAGGED = /anthropic|bedrock|gemini|vertex/;

export function toolStep(asked: Asked, context: ToolContext): StepRow {
  const { it, node, seen } = asked;
  const served = [...asked.served].toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  const [first] = served;
  const tie = first?.tie ?? null;
  const state = stateOf(asked, served, context);
  const isSure = tie !== null && tie.certainty !== "ambiguous";
  const only = isSure && served.length === 1 && it.kind !== "script" ? first! : null;
  const hasFlag = FLAGGED.test(seen?.node.it.dialect ?? "");
  const told =
    only?.it.result && seen
      ? fidelityOf(only.it.result, seen.result, hasFlag)
      : { fidelity: null, problems: [] };
  const ahead = only ? clockAhead(asked, only) : null;
  const problems = [
    ...(only ? argumentProblems(it, only.it) : []),
    ...told.problems,
    ...stateProblems(asked, served, state, { isSure, ahead }),
    ...clockProblems(ahead),
    ...orderProblems(context),
  ];
  const session = first && context.session(first);
  const closed = Number.isFinite(asked.closed) ? asked.closed : null;
  // On the model's clock, beginning when it was asked.
  const shift = ahead === null ? 0 : only!.it.at - asked.at;
  const ended = served.reduce<number | null>(
    (so, one) => (one.it.ended === null ? so : Math.max(so ?? 0, one.it.ended)),
    null,
  );
  return {
    ...NOTHING_OF_A_STEP,
    id: asked.key,
    run: rootOf(node.group).id,
    kind: "tool",
    at: asked.at,
    ended: (ended === null ? null : ended - shift) ?? seen?.node.at ?? closed,
    lane: laneOfTool(state, session?.name ?? null),
    parent: context.parent,
    name: it.namespace === null ? it.name : `${it.namespace}.${it.name}`,
    asked: cut(it.args.text, MOST_SHOWN_CHARS),
    answered: cut(wordsOf(first?.it.result?.blocks ?? seen?.result.blocks ?? []), MOST_SHOWN_CHARS),
    state,
    exchange: it.exchange,
    call: it.id,
    seen: seen?.node.key ?? null,
    ties: served.map(({ key }) => key),
    certainty: tie?.certainty ?? null,
    rule: tie?.rule ?? null,
    attempts: [],
    split: only ? splitOf(asked, only, ahead) : null,
    fidelity: told.fidelity,
    ...marksOf(served, shift),
    problems,
  };
}

/** Of a script that made several calls none stands for all. */
function marksOf(served: readonly Served[], shift: number): { marks?: StepMarks } {
  const marks = served.length === 1 ? served[0]!.it.marks : undefined;
  if (!marks) return {};
  const { progress, cancelled } = marks;
  const moved = { progress: progress.map((at) => at - shift), cancelled: cancelled && cancelled - shift };
  return { marks: moved };
}

function laneOfTool(state: StepState, server: string | null): string {
  if (server !== null) return `server ${server}`;
  return state === "provider" ? "provider" : "host";
}

function stateOf(asked: Asked, served: readonly Served[], { isOffered, session }: ToolContext): StepState {
  if (asked.it.kind === "provider") return "provider";
  if (served.length > 0) {
    const open = served.filter(({ it }) => it.state === "open");
    if (open.length === 0) return served.every(({ it }) => it.state === "cancelled") ? "cancelled" : "served";
    // The conversation went on, or the server is gone: nobody waits for the answer any more.
    return Number.isFinite(asked.closed) || open.every((one) => session(one)?.closed === true)
      ? "no-answer"
      : "running";
  }
  if (asked.it.kind === "script") return asked.seen ? "host" : "asked";
  if (asked.seen === null && !Number.isFinite(asked.closed)) return "asked";
  if (isOffered(asked)) return "not-sent";
  return namesServer(asked.it) ? "unrecorded" : "host";
}

/** Negative times are those of two clocks: then nothing can be said. */
function splitOf({ at, seen, node }: Asked, { it }: Served, ahead: number | null): StepRow["split"] {
  const next = seen?.result.fresh ? seen.node : null;
  const span = (from: number | null, to: number | null) =>
    from === null || to === null ? null : to >= from ? to - from : to >= from - EARLY ? 0 : null;
  return {
    host: ahead !== null ? null : node.it.streamed || it.at >= at ? span(at, it.at) : 0,
    server: span(it.at, it.ended),
    back: ahead !== null ? null : span(it.ended, next?.at ?? null),
    model: next === null ? null : (next.it.first_token ?? next.it.first_byte),
  };
}
