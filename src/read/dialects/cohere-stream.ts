/**
 * Folds Cohere's v2 chat stream into the answer of v2 chat. https://docs.cohere.com/v2/docs/streaming
 */
import type { Added, Assembler, StreamEvent } from "../dialect.ts";
import { isObject, number, object, put, text, without, type Json } from "../json.ts";
import { streamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";

const SOURCE = "https://docs.cohere.com/v2/docs/streaming";

export function cohereStream(): Assembler {
  const problems = streamProblems(SOURCE);
  const content = new Map<number, Json>();
  const calls = new Map<number, Json>();
  const citations = new Map<number, unknown>();
  let answer: Json | null = null;
  let message: Json = {};
  let ended = false;
  let token: number | null = null;

  function add({ n, name, data, json }: StreamEvent): Added[] {
    if (!isObject(json)) {
      if (data.trim() !== "" && data.trim() !== "[DONE]") {
        problems.tell(n, "stream/not-json", `data that is not a JSON object: ${brief(data)}`);
      }
      return [];
    }
    const added = fold(text(json["type"]) ?? name, json, n);
    if (token === null && added.some(({ lane, text: said }) => TOKENS.has(lane) && said !== "")) token = n;
    return added;
  }

  function fold(type: string | null, json: Json, n: number): Added[] {
    const delta = object(json["delta"]);
    const given = object(delta["message"]);
    answer ??= {};
    switch (type) {
      case "message-start":
        answer = { ...answer, ...without(json, "type", "delta") };
        message = { ...message, ...without(given, "content", "tool_calls", "citations", "tool_plan") };
        return [];
      case "content-start":
        return grow(content, "content block", json, object(given["content"]), n, "start");
      case "content-delta":
        for (const [key, value] of Object.entries(without(delta, "message"))) put(answer, key, value);
        return grow(content, "content block", json, object(given["content"]), n, "delta");
      case "tool-plan-delta": {
        const said = text(given["tool_plan"]) ?? "";
        message = { ...message, tool_plan: `${text(message["tool_plan"]) ?? ""}${said}` };
        return [{ lane: "reasoning", text: said }];
      }
      case "tool-call-start":
        return grow(calls, "tool call", json, object(given["tool_calls"]), n, "start");
      case "tool-call-delta":
        return grow(calls, "tool call", json, object(given["tool_calls"]), n, "delta");
      case "citation-start":
        citations.set(number(json["index"]) ?? citations.size, given["citations"]);
        return [{ lane: "control", text: "citation" }];
      case "content-end":
      case "tool-call-end":
      case "citation-end":
        return [];
      case "message-end":
        ended = true;
        answer = { ...answer, ...delta };
        if (delta["error"]) return failed(delta["error"], n);
        return [
          ...(isObject(delta["usage"]) ? [{ lane: "usage" as const, text: written(delta["usage"]) }] : []),
          { lane: "control", text: text(delta["finish_reason"]) ?? "message-end" },
        ];
      default:
        if (json["error"] || (type === null && typeof json["message"] === "string")) {
          answer["error"] = json["error"] ?? json["message"];
          return failed(answer["error"], n);
        }
        problems.unknown(n, json);
        return [];
    }
  }

  function failed(error: unknown, n: number): Added[] {
    const why = text(error) ?? text(object(error)["message"]) ?? brief(written(error));
    problems.tell(n, "stream/error-event", `the API broke the stream off: ${why}`, "error");
    return [{ lane: "error", text: why }];
  }

  function grow(
    all: Map<number, Json>,
    what: string,
    json: Json,
    given: Json,
    n: number,
    step: "start" | "delta",
  ): Added[] {
    const index = number(json["index"]) ?? (step === "start" ? all.size : Math.max(0, all.size - 1));
    const known = all.get(index);
    if (!known && index !== all.size) {
      problems.tell(n, "stream/index-gap", `${what} ${index} came where ${all.size} was due`);
    }
    if (!known && step === "delta") {
      problems.tell(n, "stream/delta-without-start", `a delta for ${what} ${index}, which was never started`);
    }
    const block = known ?? {};
    all.set(index, block);
    return joinInto(block, given);
  }

  function whole(): unknown {
    if (answer === null) return null;
    const made = {
      ...message,
      ...(content.size > 0 && { content: inOrder(content) }),
      ...(calls.size > 0 && { tool_calls: inOrder(calls) }),
      ...(citations.size > 0 && { citations: inOrder(citations) }),
    };
    const { id, ...rest } = answer;
    if (Object.keys(made).length === 0 && rest["error"]) return answer;
    return { ...(id !== undefined && { id }), message: made, ...rest };
  }

  function found(over: boolean): ReturnType<Assembler["problems"]> {
    const late = streamProblems(SOURCE);
    if (over && answer !== null && !ended && !answer["error"]) {
      late.tell(null, "stream/no-terminator", `the stream ended without "message-end"`, "error");
    }
    return [...problems.found(), ...late.found()];
  }

  return { add, message: whole, problems: found, firstToken: () => token };
}

const TOKENS = new Set(["text", "reasoning", "tool"]);

function inOrder<T>(all: Map<number, T>): T[] {
  return [...all].sort(([a], [b]) => a - b).map(([, value]) => value);
}

const LANES: Record<string, Added["lane"]> = {
  text: "text",
  thinking: "reasoning",
  arguments: "tool",
  name: "tool",
};

/** Text, thinking and arguments grow; all else is set. */
function joinInto(target: Json, given: Json): Added[] {
  return Object.entries(given).flatMap(([key, value]): Added[] => {
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isObject(value)) {
      const inner = isObject(before) ? before : {};
      put(target, key, inner);
      return joinInto(inner, value);
    }
    const grows = typeof value === "string" && (key === "text" || key === "thinking" || key === "arguments");
    put(target, key, grows && typeof before === "string" ? before + value : value);
    const lane = Object.hasOwn(LANES, key) ? LANES[key] : undefined;
    return lane !== undefined && typeof value === "string" && value !== "" ? [{ lane, text: value }] : [];
  });
}
