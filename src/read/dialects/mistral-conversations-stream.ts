/** Folds the events of Mistral's Conversations into the `conversation.response` that comes without streaming. */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { indexOf, object, put, text, type Json } from "../json.ts";
import { keep } from "./keep.ts";
import { thinkingText } from "./openai-parts.ts";
import { folded } from "./stream.ts";
import { written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://docs.mistral.ai/agents/agents";

/** What an entry is called in the answer that its events only hint at. */
const ENTRIES: readonly (readonly [RegExp, string])[] = [
  [/^message\.output\./, "message.output"],
  [/^function\.call\./, "function.call"],
  [/^tool\.execution\./, "tool.execution"],
  [/^agent\.handoff\./, "agent.handoff"],
];

export function mistralConversation(glimpse: Glimpse): Assembler {
  const entries = new Map<number, Json>();
  const answer: Json = { object: "conversation.response" };
  let last = -1;
  let came = false;
  let done = false;

  function take(json: Json, { name }: StreamEvent): Added[] | null {
    const type = text(json["type"]) ?? name ?? "";
    const entry = ENTRIES.find(([pattern]) => pattern.test(type))?.[1];
    const added = entry ? grow(entryAt(entry, json), json) : about(type, json);
    came ||= added !== null;
    return added;
  }

  function about(type: string, json: Json): Added[] | null {
    switch (type) {
      case "conversation.response.started":
        if (json["conversation_id"] !== undefined) keep(answer, "conversation_id", json["conversation_id"]);
        return [{ lane: "control", text: type }];
      case "conversation.response.done":
        done = true;
        keep(answer, "usage", json["usage"]);
        return [{ lane: "usage", text: written(json["usage"]) }];
      default:
        return null;
    }
  }

  function entryAt(type: string, json: Json): Json {
    const index = indexOf(json["output_index"]) ?? Math.max(0, last);
    const known = entries.get(index);
    // A later entry of another kind may come without a number of its own.
    if (known && known["type"] === type) return known;
    const entry: Json = { object: "entry", type };
    const place = known ? last + 1 : index;
    entries.set(place, entry);
    last = Math.max(last, place);
    return entry;
  }

  function message(): unknown {
    if (!came) return null;
    const outputs = [...entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    const { usage, ...rest } = answer;
    return { ...rest, outputs, ...(usage !== undefined && { usage }) };
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message,
    atEnd(tell) {
      const what = `the stream ended without "conversation.response.done"`;
      if (!done) tell(null, "stream/no-terminator", what, "error");
    },
  }));
}

const OWN = new Set(["type", "output_index", "content_index", "content", "arguments"]);

const CALLS = new Set(["function.call", "tool.execution"]);

/** Content and arguments grow; all else is set. */
function grow(entry: Json, json: Json): Added[] {
  const added: Added[] = [];
  const isNamed = entry["name"] !== undefined;
  for (const [key, value] of Object.entries(json)) if (!OWN.has(key)) keep(entry, key, value);
  const name = isNamed || !CALLS.has(text(entry["type"]) ?? "") ? null : text(entry["name"]);
  if (name !== null) added.push(...wholeCall(name, ""));
  const { content } = json;
  if (content !== undefined && content !== null) added.push(addContent(entry, content));
  const piece = json["arguments"];
  if (typeof piece === "string") {
    put(entry, "arguments", `${text(entry["arguments"]) ?? ""}${piece}`);
    added.push({ lane: "tool", text: piece });
  } else if (piece !== undefined && piece !== null) put(entry, "arguments", piece);
  return added;
}

/** A text stays a string until another kind of content comes; from then on it is a list. */
function addContent(entry: Json, piece: unknown): Added {
  const said =
    typeof piece === "string" ? piece : object(piece)["type"] === "text" ? text(object(piece)["text"]) : null;
  const before = entry["content"];
  if (said !== null && !Array.isArray(before)) {
    put(entry, "content", `${text(before) ?? ""}${said}`);
    return { lane: "text", text: said };
  }
  const parts: unknown[] = Array.isArray(before) ? before : before ? [{ type: "text", text: before }] : [];
  put(entry, "content", parts);
  const last = object(parts.at(-1));
  if (said !== null) {
    if (last["type"] === "text") put(last, "text", `${text(last["text"]) ?? ""}${said}`);
    else parts.push({ type: "text", text: said });
    return { lane: "text", text: said };
  }
  const thought = object(piece)["type"] === "thinking" ? thinkingText(object(piece)["thinking"]) : null;
  if (thought === null) {
    parts.push(piece);
    return { lane: "control", text: text(object(piece)["type"]) ?? "content" };
  }
  if (last["type"] === "thinking")
    put(last, "thinking", [{ type: "text", text: thinkingText(last["thinking"]) + thought }]);
  else parts.push({ ...object(piece) });
  return { lane: "reasoning", text: thought };
}
