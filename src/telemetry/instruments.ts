/** Every metric there is: its name, unit, labels and what it says. `/metrics`, OTLP and the dashboard's test read this list. */
import { ADDED_BOUNDS } from "../fact/added-time.ts";
import type { Instrument } from "./registry.ts";
import { OURS, type Semconv } from "./semconv.ts";

const RECORDER = ["project", "recorder"] as const;

/** Seconds, as the conventions want them; the last ones are minutes that an agent takes. */
const DURATION = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const MCP_DURATION = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

export type Instruments = Readonly<Record<keyof ReturnType<typeof instruments>, Instrument>>;

const counter = (name: string, unit: string, labels: readonly string[], help: string): Instrument => ({
  name,
  kind: "counter",
  unit,
  labels,
  help,
});
const gauge = (name: string, unit: string, labels: readonly string[], help: string): Instrument => ({
  name,
  kind: "gauge",
  unit,
  labels,
  help,
});
const histogram = (
  name: string,
  unit: string,
  labels: readonly string[],
  bounds: readonly number[],
  help: string,
): Instrument => ({ name, kind: "histogram", unit, labels, bounds, help });

export function instruments({ names, metrics, tokens }: Semconv) {
  const counted = tokens === "counters";
  const model = [
    names.operation,
    names.provider,
    names.requestModel,
    OURS.upstream,
    OURS.dialect,
    OURS.client,
  ];
  const failed = [...model, names.errorType];
  const usage = (side: string, help: string) =>
    counter(
      counted ? `gen_ai.client.inference.usage.${side}` : "",
      "{token}",
      [...model, names.tokenModality],
      help,
    );
  const each = (side: string, help: string) =>
    histogram(counted ? `gen_ai.client.inference.operation.${side}` : "", "{token}", model, TOKENS, help);
  return {
    // By the conventions.
    duration: histogram(metrics.duration, "s", failed, DURATION, "How long a model call took"),
    firstChunk: histogram(
      metrics.timeToFirstChunk,
      "s",
      model,
      DURATION,
      "From the request to the first token of a streamed answer",
    ),
    tokenUsage: histogram(
      counted ? "" : "gen_ai.client.token.usage",
      "{token}",
      [...model, names.tokenType],
      TOKENS,
      "Tokens of a model call",
    ),
    usageIn: usage("input_tokens", "Input tokens, cached ones included"),
    usageOut: usage("output_tokens", "Output tokens, reasoning included"),
    usageCacheRead: usage("cache_read.input_tokens", "Input tokens that the provider had in its cache"),
    usageCacheWrite: usage(
      "cache_write.input_tokens",
      "Input tokens that were written into the provider's cache",
    ),
    usageReasoning: usage("reasoning.output_tokens", "Output tokens that were reasoning"),
    eachIn: each("input_tokens", "Input tokens of a model call"),
    eachOut: each("output_tokens", "Output tokens of a model call"),
    mcpDuration: histogram(
      metrics.mcpDuration,
      "s",
      [names.mcpMethod, names.toolName, names.errorType, names.transport, names.mcpProtocol, OURS.server],
      MCP_DURATION,
      "How long an MCP request took, as its client saw it",
    ),
    sessionDuration: histogram(
      metrics.sessionDuration,
      "s",
      [names.transport, names.mcpProtocol, OURS.server],
      MCP_DURATION,
      "How long an MCP session went on",
    ),
    toolDuration: histogram(
      metrics.toolDuration,
      "s",
      [names.toolName, names.toolType, names.errorType],
      MCP_DURATION,
      "From a model's call of a tool until its result was there",
    ),
    agentDuration: histogram(
      metrics.agentDuration,
      "s",
      [names.agentName, names.errorType],
      MCP_DURATION,
      "One stretch of an agent's work, from its first request to its last answer",
    ),
    // Ours.
    exchanges: counter(
      "mcp_proxy_logger.exchanges",
      "{exchange}",
      ["upstream", "dialect", "model", "client", "ending", "status_class"],
      "Exchanges that ended",
    ),
    errors: counter(
      "mcp_proxy_logger.errors",
      "{exchange}",
      ["kind", "upstream", "model", "type"],
      "Exchanges that failed: by their ending, their status, or an error inside of an answer",
    ),
    tokens: counter(
      "mcp_proxy_logger.tokens",
      "{token}",
      ["type", "upstream", "model", "client"],
      "Tokens as the APIs count them: cached and written are part of the input, reasoning of the output",
    ),
    cost: counter(
      "mcp_proxy_logger.cost_usd",
      "{USD}",
      ["upstream", "model", "client"],
      "US dollars, by the API's own word or the price table",
    ),
    bytes: counter(
      "mcp_proxy_logger.body",
      "By",
      ["direction", "upstream"],
      "Bytes of bodies as they passed",
    ),
    firstToken: histogram(
      "mcp_proxy_logger.time_to_first_token",
      "s",
      ["upstream", "dialect", "model", "client"],
      DURATION,
      "From the request to the first token",
    ),
    mcpCalls: counter(
      "mcp_proxy_logger.mcp_calls",
      "{call}",
      ["server", "method", "tool", "outcome"],
      "MCP requests that were answered, failed or were cancelled",
    ),
    problems: counter(
      "mcp_proxy_logger.problems",
      "{problem}",
      ["wire", "rule"],
      "What was found wrong, by the rule that says so",
    ),
    inFlight: gauge("mcp_proxy_logger.in_flight", "{exchange}", [], "Exchanges that go on now"),
    waiting: gauge(
      "mcp_proxy_logger.waiting",
      "{exchange}",
      [],
      "Exchanges that ended and wait for their files",
    ),
    backlog: gauge("mcp_proxy_logger.backlog", "{batch}", [], "What the recorder has still to do"),
    recorded: gauge("mcp_proxy_logger.recorded", "{record}", ["kind"], "What the log folder holds"),
    unreadable: gauge("mcp_proxy_logger.unreadable_files", "{file}", [], "Files that could not be read"),
    lostBytes: counter("mcp_proxy_logger.lost", "By", ["why"], "Bytes that passed and were not recorded"),
    lostExchanges: counter(
      "mcp_proxy_logger.lost_exchanges",
      "{exchange}",
      ["why"],
      "Exchanges that passed and were not recorded whole",
    ),
    faults: counter("mcp_proxy_logger.faults", "{fault}", ["kind"], "Errors of the recorder's own"),
    overflow: counter(
      "mcp_proxy_logger.label_overflow",
      "{value}",
      ["label", "reason"],
      "Values that were counted as `other`, with the bound that was reached",
    ),
    late: counter(
      "mcp_proxy_logger.uncounted",
      "{exchange}",
      [],
      "Told too late to know whether they were counted",
    ),
    added: histogram(
      "mcp_proxy_logger.added",
      "s",
      [],
      ADDED_BOUNDS,
      "What the proxy itself worked on passing one exchange on",
    ),
    spans: counter(
      "mcp_proxy_logger.otlp_items",
      "{item}",
      ["signal", "outcome"],
      "Spans and metrics for OTLP",
    ),
    spansWaiting: gauge("mcp_proxy_logger.otlp_waiting", "{item}", [], "Spans that wait for a collector"),
    shipped: counter("mcp_proxy_logger.shipped", "{record}", [], "Records that the team's store has"),
    shipErrors: counter("mcp_proxy_logger.shipping_errors", "{error}", [], "Attempts to ship that failed"),
    shipHeld: counter(
      "mcp_proxy_logger.shipping_held_back",
      "{record}",
      [],
      "Records with a credential, held back",
    ),
    shipBacklog: gauge(
      "mcp_proxy_logger.shipping_backlog",
      "{record}",
      [],
      "Records that wait to be shipped",
    ),
    shipLag: gauge("mcp_proxy_logger.shipping_lag", "s", [], "Age of the oldest record that waits"),
    storeSilent: gauge("mcp_proxy_logger.store_silent", "s", [], "Since the team's store was not heard"),
    recorderBacklog: gauge(
      "mcp_proxy_logger.recorder_backlog",
      "{record}",
      RECORDER,
      "Records that wait at a recorder",
    ),
    recorderLag: gauge("mcp_proxy_logger.recorder_lag", "s", RECORDER, "Age of the oldest that waits there"),
    recorderShipped: counter(
      "mcp_proxy_logger.recorder_shipped",
      "{record}",
      RECORDER,
      "Records that a recorder has shipped since it began",
    ),
    recorderErrors: counter(
      "mcp_proxy_logger.recorder_errors",
      "{error}",
      RECORDER,
      "Its attempts to ship that failed",
    ),
    recorderAside: gauge(
      "mcp_proxy_logger.recorder_set_aside",
      "{record}",
      RECORDER,
      "Records held back for a credential, or refused by the store",
    ),
    recorderSilent: gauge(
      "mcp_proxy_logger.recorder_silent",
      "s",
      RECORDER,
      "Since a recorder was heard last",
    ),
    recorderSkew: gauge(
      "mcp_proxy_logger.recorder_clock_skew",
      "s",
      RECORDER,
      "How far a recorder's clock is before that of the store",
    ),
    info: gauge("mcp_proxy_logger.build_info", "1", ["version", "bun", "semconv"], "Always 1; what runs"),
    started: gauge("process.start_time", "s", [], "When the program began, since 1970"),
    memory: gauge("process.resident_memory", "By", [], "Memory of the program"),
    cpu: counter("process.cpu", "s", [], "Processor time of the program"),
  } as const satisfies Record<string, Instrument>;
}
