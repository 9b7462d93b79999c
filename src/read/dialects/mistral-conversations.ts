/**
 * Mistral's Conversations (POST /v1/conversations, also an agent's): entries in, entries out; the server keeps the
 * conversation and runs its own tools. https://docs.mistral.ai/agents/agents
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import type { Part, Turn, Usage } from "../reading.ts";
import { mistralConversation } from "./mistral-conversations-stream.ts";
import { contentParts, toolsOf } from "./openai-parts.ts";
import { chatUsage } from "./openai-usage.ts";
import { argumentsOf, clientCalls, toldError, word } from "./values.ts";

export const mistralConversations: Dialect = {
  name: "mistral-conversations",
  provider: "mistral",
  bid,
  asked,
  assembler: mistralConversation,
  answered,
};

function bid({ path, method, host, requestBody, responseBody }: Glimpse): number {
  const ours = host?.includes("mistral") === true || "inputs" in object(requestBody);
  if (method === "POST" && ours && /\/conversations(\/[^/]+(\/restart)?)?\/?$/.test(path)) return 0.95;
  const answer = object(responseBody);
  if (answer["object"] === "conversation.response") return 0.9;
  return String(answer["type"]).startsWith("conversation.response.") ? 0.85 : 0;
}

function asked(body: unknown, { path }: Glimpse): Asked {
  const request = object(body);
  const { inputs } = request;
  const instructions = word(request["instructions"]);
  return {
    model: word(request["model"]) ?? word(request["agent_id"]),
    system: instructions === null ? [] : [{ type: "text", text: instructions }],
    messages:
      typeof inputs === "string"
        ? [{ role: "user", parts: [{ type: "text", text: inputs }] }]
        : list(inputs).map((entry, i) => turnOf(entry, `$.inputs[${i}]`)),
    tools: toolsOf(request),
    settings: {
      ...object(request["completion_args"]),
      ...goingOn(path),
      ...without(request, "model", "inputs", "instructions", "tools", "completion_args", "stream"),
    },
    streamed: request["stream"] === true,
  };
}

/** A conversation goes on under its own address. */
function goingOn(path: string): Json {
  const conversation_id = /\/conversations\/([^/]+)/.exec(path)?.[1];
  return conversation_id === undefined ? {} : { conversation_id };
}

const ROLES: Record<string, string> = { "message.input": "user", "function.result": "tool" };

function turnOf(entry: unknown, where: string): Turn {
  const kind = text(object(entry)["type"]) ?? "";
  const role = text(object(entry)["role"]) ?? (Object.hasOwn(ROLES, kind) ? ROLES[kind] : undefined);
  return { role: role ?? (kind === "" ? "user" : "assistant"), parts: entryParts(entry, where) };
}

function entryParts(entry: unknown, where: string): Part[] {
  if (!isObject(entry)) return [{ type: "unknown", kind: null, value: entry }];
  const kind = text(entry["type"]);
  switch (kind) {
    case "message.input":
    case "message.output":
    case null:
      return contentParts(entry["content"], `${where}.content`);
    case "function.call":
      return [called(entry, text(entry["tool_call_id"]) ?? text(entry["id"]), "client")];
    case "function.result": {
      const id = text(entry["tool_call_id"]);
      const parts = contentParts(entry["result"], `${where}.result`);
      return [{ type: "tool_result", id, name: null, parts, by: "client" }];
    }
    case "tool.execution":
      return [called(entry, text(entry["id"]), "server")];
    default:
      return [{ type: "unknown", kind, value: entry }];
  }
}

function called(entry: Json, id: string | null, by: "client" | "server"): Part {
  const name = text(entry["name"]) ?? text(entry["function"]) ?? "";
  return { type: "tool_call", id, name, arguments: argumentsOf(entry["arguments"]), by };
}

/** There is no reason for the end: an answer ends, or waits for the client's results. */
function answered(message: unknown): Answered {
  const answer = object(message);
  const outputs = list(answer["outputs"]);
  const parts = outputs.flatMap((entry, i) => entryParts(entry, `$.outputs[${i}]`));
  return {
    model:
      objects(outputs)
        .map((entry) => word(entry["model"]))
        .findLast((model) => model !== null) ?? null,
    choices: "outputs" in answer ? [{ parts, finish_reason: null }] : [],
    tool_calls: clientCalls(parts),
    usage: withConnectors(chatUsage(answer["usage"])),
    error: answer["error"] || !("outputs" in answer) ? toldError(answer) : null,
  };
}

/** What the server's tools put into the prompt is counted beside it. */
function withConnectors(usage: Usage | null): Usage | null {
  const more = number(object(usage?.wire)["connector_tokens"]);
  return usage === null || usage.input === null || more === null
    ? usage
    : { ...usage, input: usage.input + more };
}
