/** Folds Ollama's NDJSON lines into the one object that it sends without streaming; the last line has the counts. */
import type { Added, Assembler, StreamEvent } from "../dialect.ts";
import { isObject, lengthen, object, objects, put, text, type Json } from "../json.ts";
import { streamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";

const SOURCE = "https://github.com/ollama/ollama/blob/main/docs/api.md";

export function ollamaStream(): Assembler {
  const problems = streamProblems(SOURCE);
  let answer: Json | null = null;
  let token: number | null = null;

  function add({ n, data, json }: StreamEvent): Added[] {
    if (!isObject(json)) {
      if (data.trim() !== "")
        problems.tell(n, "stream/not-json", `a line that is not a JSON object: ${brief(data)}`);
      return [];
    }
    answer ??= {};
    const added = grow(answer, json);
    if (typeof json["error"] === "string") {
      problems.tell(n, "stream/error-event", `the API broke the stream off: ${json["error"]}`, "error");
      added.push({ lane: "error", text: json["error"] });
    }
    if (json["done"] === true) added.push(...ending(json));
    if (
      token === null &&
      added.some(({ lane }) => lane === "text" || lane === "reasoning" || lane === "tool")
    )
      token = n;
    return added;
  }

  function found(ended: boolean): ReturnType<Assembler["problems"]> {
    const late = streamProblems(SOURCE);
    // Progress of a download ends with a status instead.
    const said = answer !== null && ("response" in answer || "message" in answer);
    if (ended && said && answer?.["done"] !== true && !answer?.["error"]) {
      late.tell(null, "stream/no-terminator", `the stream ended before a line with "done": true`, "error");
    }
    return [...problems.found(), ...late.found()];
  }

  return { add, message: () => answer, problems: found, firstToken: () => token };
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
  for (const [key, value] of Object.entries(given)) {
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
      lengthen(target, key, value);
      if (key === "tool_calls")
        added.push(...objects(value).map((call) => ({ lane: "tool" as const, text: called(call) })));
    } else put(target, key, value);
  }
  return added;
}

function called(call: Json): string {
  const { name, arguments: args } = object(call["function"]);
  return `${text(name) ?? ""}(${written(args)})`;
}

function ending(json: Json): Added[] {
  const counts = Object.fromEntries(Object.entries(json).filter(([key]) => key.endsWith("_count")));
  return [
    ...(Object.keys(counts).length > 0 ? [{ lane: "usage" as const, text: written(counts) }] : []),
    { lane: "control", text: text(json["done_reason"]) ?? "done" },
  ];
}
