/**
 * The plain text families behind Bedrock's InvokeModel: Titan, Llama, Mistral, Cohere Command, Jurassic, DeepSeek; and
 * the embeddings of Titan and Cohere. A stream sends the same fields with the next piece of text.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
import type { Added, Answered, Asked, Assembler, StreamEvent } from "../dialect.ts";
import { isObject, list, number, object, objects, put, text, without, type Json } from "../json.ts";
import type { Reading, Usage } from "../reading.ts";
import { streamProblems } from "./stream-problems.ts";
import { both, brief, sum, toldError } from "./values.ts";

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
  for (const key of ["results", "outputs", "generations", "completions", "choices"]) {
    const made = objects(answer[key]);
    if (made.length > 0) return made.map(choiceOf);
  }
  return [choiceOf(answer)];
}

const TEXTS = ["generation", "outputText", "text", "completion", "output"];
const REASONS = ["stop_reason", "completionReason", "finish_reason"];

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
  return {
    input,
    output,
    total: both(input, output),
    cached: null,
    cache_write: null,
    reasoning: null,
    wire: shown,
  };
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

export function textStream(): Assembler {
  const problems = streamProblems(SOURCE);
  let message: Json | null = null;
  let token: number | null = null;

  function add({ n, data, json }: StreamEvent): Added[] {
    if (!isObject(json)) {
      if (data.trim() !== "")
        problems.tell(n, "stream/not-json", `data that is not a JSON object: ${brief(data)}`);
      return [];
    }
    message ??= {};
    const said = merge(message, json);
    if (said !== "" && token === null) token = n;
    return said === "" ? [] : [{ lane: "text", text: said }];
  }

  function found(ended: boolean): ReturnType<Assembler["problems"]> {
    const late = streamProblems(SOURCE);
    const open = message !== null && choicesOf(message).every(({ reason }) => reason === null);
    if (ended && open && message?.["is_finished"] !== true) {
      late.tell(null, "stream/no-terminator", "the stream ended without a stop reason", "error");
    }
    return [...problems.found(), ...late.found()];
  }

  return { add, message: () => message && whole(message), problems: found, firstToken: () => token };
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
    } else if (value !== null || before === undefined) put(target, key, value);
  }
  return said;
}
