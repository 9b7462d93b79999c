/**
 * How the context of a run grew, what each block of it has cost over all the requests in which it was sent again, what
 * was paid for with the arithmetic, and who was waited for.
 */
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
  blocks: GrownBlock[];
  models: PaidModel[];
  waited: { model: number; tools: number; host: number };
};

export type GrownBlock = {
  kind: string;
  /** The server of tools, the tool of a result; "" for all else of the kind. */
  name: string;
  /** Over all requests; `times` of them brought it. */
  tokens: number;
  times: number;
  /** US dollars, a share of what the requests cost; null where no price is known. */
  cost: number | null;
};

export type PaidModel = {
  model: string;
  calls: number;
  tokens_in: number;
  tokens_cached: number;
  tokens_out: number;
  cost_in: number | null;
  cost_out: number | null;
  cost: number | null;
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
      input: inputOf(step),
      cached: step.tokens_cached,
      output: step.tokens_out,
      cost: step.cost,
      context: step.context ?? {},
    })),
    totals,
    blocks: blocksOf(models),
    models: [...Map.groupBy(models, ({ name }) => name)].map(([model, all]) => paid(model, all)),
    waited,
  };
}

function inputOf({ tokens_in, context }: StepRow): number {
  return tokens_in ?? Object.values(context ?? {}).reduce((sum, n) => sum + n, 0);
}

function blocksOf(models: readonly StepRow[]): GrownBlock[] {
  const all = new Map<string, GrownBlock>();
  for (const step of models) {
    const rest = { ...step.context };
    const input = inputOf(step);
    const add = (kind: string, name: string, tokens: number) => {
      if (tokens <= 0) return;
      const key = `${kind} ${name}`;
      const block = all.get(key) ?? { kind, name, tokens: 0, times: 0, cost: null };
      all.set(key, block);
      block.tokens += tokens;
      block.times++;
      if (step.cost_in != null && input > 0) block.cost = (block.cost ?? 0) + (step.cost_in * tokens) / input;
    };
    for (const [key, tokens] of Object.entries(step.blocks ?? {})) {
      const at = key.indexOf(" ");
      const kind = key.slice(0, at);
      add(kind, key.slice(at + 1), tokens);
      rest[kind] = (rest[kind] ?? 0) - tokens;
    }
    for (const [kind, tokens] of Object.entries(rest)) add(kind, "", tokens);
  }
  return [...all.values()].toSorted((a, b) => b.tokens - a.tokens);
}

function paid(model: string, all: readonly StepRow[]): PaidModel {
  const sum = (of: (step: StepRow) => number | null | undefined) =>
    all.reduce<number | null>((so, step) => {
      const one = of(step);
      return one == null ? so : (so ?? 0) + one;
    }, null);
  const cost = sum((step) => step.cost);
  const cost_in = sum((step) => step.cost_in);
  return {
    model,
    calls: all.length,
    tokens_in: sum(inputOf) ?? 0,
    tokens_cached: sum((step) => step.tokens_cached) ?? 0,
    tokens_out: sum((step) => step.tokens_out) ?? 0,
    cost_in,
    cost_out: cost === null || cost_in === null ? null : cost - cost_in,
    cost,
  };
}
