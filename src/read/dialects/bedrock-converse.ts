/**
 * Bedrock Converse and ConverseStream: one shape for all models of Amazon Bedrock. The path names the model.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, text, without } from "../json.ts";
import type { Tool, Usage } from "../reading.ts";
import { contentParts } from "./bedrock-content.ts";
import { converseStream } from "./bedrock-converse-stream.ts";
import { awsError } from "./bedrock-error.ts";
import { both, clientCalls, sum, word } from "./values.ts";

export const bedrockConverse: Dialect = {
  name: "bedrock-converse",
  provider: "bedrock",
  bid,
  asked,
  assembler: converseStream,
  answered: (message, glimpse) => ({ ...answered(message), error: awsError(message, glimpse) }),
};

function bid({ path, requestBody, responseBody, responseType }: Glimpse): number {
  if (/\/model\/.+\/converse(-stream)?\/?$/.test(path)) return 0.98;
  if (isConverse(responseBody)) return 0.8;
  const binary =
    responseType?.startsWith("application/vnd.amazon.eventstream") === true || responseType === null;
  if (binary && isObject(responseBody) && responseBody["role"] === "assistant" && isStart(responseBody))
    return 0.6;
  const asks = isObject(requestBody) && Array.isArray(requestBody["messages"]);
  return asks && ("inferenceConfig" in requestBody || "toolConfig" in requestBody) ? 0.5 : 0;
}

/** The first event of ConverseStream: a role, and padding. */
function isStart(event: object): boolean {
  return Object.keys(event).every((key) => key === "role" || key === "p");
}

export function isConverse(answer: unknown): boolean {
  return isObject(object(object(answer)["output"])["message"]) && "stopReason" in object(answer);
}

export function asked(body: unknown, { path }: Glimpse): Asked {
  const request = object(body);
  const toolConfig = object(request["toolConfig"]);
  const config = object(request["inferenceConfig"]);
  const rest = without(request, "messages", "system", "toolConfig", "inferenceConfig", "modelId");
  return {
    model: word(request["modelId"]) ?? modelOf(path),
    system: contentParts(request["system"], "$.system"),
    messages: list(request["messages"]).map((message, i) => ({
      role: text(object(message)["role"]) ?? "user",
      parts: contentParts(object(message)["content"], `$.messages[${i}].content`),
    })),
    tools: list(toolConfig["tools"]).flatMap(tool),
    settings: { ...config, ...without(toolConfig, "tools"), ...rest },
    streamed: /\/converse-stream\/?$/.test(path),
  };
}

/** `/model/NAME/converse`; the name may be an ARN with slashes, percent-encoded or not. */
export function modelOf(path: string): string | null {
  const found = /\/model\/(.+)\/(?:converse|invoke|count-tokens)(?:-stream|-with-response-stream)?\/?$/.exec(
    path,
  )?.[1];
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    return found;
  }
}

function tool(value: unknown): Tool[] {
  const given = object(value);
  if (isObject(given["toolSpec"])) {
    const { name, description, inputSchema } = given["toolSpec"];
    const schema = object(inputSchema)["json"] ?? inputSchema ?? null;
    return [
      { name: text(name) ?? "", description: text(description), schema, kind: "function", by: "client" },
    ];
  }
  if ("cachePoint" in given) return [];
  const [kind, about] = Object.entries(given)[0] ?? ["", null];
  return [{ name: word(object(about)["name"]) ?? kind, description: null, schema: null, kind, by: "server" }];
}

export function answered(message: unknown): Answered {
  const answer = object(message);
  const content = object(object(answer["output"])["message"])["content"];
  const finish_reason = text(answer["stopReason"]);
  const parts = contentParts(content, "$.output.message.content");
  return {
    model: null,
    choices: content === undefined && finish_reason === null ? [] : [{ parts, finish_reason }],
    tool_calls: clientCalls(parts),
    usage: usageOf(answer["usage"]),
    error: null,
  };
}

/** On the wire `inputTokens` leaves out what was read from and written to the cache. */
export function usageOf(wire: unknown): Usage | null {
  if (!isObject(wire)) return null;
  const cached = number(wire["cacheReadInputTokens"]) ?? number(wire["cacheReadInputTokenCount"]);
  const cache_write = number(wire["cacheWriteInputTokens"]) ?? number(wire["cacheWriteInputTokenCount"]);
  const plain = number(wire["inputTokens"]);
  const input = plain === null ? null : sum(plain, cached, cache_write);
  const output = number(wire["outputTokens"]);
  const told = number(wire["totalTokens"]);
  // Some models' totals leave the cache out as well.
  const total = told !== null && told !== sum(plain, output) ? told : (both(input, output) ?? told);
  return { input, output, total, cached, cache_write, reasoning: null, wire };
}
