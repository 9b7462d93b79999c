/** The step of a model as a row: its attempts, its sums, what went wrong; and the lane in which it stands. */
import { NOTHING_OF_A_STEP } from "../../fact/no-step.ts";
import type { Phase, StepProblem, StepRow } from "../../fact/rows.ts";
import { hasFailed, type Node, rootOf } from "./world.ts";

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
    ...NOTHING_OF_A_STEP,
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
    ties: [],
    attempts: all.map(({ it: one }) => ({
      exchange: one.id,
      at: one.at,
      ended: one.ended,
      model: one.model,
      status: one.status,
      error: one.error,
    })),
    first_token: it.first_token === null ? null : it.at + it.first_token,
    tokens_in: sum("tokens_in"),
    tokens_out: sum("tokens_out"),
    tokens_cached: sum("tokens_cached"),
    cost: sum("cost"),
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
