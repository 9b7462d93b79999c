/**
 * Folds Cohere's v2 chat stream into the answer of v2 chat. https://docs.cohere.com/v2/docs/streaming
 */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { indexOf, isObject, object, put, text, type Json } from "../json.ts";
import { keep, keepAll } from "./keep.ts";
import { folded, type Fold } from "./stream.ts";
import type { StreamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";

const SOURCE = "https://docs.cohere.com/v2/docs/streaming";

export function cohereStream(glimpse: Glimpse): Assembler {
  return folded(SOURCE, glimpse, cohereFold);
}

function cohereFold(problems: StreamProblems): Fold {
  const content = new Map<number, Json>();
  const calls = new Map<number, Json>();
  const citations = new Map<number, unknown>();
  const answer: Json = {};
  const message: Json = {};
  let came = false;
  let ended = false;

  function take(json: Json, { n, name }: StreamEvent): Added[] | null {
    const added = fold(text(json["type"]) ?? name, json, n);
    came ||= added !== null;
    return added;
  }

  function fold(type: string | null, json: Json, n: number): Added[] | null {
    const delta = object(json["delta"]);
    const given = object(delta["message"]);
    switch (type) {
      case "message-start":
        keepAll(answer, json, "type", "delta", "error");
        keepAll(message, given, "content", "tool_calls", "citations", "tool_plan");
        return [];
      case "content-start":
        return grow(content, "content block", json, object(given["content"]), n, "start");
      case "content-delta":
        if (Object.keys(delta).length > 1 || !("message" in delta)) keepAll(answer, delta, "message");
        return grow(content, "content block", json, object(given["content"]), n, "delta");
      case "tool-plan-delta": {
        const said = text(given["tool_plan"]) ?? "";
        message["tool_plan"] = `${text(message["tool_plan"]) ?? ""}${said}`;
        return [{ lane: "reasoning", text: said }];
      }
      case "tool-call-start":
        return ofCall(json, grow(calls, "tool call", json, object(given["tool_calls"]), n, "start"));
      case "tool-call-delta":
        return ofCall(json, grow(calls, "tool call", json, object(given["tool_calls"]), n, "delta"));
      case "citation-start":
        citations.set(indexOf(json["index"]) ?? citations.size, given["citations"]);
        return [{ lane: "control", text: "citation" }];
      case "content-end":
      case "tool-call-end":
      case "citation-end":
        return [];
      case "message-end":
        ended = true;
        keepAll(answer, delta, "error");
        return delta["error"] ? failed(delta["error"], n) : ending(delta);
      default:
        return null;
    }
  }

  function ofCall(json: Json, added: Added[]): Added[] {
    const part = `call ${indexOf(json["index"]) ?? calls.size - 1}`;
    return added.map((one) => ({ ...one, part }));
  }

  function failed(error: unknown, n: number): Added[] {
    const why = text(error) ?? text(object(error)["message"]) ?? brief(written(error));
    answer["error"] = error;
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
    const index = indexOf(json["index"]) ?? (step === "start" ? all.size : Math.max(0, all.size - 1));
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
    if (!came) return null;
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

  return {
    take,
    message: whole,
    atEnd(tell) {
      if (!ended && !answer["error"])
        tell(null, "stream/no-terminator", `the stream ended without "message-end"`, "error");
    },
  };
}

function ending(delta: Json): Added[] {
  return [
    ...(isObject(delta["usage"]) ? [{ lane: "usage" as const, text: written(delta["usage"]) }] : []),
    { lane: "control", text: text(delta["finish_reason"]) ?? "message-end" },
  ];
}

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
function joinInto(target: Json, given: Json, added: Added[] = []): Added[] {
  for (const key of Object.keys(given)) {
    const value = given[key];
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isObject(value)) {
      const inner = isObject(before) ? before : {};
      if (inner !== before) put(target, key, inner);
      joinInto(inner, value, added);
      continue;
    }
    const grows = typeof value === "string" && (key === "text" || key === "thinking" || key === "arguments");
    if (grows && typeof before === "string") put(target, key, before + value);
    else keep(target, key, value);
    const lane = Object.hasOwn(LANES, key) ? LANES[key] : undefined;
    if (lane === undefined || typeof value !== "string" || value === "") continue;
    added.push(key === "name" ? { lane, text: value, begins: value } : { lane, text: value });
  }
  return added;
}
