/**
 * Folds the events of the Responses API into its `response` object, over HTTP and over a socket (there several
 * responses follow each other, in lanes named by `stream_id`). The last snapshot wins; what no snapshot holds (a
 * stream that was cut, a server whose last snapshot is empty) is put together from the deltas.
 */
import type { Added, Assembler, StreamEvent } from "../dialect.ts";
import { wireError } from "../error.ts";
import { compact, isObject, list, listAt, number, object, objectAt, put, text, type Json } from "../json.ts";
import type { Problem } from "../reading.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/responses-streaming";
const TERMINAL = /^response\.(completed|failed|incomplete|cancelled|done)$/;

type Running = { snapshot: Json; items: Json[]; over: boolean; sequence: number | null; error: unknown };

export function responsesAssembler(): Assembler {
  const all: Running[] = [];
  const lanes = new Map<string, Running>();
  const unknown = new Map<string, number>();
  const gaps: string[] = [];
  let outside: unknown = null;
  let done = false;
  let token: number | null = null;

  function add(event: StreamEvent): Added[] {
    if (event.from === "client") return clientSaid(event.json);
    if (event.data.trim() === "[DONE]") {
      done = true;
      return [{ lane: "control", text: "[DONE]" }];
    }
    const wire = event.json;
    if (!isObject(wire)) return [];
    const type = text(wire["type"]) ?? event.name ?? "";
    const added = take(type, wire);
    if (
      token === null &&
      added.some(({ lane }) => lane !== "control" && lane !== "usage" && lane !== "error")
    )
      token = event.n;
    return added;
  }

  function take(type: string, wire: Json): Added[] {
    const lane = text(wire["stream_id"]) ?? "";
    let running = lanes.get(lane);
    if (!running || (running.over && type === "response.created")) {
      running = { snapshot: {}, items: [], over: false, sequence: null, error: null };
      if (type.startsWith("response.")) lanes.set(lane, running);
      if (type.startsWith("response.")) all.push(running);
    }
    countSequence(running, number(wire["sequence_number"]), type);
    if (type === "error" || (type === "" && wire["error"])) {
      const error = isObject(wire["error"]) ? wire["error"] : wire;
      if (all.length > 0 && !running.over) running.error = error;
      else outside = error;
      return [{ lane: "error", text: wireError({ error })?.message ?? "error" }];
    }
    if (isObject(wire["response"])) return takeSnapshot(running, type, wire["response"]);
    const added = takeDelta(running.items, type, wire);
    if (added) return added;
    unknown.set(type, (unknown.get(type) ?? 0) + 1);
    return [];
  }

  function countSequence(running: Running, sequence: number | null, type: string): void {
    if (sequence === null) return;
    const before = running.sequence;
    if (before !== null && sequence > before + 1) gaps.push(`${before} is followed by ${sequence} (${type})`);
    running.sequence = sequence;
  }

  function takeSnapshot(running: Running, type: string, response: Json): Added[] {
    running.snapshot = { ...running.snapshot, ...response };
    running.over = TERMINAL.test(type);
    // Some servers leave the status to the event's name.
    if (running.over && !response["status"] && type !== "response.done")
      running.snapshot["status"] = type.slice("response.".length);
    if (type === "response.failed" && response["error"])
      return [{ lane: "error", text: wireError(response)?.message ?? "failed" }];
    const status: Added = { lane: "control", text: text(response["status"]) ?? type };
    if (!isObject(response["usage"])) return [status];
    return [status, { lane: "usage", text: compact(response["usage"]) }];
  }

  return {
    add,
    message: () => {
      const whole = all.map(finished);
      if (whole.length === 0)
        return outside === null ? null : { object: "response", error: outside, output: [] };
      const last = whole.at(-1) as Json;
      if (whole.length > 1) return { object: "list", data: whole };
      return outside !== null && !last["error"] ? { ...last, error: outside } : last;
    },
    problems: (ended) => {
      const problems: Problem[] = [];
      const failed = outside !== null || all.some(({ error }) => error !== null);
      const open = all.filter(({ over, error }) => !over && error === null);
      if (ended && open.length > 0 && !failed && !done) {
        const what =
          "the stream ended without response.completed, .failed or .incomplete: the answer is cut off";
        problems.push({
          where: "stream",
          what,
          rule: "stream/no-terminator",
          severity: "error",
          source: SOURCE,
        });
      }
      for (const gap of gaps) {
        const what = `sequence_number ${gap}: events are missing`;
        problems.push({
          where: "stream",
          what,
          rule: "stream/index-gap",
          severity: "warning",
          source: SOURCE,
        });
      }
      for (const [type, count] of unknown) {
        const what = `${count} event(s) of the type "${type}", which this reader does not know; they are in the raw stream`;
        problems.push({
          where: "stream",
          what,
          rule: "stream/unknown-event",
          severity: "note",
          source: SOURCE,
        });
      }
      return problems;
    },
    firstToken: () => token,
  };
}

function clientSaid(json: unknown): Added[] {
  return isObject(json) ? [{ lane: "control", text: text(json["type"]) ?? "message" }] : [];
}

function finished({ snapshot, items, error }: Running): Json {
  const said = list(snapshot["output"]);
  const output = said.length > 0 ? said : items.filter((item) => item !== undefined);
  const whole: Json = { ...snapshot, output };
  return error !== null && !whole["error"] ? { ...whole, error } : whole;
}

/** Adds one event about an item; null when no such event is known. Shared with the Realtime API. */
export function takeDelta(items: Json[], type: string, wire: Json): Added[] | null {
  const item = itemFor(items, wire);
  switch (type) {
    case "response.output_item.added":
    case "response.output_item.done":
      Object.assign(item, object(wire["item"]));
      return type.endsWith("done") ? [] : nameOf(item);
    case "response.content_part.added":
    case "response.content_part.done":
    case "response.reasoning_part.added":
    case "response.reasoning_part.done":
      Object.assign(partAt(item, "content", wire["content_index"], ""), object(wire["part"]));
      return [];
    case "response.reasoning_summary_part.added":
    case "response.reasoning_summary_part.done":
      Object.assign(partAt(item, "summary", wire["summary_index"], ""), object(wire["part"]));
      return [];
    case "response.output_text.delta":
    case "response.text.delta":
      return join(
        partAt(item, "content", wire["content_index"], "output_text"),
        "text",
        wire["delta"],
        "text",
      );
    case "response.output_text.done":
    case "response.text.done":
      return settle(partAt(item, "content", wire["content_index"], "output_text"), "text", wire["text"]);
    case "response.refusal.delta":
      return join(
        partAt(item, "content", wire["content_index"], "refusal"),
        "refusal",
        wire["delta"],
        "text",
      );
    case "response.refusal.done":
      return settle(partAt(item, "content", wire["content_index"], "refusal"), "refusal", wire["refusal"]);
    case "response.output_text.annotation.added": {
      const part = partAt(item, "content", wire["content_index"], "output_text");
      const annotations = listAt(part, "annotations");
      annotations[indexOf(wire["annotation_index"], annotations.length)] = wire["annotation"];
      return [{ lane: "text", text: "" }];
    }
    case "response.reasoning_text.delta":
      return join(
        partAt(item, "content", wire["content_index"], "reasoning_text"),
        "text",
        wire["delta"],
        "reasoning",
      );
    case "response.reasoning_text.done":
      return settle(partAt(item, "content", wire["content_index"], "reasoning_text"), "text", wire["text"]);
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_summary.delta":
      return join(
        partAt(item, "summary", wire["summary_index"], "summary_text"),
        "text",
        wire["delta"],
        "reasoning",
      );
    case "response.reasoning_summary_text.done":
    case "response.reasoning_summary.done":
      return settle(partAt(item, "summary", wire["summary_index"], "summary_text"), "text", wire["text"]);
    case "response.function_call_arguments.delta":
    case "response.mcp_call_arguments.delta":
    case "response.mcp_call.arguments_delta":
      return join(item, "arguments", wire["delta"], "tool");
    case "response.function_call_arguments.done":
    case "response.mcp_call_arguments.done":
    case "response.mcp_call.arguments_done":
      return settle(item, "arguments", wire["arguments"]);
    case "response.custom_tool_call_input.delta":
      return join(item, "input", wire["delta"], "tool");
    case "response.custom_tool_call_input.done":
      return settle(item, "input", wire["input"]);
    case "response.code_interpreter_call_code.delta":
      return join(item, "code", wire["delta"], "tool");
    case "response.code_interpreter_call_code.done":
      return settle(item, "code", wire["code"]);
    case "response.shell_call_command.delta":
      return command(item, wire, wire["delta"]);
    case "response.shell_call_command.done":
      return command(item, wire, wire["command"]);
    case "response.apply_patch_call_operation_diff.delta":
      return join(objectAt(item, "operation"), "diff", wire["delta"], "tool");
    case "response.apply_patch_call_operation_diff.done":
      return settle(objectAt(item, "operation"), "diff", wire["diff"]);
    case "response.output_audio.delta":
    case "response.audio.delta":
      join(partAt(item, "content", wire["content_index"], "output_audio"), "audio", wire["delta"], "text");
      return [{ lane: "text", text: "" }];
    case "response.output_audio_transcript.delta":
    case "response.audio_transcript.delta":
    case "response.audio.transcript.delta":
      return join(
        partAt(item, "content", wire["content_index"], "output_audio"),
        "transcript",
        wire["delta"],
        "text",
      );
    case "response.output_audio_transcript.done":
    case "response.audio_transcript.done":
      return settle(
        partAt(item, "content", wire["content_index"], "output_audio"),
        "transcript",
        wire["transcript"],
      );
    default:
      return isStatus(type) ? [] : null;
  }
}

/** Events that only say how far something is, or repeat what other events brought. */
function isStatus(type: string): boolean {
  return (
    /\.(in_progress|completed|searching|interpreting|generating|failed|queued|compacting|partial_image)$/.test(
      type,
    ) ||
    /^response\.(shell_call_command|shell_call_output_content|audio|output_audio|steer|keepalive)\b/.test(
      type,
    ) ||
    type === "response.audio.transcript.done" ||
    // Codex's own: how much of the plan is used, and the like.
    type.startsWith("codex.") ||
    type === "keepalive" ||
    type === "ping"
  );
}

/** By `output_index`: GitHub Copilot changes the ids from event to event. Without an index by id, else the last item. */
function itemFor(items: Json[], wire: Json): Json {
  const index = number(wire["output_index"]);
  if (index !== null && index >= 0 && index < 10_000) return (items[index] ??= {});
  const id = text(wire["item_id"]) ?? text(object(wire["item"])["id"]);
  const known = id === null ? items.at(-1) : items.find((item) => item?.["id"] === id);
  if (known) return known;
  const item: Json = id === null ? {} : { id };
  // An event about no item at all (a response's own status) must not make one.
  if (id !== null || wire["item"] !== undefined || wire["delta"] !== undefined) items.push(item);
  return item;
}

function partAt(item: Json, key: "content" | "summary", at: unknown, type: string): Json {
  const parts = listAt(item, key);
  const index = indexOf(at, Math.max(0, parts.length - 1));
  if (!isObject(parts[index])) parts[index] = {};
  const part = parts[index] as Json;
  if (type !== "" && part["type"] === undefined) part["type"] = type;
  return part;
}

/** Hostile indexes must not make a list of a billion holes. */
function indexOf(value: unknown, otherwise: number): number {
  const index = number(value);
  return index !== null && Number.isInteger(index) && index >= 0 && index < 10_000 ? index : otherwise;
}

function join(holder: Json, key: string, delta: unknown, lane: Added["lane"]): Added[] {
  const piece = compact(delta ?? "");
  put(holder, key, (text(holder[key]) ?? "") + piece);
  return piece === "" ? [] : [{ lane, text: piece }];
}

/** A shell's commands come one after another, each in pieces and then whole. */
function command(item: Json, wire: Json, said: unknown): Added[] {
  const commands = listAt(objectAt(item, "action"), "commands");
  const at = indexOf(wire["command_index"], Math.max(0, commands.length - 1));
  const piece = compact(said ?? "");
  const delta = wire["delta"] !== undefined;
  commands[at] = delta ? (text(commands[at]) ?? "") + piece : piece;
  return delta && piece !== "" ? [{ lane: "tool", text: piece }] : [];
}

function settle(holder: Json, key: string, value: unknown): Added[] {
  if (value !== undefined && value !== null) put(holder, key, value);
  return [];
}

function nameOf(item: Json): Added[] {
  const kind = text(item["type"]) ?? "";
  if (!kind.endsWith("_call")) return [{ lane: "control", text: kind }];
  return [{ lane: "tool", text: text(item["name"]) ?? kind.slice(0, -"_call".length) }];
}
