/** The steps of a run as rows: a model call with its attempts, a tool call with what became of it. */
import type { Phase, StepMarks, StepProblem, StepRow, StepState, TieRow } from "../../fact/rows.ts";
import type { ServedCall, SessionEvidence } from "./evidence.ts";
import { clockAhead } from "./clocks.ts";
import { argumentProblems, fidelityOf } from "./fidelity.ts";
import { confirms } from "./ties.ts";
import { EARLY } from "./plausible.ts";
import { cut } from "./excerpt.ts";
import { namesServer } from "./tool-names.ts";
import { type Asked, hasFailed, type Node, rootOf, type Served } from "./world.ts";

const SHOWN = 160;
/** APIs in which a result can say that it is an error. */
const FLAGGED = /anthropic|bedrock|gemini|vertex/;

export function laneOf(node: Node): string {
  const { sub_agent } = node.it;
  if (sub_agent !== null) return sub_agent;
  if (node.head.startedBy) return `agent ${node.head.key}`;
  const root = rootOf(node.group);
  return node.group === root ? "main" : node.group.id;
}

export function modelStep(all: readonly Node[]): StepRow {
  const first = all[0]!;
  const last = all.at(-1)!;
  const { it } = last;
  const started = first.parent === null ? first.startedBy : null;
  const failed = hasFailed(it);
  const sum = (key: "tokens_in" | "tokens_out" | "tokens_cached" | "cost" | "cost_in") =>
    all.reduce<number | null>((so, { it: one }) => (one[key] == null ? so : (so ?? 0) + one[key]), null);
  const problems: StepProblem[] =
    all.length > 1
      ? [
          {
            rule: "join/attempts",
            severity: "note",
            what: `asked ${all.length} times: ${all.slice(0, -1).map(whyNot).join("; ")}`,
          },
        ]
      : [];
  return {
    id: first.key,
    run: rootOf(first.group).id,
    kind: "model",
    at: first.at,
    ended: it.ended,
    lane: laneOf(first),
    parent: started?.key ?? null,
    name: it.model ?? it.dialect ?? "",
    asked: it.last,
    answered: it.answered,
    state: failed ? "failed" : "ok",
    exchange: last.key,
    call: null,
    seen: null,
    ties: [],
    certainty: null,
    rule: null,
    attempts: all.map(({ it: one }) => ({
      exchange: one.id,
      at: one.at,
      ended: one.ended,
      model: one.model,
      status: one.status,
      error: one.error,
    })),
    split: null,
    first_token: it.first_token === null ? null : it.at + it.first_token,
    tokens_in: sum("tokens_in"),
    tokens_out: sum("tokens_out"),
    tokens_cached: sum("tokens_cached"),
    cost: sum("cost"),
    fidelity: null,
    context: it.context,
    ...(it.blocks && { blocks: it.blocks }),
    ...(it.phases && it.phases.length > 0 && { phases: it.phases.map(onItsClock(it.at)) }),
    ...(it.cost_in != null && { cost_in: sum("cost_in") }),
    problems: failed
      ? [...problems, { rule: "join/model-failed", severity: "error", what: whyNot(last) }]
      : problems,
  };
}

/** Of a step with several attempts the last one's, on the step's own clock. */
function onItsClock(at: number): (phase: Phase) => Phase {
  return ({ kind, from, to }) => ({ kind, from: at + from, to: at + to });
}

function whyNot({ it }: Node): string {
  return it.error ?? (it.status === null ? String(it.ending) : `HTTP ${it.status}`);
}

export type ToolContext = {
  /** The step of the answer that asked. */
  parent: string;
  session: (served: Served) => SessionEvidence | undefined;
  /** A recorded server offers this tool to this agent. */
  isOffered: (asked: Asked) => boolean;
  /** Two equal calls with the same arguments stand before it in its run. */
  isRepeated: boolean;
  /** Its result stands before that of a call that was asked earlier. */
  isOutOfOrder: boolean;
};

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
    id: asked.key,
    run: rootOf(node.group).id,
    kind: "tool",
    at: asked.at,
    ended: (ended === null ? null : ended - shift) ?? seen?.node.at ?? closed,
    lane: laneOfTool(state, session?.name ?? null),
    parent: context.parent,
    name: it.namespace === null ? it.name : `${it.namespace}.${it.name}`,
    asked: cut(it.args.text, SHOWN),
    answered: cut(wordsOf(first?.it.result?.blocks ?? seen?.result.blocks ?? []), SHOWN),
    state,
    exchange: it.exchange,
    call: it.id,
    seen: seen?.node.key ?? null,
    ties: served.map(({ key }) => key),
    certainty: tie?.certainty ?? null,
    rule: tie?.rule ?? null,
    attempts: [],
    split: only ? splitOf(asked, only, ahead) : null,
    first_token: null,
    tokens_in: null,
    tokens_out: null,
    tokens_cached: null,
    cost: null,
    fidelity: told.fidelity,
    context: null,
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

function stateProblems(
  { it, seen, closed }: Asked,
  served: readonly Served[],
  state: StepState,
  { isSure, ahead }: { isSure: boolean; ahead: number | null },
): StepProblem[] {
  const problems: StepProblem[] = [];
  if (state === "not-sent")
    problems.push({
      rule: "join/not-sent",
      severity: "warning",
      what: `the model asked for ${it.name}, and the host did not send it to the server${seen ? `: ${cut(wordsOf(seen.result.blocks), 120)}` : ""}`,
    });
  if (state === "no-answer")
    problems.push({ rule: "join/no-answer", severity: "error", what: "the server never answered" });
  if (!isSure || it.kind === "script") return problems;
  const answered = served.filter(({ it: call }) => call.ended !== null && call.state !== "cancelled");
  if (state === "served" && answered.length > 0 && seen === null && Number.isFinite(closed))
    problems.push({
      rule: "join/never-sent-back",
      severity: "error",
      what: "the server answered, and the conversation went on without the result",
    });
  const late =
    ahead === null &&
    seen?.result.fresh &&
    served.length === 1 &&
    (served[0]?.it.ended ?? 0) > seen.node.at + EARLY;
  if (late)
    problems.push({
      rule: "join/answered-late",
      severity: "warning",
      what: "the server answered after the model had already been told something else",
    });
  return problems;
}

function clockProblems(ahead: number | null): StepProblem[] {
  if (ahead === null) return [];
  const what = `the recorder of the MCP side had another clock, about ${(Math.abs(ahead) / 1000).toFixed(1)} s ${ahead > 0 ? "ahead" : "behind"}: times of both sides are not taken together`;
  return [{ rule: "join/clocks-differ", severity: "note", what }];
}

function orderProblems({ isRepeated, isOutOfOrder }: ToolContext): StepProblem[] {
  const problems: StepProblem[] = [];
  if (isOutOfOrder)
    problems.push({
      rule: "join/order-changed",
      severity: "note",
      what: "the results stand in another order than their calls",
    });
  if (isRepeated)
    problems.push({
      rule: "join/repeated",
      severity: "warning",
      what: "the same call with the same arguments, three times or more in this run",
    });
  return problems;
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

/** A call that no model asked for: a person's, or a script's. */
export function loneStep(it: ServedCall, session: SessionEvidence | undefined, run: string): StepRow {
  const closed = session?.closed === true;
  return {
    id: it.key,
    run,
    kind: "tool",
    at: it.at,
    ended: it.ended,
    lane: `server ${session?.name ?? ""}`,
    parent: null,
    name: it.name,
    asked: cut(it.args.text, SHOWN),
    answered: cut(wordsOf(it.result?.blocks ?? []), SHOWN),
    state: "nobody",
    exchange: null,
    call: null,
    seen: null,
    ties: [it.key],
    certainty: null,
    rule: null,
    attempts: [],
    split: null,
    first_token: null,
    tokens_in: null,
    tokens_out: null,
    tokens_cached: null,
    cost: null,
    fidelity: null,
    context: null,
    ...(it.marks && { marks: it.marks }),
    problems: [
      { rule: "join/not-asked", severity: "note", what: "no recorded model asked for this call" },
      ...(it.state === "open" && closed
        ? [{ rule: "join/no-answer", severity: "error" as const, what: "the server never answered" }]
        : []),
    ],
  };
}

export function tieRow(served: Served, run: string | null): TieRow | null {
  const { tie, it } = served;
  if (tie === null) return null;
  const [only] = tie.asked;
  const sure = tie.certainty === "ambiguous" ? null : (only ?? null);
  return {
    id: served.key,
    run,
    at: it.at,
    certainty: tie.certainty,
    rule: tie.rule,
    confirmed: sure !== null && confirms(sure, served),
    asked: tie.asked.map(({ key }) => key),
    served: { session: it.session, seq: it.seq, answer_seq: it.answer_seq, request: it.request },
    seen: sure?.seen?.node.key ?? null,
  };
}

function wordsOf(blocks: readonly { said: { text: string } | null; type: string }[]): string {
  return blocks.map(({ said, type }) => said?.text ?? `[${type}]`).join(" ");
}
