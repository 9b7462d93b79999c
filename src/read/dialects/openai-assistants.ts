/**
 * OpenAI's Assistants (threads, runs and their messages), which Azure and others still serve. A run is streamed by events
 * about the run, its steps and the messages that it writes. https://platform.openai.com/docs/api-reference/assistants-streaming
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import {
  isObject,
  lengthen,
  list,
  listAt,
  number,
  object,
  objectAt,
  objects,
  put,
  text,
  without,
  type Json,
} from "../json.ts";
import type { Part, ToolCall, Turn } from "../reading.ts";
import { keepAll } from "./keep.ts";
import { itemTools } from "./openai-items.ts";
import { contentParts, toolCalls } from "./openai-parts.ts";
import { chatUsage } from "./openai-usage.ts";
import { folded } from "./stream.ts";
import { errorBeside, toldError, word } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/assistants-streaming";

export const openaiAssistants: Dialect = {
  name: "openai-assistants",
  provider: null,
  bid({ path, responseBody }) {
    if (/\/threads(\/|$)|\/assistants(\/[^/]+)?\/?$/.test(path)) return 0.9;
    return /^(thread(\.|$)|assistant$)/.test(text(object(responseBody)["object"]) ?? "") ? 0.8 : 0;
  },
  asked,
  assembler,
  answered,
};

function asked(body: unknown): Asked {
  const request = object(body);
  const thread = object(request["thread"]);
  const own = request["role"] === undefined ? [] : [request];
  const said = [
    ...objects(thread["messages"]),
    ...objects(request["messages"]),
    ...objects(request["additional_messages"]),
    ...own,
  ];
  const outputs = objects(request["tool_outputs"]).map((output): Part => {
    const parts: Part[] = [{ type: "text", text: text(output["output"]) ?? "" }];
    return { type: "tool_result", id: text(output["tool_call_id"]), name: null, parts, by: "client" };
  });
  const turns: Turn[] = said.map((message) => ({
    role: text(message["role"]) ?? "user",
    parts: messageParts(message),
  }));
  const rules = [request["instructions"], request["additional_instructions"]].flatMap((words): Part[] =>
    typeof words === "string" && words !== "" ? [{ type: "text", text: words }] : [],
  );
  return {
    model: word(request["model"]),
    system: rules,
    messages: outputs.length > 0 ? [{ role: "tool", parts: outputs }] : turns,
    tools: itemTools(request["tools"]),
    settings: without(
      request,
      "model",
      "instructions",
      "additional_instructions",
      "messages",
      "additional_messages",
      "thread",
      "tools",
      "tool_outputs",
      "role",
      "content",
      "stream",
    ),
    streamed: request["stream"] === true,
  };
}

/** Texts are objects here: `{ type: "text", text: { value, annotations } }`. */
function messageParts(message: Json): Part[] {
  const content = message["content"];
  if (!Array.isArray(content)) return contentParts(content, "$.content");
  return objects(content).flatMap((part) => {
    const inner = object(part["text"]);
    if (part["type"] !== "text" || !isObject(part["text"])) return contentParts([part], "$.content");
    const sources = objects(inner["annotations"]).map((value): Part => ({
      type: "citation",
      title: text(value["text"]),
      url: null,
      text: null,
      value,
    }));
    return [{ type: "text" as const, text: text(inner["value"]) ?? "" }, ...sources];
  });
}

function assembler(glimpse: Glimpse): Assembler {
  const run: Json = {};
  const about = new Map<string, Json>();
  let came = false;
  let over = false;

  function take(json: Json, { name }: StreamEvent): Added[] | null {
    const kind = text(json["object"]) ?? "";
    if (!kind.startsWith("thread")) return null;
    came = true;
    over ||=
      name !== null &&
      /^thread\.run\.(completed|failed|cancelled|expired|incomplete|requires_action)$/.test(name);
    if (kind === "thread.run") {
      keepAll(run, json, "required_action");
      // A call without an id waits for nobody.
      if (waiting(json).some(({ id }) => id)) put(run, "required_action", json["required_action"]);
      const usage = json["usage"];
      return [
        { lane: "control", text: text(json["status"]) ?? "run" },
        ...(isObject(usage) ? [{ lane: "usage" as const, text: JSON.stringify(usage) }] : []),
      ];
    }
    if (kind === "thread") return [{ lane: "control", text: "thread" }];
    const id = text(json["id"]) ?? "";
    const holder = about.get(id) ?? { object: kind.replace(/\.delta$/, "") };
    about.set(id, holder);
    if (!kind.endsWith(".delta")) {
      keepAll(holder, json);
      return [{ lane: "control", text: text(json["status"]) ?? kind }];
    }
    holder["id"] ??= id;
    const delta = object(json["delta"]);
    return kind.startsWith("thread.message") ? addText(holder, delta) : addCalls(holder, delta, id);
  }

  function message(): unknown {
    if (!came) return null;
    const all = [...about.values()];
    const messages = all.filter((one) => one["object"] === "thread.message");
    return {
      object: "thread.run",
      ...run,
      messages,
      steps: all.filter((one) => one["object"] === "thread.run.step"),
    };
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message,
    atEnd(tell, done) {
      if (!done && !over) tell(null, "stream/no-terminator", `the stream ended before the run did`, "error");
    },
  }));
}

function addText(holder: Json, delta: Json): Added[] {
  return objects(delta["content"]).flatMap((piece): Added[] => {
    const part = partAt(holder, "content", piece);
    const said = text(object(piece["text"])["value"]) ?? "";
    const inner = objectAt(part, "text");
    put(inner, "value", (text(inner["value"]) ?? "") + said);
    lengthen(inner, "annotations", list(object(piece["text"])["annotations"]));
    return said === "" ? [] : [{ lane: "text", text: said }];
  });
}

function addCalls(holder: Json, delta: Json, step: string): Added[] {
  const details = objectAt(holder, "step_details");
  keepAll(details, object(delta["step_details"]), "tool_calls");
  return objects(object(delta["step_details"])["tool_calls"]).flatMap((piece): Added[] => {
    const call = partAt(details, "tool_calls", piece);
    keepAll(call, piece, "index", "function", "type", "code_interpreter");
    const name = text(object(piece["function"])["name"]);
    const said =
      text(object(piece["function"])["arguments"]) ?? text(object(piece["code_interpreter"])["input"]) ?? "";
    for (const [key, grows] of [
      ["function", "arguments"],
      ["code_interpreter", "input"],
    ] as const) {
      if (!isObject(piece[key])) continue;
      const inner = objectAt(call, key);
      keepAll(inner, piece[key], grows);
      put(inner, grows, (text(inner[grows]) ?? "") + said);
    }
    const part = `call ${step}.${number(piece["index"]) ?? 0}`;
    if (name !== null && name !== "") return wholeCall(name, said, part);
    return said === "" ? [] : [{ lane: "tool", text: said, part }];
  });
}

function partAt(holder: Json, key: string, piece: Json): Json {
  const parts = listAt(holder, key);
  const at = Math.min(number(piece["index"]) ?? 0, parts.length);
  if (!isObject(parts[at])) parts[at] = { type: piece["type"] };
  return parts[at] as Json;
}

function answered(message: unknown): Answered {
  const answer = object(message);
  const kind = text(answer["object"]) ?? "";
  const messages = kind === "thread.message" ? [answer] : objects(answer["messages"] ?? answer["data"]);
  const waits = waiting(answer);
  const parts = [
    ...messages.flatMap(messageParts),
    ...objects(answer["steps"]).flatMap((step) => stepCalls(step, waits)),
    ...asClient(waits),
  ];
  const status = kind === "list" ? null : text(answer["status"]);
  const made = kind.startsWith("thread") || kind === "list" || kind === "assistant";
  return {
    model: word(answer["model"]),
    choices: made ? [{ parts, finish_reason: status }] : [],
    tool_calls: waits,
    usage: chatUsage(answer["usage"]),
    error: made ? errorBeside(answer["error"] ?? answer["last_error"]) : toldError(message),
  };
}

/** The calls that a run waits for. */
function waiting(run: Json): ToolCall[] {
  return toolCalls(object(object(run["required_action"])["submit_tool_outputs"]));
}

function asClient(calls: readonly ToolCall[]): Part[] {
  return calls.map((call) => ({ type: "tool_call", ...call, by: "client" }));
}

/** What ran at OpenAI; calls that wait for the client stand in the run itself. */
function stepCalls(step: Json, waits: readonly ToolCall[]): Part[] {
  const open = new Set(waits.map(({ id }) => id));
  return objects(object(step["step_details"])["tool_calls"])
    .filter((call) => !open.has(text(call["id"])))
    .map((call): Part => {
      const fn = object(call["function"]);
      const kind = text(call["type"]) ?? "tool";
      const args = text(fn["arguments"]) ?? text(object(call[kind])["input"]) ?? "";
      const by = kind === "function" ? "client" : "server";
      return { type: "tool_call", id: text(call["id"]), name: text(fn["name"]) ?? kind, arguments: args, by };
    });
}
