/**
 * The plain text families behind Bedrock's InvokeModel: Titan, Llama, Mistral, Cohere Command, Jurassic, DeepSeek; and
 * the embeddings of Titan and Cohere. A stream sends the same fields with the next piece of text.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
import type { Added, Answered, Asked, Assembler, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, objects, put, text, without, type Json } from "../json.ts";
import type { Reading, Usage } from "../reading.ts";
import { keep } from "./keep.ts";
import { folded } from "./stream.ts";
import { plainUsage, sum, toldError } from "./values.ts";

const SOURCE = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html";

export function asked(body: unknown): Asked {
  const request = object(body);
  const said =
    text(request["prompt"]) ?? text(request["inputText"]) ?? (list(request["texts"]).join("\n") || null);
  const { textGenerationConfig, ...rest } = without(request, "prompt", "inputText", "texts");
  return {
    model: null,
    system: [],
    messages: said === null ? [] : [{ role: "user", parts: [{ type: "text", text: said }] }],
    tools: [],
    settings: { ...object(textGenerationConfig), ...rest },
    streamed: false,
  };
}

type Choice = { said: string | null; reason: unknown };

export function answered(message: unknown): Answered {
  const answer = object(message);
  const choices = choicesOf(answer).filter(({ said, reason }) => said !== null || reason != null);
  return {
    model: null,
    choices: choices.map(({ said, reason }) => ({
      parts: said === null ? [] : [{ type: "text", text: said }],
      finish_reason: reason == null ? null : String(reason),
    })),
    tool_calls: [],
    usage: usageOf(answer),
    error: answer["error"] ? toldError(answer) : null,
    ...embedded(answer),
  };
}

/** One entry for each answer: in a list of the family's own name, or the whole body. */
function choicesOf(answer: Json): Choice[] {
  for (const key of LISTS) {
    const made = objects(answer[key]);
    if (made.length > 0) return made.map(choiceOf);
  }
  return [choiceOf(answer)];
}

const TEXTS = ["generation", "outputText", "text", "completion", "output"];
const LISTS = ["results", "outputs", "generations", "completions", "choices"];
const REASONS = ["stop_reason", "completionReason", "finish_reason"];

/** A piece of an answer has one of these; what has none is an error or foreign. */
const FIELDS = [...TEXTS, ...REASONS, ...LISTS, "is_finished", "amazon-bedrock-invocationMetrics"];

function choiceOf(given: Json): Choice {
  const said = TEXTS.map((key) => text(given[key])).find((found) => found !== null);
  const reason = REASONS.map((key) => given[key]).find((found) => found != null);
  return {
    said: said ?? text(object(given["data"])["text"]),
    reason: reason ?? object(given["finishReason"])["reason"] ?? null,
  };
}

function usageOf(answer: Json): Usage | null {
  const keys = [
    "prompt_token_count",
    "generation_token_count",
    "inputTextTokenCount",
    "totalOutputTextTokenCount",
  ];
  const counts = objects(answer["results"]).map((result) => result["tokenCount"]);
  const wire = Object.fromEntries(
    Object.entries(answer).filter(([key, value]) => keys.includes(key) && value != null),
  );
  if (Object.keys(wire).length === 0) return null;
  const input = number(wire["prompt_token_count"]) ?? number(wire["inputTextTokenCount"]);
  const told = number(wire["generation_token_count"]) ?? number(wire["totalOutputTextTokenCount"]);
  const output = told ?? sum(...counts);
  const shown = counts.length > 0 ? { ...wire, results: counts.map((tokenCount) => ({ tokenCount })) } : wire;
  return plainUsage(input, output, shown);
}

function embedded(answer: Json): { extra: Pick<Reading, "embedding" | "images"> } | object {
  const one = list(answer["embedding"]);
  const many = Array.isArray(answer["embeddings"]) ? answer["embeddings"] : [];
  if (one.length > 0) return { extra: { embedding: { count: 1, dimensions: one.length } } };
  if (many.length > 0)
    return { extra: { embedding: { count: many.length, dimensions: vectorOf(many[0]).length || null } } };
  const images = list(answer["images"]);
  return images.length > 0 ? { extra: { images: { count: images.length } } } : {};
}

/** Nova's vectors say beside themselves what they are of. */
function vectorOf(value: unknown): unknown[] {
  return list(isObject(value) ? value["embedding"] : value);
}

export function textStream(glimpse: Glimpse | null = null): Assembler {
  let message: Json | null = null;

  function take(json: Json): Added[] | null {
    if (!FIELDS.some((key) => key in json)) return null;
    message ??= {};
    const said = merge(message, without(json, "error"));
    return said === "" ? [] : [{ lane: "text", text: said }];
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message: () => message && whole(message),
    atEnd(tell) {
      const open = message !== null && choicesOf(message).every(({ reason }) => reason === null);
      if (!open || message?.["is_finished"] === true) return;
      tell(null, "stream/no-terminator", "the stream ended without a stop reason", "error");
    },
  }));
}

/** Titan and Command answer with a list where their streams have the fields themselves. */
function whole(message: Json): Json {
  if ("outputText" in message) {
    const {
      outputText,
      completionReason,
      totalOutputTextTokenCount: tokenCount,
      index: _index,
      ...rest
    } = message;
    return { ...rest, results: [{ tokenCount, outputText, completionReason }] };
  }
  if (!("is_finished" in message)) return message;
  const { text: said, finish_reason, is_finished: _finished, ...rest } = message;
  return { ...rest, generations: [{ text: said, finish_reason }] };
}

/** Text grows, lists are merged entry by entry, everything else is replaced. Gives the text that was added. */
function merge(target: Json, given: Json): string {
  let said = "";
  for (const [key, value] of Object.entries(given)) {
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (TEXTS.includes(key) && typeof value === "string") {
      put(target, key, (typeof before === "string" ? before : "") + value);
      said += value;
    } else if (Array.isArray(value) && value.every(isObject)) {
      const entries = list(before)
        .filter(isObject)
        .map((entry) => ({ ...entry }));
      value.forEach((entry, i) => {
        entries[i] ??= {};
        said += merge(entries[i], entry);
      });
      put(target, key, entries);
    } else keep(target, key, value);
  }
  return said;
}
