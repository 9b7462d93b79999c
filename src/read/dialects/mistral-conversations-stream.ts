/** Folds the events of Mistral's Conversations into the `conversation.response` that comes without streaming. */
import type { Added, Assembler, StreamEvent } from "../dialect.ts";
import { isObject, number, object, put, text, without, type Json } from "../json.ts";
import { thinkingText } from "./openai-parts.ts";
import { streamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";

const SOURCE = "https://docs.mistral.ai/agents/agents";

/** What an entry is called in the answer that its events only hint at. */
const ENTRIES: readonly (readonly [RegExp, string])[] = [
  [/^message\.output\./, "message.output"],
  [/^function\.call\./, "function.call"],
  [/^tool\.execution\./, "tool.execution"],
  [/^agent\.handoff\./, "agent.handoff"],
];

export function mistralConversation(): Assembler {
  const problems = streamProblems(SOURCE);
  const entries = new Map<number, Json>();
  let answer: Json | null = null;
  let error: Json | null = null;
  let done = false;
  let token: number | null = null;

  function add({ n, name, data, json }: StreamEvent): Added[] {
    if (!isObject(json)) {
      if (data.trim() !== "" && data.trim() !== "[DONE]")
        problems.tell(n, "stream/not-json", `data that is not a JSON object: ${brief(data)}`);
      return [];
    }
    answer ??= { object: "conversation.response" };
    const added = fold(text(json["type"]) ?? name ?? "", json, answer, n);
    if (
      token === null &&
      added.some(({ lane }) => lane === "text" || lane === "reasoning" || lane === "tool")
    )
      token = n;
    return added;
  }

  function fold(type: string, json: Json, target: Json, n: number): Added[] {
    const entry = ENTRIES.find(([pattern]) => pattern.test(type))?.[1];
    if (entry) return grow(entryAt(entry, json), json, type);
    switch (type) {
      case "conversation.response.started":
        if (json["conversation_id"] !== undefined) target["conversation_id"] = json["conversation_id"];
        return [{ lane: "control", text: type }];
      case "conversation.response.done":
        done = true;
        target["usage"] = json["usage"];
        return [{ lane: "usage", text: written(json["usage"]) }];
      default: {
        if (type !== "conversation.response.error" && !json["error"]) {
          problems.unknown(n, json);
          return [];
        }
        error = isObject(json["error"]) ? json["error"] : without(json, "type");
        const why = text(error["message"]) ?? brief(written(error));
        problems.tell(n, "stream/error-event", `the API broke the stream off: ${why}`, "error");
        return [{ lane: "error", text: why }];
      }
    }
  }

  function entryAt(type: string, json: Json): Json {
    const last = Math.max(-1, ...entries.keys());
    const index = number(json["output_index"]) ?? Math.max(0, last);
    const known = entries.get(index);
    // A later entry of another kind may come without a number of its own.
    if (known && known["type"] === type) return known;
    const entry: Json = { object: "entry", type };
    entries.set(known ? last + 1 : index, entry);
    return entry;
  }

  function message(): unknown {
    if (answer === null) return null;
    const outputs = [...entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    const { usage, ...rest } = answer;
    return { ...rest, outputs, ...(usage !== undefined && { usage }), ...(error && { error }) };
  }

  function found(ended: boolean): ReturnType<Assembler["problems"]> {
    const late = streamProblems(SOURCE);
    if (ended && answer !== null && !done && error === null)
      late.tell(
        null,
        "stream/no-terminator",
        `the stream ended without "conversation.response.done"`,
        "error",
      );
    return [...problems.found(), ...late.found()];
  }

  return { add, message, problems: found, firstToken: () => token };
}

const OWN = new Set(["type", "output_index", "content_index", "content", "arguments"]);

/** Content and arguments grow; all else is set. */
function grow(entry: Json, json: Json, type: string): Added[] {
  const added: Added[] = [];
  for (const [key, value] of Object.entries(json)) if (!OWN.has(key)) put(entry, key, value);
  const { content } = json;
  if (content !== undefined && content !== null) added.push(addContent(entry, content));
  const piece = json["arguments"];
  if (typeof piece === "string") {
    put(entry, "arguments", `${text(entry["arguments"]) ?? ""}${piece}`);
    added.push({ lane: "tool", text: piece });
  } else if (piece !== undefined && piece !== null) put(entry, "arguments", piece);
  if (type === "tool.execution.started") added.push({ lane: "tool", text: text(json["name"]) ?? type });
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
