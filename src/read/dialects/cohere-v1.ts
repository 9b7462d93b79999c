/**
 * Cohere v1 chat (POST /v1/chat) and generate (POST /v1/generate), streamed as NDJSON or SSE with an `event_type` in
 * every event. The last event carries the whole answer. https://docs.cohere.com/v1/reference/chat
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { indexOf, isObject, lengthen, list, object, objects, text, without, type Json } from "../json.ts";
import type { Part, Tool, ToolCall, Turn } from "../reading.ts";
import { citation, usageOf } from "./cohere-parts.ts";
import { inputOf, inputText } from "./cut-input.ts";
import { keepAll } from "./keep.ts";
import { parsePartial } from "./partial-json.ts";
import { folded } from "./stream.ts";
import { toldError, word, written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://docs.cohere.com/v1/docs/streaming";

export const cohereV1: Dialect = {
  name: "cohere-v1",
  provider: "cohere",
  bid,
  asked,
  assembler: cohereV1Stream,
  answered,
};

function bid({ path, host, requestBody, responseBody }: Glimpse): number {
  const ours = host?.includes("cohere") === true;
  if (/\/v1\/(chat|generate)\/?$/.test(path) && (ours || typeof object(requestBody)["message"] === "string"))
    return 0.95;
  const answer = object(responseBody);
  if (answer["event_type"] === "stream-start" || ("event_type" in answer && "is_finished" in answer))
    return 0.9;
  if ("generation_id" in answer && typeof answer["text"] === "string") return 0.85;
  return ours && /\/(chat|generate)\/?$/.test(path) ? 0.6 : 0;
}

function asked(body: unknown): Asked {
  const request = object(body);
  const said = text(request["message"]) ?? text(request["prompt"]);
  const preamble = word(request["preamble"]) ?? word(request["preamble_override"]);
  const results = objects(request["tool_results"]).map(resultPart);
  return {
    model: word(request["model"]),
    system: preamble === null ? [] : [{ type: "text", text: preamble }],
    messages: [
      ...objects(request["chat_history"]).map(turnOf),
      ...(said === null || said === ""
        ? []
        : [{ role: "user", parts: [{ type: "text" as const, text: said }] }]),
      ...(results.length > 0 ? [{ role: "tool", parts: results }] : []),
    ],
    tools: objects(request["tools"]).map(tool),
    settings: without(
      request,
      "model",
      "message",
      "prompt",
      "preamble",
      "chat_history",
      "tools",
      "tool_results",
      "stream",
    ),
    streamed: request["stream"] === true,
  };
}

const ROLES: Record<string, string> = { USER: "user", CHATBOT: "assistant", SYSTEM: "system", TOOL: "tool" };

function turnOf(turn: Json): Turn {
  const role = text(turn["role"]) ?? "USER";
  const said = text(turn["message"]);
  const parts: Part[] = said === null || said === "" ? [] : [{ type: "text", text: said }];
  const calls = callsOf(turn["tool_calls"]).map((call): Part => ({
    type: "tool_call",
    ...call,
    by: "client",
  }));
  const results = objects(turn["tool_results"]).map(resultPart);
  return { role: ROLES[role.toUpperCase()] ?? role, parts: [...parts, ...calls, ...results] };
}

function resultPart(result: Json): Part {
  const parts = list(result["outputs"]).map((output): Part => ({ type: "text", text: written(output) }));
  const name = text(object(result["call"])["name"]);
  return { type: "tool_result", id: null, name, parts, by: "client" };
}

/** v1 describes parameters in its own way: a list of names with types, no JSON Schema. */
function tool(given: Json): Tool {
  const schema = given["parameter_definitions"] ?? null;
  const description = text(given["description"]);
  return { name: text(given["name"]) ?? "", description, schema, kind: "function", by: "client" };
}

function callsOf(calls: unknown): ToolCall[] {
  return objects(calls).map((call) => ({
    id: text(call["id"]),
    name: text(call["name"]) ?? "",
    arguments: inputText(call["parameters"]),
  }));
}

function answered(message: unknown): Answered {
  const answer = object(message);
  const calls = callsOf(answer["tool_calls"]);
  const generations = objects(answer["generations"]);
  const made = generations.length > 0 ? generations : [answer];
  const choices = made
    .filter((choice) => "text" in choice || "tool_calls" in choice || "finish_reason" in choice)
    .map((choice) => ({ parts: answerParts(choice), finish_reason: text(choice["finish_reason"]) }));
  return {
    model: word(answer["model"]),
    choices,
    tool_calls: calls,
    usage:
      usageOf(answer["meta"]) ?? usageOf(answer["token_count"] && { token_count: answer["token_count"] }),
    error: answer["error"] || choices.length === 0 ? toldError(answer) : null,
  };
}

function answerParts(choice: Json): Part[] {
  const said = word(choice["text"]);
  return [
    ...(said === null ? [] : [{ type: "text" as const, text: said }]),
    ...callsOf(choice["tool_calls"]).map((call): Part => ({ type: "tool_call", ...call, by: "client" })),
    ...list(choice["citations"]).map(citation),
    ...objects(choice["documents"]).map(found),
  ];
}

function found(value: Json): Part {
  return {
    type: "citation",
    title: text(value["title"]),
    url: text(value["url"]),
    text: text(value["snippet"]),
    value,
  };
}

function cohereV1Stream(glimpse: Glimpse): Assembler {
  const pieces = new Map<number, { name: string; parameters: string }>();
  const answer: Json = {};
  let came = false;
  let whole: Json | null = null;
  let ended = false;

  function take(json: Json, { name }: StreamEvent): Added[] | null {
    const added = fold(text(json["event_type"]) ?? name, json, answer);
    came ||= added !== null;
    return added;
  }

  function fold(type: string | null, json: Json, target: Json): Added[] | null {
    const rest = without(json, "event_type", "is_finished");
    switch (type) {
      case "stream-start":
      case "search-queries-generation":
      case "search-results":
        keepAll(target, rest, "error");
        return [];
      case "text-generation": {
        const said = text(json["text"]) ?? "";
        target["text"] = `${text(target["text"]) ?? ""}${said}`;
        return [{ lane: "text", text: said }];
      }
      case "citation-generation":
        lengthen(target, "citations", list(json["citations"]));
        return [{ lane: "control", text: "citation" }];
      case "tool-calls-chunk":
        return addCallPiece(json);
      case "tool-calls-generation":
        target["tool_calls"] = json["tool_calls"];
        return addWholeCalls(json["tool_calls"]);
      case "stream-end":
        ended = true;
        whole = isObject(json["response"]) ? json["response"] : null;
        keepAll(target, rest, "response", "error");
        return [
          ...(isObject(whole?.["meta"]) ? [{ lane: "usage" as const, text: written(whole["meta"]) }] : []),
          { lane: "control", text: text(json["finish_reason"]) ?? "stream-end" },
        ];
      default:
        // /v1/generate streams without types; an error comes as `{ message }`.
        if (type === null && typeof json["text"] === "string") return fold("text-generation", json, target);
        return type === null && json["is_finished"] === true ? fold("stream-end", json, target) : null;
    }
  }

  /** They come whole behind their pieces, where there were any. */
  function addWholeCalls(calls: unknown): Added[] {
    const hadPieces = pieces.size > 0;
    pieces.clear();
    if (hadPieces) return objects(calls).map((call) => ({ lane: "control", text: text(call["name"]) ?? "" }));
    return callsOf(calls).flatMap(({ name, arguments: args }) => wholeCall(name, args));
  }

  function addCallPiece(json: Json): Added[] {
    const delta = object(json["tool_call_delta"]);
    const said = text(json["text"]);
    if (said !== null) answer["text"] = `${text(answer["text"]) ?? ""}${said}`;
    const index = indexOf(delta["index"]) ?? Math.max(0, pieces.size - 1);
    if (Object.keys(delta).length === 0) return said === null ? [] : [{ lane: "text", text: said }];
    const piece = pieces.get(index) ?? { name: "", parameters: "" };
    const [name, parameters] = [text(delta["name"]) ?? "", text(delta["parameters"]) ?? ""];
    piece.name += name;
    piece.parameters += parameters;
    pieces.set(index, piece);
    const part = `call ${index}`;
    if (name !== "") return wholeCall(name, parameters, part);
    return [{ lane: "tool", text: parameters, part }];
  }

  function message(): unknown {
    if (!came) return null;
    const cut = [...pieces.values()].map(({ name, parameters }) => ({
      name,
      parameters: inputOf(parameters || "{}"),
    }));
    const calls = cut.length > 0 ? { tool_calls: cut } : {};
    if (whole === null) return { ...answer, ...calls };
    const made: Json = { ...without(answer, "tool_calls"), ...calls };
    keepAll(made, whole);
    return made;
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message,
    atEnd(tell) {
      for (const { name, parameters } of pieces.values()) {
        if (parsePartial(parameters || "{}").state === "whole") continue;
        tell(
          null,
          "tool/arguments-cut",
          `the arguments of "${name}" end in the middle: …${parameters.slice(-80)}`,
        );
      }
      if (!ended) tell(null, "stream/no-terminator", `the stream ended without "stream-end"`, "error");
    },
  }));
}
