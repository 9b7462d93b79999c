/**
 * Ollama's own API: /api/chat and /api/generate, streamed as NDJSON unless told otherwise.
 * https://github.com/ollama/ollama/blob/main/docs/api.md
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import { fromBase64 } from "../media.ts";
import type { Part, ToolCall, Turn, Usage } from "../reading.ts";
import { ollamaStream } from "./ollama-stream.ts";
import { toolsOf } from "./openai-parts.ts";
import { argumentsOf, clientCalls, plainUsage, toldError, word } from "./values.ts";

export const ollama: Dialect = {
  name: "ollama",
  provider: "ollama",
  bid,
  asked,
  assembler: ollamaStream,
  answered,
};

function bid({ path, responseBody }: Glimpse): number {
  if (/\/api\/(chat|generate)\/?$/.test(path)) return 0.9;
  const answer = object(responseBody);
  const made = "response" in answer || isObject(answer["message"]);
  return made && typeof answer["done"] === "boolean" && "created_at" in answer ? 0.85 : 0;
}

function asked(body: unknown): Asked {
  const request = object(body);
  const prompt = text(request["prompt"]);
  const images = list(request["images"]).map((image, i) =>
    fromBase64("image", image, null, `$.images[${i}]`),
  );
  const turns = list(request["messages"]).map((message, i) => turnOf(object(message), `$.messages[${i}]`));
  const first = turns.findIndex(({ role }) => role !== "system");
  const leading = first < 0 ? turns.length : first;
  const system = word(request["system"]);
  const said: Part[] = [
    ...(prompt === null || prompt === "" ? [] : [{ type: "text" as const, text: prompt }]),
    ...images,
  ];
  return {
    model: word(request["model"]),
    system: [
      ...(system === null ? [] : [{ type: "text" as const, text: system }]),
      ...turns.slice(0, leading).flatMap(({ parts }) => parts),
    ],
    messages: [...turns.slice(leading), ...(said.length > 0 ? [{ role: "user", parts: said }] : [])],
    tools: toolsOf(request),
    settings: { ...object(request["options"]), ...without(request, ...READ) },
    streamed: request["stream"] === true,
  };
}

const READ = ["model", "messages", "prompt", "system", "images", "tools", "options", "stream"];

function turnOf(message: Json, path: string): Turn {
  const role = text(message["role"]) ?? "user";
  const parts = messageParts(message, path);
  if (role !== "tool") return { role, parts };
  const name = word(message["tool_name"]) ?? word(message["name"]);
  return {
    role,
    parts: [{ type: "tool_result", id: word(message["tool_call_id"]), name, parts, by: "client" }],
  };
}

function messageParts(message: Json, path: string): Part[] {
  // Servers that speak Ollama's language beside OpenAI's keep the other name.
  const thought = word(message["thinking"]) ?? word(message["reasoning_content"]);
  const said = word(message["content"]);
  return [
    ...(thought === null ? [] : [{ type: "reasoning" as const, text: thought }]),
    ...(said === null ? [] : [{ type: "text" as const, text: said }]),
    ...list(message["images"]).map((image, i) => fromBase64("image", image, null, `${path}.images[${i}]`)),
    ...callsOf(message).map((call): Part => ({ type: "tool_call", ...call, by: "client" })),
  ];
}

function callsOf(message: Json): ToolCall[] {
  return objects(message["tool_calls"]).map((call) => {
    const { name, arguments: args } = object(call["function"]);
    return { id: word(call["id"]), name: text(name) ?? "", arguments: argumentsOf(args) };
  });
}

function answered(message: unknown): Answered {
  const answer = object(message);
  const chat = isObject(answer["message"]) ? answer["message"] : null;
  const generated = typeof answer["response"] === "string" || typeof answer["thinking"] === "string";
  const said = { ...answer, content: answer["response"] };
  const parts = chat ? messageParts(chat, "$.message") : messageParts(said, "$");
  return {
    model: word(answer["model"]),
    choices: chat || generated ? [{ parts, finish_reason: text(answer["done_reason"]) }] : [],
    tool_calls: clientCalls(parts),
    usage: usageOf(answer),
    error: answer["error"] ? toldError(answer) : null,
  };
}

const COUNTS = [
  "total_duration",
  "load_duration",
  "prompt_eval_count",
  "prompt_eval_duration",
  "eval_count",
  "eval_duration",
];

/** Ollama has no object of its own for this: the counts stand beside the message, durations in nanoseconds. */
export function usageOf(answer: Json): Usage | null {
  const input = number(answer["prompt_eval_count"]);
  const output = number(answer["eval_count"]);
  if (input === null && output === null) return null;
  const wire = Object.fromEntries(Object.entries(answer).filter(([key]) => COUNTS.includes(key)));
  return plainUsage(input, output, wire);
}
