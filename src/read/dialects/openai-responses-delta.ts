/**
 * One event about an item of a response, shared by the Responses and the Realtime API. A stream may leave out that an item
 * began (a server's habit, a stream that was resumed): then the event itself says what the item is.
 */
import type { Added } from "../dialect.ts";
import { compact, indexOf, isObject, listAt, object, objectAt, put, text, type Json } from "../json.ts";
import { isEmpty, keep, keepAll } from "./keep.ts";

/** Adds one event about an item; null when no such event is known. Shared with the Realtime API. */
export function takeDelta(items: Json[], type: string, wire: Json): Added[] | null {
  const item = itemFor(items, wire, type);
  if (item["type"] === undefined) {
    const kind = KINDS.find(([pattern]) => pattern.test(type))?.[1];
    if (kind !== undefined) put(item, "type", kind);
    if (kind === "message") put(item, "role", "assistant");
  }
  switch (type) {
    case "response.output_item.added":
    case "response.output_item.done":
      settleItem(item, object(wire["item"]));
      return type.endsWith("done") ? [] : nameOf(item);
    case "response.content_part.added":
    case "response.content_part.done":
    case "response.reasoning_part.added":
    case "response.reasoning_part.done":
      keepAll(partAt(item, "content", wire["content_index"], ""), object(wire["part"]));
      return [];
    case "response.reasoning_summary_part.added":
    case "response.reasoning_summary_part.done":
      keepAll(partAt(item, "summary", wire["summary_index"], ""), object(wire["part"]));
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
      annotations[placeOf(wire["annotation_index"], annotations.length)] = wire["annotation"];
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
      if (!isEmpty(wire["name"])) keep(item, "name", wire["name"]);
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

/** What an item is whose beginning did not come, by the event that speaks of it. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [
    /^response\.(output_text|text|refusal|content_part|output_audio|audio|output_audio_transcript|audio_transcript)\./,
    "message",
  ],
  [/^response\.reasoning/, "reasoning"],
  [/^response\.function_call_arguments\./, "function_call"],
  [/^response\.mcp_call/, "mcp_call"],
  [/^response\.custom_tool_call_input\./, "custom_tool_call"],
  [/^response\.code_interpreter_call/, "code_interpreter_call"],
  [/^response\.shell_call/, "shell_call"],
  [/^response\.apply_patch_call/, "apply_patch_call"],
  [/^response\.web_search_call/, "web_search_call"],
  [/^response\.file_search_call/, "file_search_call"],
  [/^response\.image_generation_call/, "image_generation_call"],
];

/**
 * What the server says of the whole item, on top of what its pieces brought: emptiness takes nothing away, and an item
 * that has grown keeps its kind (gateways close reasoning as a message).
 */
export function settleItem(item: Json, given: Json): void {
  const isOther = item["type"] !== undefined && given["type"] !== undefined && item["type"] !== given["type"];
  const hasGrown = ["content", "summary", "arguments", "input"].some((key) => !isEmpty(item[key]));
  for (const [key, value] of Object.entries(given)) {
    if (isOther && hasGrown && (key === "type" || key === "role")) continue;
    if (isListOfParts(item[key]) && isListOfParts(value)) put(item, key, settledParts(item[key], value));
    else keep(item, key, value);
  }
}

function isListOfParts(value: unknown): value is Json[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** Part by part: one that comes back empty is what its pieces made of it. */
function settledParts(before: readonly Json[], given: readonly Json[]): Json[] {
  return given.map((part, i) => {
    const had = before[i];
    if (!had || had["type"] !== part["type"]) return part;
    const made = { ...had };
    keepAll(made, part);
    return made;
  });
}

/** Events that only say how far something is, or repeat what other events brought. */
function isStatus(type: string): boolean {
  return (
    /\.(in_progress|completed|searching|interpreting|generating|failed|queued|compacting|partial_image)$/.test(
      type,
    ) ||
    /^response\.(shell_call_command|shell_call_output_content|audio|output_audio|keepalive)\b/.test(type) ||
    type === "response.audio.transcript.done" ||
    // Codex's own: how much of the plan is used, and the like.
    type.startsWith("codex.") ||
    type === "keepalive" ||
    type === "ping"
  );
}

/** By `output_index`: GitHub Copilot changes the ids from event to event. Without an index by id, else the last item. */
function itemFor(items: Json[], wire: Json, type: string): Json {
  const index = indexOf(wire["output_index"]);
  const id = text(wire["item_id"]) ?? text(object(wire["item"])["id"]);
  if (index !== null && index >= 0 && index < 10_000) {
    const item = itemAt(
      items,
      index,
      id,
      type === "response.output_item.added" ? object(wire["item"]) : null,
    );
    if (item["id"] === undefined && !isEmpty(wire["item_id"])) put(item, "id", wire["item_id"]);
    return item;
  }
  const known = id === null ? items.at(-1) : items.find((item) => item?.["id"] === id);
  if (known) return known;
  const item: Json = id === null ? {} : { id };
  // An event about no item at all (a response's own status) must not make one.
  if (id !== null || wire["item"] !== undefined || wire["delta"] !== undefined) items.push(item);
  return item;
}

/** Gateways give several items one number: the items that began under each, and the one at hand. */
type Numbered = { begun: Map<string, Json>; now: Map<number, Json> };
const numbered = new WeakMap<Json[], Numbered>();

function itemAt(items: Json[], index: number, id: string | null, begins: Json | null): Json {
  const book = numbered.get(items) ?? { begun: new Map<string, Json>(), now: new Map<number, Json>() };
  numbered.set(items, book);
  const known = (id !== null && book.begun.get(id)) || book.now.get(index) || items[index];
  if (!begins) return known ?? (items[index] = {});
  const isAnother = known !== undefined && book.now.get(index) === known && isOther(known, begins);
  const item = known === undefined || isAnother ? {} : known;
  if (isAnother) items.push(item);
  else items[index] ??= item;
  book.now.set(index, item);
  if (id) book.begun.set(id, item);
  return item;
}

/** An item that began is not the one that begins: another kind, or another call. */
function isOther(known: Json, begins: Json): boolean {
  if (isEmpty(begins["id"]) || known["id"] === begins["id"]) return false;
  return (
    known["type"] !== begins["type"] ||
    (!isEmpty(begins["call_id"]) && known["call_id"] !== begins["call_id"])
  );
}

function partAt(item: Json, key: "content" | "summary", at: unknown, type: string): Json {
  const parts = listAt(item, key);
  const index = placeOf(at, Math.max(0, parts.length - 1));
  if (!isObject(parts[index])) parts[index] = {};
  const part = parts[index] as Json;
  if (type !== "" && part["type"] === undefined) part["type"] = type;
  return part;
}

/** Hostile indexes must not make a list of a billion holes. */
function placeOf(value: unknown, otherwise: number): number {
  const index = indexOf(value);
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
  const at = placeOf(wire["command_index"], Math.max(0, commands.length - 1));
  const piece = compact(said ?? "");
  const delta = wire["delta"] !== undefined;
  if (delta) commands[at] = (text(commands[at]) ?? "") + piece;
  else if (piece !== "" || commands[at] === undefined) commands[at] = piece;
  return delta && piece !== "" ? [{ lane: "tool", text: piece }] : [];
}

function settle(holder: Json, key: string, value: unknown): Added[] {
  if (value !== undefined && value !== null) keep(holder, key, value);
  return [];
}

function nameOf(item: Json): Added[] {
  const kind = text(item["type"]) ?? "";
  if (!kind.endsWith("_call")) return [{ lane: "control", text: kind }];
  const name = text(item["name"]) ?? kind.slice(0, -"_call".length);
  return [{ lane: "tool", text: name, begins: name }];
}
