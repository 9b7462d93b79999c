/** A run as it stands now: what the index has of it, and the model calls of it that have not been answered yet. */
import type { RunRow, StepRow } from "../../fact/rows.ts";
import type { Sources } from "../sources.ts";

type Flying = ReturnType<NonNullable<Sources["flyingSteps"]>>;

/** Null when nobody knows it. `flying`: its model calls under way. */
export async function runNow(
  { index, flyingSteps }: Pick<Sources, "index" | "flyingSteps">,
  id: string,
): Promise<{ run: RunRow; flying: StepRow[] } | null> {
  const flying = (flyingSteps?.() ?? []).filter(({ run }) => run.id === id);
  const known = await index.run(id);
  const run = known ? waiting(known, flying.at(-1)?.run) : flying.at(-1)?.run;
  return run ? { run, flying: flying.map(({ step }) => step) } : null;
}

/** The latest of each run. */
export function flyingRuns(flying: Flying): Map<string, RunRow> {
  return new Map(flying.map(({ run }) => [run.id, run]));
}

/** Who is waited for is the model. */
export function waiting(row: RunRow, flying: RunRow | undefined): RunRow {
  if (!flying) return row;
  const { state, state_of, state_since } = flying;
  return { ...row, state, state_of, state_since };
}
