/** How the context of a run grew, what each kind of its parts has cost over all requests, and who was waited for. */
import type { StepRow } from "../../fact/rows.ts";

export type Growth = {
  steps: {
    step: string;
    at: number;
    lane: string;
    input: number;
    cached: number | null;
    output: number | null;
    cost: number | null;
    context: Record<string, number>;
  }[];
  totals: Record<string, number>;
  waited: { model: number; tools: number; host: number };
};

export function grown(steps: readonly StepRow[]): Growth {
  const totals: Record<string, number> = {};
  const waited = { model: 0, tools: 0, host: 0 };
  const models = steps.filter(({ kind }) => kind === "model");
  for (const { context, lane, at, ended } of models) {
    for (const [kind, tokens] of Object.entries(context ?? {})) totals[kind] = (totals[kind] ?? 0) + tokens;
    if (lane === "main" && ended !== null) waited.model += ended - at;
  }
  for (const { split } of steps) {
    waited.tools += split?.server ?? 0;
    waited.host += (split?.host ?? 0) + (split?.back ?? 0);
  }
  return {
    steps: models.map((step) => ({
      step: step.id,
      at: step.at,
      lane: step.lane,
      input: step.tokens_in ?? Object.values(step.context ?? {}).reduce((sum, n) => sum + n, 0),
      cached: step.tokens_cached,
      output: step.tokens_out,
      cost: step.cost,
      context: step.context ?? {},
    })),
    totals,
    waited,
  };
}
