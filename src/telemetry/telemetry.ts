/**
 * What others may count: told of rows as they are published, it keeps counters for `/metrics`, and hands what is over to
 * whoever exports it. It lives on the observer's thread; nothing that it does can be felt by the traffic.
 */
import type { ExchangeRow } from "../fact/rows.ts";
import type { SemconvVersion } from "../fact/semconv-versions.ts";
import { createCounters, type CallFigures } from "./count.ts";
import { instruments } from "./instruments.ts";
import { labelValues } from "./label-values.ts";
import { once } from "./once.ts";
import { type Figures, ownMetrics } from "./own-figures.ts";
import { exposition, type Exposition } from "./prometheus.ts";
import { createRegistry, type Metric } from "./registry.ts";
import { semconv } from "./semconv.ts";

export type { CallFigures } from "./count.ts";
export type { AddedTime, Figures, OwnFigures, SendingFigures, ShippingFigures } from "./own-figures.ts";
export type { Exposition } from "./prometheus.ts";

export type TelemetryOptions = {
  readonly semconv: SemconvVersion;
  /** What ended before is nobody's business: counters begin with the program. */
  readonly startedAt: number;
  /** The wall clock, ms. */
  readonly now: () => number;
  /** Asked when somebody wants to know. */
  readonly figures: () => Promise<Figures>;
};

/** An MCP call that is over: `key` is its own for ever, `at` when it ended. */
export type EndedCall = CallFigures & { readonly key: string; readonly at: number };

export type Telemetry = {
  /** An exchange that has ended. May be told again. Never throws. */
  exchange(row: ExchangeRow): void;
  call(call: EndedCall): void;
  /** `key`: which one, wherever it is told. */
  problem(wire: "mcp" | "run", rule: string, key: string, at: number): void;
  metrics(): Promise<Metric[]>;
  /** For a scraper, in the format that it accepts. */
  exposition(accept: string | null): Promise<Exposition>;
};

export function createTelemetry({ semconv: version, startedAt, now, figures }: TelemetryOptions): Telemetry {
  const convention = semconv(version);
  const its = instruments(convention);
  const registry = createRegistry(now);
  const values = labelValues();
  const counters = createCounters(registry, its, values);
  const exchanges = once(startedAt);
  const calls = once(startedAt);
  const problems = once(startedAt);

  async function metrics(): Promise<Metric[]> {
    const own = await figures();
    return [
      ...registry.metrics(),
      ...ownMetrics(own, its, version, { registry, values, late: exchanges.late }),
    ];
  }

  return {
    exchange(row) {
      if (exchanges.isNew(row.id, row.at + (row.duration_ms ?? 0))) counters.exchange(row);
    },
    call(call) {
      if (calls.isNew(call.key, call.at)) counters.call(call);
    },
    problem(wire, rule, key, at) {
      if (problems.isNew(`${wire} ${rule} ${key}`, at)) counters.problem(wire, rule);
    },
    metrics,
    exposition: async (accept) => exposition(await metrics(), accept),
  };
}
