/** Legacy completions: a prompt in, text out (OpenAI, vLLM, llama.cpp, …). */
import type { Added, Answered, Asked, Assembler, Dialect } from "../dialect.ts";
import { wireError } from "../error.ts";
import {
  compact,
  isObject,
  lengthen,
  number,
  object,
  objectAt,
  objects,
  put,
  text,
  without,
  type Json,
} from "../json.ts";
import type { Turn } from "../reading.ts";
import { chatUsage, statedCost } from "./openai-usage.ts";

export const openaiCompletions: Dialect = {
  name: "openai-completions",
  provider: null,
  bid: ({ path, requestBody, responseBody }) => {
    const kind = text(object(responseBody)["object"]);
    // Mistral's agents and its fill-in-the-middle answer as a chat does.
    if (/\/(chat|agents|fim)\/completions\/?$/.test(path) || kind?.startsWith("chat.")) return 0;
    if (/\/completions\/?$/.test(path)) return 0.95;
    if (kind === "text_completion") return 0.8;
    return isObject(requestBody) && "prompt" in requestBody && "max_tokens" in requestBody ? 0.2 : 0;
  },
  asked,
  assembler,
  answered,
};

function asked(body: unknown): Asked {
  const request = object(body);
  return {
    model: text(request["model"]),
    system: [],
    messages: promptsOf(request["prompt"]),
    tools: [],
    settings: without(request, "model", "prompt"),
    streamed: request["stream"] === true,
  };
}

/** A prompt is a text, a list of texts, or token numbers. */
function promptsOf(prompt: unknown): Turn[] {
  const prompts = Array.isArray(prompt) && prompt.every((one) => typeof one !== "number") ? prompt : [prompt];
  return prompts
    .filter((one) => one !== undefined && one !== null)
    .map((one) => {
      const part = typeof one === "string" ? { type: "text" as const, text: one } : null;
      return {
        role: "user",
        parts: [part ?? { type: "unknown" as const, kind: "tokens", value: one as unknown }],
      };
    });
}

function assembler(): Assembler {
  const whole: Json = {};
  const choices = new Map<number, Json>();
  let done = false;
  let count = 0;
  let token: number | null = null;

  function addChoice(wire: Json): Added[] {
    const index = number(wire["index"]) ?? 0;
    const choice = choices.get(index) ?? { text: "", index, logprobs: null, finish_reason: null };
    choices.set(index, choice);
    for (const [key, value] of Object.entries(wire)) {
      if (key === "text") put(choice, key, `${text(choice["text"]) ?? ""}${text(value) ?? ""}`);
      else if (key === "logprobs" && isObject(value)) join(objectAt(choice, key), value);
      else if (value !== null) put(choice, key, value);
    }
    const said = text(wire["text"]);
    return said ? [{ lane: "text", text: said }] : [];
  }

  return {
    add: ({ data, json, n }) => {
      if (data.trim() === "[DONE]") done = true;
      if (!isObject(json)) return [];
      count += 1;
      for (const [key, value] of Object.entries(json))
        if (key !== "choices" && value !== null) put(whole, key, value);
      const added = objects(json["choices"]).flatMap(addChoice);
      if (token === null && added.length > 0) token = n;
      if (json["error"]) added.push({ lane: "error", text: wireError(json)?.message ?? "error" });
      if (isObject(json["usage"])) added.push({ lane: "usage", text: compact(json["usage"]) });
      return added;
    },
    message: () => (count === 0 ? null : { ...whole, choices: [...choices.values()] }),
    problems: (ended) => {
      const open = [...choices.values()].some((choice) => choice["finish_reason"] === null);
      if (!ended || done || whole["error"] || count === 0 || !open) return [];
      const what = "the stream ended without a finish_reason and without [DONE]: the answer is cut off";
      const source = "https://platform.openai.com/docs/api-reference/completions";
      return [{ where: "stream", what, rule: "stream/no-terminator", severity: "error", source }];
    },
    firstToken: () => token,
  };
}

/** `tokens`, `token_logprobs`, … are parallel lists that go on. */
function join(whole: Json, now: Json): void {
  for (const [key, value] of Object.entries(now)) {
    if (Array.isArray(value)) lengthen(whole, key, value);
    else put(whole, key, value);
  }
}

function answered(message: unknown): Answered {
  const body = object(message);
  const cost = statedCost(body["usage"]);
  return {
    model: text(body["model"]),
    choices: objects(body["choices"]).map((choice) => {
      const said = text(choice["text"]) ?? text(object(choice["message"])["content"]) ?? "";
      return {
        parts: said === "" ? [] : [{ type: "text", text: said }],
        finish_reason: text(choice["finish_reason"]),
      };
    }),
    tool_calls: [],
    usage: chatUsage(body["usage"]),
    error: body["error"] ? { status: null, ...(wireError(body) ?? { type: null, message: "" }) } : null,
    ...(cost !== null && { stated_cost: cost }),
  };
}
