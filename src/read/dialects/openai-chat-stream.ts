/**
 * Folds `chat.completion.chunk`s into the `chat.completion` that the API would have sent. Follows what OpenAI's own
 * client does (strings of content and arguments are joined, everything else is replaced), and takes the liberties of
 * those who speak the same dialect: calls without index, content as parts, usage anywhere, the whole message at the end.
 */
import type { Added, Assembler, Glimpse } from "../dialect.ts";
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
import { callPieces, type CallPieces } from "./call-pieces.ts";
import { isEmpty, keep, keepAll } from "./keep.ts";
import { addDelta } from "./openai-chat-delta.ts";
import { toolsOf } from "./openai-parts.ts";
import { LEAST_REPEATS, repeatsAll } from "./repeats.ts";
import { folded } from "./stream.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/chat-streaming";

type Choice = { wire: Json; calls: CallPieces; pieces: "none" | "deltas" | "wholes"; count: number };

export function chatAssembler(glimpse: Glimpse): Assembler {
  const whole: Json = {};
  const choices = new Map<number, Choice>();
  const tools = new Set(toolsOf(object(glimpse.requestBody)).map(({ name }) => name));
  let count = 0;
  /** How many chunks counted tokens, and whether the last one did: some have no other sign of the end. */
  let counted = 0;
  let counts = false;

  function take(chunk: Json): Added[] | null {
    if (!isChunk(chunk, whole)) return null;
    count += 1;
    keepAll(whole, chunk, "choices", "error");
    const added = objects(chunk["choices"]).flatMap((wire, place) => addChoice(wire, place));
    counts = isObject(chunk["usage"]) && Object.keys(chunk["usage"]).length > 0;
    if (counts) counted += 1;
    if (isObject(chunk["usage"])) added.push({ lane: "usage", text: compact(chunk["usage"]) });
    return added;
  }

  function choiceAt(index: number): Choice {
    const known = choices.get(index);
    if (known) return known;
    const wire = { index, message: {}, finish_reason: null };
    const choice: Choice = { wire, calls: callPieces(tools), pieces: "none", count: 0 };
    choices.set(index, choice);
    return choice;
  }

  function addChoice(given: Json, place: number): Added[] {
    const choice = choiceAt(indexOf(given["index"]) ?? place);
    const { wire } = choice;
    const added: Added[] = [];
    for (const key of Object.keys(given)) {
      if (key === "delta" || key === "index" || key === "text" || key === "message") continue;
      const value = given[key];
      if (key === "usage" && isObject(value)) {
        // Moonshot counts inside the last choice; a whole answer has it in the common place.
        keep(whole, "usage", value);
        added.push({ lane: "usage", text: compact(value) });
      } else if (key === "logprobs") put(wire, key, joinLogprobs(wire[key], value));
      else keep(wire, key, value);
    }
    // Perplexity repeats the whole message beside each delta, with the text so far.
    if (isObject(given["delta"])) added.push(...addPiece(choice, given["delta"], given["finish_reason"]));
    else if (isObject(given["message"])) added.push(...addWhole(choice, given["message"]));
    const reason = text(given["finish_reason"]);
    if (reason) added.push({ lane: "control", text: reason });
    // Choices come by turns; of each the message has one text, one reasoning and its calls.
    return added.map((it) => ({ ...it, part: `${wire.index} ${it.part ?? it.lane}` }));
  }

  function atEnd(
    tell: (
      n: null,
      rule: "stream/no-terminator" | "stream/index-gap",
      what: string,
      severity?: "error",
    ) => void,
    done: boolean,
  ): void {
    const open = [...choices.values()].filter(({ wire }) => isEmpty(wire["finish_reason"]));
    const totalled = counts && counted === 1 && count > 1;
    if (!done && !totalled && (open.length > 0 || choices.size === 0)) {
      const what = "the stream ended without a finish_reason and without [DONE]: the answer is cut off";
      tell(null, "stream/no-terminator", what, "error");
    }
    const indexes = [...choices.keys()].sort((a, b) => a - b);
    if (indexes.some((index, i) => index !== i))
      tell(null, "stream/index-gap", `the choices are numbered ${indexes.join(", ")}: one is missing`);
  }

  const message = () => (count === 0 ? null : finished(whole, choices));
  return folded(SOURCE, glimpse, () => ({ take, message, atEnd, hasSound: true }));
}

/** What belongs to the answer: choices, a name that says so, counts, or the id or model of the chunks before. */
function isChunk(chunk: Json, whole: Json): boolean {
  if (Array.isArray(chunk["choices"]) || isObject(chunk["usage"])) return true;
  if (/^(chat|text_completion)/.test(text(chunk["object"]) ?? "")) return true;
  if (Array.isArray(chunk["prompt_filter_results"]) || isObject(chunk["x_groq"])) return true;
  return !isEmpty(chunk["id"]) && (chunk["id"] === whole["id"] || !isEmpty(chunk["model"]));
}

function addPiece(choice: Choice, delta: Json, reason: unknown): Added[] {
  choice.count += 1;
  if (choice.pieces !== "deltas" && Object.values(delta).some((value) => !isEmpty(value)))
    choice.pieces = "deltas";
  const message = objectAt(choice.wire, "message");
  const isLast = choice.count > LEAST_REPEATS && !isEmpty(reason);
  const said = isLast && repeatsAll(message["content"], delta["content"]) ? without(delta, "content") : delta;
  return addDelta(message, said, choice.calls);
}

/**
 * A whole message counts where no piece came before it; after pieces it only adds what they lacked. Some send nothing
 * but wholes, each with the text so far or with the next piece of it.
 */
function addWhole(choice: Choice, given: Json): Added[] {
  const message = objectAt(choice.wire, "message");
  if (choice.pieces === "none") {
    choice.pieces = "wholes";
    return addDelta(message, given, choice.calls);
  }
  const before = text(message["content"]) ?? "";
  const now = text(given["content"]) ?? "";
  if (choice.pieces === "wholes" && (before === "" || !now.startsWith(before)))
    return addDelta(message, given, choice.calls);
  const said = choice.pieces === "wholes" ? now.slice(before.length) : "";
  const rest = Object.fromEntries(
    Object.entries(given).filter(([key]) => key !== "content" && isEmpty(message[key])),
  );
  return addDelta(message, said === "" ? rest : { ...rest, content: said }, choice.calls);
}

function joinLogprobs(before: unknown, now: unknown): unknown {
  if (!isObject(now)) return before ?? now;
  const joined: Json = isObject(before) ? before : {};
  for (const [key, value] of Object.entries(now)) {
    if (Array.isArray(value)) lengthen(joined, key, value);
    else keep(joined, key, value);
  }
  return joined;
}

function finished(whole: Json, choices: ReadonlyMap<number, Choice>): Json {
  const ordered = [...choices.entries()].sort(([a], [b]) => a - b).map(([, { wire }]) => wire);
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
