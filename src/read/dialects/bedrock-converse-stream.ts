/**
 * Folds ConverseStream into the answer of Converse. The events' names come from the frames; Nova behind InvokeModel
 * sends the same events as objects with one key.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { indexOf, isObject, lengthen, object, objects, put, text, without, type Json } from "../json.ts";
import { inputOf } from "./cut-input.ts";
import { keep, keepAll } from "./keep.ts";
import { parsePartial } from "./partial-json.ts";
import { folded, type Fold } from "./stream.ts";
import type { StreamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html";
const EVENTS = [
  "messageStart",
  "contentBlockStart",
  "contentBlockDelta",
  "contentBlockStop",
  "messageStop",
  "metadata",
];

/** `start` is what contentBlockStart said; the rest grows with the deltas. */
type Block = {
  start: Json;
  text: string | null;
  input: string;
  reasoning: Json | null;
  lists: Json;
  closed: boolean;
};

export function converseStream(glimpse: Glimpse | null = null): Assembler {
  return folded(SOURCE, glimpse, converseFold);
}

function converseFold(problems: StreamProblems): Fold {
  const blocks = new Map<number, Block>();
  const answer: Json = {};
  const message: Json = {};
  let came = false;
  let stopped = false;

  function take(given: Json, event: StreamEvent): Added[] | null {
    const [name, json, beside] = named(event.name, given);
    const added = fold(name, json, event.n);
    if (added) keepAll(answer, beside);
    came ||= added !== null;
    return added;
  }

  function fold(name: string | null, json: Json, n: number): Added[] | null {
    switch (name) {
      case "messageStart":
        keepAll(message, json, "p");
        return [];
      case "contentBlockStart":
        return start(json, n);
      case "contentBlockDelta":
        return addDelta(json, n);
      case "contentBlockStop":
        stop(json, n);
        return [];
      case "messageStop":
        stopped = true;
        keepAll(answer, json, "p");
        return [{ lane: "control", text: text(json["stopReason"]) ?? "messageStop" }];
      case "metadata":
        keepAll(answer, json, "p");
        return isObject(json["usage"]) ? [{ lane: "usage", text: written(json["usage"]) }] : [];
      default:
        return null;
    }
  }

  function start(json: Json, n: number): Added[] {
    const index = indexOf(json["contentBlockIndex"]) ?? blocks.size;
    if (blocks.has(index)) problems.tell(n, "stream/order", `content block ${index} was started twice`);
    const block = blockAt(index, n);
    for (const [kind, about] of Object.entries(object(json["start"]))) {
      if (isObject(block.start[kind]) && isObject(about)) keepAll(block.start[kind], about);
      else keep(block.start, kind, isObject(about) ? { ...about } : about);
    }
    const [kind, about] = Object.entries(block.start)[0] ?? [];
    const name = text(object(about)["name"]);
    if (name !== null) return wholeCall(name, "");
    return kind === undefined ? [] : [{ lane: "control", text: kind }];
  }

  /** Text and reasoning start with their first delta, without an event of their own. */
  function blockAt(index: number, n: number): Block {
    const known = blocks.get(index);
    if (known) return known;
    if (index !== blocks.size) {
      problems.tell(n, "stream/index-gap", `content block ${index} came where block ${blocks.size} was due`);
    }
    const block = { start: {}, text: null, input: "", reasoning: null, lists: {}, closed: false };
    blocks.set(index, block);
    return block;
  }

  function addDelta(json: Json, n: number): Added[] {
    const index = indexOf(json["contentBlockIndex"]) ?? Math.max(0, blocks.size - 1);
    const block = blockAt(index, n);
    if (block.closed)
      problems.tell(n, "stream/order", `a delta for content block ${index}, which was closed already`);
    return Object.entries(object(json["delta"])).flatMap(([key, value]): Added[] => {
      if (key === "text" && typeof value === "string") {
        block.text = (block.text ?? "") + value;
        return [{ lane: "text", text: value }];
      }
      if (key === "toolUse") {
        if (!("toolUse" in block.start)) {
          problems.tell(
            n,
            "stream/delta-without-start",
            `tool input for content block ${index}, which is no tool call`,
          );
          block.start = { toolUse: {} };
        }
        const piece = text(object(value)["input"]) ?? "";
        block.input += piece;
        return [{ lane: "tool", text: piece }];
      }
      if (key === "reasoningContent") return addReasoning(block, object(value));
      // Citations come one by one, results of server tools in lists.
      lengthen(block.lists, key, Array.isArray(value) ? value : [value]);
      return [{ lane: "control", text: key === "toolResult" ? written(value) : key }];
    });
  }

  function stop(json: Json, n: number): void {
    const index = indexOf(json["contentBlockIndex"]) ?? blocks.size - 1;
    // A block may hold nothing at all: then its end is the first that is heard of it.
    const block = blockAt(index, n);
    block.closed = true;
    if (block.input === "" || parsePartial(block.input).state === "whole") return;
    const what = `the input of the tool call in content block ${index} is not JSON: ${brief(block.input)}`;
    problems.tell(n, "tool/arguments-not-json", what);
  }

  function whole(): unknown {
    if (!came) return null;
    const indices = [...blocks.keys()].sort((a, b) => a - b);
    const content = indices.flatMap((index) => contentOf(blocks.get(index) as Block));
    return { output: { message: { ...message, content } }, ...answer };
  }

  function atEnd(tell: StreamProblems["tell"]): void {
    for (const [index, { input, closed }] of blocks) {
      if (closed) continue;
      tell(null, "stream/block-not-closed", `content block ${index} was never closed`);
      if (input === "" || parsePartial(input).state === "whole") continue;
      const what = `the input of the tool call in content block ${index} ends in the middle: …${input.slice(-80)}`;
      tell(null, "tool/arguments-cut", what);
    }
    if (!stopped) tell(null, "stream/no-terminator", `the stream ended without "messageStop"`, "error");
  }

  return { take, message: whole, atEnd };
}

/** The event's name, the event, and what InvokeModel puts beside it: measurements, what a guardrail did. */
function named(name: string | null, json: Json): [string | null, Json, Json] {
  if (name !== null && name !== "chunk") return [name, json, {}];
  const key = EVENTS.find((event) => isObject(json[event]));
  if (key === undefined) return [name, json, {}];
  return [key, json[key] as Json, without(json, key, "p")];
}

function addReasoning(block: Block, delta: Json): Added[] {
  const reasoning = (block.reasoning ??= {});
  for (const [key, value] of Object.entries(delta)) {
    const before = reasoning[key];
    put(reasoning, key, typeof before === "string" && typeof value === "string" ? before + value : value);
  }
  const thought = text(delta["text"]);
  if (thought !== null) return [{ lane: "reasoning", text: thought }];
  return "redactedContent" in delta ? [{ lane: "reasoning", text: "redacted", begins: "redacted" }] : [];
}

/** The block as Converse writes it; text with citations becomes `citationsContent`. */
function contentOf({ start, text: said, input, reasoning, lists }: Block): Json[] {
  const content: Json[] = [];
  if (reasoning !== null) {
    const { redactedContent, ...shown } = reasoning;
    if (Object.keys(shown).length > 0) content.push({ reasoningContent: { reasoningText: shown } });
    if (redactedContent !== undefined) content.push({ reasoningContent: { redactedContent } });
  }
  const { citation, toolResult, ...unknown } = lists;
  if (isObject(start["toolUse"]))
    content.push({ toolUse: { ...start["toolUse"], input: input === "" ? {} : inputOf(input) } });
  if (isObject(start["toolResult"]) || toolResult !== undefined) {
    content.push({ toolResult: { ...object(start["toolResult"]), content: toolResult ?? [] } });
  }
  if (citation !== undefined) {
    content.push({
      citationsContent: { content: said === null ? [] : [{ text: said }], citations: objects(citation) },
    });
  } else if (said !== null) content.push({ text: said });
  for (const [key, value] of Object.entries(start)) {
    const known =
      key === "toolUse" || key === "toolResult" || (key === "reasoningContent" && reasoning !== null);
    if (!known) content.push({ [key]: { ...object(value), ...mergedDeltas(unknown, key) } });
  }
  for (const [key, value] of Object.entries(unknown)) if (!(key in start)) content.push({ [key]: value });
  return content;
}

function mergedDeltas(unknown: Json, key: string): Json {
  const value = unknown[key];
  return Array.isArray(value) ? Object.assign({}, ...objects(value)) : {};
}
