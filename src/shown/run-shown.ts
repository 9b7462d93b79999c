/** How runs and steps are shown: tones, lanes, and what a step says in a line. Shared by server and page. */
import type { RunRow, StepRow } from "../fact/rows.ts";

export type Tone = "model" | "tool" | "host" | "ok" | "warn" | "err" | "quiet";

export function toneOfRun({ state }: RunRow): Tone {
  return state === "failed" ? "err" : state === "done" ? "ok" : state;
}

export function toneOfStep({ kind, state, problems }: StepRow): Tone {
  if (state === "failed" || state === "no-answer") return "err";
  if (state === "cancelled" || state === "not-sent" || state === "unrecorded") return "warn";
  if (problems.some(({ severity }) => severity === "error")) return "err";
  if (problems.some(({ severity }) => severity === "warning")) return "warn";
  if (kind === "model") return "model";
  return state === "host" || state === "asked" ? "host" : "tool";
}

/** Lanes from top to bottom: who asked, the models, the host, servers, the provider. */
export function lanesOf(steps: readonly StepRow[]): string[] {
  const seen = new Set(steps.map(({ lane }) => lane));
  const rank = (lane: string) => {
    if (lane === "main") return 0;
    if (lane === "host") return 2;
    if (lane.startsWith("server ")) return 3;
    return lane === "provider" ? 4 : 1;
  };
  return [...seen].sort((a, b) => rank(a) - rank(b));
}

/** Model steps of the conversation itself that bring no tool's result: there the user said something. */
export function asksOf(steps: readonly StepRow[]): Set<string> {
  const brought = new Set(steps.map(({ seen }) => seen));
  const asks = steps.filter(({ kind, lane, id, exchange }) => {
    return kind === "model" && lane === "main" && !brought.has(id) && !brought.has(exchange);
  });
  return new Set(asks.map(({ id }) => id));
}

/** How deep each sub-agent's lane lies below the conversation's own; bounded, since rows may name each other in circles. */
export function depthOfLanes(
  steps: readonly StepRow[],
  get: (id: string) => StepRow | undefined,
): Map<string, number> {
  const depths = new Map<string, number>();
  for (const { kind, lane, parent } of steps) {
    if (kind !== "model" || lane === "main" || depths.has(lane)) continue;
    const call = parent === null ? undefined : get(parent);
    const above = call?.parent ? get(call.parent)?.lane : undefined;
    depths.set(lane, Math.min(8, 1 + (above === undefined ? 0 : (depths.get(above) ?? 0))));
  }
  return depths;
}

/** Beginning and end in ms since 1970; what still runs ends `now`. */
export function spanOf({ at, ended }: StepRow, now: number): [from: number, to: number] {
  return [at, Math.max(at, ended ?? now)];
}

/** A step's place in the tree of steps, from its parents; bounded, since rows may name each other in circles. */
export function depthOf(step: StepRow, get: (id: string) => StepRow | undefined): number {
  let depth = 0;
  for (let it = step.parent; it !== null && depth < 6; depth++) it = get(it)?.parent ?? null;
  return depth;
}
