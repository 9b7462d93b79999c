/**
 * One delta of a streamed chat message: strings of content and reasoning are joined, calls grow piece by piece, what a
 * server adds of its own follows the rule that a later empty value takes nothing away.
 */
import type { Added } from "../dialect.ts";
import { isObject, lengthen, list, listAt, objectAt, objects, put, text, type Json } from "../json.ts";
import type { CallPiece, CallPieces } from "./call-pieces.ts";
import { keep } from "./keep.ts";
import { thinkingText } from "./openai-parts.ts";
import { wholeCall } from "./whole-call.ts";

const JOINED = new Set(["content", "refusal", "reasoning", "reasoning_content", "reasoning_text"]);

/** Adds one delta to the message so far; says what it added. */
export function addDelta(message: Json, delta: Json, calls: CallPieces): Added[] {
  const added: Added[] = [];
  for (const key of Object.keys(delta)) {
    const value = delta[key];
    if (key === "tool_calls") {
      if (callsIn(value).length > 0)
        added.push(...tools(calls.add(listAt(message, key) as Json[], callsIn(value))));
    } else if (key === "executed_tools" && Array.isArray(value)) added.push(...addExecuted(message, value));
    else if (key === "function_call" && isObject(value))
      added.push(...tools(calls.addLegacy(objectAt(message, key), value)));
    else if (key === "reasoning_details") addDetails(message, value);
    else if (key === "annotations" || key === "images") lengthen(message, key, list(value));
    else if (key === "audio" && isObject(value)) added.push(...addAudio(message, value));
    else if (key === "content" && Array.isArray(value)) added.push(...addContentParts(message, value));
    else if (JOINED.has(key) && typeof value === "string") {
      joinText(message, key, value);
      if (value !== "") added.push({ lane: key.startsWith("reasoning") ? "reasoning" : "text", text: value });
    } else keep(message, key, value);
  }
  return added;
}

function tools(pieces: readonly CallPiece[]): Added[] {
  return pieces.map(({ text: said, call, begins }) => {
    const added: Added = { lane: "tool", text: said, part: `call ${call}` };
    return begins === undefined ? added : { ...added, begins };
  });
}

/** Text Generation Inference sends one call where others send a list. */
function callsIn(value: unknown): Json[] {
  return isObject(value) ? [value] : objects(value);
}

/** Groq's own tools: told when they start, and again under the same index with what they gave. */
function addExecuted(message: Json, tools: readonly unknown[]): Added[] {
  const executed = listAt(message, "executed_tools") as Json[];
  return objects(tools).flatMap((wire) => {
    const type = text(wire["type"]) ?? "";
    const known = executed.find((tool) => wire["index"] !== undefined && tool["index"] === wire["index"]);
    if (!known) {
      executed.push({ ...wire });
      return wholeCall(type, text(wire["arguments"]) ?? "");
    }
    for (const [key, value] of Object.entries(wire)) keep(known, key, value);
    return [{ lane: "control", text: type }];
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
      for (const key of Object.keys(rest)) if (key !== "thinking") keep(last, key, rest[key]);
      put(last, "thinking", [{ type: "text", text: thinkingText(last["thinking"]) + value }]);
    } else content.push(isObject(part) ? { ...part } : part);
    return value === "" ? [] : [{ lane: type === "thinking" ? "reasoning" : "text", text: value }];
  });
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
      else keep(last, key, piece);
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
    else keep(audio, key, value);
  }
  // Sound without words came, too.
  const said = text(wire["transcript"]);
  return said || wire["data"] ? [{ lane: "text", text: said ?? "" }] : [];
}
