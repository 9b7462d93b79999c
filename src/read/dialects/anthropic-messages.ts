/**
 * Anthropic Messages (POST /v1/messages), also as Vertex AI and Bedrock serve it.
 * https://platform.claude.com/docs/en/api/messages and …/build-with-claude/streaming
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import type { Tool, Usage } from "../reading.ts";
import { contentParts } from "./anthropic-content.ts";
import { anthropicStream } from "./anthropic-stream.ts";
import { both, clientCalls, errorBeside, sum, toldError, word } from "./values.ts";

export const anthropicMessages: Dialect = {
  name: "anthropic-messages",
  provider: "anthropic",
  bid,
  asked,
  assembler: anthropicStream,
  answered,
};

/** The same bodies behind Vertex AI's paths, which carry the model. */
export const vertexAnthropic: Dialect = {
  ...anthropicMessages,
  name: "vertex-anthropic",
  provider: "vertex",
  bid: ({ path }) => (/\/publishers\/anthropic\/models\/[^/]+:(stream)?rawPredict$/i.test(path) ? 0.98 : 0),
};

function bid({ path, requestBody, responseBody }: Glimpse): number {
  if (isObject(requestBody) && "jsonrpc" in requestBody) return 0;
  if (/\/v1\/messages\/?$/.test(path)) return 0.95;
  const answer = object(responseBody);
  const isAnswer =
    (answer["type"] === "message" && answer["role"] === "assistant" && Array.isArray(answer["content"])) ||
    (answer["type"] === "message_start" && isObject(answer["message"]));
  if (isAnswer) return 0.85;
  const asks = isObject(requestBody) && Array.isArray(requestBody["messages"]);
  if (asks && "anthropic_version" in requestBody) return 0.8;
  return asks && /(?<!\/threads\/[^/]+)\/messages\/?$/.test(path) ? 0.7 : 0;
}

export function asked(body: unknown, { path }: Glimpse): Asked {
  const request = object(body);
  const served = list(request["mcp_servers"]).map(mcpServer);
  return {
    model: word(request["model"]) ?? modelOf(path),
    system: contentParts(request["system"], "$.system"),
    messages: list(request["messages"]).map((message, i) => ({
      role: text(object(message)["role"]) ?? "user",
      parts: contentParts(object(message)["content"], `$.messages[${i}].content`),
    })),
    tools: [...list(request["tools"]).map(tool), ...served, ...broughtTools(request["messages"])],
    settings: without(request, "model", "system", "messages", "tools", "mcp_servers", "stream"),
    streamed: request["stream"] === true || /:streamRawPredict$|\/invoke-with-response-stream$/i.test(path),
  };
}

/** Vertex (`…/models/NAME:rawPredict`) and Bedrock (`/model/NAME/invoke`) name the model in the path only. */
function modelOf(path: string): string | null {
  const found = /\/models?\/([^/:]+(?::\d+)?)(?::(?:stream)?rawPredict|\/invoke)/i.exec(path)?.[1];
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    return found;
  }
}

const RUN_BY_SERVER = /^(web_search|web_fetch|code_execution|tool_search_tool|advisor|mcp_toolset)/;

function tool(value: unknown): Tool {
  const given = object(value);
  const type = word(given["type"]);
  const own = type === null || type === "custom";
  return {
    name: word(given["name"]) ?? word(given["mcp_server_name"]) ?? type ?? "",
    description: text(given["description"]),
    schema: given["input_schema"] ?? null,
    kind: own ? "function" : type,
    by: !own && RUN_BY_SERVER.test(type) ? "server" : "client",
  };
}

/** Tools that stand in the conversation: added on the way, or listed by an MCP server as it was asked then. */
function broughtTools(messages: unknown): Tool[] {
  const blocks = objects(messages).flatMap(({ content }) => objects(content));
  return blocks.flatMap((block): Tool[] => {
    if (block["type"] === "compaction") return objects(block["tool_changes"]).flatMap(addedTool);
    if (block["type"] !== "mcp_tool_listing") return addedTool(block);
    const namespace = text(block["mcp_server_name"]) ?? "";
    return objects(block["tools"]).map((one) => ({
      ...tool(one),
      kind: "mcp_tool",
      by: "server",
      namespace,
    }));
  });
}

function addedTool(block: Json): Tool[] {
  const given = object(block["tool"]);
  if (block["type"] !== "tool_addition" || given["type"] !== "tool_definition") return [];
  return [tool(given["definition"])];
}

function mcpServer(value: unknown): Tool {
  const name = word(object(value)["name"]) ?? word(object(value)["url"]) ?? "";
  return { name, description: text(object(value)["url"]), schema: null, kind: "mcp_server", by: "server" };
}

export function answered(message: unknown): Answered {
  const answer = object(message);
  const content = answer["content"];
  const parts = contentParts(content, "$.content");
  const explanation = word(object(answer["stop_details"])["explanation"]);
  if (answer["stop_reason"] === "refusal" && explanation) parts.push({ type: "refusal", text: explanation });
  const finish_reason = text(answer["stop_reason"]);
  const nothing = content === undefined && finish_reason === null;
  return {
    model: word(answer["model"]),
    choices: nothing ? [] : [{ parts, finish_reason }],
    tool_calls: clientCalls(parts),
    usage: usageOf(answer["usage"]),
    error: nothing ? toldError(message) : errorBeside(answer["error"]),
  };
}

/** On the wire `input_tokens` leaves out what was read from and written to the cache. */
export function usageOf(wire: unknown): Usage | null {
  if (!isObject(wire)) return null;
  // Where the model ran several times (to sum up, or another model first), the counts at the top are the last run's.
  const runs = objects(wire["iterations"]);
  const counted =
    runs.length > 1 && runs.every((run) => number(run["output_tokens"]) !== null) ? runs : [wire];
  const all = (key: string) => sum(...counted.map((run) => run[key]));
  const cached = all("cache_read_input_tokens");
  const cache_write = all("cache_creation_input_tokens");
  const input = all("input_tokens") === null ? null : sum(all("input_tokens"), cached, cache_write);
  const output = all("output_tokens");
  const total = both(input, output);
  const reasoning = number(object(wire["output_tokens_details"])["thinking_tokens"]);
  return { input, output, total, cached, cache_write, reasoning, wire };
}
