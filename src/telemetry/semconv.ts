/**
 * The one table of names that others have given: OpenTelemetry's conventions for generative AI and MCP, by their version,
 * since they are still in development. Everything that leaves as a span or a metric takes its names from here.
 * https://github.com/open-telemetry/semantic-conventions-genai
 */

import type { SemconvVersion } from "../fact/semconv-versions.ts";

/** What is the same in every version that is known here. */
const SAME = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  stream: "gen_ai.request.stream",
  finishReasons: "gen_ai.response.finish_reasons",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  conversation: "gen_ai.conversation.id",
  agentName: "gen_ai.agent.name",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  tokenType: "gen_ai.token.type",
  tokenModality: "gen_ai.token.modality",
  toolName: "gen_ai.tool.name",
  toolCallId: "gen_ai.tool.call.id",
  toolType: "gen_ai.tool.type",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
  promptName: "gen_ai.prompt.name",
  systemInstructions: "gen_ai.system_instructions",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  toolDefinitions: "gen_ai.tool.definitions",
  mcpMethod: "mcp.method.name",
  mcpProtocol: "mcp.protocol.version",
  mcpSession: "mcp.session.id",
  mcpResource: "mcp.resource.uri",
  rpcId: "jsonrpc.request.id",
  rpcStatus: "rpc.response.status_code",
  httpStatus: "http.response.status_code",
  serverAddress: "server.address",
  serverPort: "server.port",
  transport: "network.transport",
  errorType: "error.type",
} as const;

const METRICS = {
  duration: "gen_ai.client.operation.duration",
  timeToFirstChunk: "gen_ai.client.operation.time_to_first_chunk",
  mcpDuration: "mcp.client.operation.duration",
  sessionDuration: "mcp.client.session.duration",
} as const;

export type Semconv = {
  readonly version: SemconvVersion;
  /** Null where none is published. */
  readonly schemaUrl: string | null;
  readonly names: typeof SAME & { readonly cacheWriteTokens: string };
  /** An empty name: this version has no such metric. */
  readonly metrics: typeof METRICS & Readonly<Record<"toolDuration" | "agentDuration", string>>;
  /** How tokens are counted: one histogram with a type, or counters and a histogram of each side. */
  readonly tokens: "histogram" | "counters";
  /** Since revision 2026-07-28 MCP has no sessions, so that none may be named. */
  readonly namesSessions: (revision: string | null) => boolean;
};

const SINCE_1_42 = {
  names: { ...SAME, cacheWriteTokens: "gen_ai.usage.cache_write.input_tokens" },
  metrics: {
    ...METRICS,
    toolDuration: "gen_ai.execute_tool.duration",
    agentDuration: "gen_ai.invoke_agent.duration",
  },
  namesSessions: (revision: string | null) => revision === null || revision < "2026-07-28",
} as const;

const TABLE: Readonly<Record<SemconvVersion, Semconv>> = {
  "1.41": {
    version: "1.41",
    schemaUrl: "https://opentelemetry.io/schemas/1.41.0",
    names: { ...SAME, cacheWriteTokens: "gen_ai.usage.cache_creation.input_tokens" },
    metrics: { ...METRICS, toolDuration: "", agentDuration: "" },
    tokens: "histogram",
    namesSessions: () => true,
  },
  "1.42": {
    version: "1.42",
    schemaUrl: "https://opentelemetry.io/schemas/gen-ai/1.42.0",
    ...SINCE_1_42,
    tokens: "histogram",
  },
  "0.1": { version: "0.1", schemaUrl: null, ...SINCE_1_42, tokens: "counters" },
};

export function semconv(version: SemconvVersion): Semconv {
  return TABLE[version];
}

/** Ours, beside theirs: what leads back to the record. */
export const OURS = {
  exchange: "mcp_proxy_logger.exchange_id",
  exchangeUrl: "mcp_proxy_logger.exchange_url",
  session: "mcp_proxy_logger.session_id",
  sessionUrl: "mcp_proxy_logger.session_url",
  run: "mcp_proxy_logger.run_id",
  runUrl: "mcp_proxy_logger.run_url",
  upstream: "mcp_proxy_logger.upstream",
  dialect: "mcp_proxy_logger.dialect",
  client: "mcp_proxy_logger.client",
  server: "mcp_proxy_logger.server",
  ending: "mcp_proxy_logger.ending",
  cost: "mcp_proxy_logger.cost_usd",
  problems: "mcp_proxy_logger.problems",
  lane: "mcp_proxy_logger.lane",
  toolState: "mcp_proxy_logger.tool_state",
  certainty: "mcp_proxy_logger.tie.certainty",
  rule: "mcp_proxy_logger.tie.rule",
  attempts: "mcp_proxy_logger.attempts",
  withheld: "mcp_proxy_logger.content_withheld",
} as const;

/** What a request with a dialect is called; null where no model works. */
export function operationOf(dialect: string | null): string | null {
  if (dialect === null || NO_MODEL.test(dialect)) return null;
  if (dialect.endsWith("embeddings")) return "embeddings";
  if (/^(gemini|vertex-gemini|gemini-code-assist|gemini-interactions|gemini-live)$/.test(dialect))
    return "generate_content";
  if (/^(openai-completions|anthropic-complete|text-generation|llama-cpp)$/.test(dialect))
    return "text_completion";
  return Object.hasOwn(OWN_OPERATIONS, dialect) ? OWN_OPERATIONS[dialect]! : "chat";
}

const NO_MODEL = /^(raw|mcp|models|batches|openai-agents|openai-assistants)$|count-tokens$/;

/** The conventions have no name for these and allow one of our own. */
const OWN_OPERATIONS: Readonly<Record<string, string>> = {
  "openai-audio": "audio",
  "openai-images": "generate_image",
  "openai-moderations": "moderation",
  "openai-videos": "generate_video",
  "gemini-predict": "generate_video",
  "mistral-ocr": "ocr",
  rerank: "rerank",
};

/** The conventions' own names of providers; others keep ours. */
const PROVIDERS: Readonly<Record<string, string>> = {
  bedrock: "aws.bedrock",
  azure: "azure.ai.openai",
  gemini: "gcp.gemini",
  vertex: "gcp.vertex_ai",
  mistral: "mistral_ai",
  xai: "x_ai",
  moonshotai: "moonshot_ai",
};

export function providerNameOf(provider: string | null, upstream: string): string {
  const name = provider ?? upstream;
  return Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name]! : name;
}
