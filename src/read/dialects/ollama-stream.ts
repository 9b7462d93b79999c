/** Folds Ollama's NDJSON lines into the one object that it sends without streaming; the last line has the counts. */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { isObject, lengthen, object, objects, put, text, without, type Json } from "../json.ts";
import { exactArguments } from "./exact.ts";
import { isEmpty, keep } from "./keep.ts";
import { folded } from "./stream.ts";
import { written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://github.com/ollama/ollama/blob/main/docs/api.md";

export function ollamaStream(glimpse: Glimpse): Assembler {
  let answer: Json | null = null;
  let pieces = 0;

  function take(wire: Json, { data }: StreamEvent): Added[] | null {
    if (!isLine(wire)) return null;
    answer ??= {};
    const json = "tool_calls" in object(wire["message"]) ? exactArguments(wire, data) : wire;
    const given = "error" in json ? without(json, "error") : json;
    const repeats = json["done"] === true && pieces > 1 && repeatsAll(answer, given);
    const added = grow(answer, repeats ? without(given, "message", "response") : given);
    if (added.length > 0) pieces += 1;
    if (json["done"] === true) added.push(...ending(json));
    return added;
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message: () => answer,
    atEnd(tell) {
      // Progress of a download ends with a status instead.
      const said = answer !== null && ("response" in answer || "message" in answer);
      if (said && answer?.["done"] !== true)
        tell(null, "stream/no-terminator", `the stream ended before a line with "done": true`, "error");
    },
  }));
}

/** Answers, and the progress of a download. */
function isLine(json: Json): boolean {
  return (
    ["message", "response", "done", "status", "thinking", "model"].some((key) => key in json) &&
    !isFailure(json)
  );
}

function isFailure(json: Json): boolean {
  return typeof json["message"] === "string" || ("error" in json && !("done" in json) && !("model" in json));
}

/** A gateway's last line may hold the whole message once more. */
function repeatsAll(answer: Json, given: Json): boolean {
  const now = text(object(given["message"])["content"]) ?? text(given["response"]) ?? "";
  const before = text(object(answer["message"])["content"]) ?? text(answer["response"]) ?? "";
  return now !== "" && now === before;
}

const LANES: Record<string, Added["lane"]> = {
  content: "text",
  response: "text",
  thinking: "reasoning",
  reasoning_content: "reasoning",
};

/** Text grows, lists get longer, everything else is replaced. */
function grow(target: Json, given: Json): Added[] {
  const added: Added[] = [];
  for (const key of Object.keys(given)) {
    const value = given[key];
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    const lane = Object.hasOwn(LANES, key) ? LANES[key] : undefined;
    if (key === "message" && isObject(value)) {
      const message = isObject(before) ? before : {};
      put(target, key, message);
      added.push(...grow(message, value));
    } else if (lane !== undefined && typeof value === "string") {
      put(target, key, (typeof before === "string" ? before : "") + value);
      if (value !== "") added.push({ lane, text: value });
    } else if ((key === "tool_calls" || key === "images" || key === "logprobs") && Array.isArray(value)) {
      // A call without a name and without arguments calls nothing.
      const own = key === "tool_calls" ? objects(value).filter((call) => !isEmpty(call["function"])) : value;
      lengthen(target, key, own);
      if (key === "tool_calls") added.push(...objects(own).flatMap(called));
    } else keep(target, key, value);
  }
  return added;
}

function called(call: Json): Added[] {
  const { name, arguments: args } = object(call["function"]);
  return wholeCall(text(name) ?? "", args === undefined ? "" : written(args));
}

function ending(json: Json): Added[] {
  const counts = Object.fromEntries(Object.entries(json).filter(([key]) => key.endsWith("_count")));
  return [
    ...(Object.keys(counts).length > 0 ? [{ lane: "usage" as const, text: written(counts) }] : []),
    { lane: "control", text: text(json["done_reason"]) ?? "done" },
  ];
}
