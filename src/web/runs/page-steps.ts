/** The steps of a run as its picture and its story need them: thousands at once, without what only a step's own page asks for. */
import type { StepRow } from "../../fact/rows.ts";
import type { Sources } from "../sources.ts";
import { runNow } from "./run-now.ts";

/** In one answer, about 400 bytes each; a longer run comes in several. */
const PAGE_STEPS = 5_000;
/** Characters of what was asked and answered: a line has room for no more. */
const WORDS = 90;

/** `next`: the `after` of the next page. */
export async function pageSteps(
  sources: Pick<Sources, "index" | "flyingSteps">,
  id: string,
  after?: string,
): Promise<{ steps: StepRow[]; next: string | null } | null> {
  const now = await runNow(sources, id);
  if (!now) return null;
  const { items, next } = await sources.index.steps(now.run.id, after, PAGE_STEPS);
  const flying = next === null ? now.flying : [];
  const fresh = flying.filter(({ id: one }) => !items.some((step) => step.id === one));
  return { steps: [...items, ...fresh].map(lean), next };
}

function lean({ blocks: _blocks, context: _context, attempts: _attempts, ...step }: StepRow): StepRow {
  return {
    ...step,
    asked: step.asked.slice(0, WORDS),
    answered: step.answered.slice(0, WORDS),
    context: null,
    attempts: [],
    split: null,
    fidelity: null,
    problems: step.problems.map(({ rule, severity }) => ({ rule, severity, what: "" })),
  };
}
