/**
 * Cohere v2 chat (POST /v2/chat), streamed as SSE. https://docs.cohere.com/reference/chat
 * `tool_plan`, what the model says to itself before it calls tools, is read as reasoning.
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, object, text, without, type Json } from "../json.ts";
import { fromUrl } from "../media.ts";
import type { Part, Turn } from "../reading.ts";
import { citation, documentPart, usageOf } from "./cohere-parts.ts";
import { cohereStream } from "./cohere-stream.ts";
import { asParts, toolCalls, toolsOf } from "./openai-parts.ts";
import { toldError, word } from "./values.ts";

export const cohere: Dialect = {
  name: "cohere",
  provider: "cohere",
  bid,
  asked,
  assembler: cohereStream,
  answered,
};

function bid({ path, host, responseBody }: Glimpse): number {
  if (/\/v2\/chat\/?$/.test(path)) return host?.includes("cohere") === true ? 0.98 : 0.9;
  const answer = object(responseBody);
  if (answer["type"] === "message-start" && isObject(answer["delta"])) return 0.9;
  const message = object(answer["message"]);
  const made = Array.isArray(message["content"]) || Array.isArray(message["tool_calls"]);
  return made && "finish_reason" in answer && "id" in answer ? 0.8 : 0;
}

export function asked(body: unknown): Asked {
  const request = object(body);
  const turns = list(request["messages"]).map((message, i) => turnOf(object(message), `$.messages[${i}]`));
  const first = turns.findIndex(({ role }) => role !== "system" && role !== "developer");
  const leading = first < 0 ? turns.length : first;
  return {
    model: word(request["model"]),
    system: turns.slice(0, leading).flatMap(({ parts }) => parts),
    messages: turns.slice(leading),
    tools: toolsOf(request),
    settings: without(request, "model", "messages", "tools", "stream"),
    streamed: request["stream"] === true,
  };
}

function turnOf(message: Json, path: string): Turn {
  const role = text(message["role"]) ?? "user";
  if (role !== "tool") return { role, parts: messageParts(message, path) };
  const parts = contentParts(message["content"], `${path}.content`);
  return {
    role,
    parts: [{ type: "tool_result", id: text(message["tool_call_id"]), name: null, parts, by: "client" }],
  };
}

/** A message in the order in which it was made: plan or thinking, text, calls, citations. */
export function messageParts(message: Json, path: string): Part[] {
  const plan = word(message["tool_plan"]);
  return [
    ...(plan === null ? [] : [{ type: "reasoning" as const, text: plan }]),
    ...contentParts(message["content"], `${path}.content`),
    ...asParts(toolCalls(message)),
    ...list(message["citations"]).map(citation),
  ];
}

function contentParts(content: unknown, path: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return list(content)
    .map((block, i) => blockPart(block, `${path}[${i}]`))
    .filter((part) => part.type !== "text" || part.text !== "");
}

function blockPart(block: unknown, path: string): Part {
  const given = object(block);
  switch (given["type"]) {
    case "text":
      return { type: "text", text: text(given["text"]) ?? "" };
    case "thinking":
      return { type: "reasoning", text: text(given["thinking"]) ?? "" };
    case "image_url": {
      const inside = isObject(given["image_url"]);
      const url = inside ? object(given["image_url"])["url"] : given["image_url"];
      return fromUrl("image", url, `${path}.image_url${inside ? ".url" : ""}`);
    }
    case "document":
      return documentPart(given["document"], `${path}.document`);
    default:
      return { type: "unknown", kind: text(given["type"]), value: block };
  }
}

export function answered(message: unknown): Answered {
  const answer = object(message);
  const made = isObject(answer["message"]) ? answer["message"] : null;
  const calls = made === null ? [] : toolCalls(made);
  return {
    model: word(answer["model"]),
    choices:
      made === null
        ? []
        : [{ parts: messageParts(made, "$.message"), finish_reason: text(answer["finish_reason"]) }],
    tool_calls: calls,
    usage: usageOf(answer["usage"]),
    error: answer["error"] || made === null ? toldError(answer) : null,
  };
}
