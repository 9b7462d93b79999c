/**
 * Folds a streamGenerateContent stream (SSE or one JSON array) into the GenerateContentResponse of generateContent.
 * Every chunk is such a response with the next pieces. https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
 */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { indexOf, isObject, object, objects, put, text, type Json } from "../json.ts";
import { callAssembler, type CallAssembler } from "./gemini-partial-args.ts";
import { exactArguments } from "./exact.ts";
import { isEmpty, keep, keepAll } from "./keep.ts";
import { folded } from "./stream.ts";
import { brief, first, written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://ai.google.dev/api/generate-content";

type Candidate = { fields: Json; content: Json; parts: Json[]; calls: CallAssembler };

export function geminiStream(glimpse: Glimpse): Assembler {
  const candidates = new Map<number, Candidate>();
  let response: Json | null = null;

  function take(wire: Json, { data }: StreamEvent): Added[] | null {
    if (!FIELDS.some((key) => key in wire)) return null;
    const json = data.includes("unctionCall") ? exactArguments(wire, data) : wire;
    const added = objects(json["candidates"]).flatMap((candidate, place) => addCandidate(candidate, place));
    const usage = json["usageMetadata"];
    response ??= {};
    keepAll(response, json, "candidates", "usageMetadata", "error");
    if (isObject(usage)) {
      // A chunk with totals counts the whole answer so far; one without says something else about it.
      const before = "totalTokenCount" in usage ? {} : object(response["usageMetadata"]);
      keep(response, "usageMetadata", { ...before, ...usage });
      added.push({ lane: "usage", text: written(usage) });
    }
    return added;
  }

  function addCandidate(given: Json, place: number): Added[] {
    const index = indexOf(given["index"]) ?? place;
    const candidate = candidates.get(index) ?? {
      fields: {},
      content: {},
      parts: [],
      calls: callAssembler(index),
    };
    candidates.set(index, candidate);
    for (const key of Object.keys(given))
      if (key !== "content") put(candidate.fields, key, joined(candidate.fields[key], given[key]));
    keepAll(candidate.content, object(given["content"]), "parts");
    const added = objects(object(given["content"])["parts"]).flatMap((part) => addPart(candidate, part));
    const reason = first(given, "finishReason");
    return reason === undefined ? added : [...added, { lane: "control", text: String(reason) }];
  }

  function message(): unknown {
    if (response === null) return null;
    const indices = [...candidates.keys()].sort((a, b) => a - b);
    const made = indices.map((index) => finished(candidates.get(index) as Candidate));
    return { ...(made.length > 0 && { candidates: made }), ...response };
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message,
    atEnd(tell) {
      const open = [...candidates].filter(([, { fields }]) =>
        isEmpty(first(fields, "finishReason", "finish_reason")),
      );
      if (open.length > 0)
        tell(null, "stream/no-terminator", "the stream ended without a finishReason", "error");
      const [gap] = [...candidates.keys()].sort((a, b) => a - b).filter((index, place) => index !== place);
      if (gap !== undefined) tell(null, "stream/index-gap", `candidate ${gap} came, one before it did not`);
    },
  }));
}

/** Each chunk has one of these, in one of protobuf's two spellings. */
const FIELDS = [
  "candidates",
  "usageMetadata",
  "usage_metadata",
  "promptFeedback",
  "prompt_feedback",
  "modelVersion",
  "responseId",
];

/** Metadata grows over the chunks: lists get longer (or come again whole), objects get fields, the rest is replaced. */
function joined(before: unknown, value: unknown): unknown {
  if (before !== undefined && isEmpty(value)) return before;
  if (isObject(before) && isObject(value)) {
    const both = { ...before };
    for (const [key, each] of Object.entries(value)) put(both, key, joined(before[key], each));
    return both;
  }
  if (!Array.isArray(before) || !Array.isArray(value)) return value;
  if (isRating(value[0])) return value;
  return joinedLists(before, value);
}

function joinedLists(before: unknown[], value: unknown[]): unknown[] {
  const had = grown.get(before) ?? { list: [...before], keys: before.map(written), known: new Set<string>() };
  if (had.known.size === 0) for (const key of had.keys) had.known.add(key);
  const has = value.map(written);
  if (had.keys.every((key, i) => key === has[i])) {
    grown.set(value, { list: value.slice(), keys: has, known: new Set(has) });
    return value;
  }
  value.forEach((each: unknown, i) => {
    const key = has[i] ?? "";
    if (had.known.has(key)) return;
    had.known.add(key);
    had.keys.push(key);
    had.list.push(each);
  });
  grown.set(had.list, had);
  return had.list;
}

/** What is known of a list that grows over the chunks: to write all of it again for each takes time by its square. */
const grown = new WeakMap<unknown[], { list: unknown[]; keys: string[]; known: Set<string> }>();

/** Safety ratings are of the answer so far: later ones replace earlier ones. */
function isRating(value: unknown): boolean {
  return isObject(value) && "probability" in value && "category" in value;
}

function addPart({ parts, calls }: Candidate, part: Json): Added[] {
  const call = first(part, "functionCall", "function_call");
  if (isObject(call)) {
    const taken = calls.take(part, call);
    if (taken.part) parts.push(taken.part);
    return taken.added;
  }
  calls.close();
  const said = text(part["text"]);
  if (said === null) {
    parts.push(part);
    return otherPart(part);
  }
  const last = parts.at(-1);
  if (last && joins(last, part))
    parts[parts.length - 1] = { ...last, ...part, text: `${text(last["text"])}${said}` };
  else if (said !== "" || Object.keys(part).length > 1) parts.push(part);
  if (said === "") return [];
  return [{ lane: part["thought"] === true ? "reasoning" : "text", text: said }];
}

/** Code that the model has run is a call of its own; what else comes steers or is shown whole. */
function otherPart(part: Json): Added[] {
  const code = first(part, "executableCode", "executable_code");
  if (isObject(code)) return wholeCall("code_execution", written(code));
  return [{ lane: "control", text: brief(Object.keys(part).join(", ")) }];
}

const TEXT_KEYS = new Set(["text", "thought", "thoughtSignature"]);

/** Text goes on until another kind of part comes, or until a signature has closed it. */
function joins(last: Json, part: Json): boolean {
  if (typeof last["text"] !== "string" || (last["thought"] === true) !== (part["thought"] === true))
    return false;
  if (last["thoughtSignature"] !== undefined) return false;
  return [...Object.keys(last), ...Object.keys(part)].every((key) => TEXT_KEYS.has(key));
}

function finished({ fields, content, parts, calls }: Candidate): Json {
  const made = parts.map((part) => calls.finished(part));
  const whole = parts.length > 0 || Object.keys(content).length > 0 ? { ...content, parts: made } : content;
  return { content: whole, ...fields };
}
