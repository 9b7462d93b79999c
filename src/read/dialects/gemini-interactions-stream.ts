/**
 * Folds a stream of the Interactions API into the interaction. Steps (the first versions: contents of outputs) start,
 * grow by deltas and stop; the last event carries the interaction without them.
 * https://ai.google.dev/gemini-api/docs/interactions/streaming
 */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { indexOf, isObject, lengthen, list, object, put, text, without, type Json } from "../json.ts";
import { inputOf } from "./cut-input.ts";
import { keep, keepAll } from "./keep.ts";
import { parsePartial } from "./partial-json.ts";
import { folded, type Fold } from "./stream.ts";
import type { StreamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";

const SOURCE = "https://ai.google.dev/gemini-api/docs/interactions/streaming";

type Step = { step: Json; args: string; closed: boolean };

export function interactionsStream(glimpse: Glimpse): Assembler {
  return folded(SOURCE, glimpse, interactionsFold);
}

function interactionsFold(problems: StreamProblems): Fold {
  const steps = new Map<number, Step>();
  const interaction: Json = {};
  /** `outputs` in the first versions of the API. */
  let key: "steps" | "outputs" = "steps";
  let usage: unknown;
  let came = false;
  let completed = false;

  function take(json: Json, { n, name }: StreamEvent): Added[] | null {
    const added = fold(text(json["event_type"]) ?? name, json, n);
    if (added) usage = object(json["metadata"])["usage"] ?? usage;
    came ||= added !== null;
    return added;
  }

  function fold(type: string | null, json: Json, n: number): Added[] | null {
    switch (type) {
      case "interaction.created":
      case "interaction.start":
      case "interaction.completed":
      case "interaction.complete":
        completed ||= /complete/.test(type);
        keepAll(interaction, object(json["interaction"]));
        return progress(object(json["interaction"]));
      case "interaction.status_update":
        keep(interaction, "status", json["status"]);
        return [{ lane: "control", text: text(json["status"]) ?? type }];
      case "step.start":
        return start(json, object(json["step"]), n);
      case "content.start":
        key = "outputs";
        return start(json, object(json["content"]), n);
      case "step.delta":
      case "content.delta":
        return addDelta(json, n);
      case "step.stop":
      case "content.stop":
        stepAt(json, n).closed = true;
        return [];
      default:
        return null;
    }
  }

  function progress(given: Json): Added[] {
    const status = text(given["status"]);
    return [
      ...(isObject(given["usage"]) ? [{ lane: "usage" as const, text: written(given["usage"]) }] : []),
      ...(status === null ? [] : [{ lane: "control" as const, text: status }]),
    ];
  }

  function start(json: Json, given: Json, n: number): Added[] {
    const index = indexOf(json["index"]) ?? steps.size;
    if (steps.has(index)) problems.tell(n, "stream/order", `step ${index} was started twice`);
    else if (index !== steps.size) {
      problems.tell(n, "stream/index-gap", `step ${index} came where step ${steps.size} was due`);
    }
    const known = steps.get(index);
    if (known) keepAll(known.step, given);
    else steps.set(index, { step: { ...given }, args: "", closed: false });
    const type = text(given["type"]) ?? "";
    const name = text(given["name"]) ?? type;
    if (/_(call|result)$/.test(type)) return [{ lane: "tool", text: name, begins: name }];
    const said = text(given["text"]);
    return said ? [{ lane: "text", text: said }] : [];
  }

  function stepAt(json: Json, n: number): Step {
    const index = indexOf(json["index"]) ?? Math.max(0, steps.size - 1);
    const known = steps.get(index);
    if (known) return known;
    problems.tell(n, "stream/delta-without-start", `step ${index} was never started`);
    const type = typeOfDelta(object(json["delta"]));
    const step: Step = { step: type === null ? {} : { type }, args: "", closed: false };
    steps.set(index, step);
    return step;
  }

  function addDelta(json: Json, n: number): Added[] {
    const step = stepAt(json, n);
    const delta = object(json["delta"]);
    if (step.closed)
      problems.tell(
        n,
        "stream/order",
        `a delta for step ${written(json["index"])}, which was stopped already`,
      );
    if (typeof delta["arguments"] === "string") {
      step.args += delta["arguments"];
      return [{ lane: "tool", text: delta["arguments"] }];
    }
    return grow(step.step, delta);
  }

  function whole(): unknown {
    if (!came) return null;
    const indices = [...steps.keys()].sort((a, b) => a - b);
    const made = indices.map((index) => finished(steps.get(index) as Step));
    const own = interaction[key];
    return {
      ...interaction,
      ...(usage !== undefined && interaction["usage"] === undefined && { usage }),
      [key]: list(own).length > made.length ? own : made,
    };
  }

  function atEnd(tell: StreamProblems["tell"]): void {
    for (const [index, { closed, args }] of steps) {
      if (!closed) tell(null, "stream/block-not-closed", `step ${index} was never stopped`);
      const { state } = parsePartial(args || "{}");
      if (state === "cut")
        tell(null, "tool/arguments-cut", `the arguments of step ${index} end in the middle`);
      if (state === "broken")
        tell(null, "tool/arguments-not-json", `the arguments of step ${index} are not JSON: ${brief(args)}`);
    }
    if (!completed)
      tell(null, "stream/no-terminator", `the stream ended without "interaction.completed"`, "error");
  }

  return { take, message: whole, atEnd };
}

/** The arguments are sent as text and stand in the interaction as an object. */
function finished({ step, args }: Step): Json {
  if (args === "") return step;
  return { ...step, arguments: inputOf(args) };
}

function typeOfDelta(delta: Json): string | null {
  switch (delta["type"]) {
    case "thought_summary":
    case "thought_signature":
      return "thought";
    case "arguments_delta":
      return "function_call";
    case "text":
      return "model_output";
    default:
      return text(delta["type"]);
  }
}

const CONTENT = new Set([
  "text",
  "image",
  "audio",
  "video",
  "document",
  "text_annotation",
  "text_annotation_delta",
]);

function grow(step: Json, delta: Json): Added[] {
  const type = text(delta["type"]) ?? "";
  if (type === "thought_summary") {
    lengthen(step, "summary", isObject(delta["content"]) ? [delta["content"]] : list(delta["content"]));
    return [{ lane: "reasoning", text: text(object(delta["content"])["text"]) ?? "" }];
  }
  if (type === "thought_signature") {
    if (delta["signature"] || step["signature"] === undefined) put(step, "signature", delta["signature"]);
    return [];
  }
  if (CONTENT.has(type)) return addContent(step, type, delta);
  for (const [key, value] of Object.entries(without(delta, "type"))) {
    if (Array.isArray(step[key]) && Array.isArray(value)) lengthen(step, key, value);
    else put(step, key, value);
  }
  return /_(call|result)/.test(type)
    ? [{ lane: "tool", text: type }]
    : [{ lane: "control", text: type || "delta" }];
}

/** Content grows in the step's list; in the first versions the output is itself the content. */
function addContent(step: Json, type: string, delta: Json): Added[] {
  const inside =
    step["type"] === "model_output" || step["type"] === "user_input" || step["type"] === undefined;
  const contents = list(step["content"]);
  const target: Json = inside ? object(contents.at(-1)) : step;
  const said = text(delta["text"]);
  const annotations = list(delta["annotations"]);
  const goesOn = target["type"] === "text" && (type.startsWith("text_annotation") || type === "text");
  const next: Json = !inside ? step : goesOn ? { ...target } : {};
  if (!goesOn && inside) put(next, "type", type.startsWith("text") ? "text" : type);
  for (const key of Object.keys(delta)) if (!APART.has(key)) put(next, key, delta[key]);
  if (said !== null) put(next, "text", `${text(next["text"]) ?? ""}${said}`);
  if (annotations.length > 0) lengthen(next, "annotations", annotations);
  if (!inside) return addedText(said, type);
  lengthen(step, "content", goesOn ? [] : [next]);
  if (goesOn) list(step["content"]).splice(-1, 1, next);
  return addedText(said, type);
}

/** What a piece of content says of itself, and what grows by it. */
const APART = new Set(["type", "text", "annotations"]);

function addedText(said: string | null, type: string): Added[] {
  return said === null ? [{ lane: "control", text: type }] : [{ lane: "text", text: said }];
}
