/**
 * Folds an Anthropic Messages stream into the message of the non-streamed API.
 * Events: https://platform.claude.com/docs/en/build-with-claude/streaming
 */
import type { Added, Assembler, StreamEvent } from "../dialect.ts";
import { isObject, lengthen, number, object, put, text, without, type Json } from "../json.ts";
import { parsePartial } from "./partial-json.ts";
import { streamProblems, type StreamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";

const SOURCE = "https://platform.claude.com/docs/en/build-with-claude/streaming";

/** `input` holds the pieces of a tool's input: JSON only once they are put together. */
type Block = { content: Json; input: string; closed: boolean };

export function anthropicStream(): Assembler {
  const problems = streamProblems(SOURCE);
  const blocks = new Map<number, Block>();
  let message: Json | null = null;
  let error: unknown = null;
  /** What stands beside the error in its event, such as the request's id. */
  let beside: Json = {};
  let stopped = false;
  let token: number | null = null;
  let events = 0;

  function add(event: StreamEvent): Added[] {
    events++;
    if (!isObject(event.json)) {
      if (event.data.trim() === "" || event.data.trim() === "[DONE]") return [];
      problems.tell(event.n, "stream/not-json", `data that is not a JSON object: ${brief(event.data)}`);
      return [];
    }
    const type = text(event.json["type"]) ?? event.name;
    if (stopped && type !== "ping")
      problems.tell(event.n, "stream/order", `"${type}" came after "message_stop"`);
    fold(type, event.json, event.n);
    const added = addedBy(type, event.json);
    if (token === null && added.some(({ lane, text: piece }) => TOKENS.has(lane) && piece !== ""))
      token = event.n;
    return added;
  }

  function fold(type: string | null, json: Json, n: number): void {
    switch (type) {
      case "message_start":
        return start(json, n);
      case "content_block_start":
        return startBlock(json, n);
      case "content_block_delta":
        return addDelta(json, n);
      case "content_block_stop":
        return stopBlock(json, n);
      case "message_delta":
        return finish(json);
      case "message_stop":
        // Bedrock adds its own measurements to the last event.
        message = { ...message, ...without(json, "type") };
        stopped = true;
        return;
      case "ping":
        return;
      case "error":
        error = json["error"] ?? without(json, "type");
        beside = without(json, "type", "error");
        return problems.tell(n, "stream/error-event", failure(error), "error");
      default:
        // Gateways put their own errors in, without a type.
        if (isObject(json["error"])) return fold("error", json, n);
        return problems.unknown(n, json);
    }
  }

  function start(json: Json, n: number): void {
    if (message !== null) problems.tell(n, "stream/order", `a second "message_start" in one stream`);
    const given = object(json["message"]);
    message = { ...message, ...given };
    const content = Array.isArray(given["content"]) ? given["content"] : [];
    content.forEach((block, i) => blocks.set(i, { content: { ...object(block) }, input: "", closed: true }));
  }

  function startBlock(json: Json, n: number): void {
    const index = number(json["index"]) ?? blocks.size;
    if (blocks.has(index)) problems.tell(n, "stream/order", `content block ${index} was started twice`);
    else if (index !== blocks.size) {
      problems.tell(n, "stream/index-gap", `content block ${index} came where block ${blocks.size} was due`);
    }
    const content = { ...object(json["content_block"]) };
    blocks.set(index, { content, input: "", closed: false });
    // Another model took over: the message is then that model's.
    const model = text(object(content["to"])["model"]);
    if (content["type"] === "fallback" && model) message = { ...message, model };
  }

  function addDelta(json: Json, n: number): void {
    const index = number(json["index"]) ?? blocks.size - 1;
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
    const index = number(json["index"]) ?? blocks.size - 1;
    const block = blocks.get(index);
    if (block === undefined) {
      return problems.tell(
        n,
        "stream/delta-without-start",
        `content block ${index} was closed and never started`,
      );
    }
    block.closed = true;
    if (parsePartial(block.input || "{}").state === "whole") return;
    const what = `the input of the tool call in content block ${index} is not JSON: ${brief(block.input)}`;
    problems.tell(n, "tool/arguments-not-json", what);
  }

  function finish(json: Json): void {
    const usage = { ...object(message?.["usage"]) };
    // The counts are cumulative: a later one replaces an earlier one.
    for (const [key, value] of Object.entries(object(json["usage"]))) {
      if (value !== null || !(key in usage)) put(usage, key, value);
    }
    const { delta } = json;
    message = { ...message, ...without(json, "type", "delta", "usage"), ...object(delta) };
    if (isObject(json["usage"]) || Object.keys(usage).length > 0) message["usage"] = usage;
  }

  function whole(): unknown {
    if (message === null && blocks.size === 0)
      return error === null ? null : { type: "error", error, ...beside };
    const indices = [...blocks.keys()].sort((a, b) => a - b);
    const content = indices.map((index) => closed(blocks.get(index) as Block));
    return { ...message, content, ...(error !== null && { error, ...beside }) };
  }

  function found(ended: boolean): ReturnType<Assembler["problems"]> {
    if (!ended || events === 0) return problems.found();
    const late = streamProblems(SOURCE);
    for (const [index, block] of blocks) if (!block.closed) unclosed(index, block, late, error === null);
    if (!stopped && error === null) {
      late.tell(null, "stream/no-terminator", `the stream ended without "message_stop"`, "error");
    }
    return [...problems.found(), ...late.found()];
  }

  return { add, message: whole, problems: found, firstToken: () => token };
}

/** After an error event nothing more was due, not even the end of a block. */
function unclosed(index: number, block: Block, problems: StreamProblems, due: boolean): void {
  if (due) problems.tell(null, "stream/block-not-closed", `content block ${index} was never closed`);
  if (parsePartial(block.input || "{}").state === "whole") return;
  const what = `the input of the tool call in content block ${index} ends in the middle: …${block.input.slice(-80)}`;
  problems.tell(null, "tool/arguments-cut", what);
}

/** The block with its tool input; cut input keeps what is complete, input that is no JSON stays text. */
function closed(block: Block): Json {
  if (block.input === "") return block.content;
  const parsed = parsePartial(block.input);
  return { ...block.content, input: parsed.state === "broken" ? block.input : parsed.value };
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
  for (const [key, value] of Object.entries(delta)) {
    if (key === "type") continue;
    const before = Object.hasOwn(block, key) ? block[key] : undefined;
    put(
      block,
      key,
      grows && typeof value === "string" && typeof before === "string" ? before + value : value,
    );
  }
}

const TOKENS = new Set(["text", "reasoning", "tool"]);

/** What an event adds, for the timeline. */
function addedBy(type: string | null, json: Json): Added[] {
  switch (type) {
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
    case "error":
      return [{ lane: "error", text: failure(json["error"] ?? json) }];
    default:
      return isObject(json["error"]) ? [{ lane: "error", text: failure(json["error"]) }] : [];
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
  if (kind === "redacted_thinking") return [{ lane: "reasoning", text: kind }];
  if (kind === "text" || kind === "thinking") return pieceOf(block).filter((piece) => piece.text !== "");
  const name = text(block["name"]);
  return name === null && !kind.endsWith("_result") ? [] : [{ lane: "tool", text: name ?? kind }];
}

function counted(usage: unknown): Added[] {
  return isObject(usage) ? [{ lane: "usage", text: written(usage) }] : [];
}

function failure(error: unknown): string {
  const { type, message } = object(error);
  return `the API broke the stream off: ${text(type) ?? "error"}: ${text(message) ?? brief(String(error))}`;
}
