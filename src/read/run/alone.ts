/**
 * An exchange that is all of its run: nothing was said before it, no tool was offered, asked or answered, no session is
 * named. Its rows are those that the book of runs would give, made without the book.
 */
import { chainOf } from "../../fact/chain.ts";
import type { RunRow, StepRow } from "../../fact/rows.ts";
import { nodeOf } from "./begun.ts";
import type { ModelEvidence } from "./evidence.ts";
import { modelStep } from "./model-step.ts";
import { beginning, inDollars, tookOf } from "./runs.ts";
import { hasFailed } from "./world.ts";

/** Lists find its run by the model in its own row: nothing is to be cut or put in place of anything there. */
const PLAIN = /^[\x20-\x7e]{0,200}$/;

/** As far as the exchange says so itself. Whoever fails may ask again. */
export function standsAlone(it: ModelEvidence): boolean {
  return (
    it.purpose === "turn" &&
    it.tools === 0 &&
    it.asked.length === 0 &&
    it.seen.length === 0 &&
    it.prefixes.length === 0 &&
    it.previous === null &&
    it.run === null &&
    it.session === null &&
    it.parent_session === null &&
    it.thread === null &&
    it.sub_agent === null &&
    PLAIN.test(it.model ?? it.dialect ?? "") &&
    !hasFailed(it)
  );
}

export function rowsOfOne(it: ModelEvidence): { run: RunRow; step: StepRow } {
  const node = nodeOf(it);
  const id = chainOf(it.id);
  node.group = { ...node.group, id };
  const step = modelStep([node]);
  const run: RunRow = {
    ...beginning(it, id),
    last_at: it.ended,
    models: [step.name],
    model_calls: 1,
    tokens_in: step.tokens_in ?? 0,
    tokens_out: step.tokens_out ?? 0,
    tokens_cached: step.tokens_cached ?? 0,
    cost: inDollars(step.cost ?? 0),
    took: { model: tookOf(step), tool: 0 },
    state: "done",
    state_of: null,
    state_since: it.ended,
  };
  return { run, step };
}
