/**
 * Folds an Anthropic Messages stream into the message of the non-streamed API.
 * Events: https://platform.claude.com/docs/en/build-with-claude/streaming
 */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { indexOf, isObject, objects, lengthen, object, put, text, type Json } from "../json.ts";
import { inputOf } from "./cut-input.ts";
import { isEmpty, keep, keepAll } from "./keep.ts";
import { parsePartial } from "./partial-json.ts";
import { folded, type Fold } from "./stream.ts";
import type { StreamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://platform.claude.com/docs/en/build-with-claude/streaming";

/** `input` holds the pieces of a tool's input: JSON only once they are put together. */
type Block = { content: Json; input: string; closed: boolean };

export function anthropicStream(glimpse: Glimpse | null = null): Assembler {
  return folded(SOURCE, glimpse, messageFold);
}

function messageFold(problems: StreamProblems): Fold {
  const blocks = new Map<number, Block>();
  let message: Json | null = null;
  let stopped = false;

  function take(json: Json, event: StreamEvent): Added[] | null {
    const type = text(json["type"]) ?? event.name;
    if (type === null || !fold(type, json, event.n)) return null;
    return addedBy(type, json);
  }

  /** False when the event is none of this API's. */
  function fold(type: string, json: Json, n: number): boolean {
    if (stopped && EVENTS.has(type)) problems.tell(n, "stream/order", `"${type}" came after "message_stop"`);
    switch (type) {
      case "message_start":
        start(json, n);
        return true;
      case "content_block_start":
        startBlock(json, n);
        return true;
      case "content_block_delta":
        addDelta(json, n);
        return true;
      case "content_block_stop":
        stopBlock(json, n);
        return true;
      case "message_delta":
        finish(json);
        return true;
      case "message_stop":
        // Bedrock adds its own measurements to the last event.
        message ??= {};
        keepAll(message, json, "type", "error");
        stopped = true;
        return true;
      case "message":
        if (!Array.isArray(json["content"])) return false;
        takeWhole(json, n);
        return true;
      default:
        return false;
    }
  }

  /** The whole message, as without a stream: it counts where no piece came before it. */
  function takeWhole(json: Json, n: number): void {
    if (blocks.size === 0) start({ message: json }, n);
    else {
      message ??= {};
      keepAll(message, json, "content", "error");
    }
    stopped ||= json["stop_reason"] !== null;
  }

  function start(json: Json, n: number): void {
    if (message !== null && json["type"] !== undefined)
      problems.tell(n, "stream/order", `a second "message_start" in one stream`);
    const given = object(json["message"]);
    message ??= {};
    keepAll(message, given);
    const content = Array.isArray(given["content"]) ? given["content"] : [];
    content.forEach((block, i) => blocks.set(i, { content: { ...object(block) }, input: "", closed: true }));
  }

  function startBlock(json: Json, n: number): void {
    const index = indexOf(json["index"]) ?? blocks.size;
    if (blocks.has(index)) problems.tell(n, "stream/order", `content block ${index} was started twice`);
    else if (index !== blocks.size) {
      problems.tell(n, "stream/index-gap", `content block ${index} came where block ${blocks.size} was due`);
    }
    const content = { ...object(json["content_block"]) };
    const known = blocks.get(index);
    // The same block again, with less in it.
    if (known && (isEmpty(content["id"]) || content["id"] === known.content["id"]))
      keepAll(known.content, content);
    else blocks.set(index, { content, input: "", closed: false });
    // Another model took over: the message is then that model's.
    const model = text(object(content["to"])["model"]);
    if (content["type"] === "fallback" && model) message = { ...message, model };
  }

  function addDelta(json: Json, n: number): void {
    const index = indexOf(json["index"]) ?? blocks.size - 1;
    const delta = object(json["delta"]);
    let block = blocks.get(index);
    if (block === undefined) {
      problems.tell(
        n,
        "stream/delta-without-start",
        `a delta for content block ${index}, which was never started`,
      );
      block = { content: blockFor(text(delta["type"])), input: "", closed: false };
      blocks.set(index, block);
    } else if (block.closed) {
      problems.tell(n, "stream/order", `a delta for content block ${index}, which was closed already`);
    }
    if (delta["type"] === "input_json_delta") block.input += text(delta["partial_json"]) ?? "";
    else merge(block.content, delta);
  }

  function stopBlock(json: Json, n: number): void {
    const index = indexOf(json["index"]) ?? blocks.size - 1;
    const block = blocks.get(index);
    if (block === undefined) {
      return problems.tell(
        n,
        "stream/delta-without-start",
        `content block ${index} was closed and never started`,
      );
    }
    block.closed = true;
    const { state } = parsePartial(block.input || "{}");
    // A limit of tokens ends a block in the middle of its input.
    if (state === "cut") cutInput(index, block, (_, ...told) => problems.tell(n, ...told));
    if (state !== "broken") return;
    const what = `the input of the tool call in content block ${index} is not JSON: ${brief(block.input)}`;
    problems.tell(n, "tool/arguments-not-json", what);
  }

  function finish(json: Json): void {
    message ??= {};
    keepAll(message, json, "type", "delta", "usage", "error");
    keepAll(message, object(json["delta"]));
    if (!isObject(json["usage"])) return;
    // The counts are cumulative: a later one replaces an earlier one.
    const usage = { ...object(message["usage"]) };
    const { output_tokens, ...asked } = json["usage"];
    keep(usage, "output_tokens", output_tokens);
    // A request has some tokens: where all are zero, a gateway did not count it.
    const isCounted = !isEmpty(asked, "usage");
    for (const key of Object.keys(asked))
      if (isCounted || usage[key] === undefined) keep(usage, key, asked[key]);
    message["usage"] = usage;
  }

  function whole(): unknown {
    if (message === null && blocks.size === 0) return null;
    const indices = [...blocks.keys()].sort((a, b) => a - b);
    const content = indices.map((index) => closed(blocks.get(index) as Block));
    return { ...message, content };
  }

  return {
    take,
    message: whole,
    atEnd(tell) {
      for (const [index, block] of blocks) {
        if (block.closed) continue;
        tell(null, "stream/block-not-closed", `content block ${index} was never closed`);
        cutInput(index, block, tell);
      }
      if (!stopped) tell(null, "stream/no-terminator", `the stream ended without "message_stop"`, "error");
    },
    afterError(tell) {
      for (const [index, block] of blocks) if (!block.closed) cutInput(index, block, tell);
    },
  };
}

const EVENTS = new Set([
  "message_start",
  "content_block_start",
  "content_block_delta",
  "content_block_stop",
  "message_delta",
  "message_stop",
]);

function cutInput(index: number, block: Block, tell: StreamProblems["tell"]): void {
  if (parsePartial(block.input || "{}").state === "whole") return;
  const what = `the input of the tool call in content block ${index} ends in the middle: …${block.input.slice(-80)}`;
  tell(null, "tool/arguments-cut", what);
}

/** The block with its tool input; cut input keeps what is complete, input that is no JSON stays text. */
function closed(block: Block): Json {
  if (block.input === "") return block.content;
  return { ...block.content, input: inputOf(block.input) };
}

function blockFor(delta: string | null): Json {
  switch (delta) {
    case "input_json_delta":
      return { type: "tool_use", id: null, name: "", input: {} };
    case "thinking_delta":
    case "signature_delta":
      return { type: "thinking", thinking: "", signature: "" };
    case "compaction_delta":
      return { type: "compaction", content: null };
    default:
      return { type: "text", text: "" };
  }
}

/** Text grows; everything else, of deltas known and unknown, replaces what was there. */
function merge(block: Json, delta: Json): void {
  if (delta["type"] === "citations_delta" && "citation" in delta) {
    return lengthen(block, "citations", [delta["citation"]]);
  }
  const grows = delta["type"] !== "signature_delta" && delta["type"] !== "compaction_delta";
  for (const key of Object.keys(delta)) {
    if (key === "type") continue;
    const value = delta[key];
    const before = Object.hasOwn(block, key) ? block[key] : undefined;
    if (grows && typeof value === "string" && typeof before === "string") put(block, key, before + value);
    else keep(block, key, value);
  }
}

/** What an event adds, for the timeline. */
function addedBy(type: string, json: Json): Added[] {
  switch (type) {
    case "message":
      return objects(json["content"]).flatMap(startOf);
    case "content_block_delta":
      return pieceOf(object(json["delta"]));
    case "content_block_start":
      return startOf(object(json["content_block"]));
    case "message_start": {
      const { content, usage } = object(json["message"]);
      return [
        ...(Array.isArray(content) ? content.flatMap((block) => startOf(object(block))) : []),
        ...counted(usage),
      ];
    }
    case "message_delta": {
      const reason = text(object(json["delta"])["stop_reason"]);
      return [
        ...counted(json["usage"]),
        ...(reason === null ? [] : [{ lane: "control" as const, text: reason }]),
      ];
    }
    default:
      return [];
  }
}

function pieceOf(delta: Json): Added[] {
  const said = text(delta["text"]) ?? text(delta["content"]);
  if (said !== null) return [{ lane: "text", text: said }];
  const thought = text(delta["thinking"]);
  if (thought !== null) return [{ lane: "reasoning", text: thought }];
  const input = text(delta["partial_json"]);
  return input === null ? [] : [{ lane: "tool", text: input }];
}

function startOf(block: Json): Added[] {
  const kind = text(block["type"]) ?? "";
  if (kind === "redacted_thinking") return [{ lane: "reasoning", text: kind, begins: kind }];
  if (kind === "text" || kind === "thinking") return pieceOf(block).filter((piece) => piece.text !== "");
  const name = text(block["name"]);
  // Code of the model calls with its input whole; else it comes in pieces.
  if (name !== null) return wholeCall(name, isEmpty(block["input"]) ? "" : written(block["input"]));
  return kind.endsWith("_result") ? [{ lane: "control", text: kind }] : [];
}

function counted(usage: unknown): Added[] {
  return isObject(usage) ? [{ lane: "usage", text: written(usage) }] : [];
}
