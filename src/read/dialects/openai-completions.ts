/** Legacy completions: a prompt in, text out (OpenAI, vLLM, llama.cpp, …). */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse } from "../dialect.ts";
import {
  compact,
  indexOf,
  isObject,
  lengthen,
  object,
  objectAt,
  objects,
  put,
  text,
  without,
  type Json,
} from "../json.ts";
import type { Turn } from "../reading.ts";
import { isEmpty, keep, keepAll } from "./keep.ts";
import { LEAST_REPEATS, repeatsAll } from "./repeats.ts";
import { chatUsage, statedCost } from "./openai-usage.ts";
import { folded } from "./stream.ts";
import { byIndex, errorBeside } from "./values.ts";

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

const SOURCE = "https://platform.openai.com/docs/api-reference/completions";

function assembler(glimpse: Glimpse): Assembler {
  const whole: Json = {};
  const choices = new Map<number, Json>();
  const counts = new Map<number, number>();
  let count = 0;

  function take(chunk: Json): Added[] | null {
    const isOwn = Array.isArray(chunk["choices"]) || isObject(chunk["usage"]);
    if (!isOwn) return null;
    count += 1;
    keepAll(whole, chunk, "choices", "error");
    const added = objects(chunk["choices"]).flatMap(addChoice);
    if (isObject(chunk["usage"])) added.push({ lane: "usage", text: compact(chunk["usage"]) });
    return added;
  }

  function addChoice(wire: Json, place: number): Added[] {
    const index = indexOf(wire["index"]) ?? place;
    const choice = choices.get(index) ?? { text: "", index, logprobs: null, finish_reason: null };
    choices.set(index, choice);
    const pieces = (counts.get(index) ?? 0) + 1;
    counts.set(index, pieces);
    // The last event may hold the whole text once more.
    const repeats =
      pieces > LEAST_REPEATS && !isEmpty(wire["finish_reason"]) && repeatsAll(choice["text"], wire["text"]);
    for (const [key, value] of Object.entries(wire)) {
      if (key === "text")
        put(choice, key, `${text(choice["text"]) ?? ""}${repeats ? "" : (text(value) ?? "")}`);
      else if (key === "logprobs" && isObject(value)) join(objectAt(choice, key), value);
      else keep(choice, key, value);
    }
    const said = repeats ? null : text(wire["text"]);
    return said ? [{ lane: "text", text: said }] : [];
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message: () => (count === 0 ? null : { ...whole, choices: inOrder(choices) }),
    atEnd(tell, done) {
      const open = [...choices.values()].some((choice) => isEmpty(choice["finish_reason"]));
      if (done || !open) return;
      const what = "the stream ended without a finish_reason and without [DONE]: the answer is cut off";
      tell(null, "stream/no-terminator", what, "error");
    },
  }));
}

function inOrder(choices: ReadonlyMap<number, Json>): Json[] {
  return [...choices].sort(([a], [b]) => a - b).map(([, choice]) => choice);
}

/** `tokens`, `token_logprobs`, … are parallel lists that go on. */
function join(whole: Json, now: Json): void {
  for (const [key, value] of Object.entries(now)) {
    if (Array.isArray(value)) lengthen(whole, key, value);
    else keep(whole, key, value);
  }
}

function answered(message: unknown): Answered {
  const body = object(message);
  const cost = statedCost(body["usage"]);
  return {
    model: text(body["model"]),
    choices: byIndex(body["choices"]).map(([choice]) => {
      const said = text(choice["text"]) ?? text(object(choice["message"])["content"]) ?? "";
      return {
        parts: said === "" ? [] : [{ type: "text", text: said }],
        finish_reason: text(choice["finish_reason"]),
      };
    }),
    tool_calls: [],
    usage: chatUsage(body["usage"]),
    error: errorBeside(body["error"]),
    ...(cost !== null && { stated_cost: cost }),
  };
}
