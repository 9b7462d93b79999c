/**
 * OpenAI Chat Completions, and all who speak it: Azure OpenAI, OpenRouter, Groq, DeepSeek, Mistral, xAI, Perplexity,
 * vLLM, llama.cpp, LiteLLM, … with what they add (reasoning, search results, costs, errors of their own).
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, object, objects, text, without, type Json } from "../json.ts";
import { fromBase64, fromUrl } from "../media.ts";
import type { Part, ReadError, Turn } from "../reading.ts";
import { asParts, contentParts, executedParts, reasoningParts, toolCalls, toolsOf } from "./openai-parts.ts";
import { chatAssembler } from "./openai-chat-stream.ts";
import { chatUsage, statedCost, withUnnamedThoughts } from "./openai-usage.ts";
import { byIndex, errorBeside } from "./values.ts";

export const openaiChat: Dialect = {
  name: "openai-chat",
  provider: null,
  bid,
  asked,
  assembler: chatAssembler,
  answered,
};

function bid({ path, requestBody, responseBody }: Glimpse): number {
  if (/\/(chat|agents|fim)\/completions\/?$/.test(path)) return 0.95;
  const kind = text(object(responseBody)["object"]);
  if (kind === "chat.completion" || kind === "chat.completion.chunk") return 0.8;
  // Azure begins a stream with what its filter says of the prompt: no choices, no object.
  if (Array.isArray(object(responseBody)["prompt_filter_results"])) return 0.7;
  const choice = objects(object(responseBody)["choices"])[0];
  if (choice && (isObject(choice["message"]) || isObject(choice["delta"]))) return 0.6;
  return isObject(requestBody) && Array.isArray(requestBody["messages"]) && "model" in requestBody ? 0.3 : 0;
}

function asked(body: unknown): Asked {
  const request = object(body);
  const turns = list(request["messages"]).map((message, i) => turnOf(message, `$.messages[${i}]`));
  const gap = turns.length === 0 ? aroundGap(request) : [];
  if (gap.length > 0) turns.push({ role: "user", parts: gap });
  const first = turns.findIndex(({ role }) => role !== "system" && role !== "developer");
  const leading = first < 0 ? turns.length : first;
  return {
    model: text(request["model"]),
    system: turns.slice(0, leading).flatMap(({ parts }) => parts),
    messages: turns.slice(leading),
    tools: toolsOf(request),
    settings: without(
      request,
      "model",
      "messages",
      "tools",
      "functions",
      ...(gap.length > 0 ? ["prompt", "suffix"] : []),
    ),
    streamed: request["stream"] === true,
  };
}

/** Fill in the middle: what stands before the gap, and after it. */
function aroundGap(request: Json): Part[] {
  return [request["prompt"], request["suffix"]].flatMap((side): Part[] =>
    typeof side === "string" && side !== "" ? [{ type: "text", text: side }] : [],
  );
}

function turnOf(value: unknown, where: string): Turn {
  if (!isObject(value)) return { role: "unknown", parts: [{ type: "unknown", kind: null, value }] };
  const role = text(value["role"]) ?? "unknown";
  const name = text(value["name"]);
  const parts = contentParts(value["content"], `${where}.content`);
  if (role === "tool" || role === "function") {
    const id = text(value["tool_call_id"]);
    return { role: "tool", parts: [{ type: "tool_result", id, name, parts, by: "client" }] };
  }
  return { role, parts: messageParts(value, parts), ...(name !== null && { name }) };
}

/** Everything an assistant's message holds, in the order in which it was made. */
function messageParts(message: Json, content: Part[]): Part[] {
  const refusal = text(message["refusal"]);
  return [
    ...reasoningParts(message),
    ...executedParts(message),
    ...content,
    ...(refusal ? [{ type: "refusal" as const, text: refusal }] : []),
    ...audioParts(message["audio"]),
    ...imageParts(message["images"]),
    ...asParts(toolCalls(message)),
    ...citations(message["annotations"]),
  ];
}

function answered(message: unknown): Answered {
  const body = object(message);
  const first = byIndex(body["choices"])[0]?.[0];
  const choices = byIndex(body["choices"]).map(([choice, i]) => {
    const answer = object(choice["message"]);
    const content = contentParts(answer["content"], `$.choices[${i}].message.content`);
    const extra = choice === first ? searchResults(body) : [];
    return {
      parts: [...messageParts(answer, content), ...extra],
      finish_reason: text(choice["finish_reason"]),
    };
  });
  const wire = body["usage"] ?? object(body["x_groq"])["usage"];
  const cost = statedCost(wire);
  const model = text(body["model"]);
  const counted = chatUsage(wire);
  return {
    model,
    choices,
    tool_calls: toolCalls(object(first?.["message"])),
    usage: model && /\bgemini\b/.test(model) ? withUnnamedThoughts(counted) : counted,
    error: errorIn(body),
    ...(cost !== null && { stated_cost: cost }),
  };
}

/** An error in a 200: mid-stream, or OpenRouter's error inside a choice. */
function errorIn(body: Json): ReadError | null {
  const inChoice = objects(body["choices"]).find((choice) => isObject(choice["error"]));
  return errorBeside(body["error"] || inChoice?.["error"]);
}

function citations(annotations: unknown): Part[] {
  return objects(annotations).map((value) => {
    const of = object(value["url_citation"] ?? value["file_citation"] ?? value["file"]);
    const title = text(of["title"]) ?? text(of["filename"]);
    return { type: "citation", title, url: text(of["url"]), text: text(of["content"]), value };
  });
}

/** Perplexity's sources stand beside the choices: `search_results`, or only their addresses in `citations`. */
function searchResults(body: Json): Part[] {
  const results = objects(body["search_results"]);
  if (results.length > 0)
    return results.map((value) => ({
      type: "citation",
      title: text(value["title"]),
      url: text(value["url"]),
      text: text(value["snippet"]),
      value,
    }));
  return list(body["citations"]).map((value) => {
    const url = text(value) ?? text(object(value)["url"]);
    return { type: "citation", title: text(object(value)["title"]), url, text: null, value };
  });
}

function audioParts(audio: unknown): Part[] {
  if (!isObject(audio)) return [];
  const part = fromBase64("audio", audio["data"], null, "$.choices[0].message.audio.data", text(audio["id"]));
  const said = text(audio["transcript"]);
  return said ? [{ type: "text", text: said }, part] : [part];
}

function imageParts(images: unknown): Part[] {
  return objects(images).map((image, i) =>
    fromUrl("image", object(image["image_url"])["url"], `$.choices[0].message.images[${i}].image_url.url`),
  );
}
