/**
 * What others may count: told of rows as they are published, it keeps counters for `/metrics`, and hands what is over to
 * whoever exports it. It lives on the observer's thread; nothing that it does can be felt by the traffic.
 */
import type { ExchangeRow, RunChanges } from "../fact/rows.ts";
import type { SemconvVersion } from "../fact/semconv-versions.ts";
import { createCounters, type EndedSession } from "./count.ts";
import { instruments } from "./instruments.ts";
import { labelValues } from "./label-values.ts";
import { once } from "./once.ts";
import { type Figures, ownMetrics } from "./own-figures.ts";
import { exposition, type Exposition } from "./prometheus.ts";
import { createRegistry, type Metric } from "./registry.ts";
import { semconv } from "./semconv.ts";
import { type Ready, traceBook } from "./trace/book.ts";
import type { SpanCall } from "./trace/calls.ts";
import type { Hash, Span } from "./trace/span.ts";
import { type Pages, spanOf, toolType } from "./trace/spans.ts";
import { MAIN } from "./trace/stretches.ts";

export type { Figures, OwnFigures, SendingFigures, ShippingFigures, TeamFigures } from "./own-figures.ts";
export type { Exposition } from "./prometheus.ts";
export type { SpanCall } from "./trace/calls.ts";
export { pagesAt } from "./trace/spans.ts";

export type TelemetryOptions = {
  readonly semconv: SemconvVersion;
  /** What ended before is nobody's business: counters begin with the program. */
  readonly startedAt: number;
  /** The wall clock, ms. */
  readonly now: () => number;
  /** Asked when somebody wants to know. */
  readonly figures: () => Promise<Figures>;
  /** Makes the ids of spans. */
  readonly hash: Hash;
  readonly pages: () => Pages;
  /** Takes spans that are whole; null where nobody exports them. */
  readonly spans: ((spans: readonly Span[]) => void) | null;
};

export type Telemetry = {
  /** An exchange that has ended. May be told again. Never throws. */
  exchange(row: ExchangeRow): void;
  call(call: SpanCall): void;
  /** An MCP session that is over. */
  session(session: EndedSession): void;
  runs(changes: RunChanges): void;
  /** `key`: which one, wherever it is told. */
  problem(wire: "mcp", rule: string, key: string, at: number): void;
  /** Gives out what nothing more is expected of: to be called now and then. `all`: the program stops. */
  tick(what?: "due" | "all"): void;
  metrics(): Promise<Metric[]>;
  /** For a scraper, in the format that it accepts. */
  exposition(accept: string | null): Promise<Exposition>;
};

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { semconv: version, startedAt, now, figures, hash, pages, spans } = options;
  const convention = semconv(version);
  const its = instruments(convention);
  const registry = createRegistry(now);
  const values = labelValues();
  const counters = createCounters(registry, its, values);
  const exchanges = once(startedAt);
  const calls = once(startedAt);
  const problems = once(startedAt);
  // Ids are for whoever exports; what is only counted needs none, and they cost more than all the counting.
  const book = traceBook(spans === null ? () => "" : hash, startedAt);
  /** Errors of our own; the next row is counted all the same. */
  let failures = 0;

  function count(ready: Ready): void {
    if (ready.kind === "tool") {
      const { step, error, from, to } = ready;
      if (step.ended !== null) counters.tool(step.name, toolType(step), error, to - from);
    }
    if (ready.kind !== "agent") return;
    const { agent, stretch } = ready;
    const name = agent.lane === MAIN ? (stretch.row?.agent ?? "") : "sub-agent";
    counters.agent(name, agent.error === null ? null : "_OTHER", agent.end - agent.begin);
  }

  async function metrics(): Promise<Metric[]> {
    const own = await figures();
    return [
      ...registry.metrics(),
      ...ownMetrics(own, its, version, { registry, values, late: exchanges.late, failures }),
    ];
  }

  /** Whoever publishes rows must not feel it. */
  function guarded(count: () => void): void {
    try {
      count();
    } catch {
      failures++;
    }
  }

  return {
    exchange: (row) =>
      guarded(() => {
        // What was said on a socket is counted at its responses.
        if (row.responses) return;
        if (!exchanges.isNew(row.id, row.at + (row.duration_ms ?? 0))) return;
        counters.exchange(row);
        book.exchange(row, now());
      }),
    call: (call) =>
      guarded(() => {
        if (!calls.isNew(call.key, call.at)) return;
        counters.call(call);
        book.call(call, now());
      }),
    session: (session) =>
      guarded(() => {
        if (calls.isNew(session.id, session.at)) counters.session(session);
      }),
    runs: (changes) =>
      guarded(() => {
        for (const { id, ended, at, problems: found } of changes.steps)
          for (const { rule } of found)
            if (problems.isNew(`run ${rule} ${id}`, ended ?? at)) counters.problem("run", rule);
        book.changes(changes, now());
      }),
    problem: (wire, rule, key, at) =>
      guarded(() => {
        if (problems.isNew(`${wire} ${rule} ${key}`, at)) counters.problem(wire, rule);
      }),
    tick: (what = "due") =>
      guarded(() => {
        const ready = book.due(what === "all" ? Infinity : now());
        for (const one of ready) count(one);
        if (spans !== null && ready.length > 0) spans(ready.map((one) => spanOf(one, convention, pages())));
      }),
    metrics,
    exposition: async (accept) => exposition(await metrics(), accept),
  };
}
