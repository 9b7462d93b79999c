/**
 * Folds `chat.completion.chunk`s into the `chat.completion` that the API would have sent. Follows what OpenAI's own
 * client does (strings of content and arguments are joined, everything else is replaced), and takes the liberties of
 * those who speak the same dialect: calls without index, content as parts, usage anywhere.
 */
import { wireError } from "../error.ts";
import type { Added, Assembler, StreamEvent } from "../dialect.ts";
import {
  compact,
  isObject,
  lengthen,
  list,
  listAt,
  number,
  object,
  objectAt,
  objects,
  parseJson,
  put,
  text,
  without,
  type Json,
} from "../json.ts";
import type { Problem } from "../reading.ts";
import { thinkingText } from "./openai-parts.ts";

const JOINED = new Set(["content", "refusal", "reasoning", "reasoning_content", "reasoning_text"]);
const SOURCE = "https://platform.openai.com/docs/api-reference/chat-streaming";

export function chatAssembler(): Assembler {
  const whole: Json = {};
  const choices = new Map<number, Json>();
  let done = false;
  let failed = false;
  let count = 0;
  let token: number | null = null;
  /** How many chunks counted tokens, and whether the last one did: some have no other sign of the end. */
  let counted = 0;
  let counts = false;

  function add(event: StreamEvent): Added[] {
    if (event.data.trim() === "[DONE]") {
      done = true;
      return [{ lane: "control", text: "[DONE]" }];
    }
    const chunk = event.json;
    if (!isObject(chunk)) return [];
    count += 1;
    const added: Added[] = [];
    // Cohere's and Groq's proxies put the error beside other fields, OpenAI sends it alone.
    // vLLM and its kin once sent the error itself as the chunk.
    const error = chunk["object"] === "error" ? without(chunk, "object") : chunk["error"];
    if (error) {
      failed = true;
      added.push({ lane: "error", text: wireError({ error })?.message ?? "error" });
    }
    if (chunk["object"] === "error") {
      replace(whole, "error", error);
      return added;
    }
    for (const [key, value] of Object.entries(chunk)) if (key !== "choices") replace(whole, key, value);
    for (const [position, wire] of objects(chunk["choices"]).entries())
      added.push(...addChoice(wire, position));
    counts = isObject(chunk["usage"]) && Object.keys(chunk["usage"]).length > 0;
    if (counts) counted += 1;
    if (isObject(chunk["usage"])) added.push({ lane: "usage", text: compact(chunk["usage"]) });
    if (token === null && added.some(({ lane }) => TOKENS.has(lane))) token = event.n;
    return added;
  }

  function addChoice(wire: Json, position: number): Added[] {
    const index = number(wire["index"]) ?? position;
    const choice = choices.get(index) ?? { index, message: {}, finish_reason: null };
    choices.set(index, choice);
    const added: Added[] = [];
    for (const [key, value] of Object.entries(wire)) {
      if (key === "delta" || key === "index" || key === "text") continue;
      // Perplexity repeats the whole message beside each delta, with the text so far.
      if (key === "message") {
        if (!isObject(wire["delta"]) && isObject(value))
          added.push(...addDelta(objectAt(choice, "message"), value));
      } else if (key === "usage" && isObject(value)) {
        // Moonshot counts inside the last choice; a whole answer has it in the common place.
        put(whole, "usage", value);
        added.push({ lane: "usage", text: compact(value) });
      } else if (key === "logprobs") put(choice, key, joinLogprobs(choice[key], value));
      else replace(choice, key, value);
    }
    if (isObject(wire["delta"])) added.push(...addDelta(objectAt(choice, "message"), wire["delta"]));
    const reason = text(wire["finish_reason"]);
    if (reason) added.push({ lane: "control", text: reason });
    return added;
  }

  return {
    add,
    message: () => (count === 0 ? null : finished(whole, choices)),
    problems: (ended) => {
      const problems: Problem[] = [];
      if (!ended || failed || count === 0) return problems;
      const open = [...choices.values()].filter((choice) => choice["finish_reason"] === null);
      const totalled = counts && counted === 1 && count > 1;
      if (!done && !totalled && (open.length > 0 || choices.size === 0)) {
        const what = "the stream ended without a finish_reason and without [DONE]: the answer is cut off";
        problems.push({
          where: "stream",
          what,
          rule: "stream/no-terminator",
          severity: "error",
          source: SOURCE,
        });
      }
      const indexes = [...choices.keys()].sort((a, b) => a - b);
      if (indexes.some((index, i) => index !== i)) {
        const what = `the choices are numbered ${indexes.join(", ")}: one is missing`;
        problems.push({
          where: "stream",
          what,
          rule: "stream/index-gap",
          severity: "warning",
          source: SOURCE,
        });
      }
      return problems;
    },
    firstToken: () => token,
  };
}

const TOKENS = new Set(["text", "reasoning", "tool"]);

/** A later null does not take away what was said before; some write an empty reason until there is one. */
function replace(target: Json, key: string, value: unknown): void {
  if ((value === null || (key === "finish_reason" && value === "")) && target[key] !== undefined) return;
  put(target, key, value);
}

function addDelta(message: Json, delta: Json): Added[] {
  const added: Added[] = [];
  for (const [key, value] of Object.entries(delta)) {
    if (key === "tool_calls") added.push(...callsIn(value).flatMap((call) => addCall(message, call)));
    else if (key === "executed_tools" && Array.isArray(value)) added.push(...addExecuted(message, value));
    else if (key === "function_call" && isObject(value)) added.push(...addFunctionCall(message, value));
    else if (key === "reasoning_details") addDetails(message, value);
    else if (key === "annotations" || key === "images") lengthen(message, key, list(value));
    else if (key === "audio" && isObject(value)) added.push(...addAudio(message, value));
    else if (key === "content" && Array.isArray(value)) added.push(...addContentParts(message, value));
    else if (JOINED.has(key) && typeof value === "string") {
      joinText(message, key, value);
      if (value !== "") added.push({ lane: key.startsWith("reasoning") ? "reasoning" : "text", text: value });
    } else replace(message, key, value);
  }
  return added;
}

/** Text Generation Inference sends one call where others send a list. */
function callsIn(value: unknown): Json[] {
  return isObject(value) ? [value] : objects(value);
}

/** Groq's own tools: told when they start, and again under the same index with what they gave. */
function addExecuted(message: Json, tools: readonly unknown[]): Added[] {
  const executed = listAt(message, "executed_tools") as Json[];
  return objects(tools).map((wire) => {
    const known = executed.find((tool) => wire["index"] !== undefined && tool["index"] === wire["index"]);
    if (known) for (const [key, value] of Object.entries(wire)) replace(known, key, value);
    else executed.push({ ...wire });
    return { lane: "tool", text: text(wire["type"]) ?? "" };
  });
}

function joinText(message: Json, key: string, value: string): void {
  const before = message[key];
  if (Array.isArray(before)) addContentParts(message, [{ type: "text", text: value }]);
  else put(message, key, (typeof before === "string" ? before : "") + value);
}

/** Mistral's content in parts: neighbours of the same type are one part. */
function addContentParts(message: Json, parts: readonly unknown[]): Added[] {
  const before = message["content"];
  const content: unknown[] = Array.isArray(before) ? before : before ? [{ type: "text", text: before }] : [];
  put(message, "content", content);
  return parts.flatMap((part): Added[] => {
    const last = content.at(-1);
    const type = isObject(part) ? text(part["type"]) : null;
    const same = isObject(part) && isObject(last) && last["type"] === type;
    const value = !isObject(part)
      ? ""
      : type === "thinking"
        ? thinkingText(part["thinking"])
        : (text(part["text"]) ?? "");
    if (same && type === "text") put(last, "text", (text(last["text"]) ?? "") + value);
    else if (same && type === "thinking") {
      const rest = isObject(part) ? part : {};
      for (const key of Object.keys(rest)) if (key !== "thinking") replace(last, key, rest[key]);
      put(last, "thinking", [{ type: "text", text: thinkingText(last["thinking"]) + value }]);
    } else content.push(isObject(part) ? { ...part } : part);
    return value === "" ? [] : [{ lane: type === "thinking" ? "reasoning" : "text", text: value }];
  });
}

function addCall(message: Json, wire: Json): Added[] {
  const calls = listAt(message, "tool_calls") as Json[];
  const call = callFor(calls, wire);
  for (const [key, value] of Object.entries(wire)) {
    if (key === "index") put(call, "index", value);
    else if ((key === "function" || key === "custom") && isObject(value)) continue;
    else if (value !== "" && value !== null) put(call, key, value);
  }
  const key = isObject(wire["custom"]) ? "custom" : "function";
  return addFunction(objectAt(call, key), isObject(wire[key]) ? wire[key] : {});
}

/** By index; without one by id; without both the last call goes on. */
function callFor(calls: Json[], wire: Json): Json {
  const index = number(wire["index"]);
  const id = text(wire["id"]);
  const known = calls.findLast((call) =>
    index !== null ? call["index"] === index : id ? call["id"] === id : true,
  );
  if (known && !isAnother(known, wire)) return known;
  const call: Json = {};
  calls.push(call);
  return call;
}

/** Some servers give every parallel call the index 0: a new id and a new name after finished arguments is a new call. */
function isAnother(call: Json, wire: Json): boolean {
  const id = text(wire["id"]);
  const name = text((isObject(wire["function"]) ? wire["function"] : {})["name"]);
  if (!id || !name || !call["id"] || call["id"] === id) return false;
  const fn = isObject(call["function"]) ? call["function"] : {};
  return parseJson(compact(fn["arguments"])) !== undefined;
}

function addFunctionCall(message: Json, wire: Json): Added[] {
  return addFunction(objectAt(message, "function_call"), wire);
}

function addFunction(fn: Json, wire: Json): Added[] {
  const added: Added[] = [];
  for (const [key, value] of Object.entries(wire)) {
    if (key === "arguments" || key === "input") {
      // A server that streams arguments as an object sends them whole.
      const piece = value === null ? "" : compact(value);
      put(fn, key, (text(fn[key]) ?? "") + piece);
      if (piece !== "") added.push({ lane: "tool", text: piece });
    } else if (key === "name") {
      if (value === "" || value === null) continue;
      put(fn, key, value);
      added.push({ lane: "tool", text: compact(value) });
    } else replace(fn, key, value);
  }
  return added;
}

/** OpenRouter: pieces of one detail share index and type; text, summary and data are joined. */
function addDetails(message: Json, value: unknown): void {
  const details = listAt(message, "reasoning_details") as Json[];
  for (const wire of objects(value)) {
    const last = details.findLast(
      (detail) => detail["index"] === wire["index"] && detail["type"] === wire["type"],
    );
    const joins = last !== undefined && wire["index"] !== undefined && wire["type"] !== "reasoning.encrypted";
    if (!joins) {
      details.push({ ...wire });
      continue;
    }
    for (const [key, piece] of Object.entries(wire)) {
      const before = last[key];
      const join =
        (key === "text" || key === "summary") && typeof before === "string" && typeof piece === "string";
      if (join) put(last, key, before + piece);
      else replace(last, key, piece);
    }
  }
}

/** OpenAI's audio answers: data and transcript come in pieces. */
function addAudio(message: Json, wire: Json): Added[] {
  const audio = objectAt(message, "audio");
  for (const [key, value] of Object.entries(wire)) {
    const before = audio[key];
    const join =
      (key === "data" || key === "transcript") && typeof before === "string" && typeof value === "string";
    if (join) put(audio, key, before + value);
    else replace(audio, key, value);
  }
  // Sound without words came, too.
  const said = text(wire["transcript"]);
  return said || wire["data"] ? [{ lane: "text", text: said ?? "" }] : [];
}

function joinLogprobs(before: unknown, now: unknown): unknown {
  if (!isObject(now)) return before ?? now;
  const joined: Json = isObject(before) ? before : {};
  for (const [key, value] of Object.entries(now)) {
    if (Array.isArray(value)) lengthen(joined, key, value);
    else replace(joined, key, value);
  }
  return joined;
}

function finished(whole: Json, choices: ReadonlyMap<number, Json>): Json {
  const ordered = [...choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice);
  for (const choice of ordered) finishMessage(objectAt(choice, "message"));
  const { id, created, model, ...rest } = whole;
  // Groq counts in its own corner of a stream, and in the common place of a whole answer.
  const { usage: counted, ...corner } = object(whole["x_groq"]);
  if (isObject(counted)) {
    rest["usage"] ??= counted;
    rest["x_groq"] = corner;
  }
  return { id, object: "chat.completion", created, model, choices: ordered, ...withoutChunk(rest) };
}

/** `index` of a call belongs to the stream only; `role` and `content` are always there in the whole message. */
function finishMessage(message: Json): void {
  message["role"] ??= "assistant";
  message["content"] ??= null;
  for (const call of objects(message["tool_calls"])) delete call["index"];
}

function withoutChunk(rest: Json): Json {
  const { object: kind, obfuscation: _noise, p: _padding, ...kept } = rest;
  // Perplexity ends with `chat.completion.done`.
  return kind === undefined || text(kind)?.startsWith("chat.completion")
    ? kept
    : { ...kept, stream_object: kind };
}
