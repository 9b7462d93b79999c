/** From what the observer publishes to counters: one exchange, one MCP call, one problem at a time, each told once. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { Instruments } from "./instruments.ts";
import type { LabelValues } from "./label-values.ts";
import type { Registry } from "./registry.ts";
import { operationOf, providerNameOf } from "./semconv.ts";

/** An MCP request that is over, as far as anybody counts it. */
export type CallFigures = {
  /** Under which the server was recorded. */
  readonly server: string;
  readonly method: string;
  /** The tool of `tools/call`; null for any other request. */
  readonly tool: string | null;
  readonly outcome: "ok" | "error" | "tool-error" | "cancelled";
  /** By the conventions: a JSON-RPC code, `tool_error`, or the state. */
  readonly errorType: string | null;
  readonly transport: "pipe" | "tcp";
  readonly revision: string | null;
  /** Null where no answer came. */
  readonly ms: number | null;
};

export type EndedSession = Pick<CallFigures, "server" | "transport" | "revision"> & {
  readonly id: string;
  /** When it ended. */
  readonly at: number;
  readonly ms: number;
};

export type Counters = {
  exchange(row: ExchangeRow): void;
  call(call: CallFigures): void;
  session(session: EndedSession): void;
  problem(wire: "llm" | "mcp" | "run", rule: string): void;
  tool(name: string, type: string, error: string | null, ms: number): void;
  agent(name: string, error: string | null, ms: number): void;
};

export function createCounters(registry: Registry, its: Instruments, values: LabelValues): Counters {
  const { of } = values;

  function exchange(row: ExchangeRow): void {
    const upstream = of("upstream", row.upstream);
    const dialect = of("dialect", row.dialect);
    const model = of("model", row.model);
    const client = of("client", row.client);
    const ending = row.ending ?? "complete";
    registry.add(its.exchanges, [upstream, dialect, model, client, ending, statusClass(row.status)]);
    const kind = errorKind(row);
    if (kind !== null) registry.add(its.errors, [kind, upstream, model, of("error", row.error_type ?? null)]);
    for (const [type, count] of Object.entries(tokensOf(row)))
      if (count > 0) registry.add(its.tokens, [type, upstream, model, client], count);
    if (row.cost !== null) registry.add(its.cost, [upstream, model, client], row.cost);
    registry.add(its.bytes, ["request", upstream], row.bytes_in);
    registry.add(its.bytes, ["response", upstream], row.bytes_out);
    if (row.ttft_ms !== null)
      registry.observe(its.firstToken, [upstream, dialect, model, client], row.ttft_ms / 1000);
    for (const rule of row.rules) problem("llm", rule);
    modelCall(row, upstream, dialect, model, client);
  }

  function modelCall(
    row: ExchangeRow,
    upstream: string,
    dialect: string,
    model: string,
    client: string,
  ): void {
    const operation = operationOf(row.dialect);
    if (operation === null) return;
    const provider = of("provider", providerNameOf(row.provider, row.upstream));
    const labels = [operation, provider, model, upstream, dialect, client];
    const error = errorKind(row) === null ? "" : of("error", errorType(row));
    if (row.duration_ms !== null) registry.observe(its.duration, [...labels, error], row.duration_ms / 1000);
    if (row.streamed && row.ttft_ms !== null) registry.observe(its.firstChunk, labels, row.ttft_ms / 1000);
    const { tokens_in, tokens_out } = row;
    if (tokens_in !== null) {
      registry.observe(its.tokenUsage, [...labels, "input"], tokens_in);
      registry.observe(its.eachIn, labels, tokens_in);
    }
    if (tokens_out !== null) {
      registry.observe(its.tokenUsage, [...labels, "output"], tokens_out);
      registry.observe(its.eachOut, labels, tokens_out);
    }
    // Which modality they were is not known of all providers.
    const unsorted = [...labels, "unknown"];
    registry.add(its.usageIn, unsorted, tokens_in ?? 0);
    registry.add(its.usageOut, unsorted, tokens_out ?? 0);
    registry.add(its.usageCacheRead, unsorted, row.tokens_cached ?? 0);
    registry.add(its.usageCacheWrite, unsorted, row.tokens_written ?? 0);
    registry.add(its.usageReasoning, unsorted, row.tokens_reasoning ?? 0);
  }

  function call({
    server,
    method,
    tool,
    outcome,
    errorType: error,
    transport,
    revision,
    ms,
  }: CallFigures): void {
    const at = of("server", server);
    const [asked, name] = [of("method", method), of("tool", tool)];
    registry.add(its.mcpCalls, [at, asked, name, outcome]);
    if (ms === null) return;
    const labels = [asked, name, of("error", error), transport, of("revision", revision), at];
    registry.observe(its.mcpDuration, labels, ms / 1000);
  }

  function problem(wire: "llm" | "mcp" | "run", rule: string): void {
    registry.add(its.problems, [wire, of("rule", rule)]);
  }

  return {
    exchange,
    call,
    problem,
    session: ({ server, transport, revision, ms }) =>
      registry.observe(
        its.sessionDuration,
        [transport, of("revision", revision), of("server", server)],
        ms / 1000,
      ),
    tool: (name, type, error, ms) =>
      registry.observe(its.toolDuration, [of("tool", name), type, of("error", error)], ms / 1000),
    agent: (name, error, ms) =>
      registry.observe(its.agentDuration, [of("agent", name), of("error", error)], ms / 1000),
  };
}

function tokensOf(row: ExchangeRow): Record<string, number> {
  return {
    input: row.tokens_in ?? 0,
    output: row.tokens_out ?? 0,
    cached: row.tokens_cached ?? 0,
    written: row.tokens_written ?? 0,
    reasoning: row.tokens_reasoning ?? 0,
  };
}

/** `2xx` … `5xx`; `none` where no answer came. */
export function statusClass(status: number | null): string {
  return status === null ? "none" : `${Math.floor(status / 100)}xx`;
}

/** Null where nothing failed. Who leaves behind the last event has the whole answer: the row has no error then. */
export function errorKind(row: ExchangeRow): string | null {
  const { ending, status, error } = row;
  if (ending === "client-gone") return error === null ? null : ending;
  if (ending !== null && ending !== "complete") return ending;
  if (status !== null && status >= 400) return statusClass(status);
  return error === null ? null : "answer";
}

/** The provider's word, else the status, else how it ended. */
export function errorType(row: ExchangeRow): string {
  if (row.error_type) return row.error_type;
  if (row.ending !== null && row.ending !== "complete") return row.ending;
  return row.status !== null && row.status >= 400 ? String(row.status) : "_OTHER";
}
