/** The step of a model that has not answered yet, and its run as it stands while it waits. */
import type { RunRow, StepRow } from "../../fact/rows.ts";
import { modelStep } from "./model-step.ts";
import type { Node } from "./world.ts";

export function flyingStep(node: Node, lane: string, row: RunRow): { step: StepRow; run: RunRow } {
  const step = {
    ...modelStep([node]),
    run: row.id,
    lane,
    ended: null,
    state: "running" as const,
    problems: [],
  };
  return { step, run: { ...row, state: "model", state_of: node.it.model, state_since: node.it.at } };
}
