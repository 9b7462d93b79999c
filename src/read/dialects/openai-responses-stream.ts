/**
 * Folds the events of the Responses API into its `response` object, over HTTP and over a socket (there several
 * responses follow each other, in lanes named by `stream_id`). The last snapshot wins; what it leaves out (a stream that
 * was cut, a server whose last snapshot is empty) is put together from the deltas.
 */
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { wireError } from "../error.ts";
import { compact, isObject, list, number, objects, text, type Json } from "../json.ts";
import { isEmpty, keepAll } from "./keep.ts";
import { settleItem, takeDelta } from "./openai-responses-delta.ts";
import { errorIn } from "./stream-error.ts";
import { folded, type Fold } from "./stream.ts";
import type { StreamProblems } from "./stream-problems.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/responses-streaming";
/** What is said to a response while it runs, and what becomes of it. */
function isAside(type: string): boolean {
  return type.startsWith("response.steer") || type.startsWith("response.inject");
}

const TERMINAL = /^response\.(completed|failed|incomplete|cancelled|done)$/;

type Made = { snapshot: Json; items: Json[] };
type Running = { snapshot: Json; items: Json[]; over: boolean; sequence: number | null; error: unknown };

export function responsesAssembler(glimpse: Glimpse): Assembler {
  return folded(SOURCE, glimpse, (problems) => responsesFold(problems, glimpse.exchange.wire));
}

function responsesFold(problems: StreamProblems, wire: Glimpse["exchange"]["wire"]): Fold {
  const all: Running[] = [];
  const lanes = new Map<string, Running>();
  const unknown = new Map<string, number>();
  const gaps: string[] = [];
  let outside: unknown = null;

  function take(json: Json, event: StreamEvent): Added[] | null {
    if (event.from === "client") return null;
    const type = text(json["type"]) ?? event.name ?? "";
    const isOwn = type.startsWith("response.") || isObject(json["response"]) || isWhole(json);
    if (isAside(type)) {
      const spoken = lanes.get(text(json["stream_id"]) ?? "");
      if (spoken) countSequence(spoken, number(json["sequence_number"]), type);
      return aside(type, json, event.n);
    }
    const failure = isOwn && json["error"] === undefined ? null : errorIn(event, isOwn);
    // Over HTTP an error ends the stream, on a socket it ends one response: the next one may be well.
    if (failure && !(isOwn && isObject(json["response"])))
      return wire === "http" ? null : fail(json, failure.error);
    const running = runningAt(type, json);
    if (!running) return null;
    countSequence(running, number(json["sequence_number"]), type);
    if (isObject(json["response"])) return takeSnapshot(running, type, json["response"]);
    if (isWhole(json)) return takeSnapshot(running, `response.${text(json["status"]) ?? "completed"}`, json);
    const added = takeDelta(running.items, type, json);
    if (added) return added;
    if (!isOwn) return null;
    unknown.set(type, (unknown.get(type) ?? 0) + 1);
    return [];
  }

  /** The response that the event is about; events of no known kind begin none. */
  function runningAt(type: string, json: Json): Running | null {
    const lane = text(json["stream_id"]) ?? "";
    const known = lanes.get(lane);
    if (known && !(known.over && type === "response.created")) return known;
    const begun: Running = { snapshot: {}, items: [], over: false, sequence: null, error: null };
    if (!type.startsWith("response.") && !isWhole(json)) return takeDelta([], type, json) ? begun : null;
    // What failed before a response began on a socket is not the failure of this one.
    if (wire === "websocket") outside = null;
    lanes.set(lane, begun);
    all.push(begun);
    return begun;
  }

  /** Input for a response that is being made: that it is refused is no failure of the response. */
  function aside(type: string, json: Json, n: number): Added[] {
    const why = type.endsWith(".failed") ? wireError(json)?.message : text(json["reason"]);
    if (type.endsWith(".failed")) problems.tell(n, "stream/error-event", `${type}: ${why ?? ""}`, "warning");
    return [{ lane: "control", text: why ? `${type}: ${why}` : type }];
  }

  function fail(json: Json, said: unknown): Added[] {
    // On a socket the status that there would have been stands beside the error.
    const status = number(json["status"]);
    const error =
      isObject(said) && status !== null && said["status"] === undefined ? { ...said, status } : said;
    const running = lanes.get(text(json["stream_id"]) ?? "");
    if (running && !running.over) running.error = error;
    else outside = error;
    return [{ lane: "error", text: wireError({ error })?.message ?? "error" }];
  }

  function countSequence(running: Running, sequence: number | null, type: string): void {
    if (sequence === null) return;
    const before = running.sequence;
    if (before !== null && sequence > before + 1) gaps.push(`${before} is followed by ${sequence} (${type})`);
    running.sequence = sequence;
  }

  function takeSnapshot(running: Running, type: string, response: Json): Added[] {
    keepAll(running.snapshot, response);
    running.over = TERMINAL.test(type);
    // Some servers leave the status to the event's name.
    if (running.over && isEmpty(response["status"]) && type !== "response.done")
      running.snapshot["status"] = type.slice("response.".length);
    if (type === "response.failed" && response["error"])
      return [{ lane: "error", text: wireError(response)?.message ?? "failed" }];
    const status: Added = { lane: "control", text: text(response["status"]) ?? type };
    if (!isObject(response["usage"])) return [status];
    return [status, { lane: "usage", text: compact(response["usage"]) }];
  }

  function message(): unknown {
    const whole = all.map(finished);
    if (whole.length === 0)
      return outside === null ? null : { object: "response", error: outside, output: [] };
    const last = whole.at(-1) as Json;
    if (whole.length > 1) return { object: "list", data: whole };
    return outside !== null && !last["error"] ? { ...last, error: outside } : last;
  }

  function atEnd(tell: StreamProblems["tell"], done: boolean): void {
    const failed = outside !== null || all.some(({ error }) => error !== null);
    if (all.some(({ over, error }) => !over && error === null) && !failed && !done) {
      const what =
        "the stream ended without response.completed, .failed or .incomplete: the answer is cut off";
      tell(null, "stream/no-terminator", what, "error");
    }
    for (const gap of gaps) tell(null, "stream/index-gap", `sequence_number ${gap}: events are missing`);
    for (const [type, count] of unknown) {
      const what = `${count} event(s) of the type "${type}", which this reader does not know; they are in the raw stream`;
      tell(null, "stream/unknown-event", what, "note");
    }
    const missing = all.flatMap((running) => leftOut(running).map((item) => text(item["type"]) ?? "item"));
    if (missing.length === 0) return;
    const what = `the last snapshot leaves out what was streamed before: ${missing.slice(0, 9).join(", ")}`;
    tell(null, "stream/left-out", what, "note");
  }

  return { take, message, atEnd, hasSound: true, ownErrors: true };
}

/** The response itself, as without a stream. */
function isWhole(json: Json): boolean {
  return json["object"] === "response" && Array.isArray(json["output"]);
}

function finished(running: Running): Json {
  const { snapshot, error } = running;
  const whole: Json = { ...snapshot, output: outputOf(running) };
  return error !== null && !whole["error"] ? { ...whole, error } : whole;
}

/** The last snapshot's items, each with what its own pieces had more, and those that only the stream had. */
export function outputOf(running: Made): unknown[] {
  const said = list(running.snapshot["output"]);
  const streamed = running.items.filter((item) => item !== undefined);
  if (said.length === 0) return streamed;
  const pairs = paired(running);
  const output = said.map((item) => {
    const own = isObject(item) ? pairs.get(item) : undefined;
    return own ? filled(item as Json, own) : item;
  });
  for (const item of leftOut(running))
    output.splice(Math.min(running.items.indexOf(item), output.length), 0, item);
  return output;
}

/** Which streamed item each item of the last snapshot is: by its id, else by its place and kind. */
function paired({ snapshot, items }: Made): Map<Json, Json> {
  const pairs = new Map<Json, Json>();
  const byId = new Map(items.flatMap((item) => (item && !isEmpty(item["id"]) ? [[item["id"], item]] : [])));
  const taken = new Set<Json>();
  for (const item of objects(snapshot["output"])) {
    const own = byId.get(item["id"]);
    if (!own || taken.has(own)) continue;
    pairs.set(item, own);
    taken.add(own);
  }
  // GitHub Copilot changes the ids from event to event.
  const free = Map.groupBy(
    items.filter((item) => item && !taken.has(item)),
    (item) => item["type"],
  );
  for (const item of objects(snapshot["output"])) {
    const own = pairs.has(item)
      ? undefined
      : (free.get(item["type"])?.shift() ?? free.get(undefined)?.shift());
    if (own) pairs.set(item, own);
  }
  return pairs;
}

/** Streamed items with something in them that the last snapshot, which has others, does not hold. */
function leftOut(running: Made): Json[] {
  if (list(running.snapshot["output"]).length === 0) return [];
  const kept = new Set(paired(running).values());
  return running.items.filter((item) => item && !kept.has(item) && GROWN.some((key) => !isEmpty(item[key])));
}

const GROWN = ["content", "summary", "arguments", "input", "code", "action", "encrypted_content"];

function filled(item: Json, streamed: Json): Json {
  if (!lacks(item, streamed)) return item;
  const whole = { ...streamed };
  settleItem(whole, item);
  return whole;
}

/** Something that was streamed is empty in it. */
function lacks(said: Json, streamed: Json): boolean {
  return Object.entries(streamed).some(([key, value]) => {
    // Sound is left out of the last event on purpose.
    if (isEmpty(value) || key === "audio") return false;
    const parts = objects(said[key]);
    return (
      isEmpty(said[key]) || objects(value).some((part, i) => parts[i] !== undefined && lacks(parts[i], part))
    );
  });
}
