/**
 * Cohere v1 chat (POST /v1/chat) and generate (POST /v1/generate), streamed as NDJSON or SSE with an `event_type` in
 * every event. The last event carries the whole answer. https://docs.cohere.com/v1/reference/chat
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { isObject, lengthen, list, number, object, objects, text, without, type Json } from "../json.ts";
import type { Part, Tool, ToolCall, Turn } from "../reading.ts";
import { citation, usageOf } from "./cohere-parts.ts";
import { parsePartial } from "./partial-json.ts";
import { streamProblems } from "./stream-problems.ts";
import { argumentsOf, brief, toldError, word, written } from "./values.ts";

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
    arguments: argumentsOf(call["parameters"]),
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

function cohereV1Stream(): Assembler {
  const problems = streamProblems(SOURCE);
  const pieces = new Map<number, { name: string; parameters: string }>();
  let answer: Json | null = null;
  let whole: Json | null = null;
  let ended = false;
  let token: number | null = null;

  function add({ n, name, data, json }: StreamEvent): Added[] {
    if (!isObject(json)) {
      if (data.trim() !== "" && data.trim() !== "[DONE]") {
        problems.tell(n, "stream/not-json", `data that is not a JSON object: ${brief(data)}`);
      }
      return [];
    }
    answer ??= {};
    const added = fold(text(json["event_type"]) ?? name, json, answer, n);
    if (
      token === null &&
      added.some(({ lane, text: said }) => (lane === "text" || lane === "tool") && said !== "")
    ) {
      token = n;
    }
    return added;
  }

  function fold(type: string | null, json: Json, target: Json, n: number): Added[] {
    const rest = without(json, "event_type", "is_finished");
    switch (type) {
      case "stream-start":
      case "search-queries-generation":
      case "search-results":
        Object.assign(target, rest);
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
        pieces.clear();
        return objects(json["tool_calls"]).map((call) => ({ lane: "tool", text: text(call["name"]) ?? "" }));
      case "stream-end":
        ended = true;
        whole = isObject(json["response"]) ? json["response"] : null;
        Object.assign(target, without(rest, "response"));
        return [
          ...(isObject(whole?.["meta"]) ? [{ lane: "usage" as const, text: written(whole["meta"]) }] : []),
          { lane: "control", text: text(json["finish_reason"]) ?? "stream-end" },
        ];
      default: {
        // /v1/generate streams without types; an error comes as `{ message }`.
        if (type === null && typeof json["text"] === "string")
          return fold("text-generation", json, target, n);
        if (type === null && json["is_finished"] === true) return fold("stream-end", json, target, n);
        const why = text(json["error"]) ?? text(json["message"]) ?? text(json["err"]);
        if (why === null) {
          problems.unknown(n, json);
          return [];
        }
        target["error"] = why;
        problems.tell(n, "stream/error-event", `the API broke the stream off: ${why}`, "error");
        return [{ lane: "error", text: why }];
      }
    }
  }

  function addCallPiece(json: Json): Added[] {
    const delta = object(json["tool_call_delta"]);
    const said = text(json["text"]);
    if (said !== null && answer !== null) answer["text"] = `${text(answer["text"]) ?? ""}${said}`;
    const index = number(delta["index"]) ?? Math.max(0, pieces.size - 1);
    if (Object.keys(delta).length === 0) return said === null ? [] : [{ lane: "text", text: said }];
    const piece = pieces.get(index) ?? { name: "", parameters: "" };
    piece.name += text(delta["name"]) ?? "";
    piece.parameters += text(delta["parameters"]) ?? "";
    pieces.set(index, piece);
    return [{ lane: "tool", text: `${text(delta["name"]) ?? ""}${text(delta["parameters"]) ?? ""}` }];
  }

  function message(): unknown {
    if (answer === null) return null;
    const cut = [...pieces.values()].map(({ name, parameters }) => {
      const parsed = parsePartial(parameters || "{}");
      return { name, parameters: parsed.state === "broken" ? parameters : parsed.value };
    });
    const calls = cut.length > 0 ? { tool_calls: cut } : {};
    return whole === null
      ? { ...answer, ...calls }
      : { ...without(answer, "tool_calls"), ...calls, ...whole };
  }

  function problemsOf(over: boolean): ReturnType<Assembler["problems"]> {
    const late = streamProblems(SOURCE);
    if (over && answer !== null && !ended && !answer["error"]) {
      late.tell(null, "stream/no-terminator", `the stream ended without "stream-end"`, "error");
    }
    return [...problems.found(), ...late.found()];
  }

  return { add, message, problems: problemsOf, firstToken: () => token };
}
