/**
 * OpenAI Realtime over a WebSocket (also Azure's and xAI's): a conversation of items, in which the server makes
 * responses. The reading's answer is the last response; everything before it is the conversation.
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { wireError } from "../error.ts";
import { saidBefore, talk } from "../frames/websocket.ts";
import { compact, isObject, list, number, object, objects, put, text, without, type Json } from "../json.ts";
import { keepAll } from "./keep.ts";
import { clientCalls, itemParts, itemTools, turnsOf } from "./openai-items.ts";
import { takeDelta } from "./openai-responses-delta.ts";
import { outputOf } from "./openai-responses-stream.ts";
import { summed } from "./openai-responses.ts";
import { folded } from "./stream.ts";
import type { StreamProblems } from "./stream-problems.ts";
import { errorBeside } from "./values.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/realtime-server-events";

export const openaiRealtime: Dialect = {
  name: "openai-realtime",
  provider: null,
  bid: ({ path, exchange, responseBody }) => {
    if (exchange.wire !== "websocket") return 0;
    if (/\/realtime(\/|$)/.test(path)) return 0.95;
    const type = text(object(responseBody)["type"]) ?? "";
    return type === "session.created" || type === "transcription_session.created" ? 0.7 : 0;
  },
  asked,
  assembler: realtimeAssembler,
  answered,
};

type Running = { snapshot: Json; items: Json[]; over: boolean };
type State = {
  session: Json;
  items: Json[];
  responses: Running[];
  errors: { n: number; error: Json; over: number }[];
  /** Speech of the user's that could not be written down. */
  unheard: { n: number; why: string }[];
  unknown: Map<string, number>;
};

function start(): State {
  return { session: {}, items: [], responses: [], errors: [], unheard: [], unknown: new Map() };
}

function take(state: State, json: Json, { n, from }: Pick<StreamEvent, "n" | "from">): Added[] {
  const type = text(json["type"]) ?? "";
  return from === "client" ? takeClient(state, type, json) : takeServer(state, type, json, n);
}

function takeClient(state: State, type: string, wire: Json): Added[] {
  if (type === "session.update") state.session = { ...state.session, ...object(wire["session"]) };
  if (type === "conversation.item.create" && isObject(wire["item"])) placeItem(state, wire["item"]);
  return [{ lane: "control", text: type }];
}

function takeServer(state: State, type: string, wire: Json, n: number): Added[] {
  if (/^(transcription_)?session\.(created|updated)$/.test(type)) {
    state.session = { ...state.session, ...object(wire["session"]) };
    return [];
  }
  if (/^conversation\.item\.(created|added|done|retrieved)$/.test(type) && isObject(wire["item"])) {
    placeItem(state, wire["item"]);
    return [];
  }
  if (type === "conversation.item.deleted") {
    state.items = state.items.filter((item) => item["id"] !== wire["item_id"]);
    return [];
  }
  if (type.startsWith("conversation.item.input_audio_transcription."))
    return takeTranscript(state, type, wire, n);
  if (type === "session.output_transcript.delta" || type === "session.input_transcript.delta")
    return takeTranslation(state, type, wire);
  if (type === "session.closed") for (const response of state.responses) response.over = true;
  if (type === "error") {
    const over = state.responses.filter((response) => response.over).length;
    state.errors.push({ n, error: isObject(wire["error"]) ? wire["error"] : without(wire, "type"), over });
    return [{ lane: "error", text: wireError(wire)?.message ?? "error" }];
  }
  if (type === "response.created" || type === "response.done")
    return takeResponse(state, type, object(wire["response"]));
  const running =
    state.responses.findLast(({ snapshot }) => snapshot["id"] === wire["response_id"]) ??
    state.responses.at(-1);
  const added = running && type.startsWith("response.") ? takeDelta(running.items, type, wire) : null;
  if (added) return added;
  if (!STATUS.test(type)) state.unknown.set(type, (state.unknown.get(type) ?? 0) + 1);
  return [];
}

const STATUS =
  /^(rate_limits\.updated|input_audio_buffer\..*|output_audio_buffer\..*|conversation\.(created|item\.truncated)|mcp_list_tools\..*|response\..*|session\..*|ping|keepalive)$/;

function takeResponse(state: State, type: string, response: Json): Added[] {
  let running = state.responses.findLast(({ snapshot }) => snapshot["id"] === response["id"]);
  if (!running) {
    running = { snapshot: {}, items: [], over: false };
    state.responses.push(running);
  }
  keepAll(running.snapshot, response);
  running.over = type === "response.done";
  const status: Added = { lane: "control", text: text(response["status"]) ?? type };
  return isObject(response["usage"])
    ? [status, { lane: "usage", text: compact(response["usage"]) }]
    : [status];
}

/** The server confirms an item that the client made, under the same id or, where the client gave none, a new one. */
function placeItem(state: State, item: Json): void {
  const known = state.items.find((one) => one["id"] === item["id"]);
  const pending = state.items.find(
    (one) => one["id"] === undefined && compact(one["type"]) === compact(item["type"]),
  );
  const place = known ?? pending;
  if (!place) {
    state.items.push({ ...item });
    return;
  }
  // What the client sent (its audio, its text) is more than the server repeats.
  const content = list(item["content"]).length > 0 || !place["content"] ? item["content"] : place["content"];
  Object.assign(place, item, content === undefined ? {} : { content });
}

/** A session that only translates makes no responses: what it hears and what it says are its conversation. */
function takeTranslation(state: State, type: string, wire: Json): Added[] {
  const last = state.responses.at(-1);
  if (type === "session.input_transcript.delta") {
    const heard = state.items.at(-1);
    const isOpen = heard?.["heard"] === state.responses.length;
    const item = isOpen
      ? heard
      : {
          type: "message",
          role: "user",
          heard: state.responses.length,
          content: [{ type: "input_audio", transcript: "" }],
        };
    if (!isOpen) state.items.push(item);
    const [part] = objects(item["content"]);
    if (part) put(part, "transcript", (text(part["transcript"]) ?? "") + compact(wire["delta"] ?? ""));
    return [{ lane: "control", text: compact(wire["delta"] ?? "") }];
  }
  const running = last && !last.over ? last : { snapshot: {}, items: [], over: false };
  if (running !== last) state.responses.push(running);
  return (
    takeDelta(running.items, "response.output_audio_transcript.delta", {
      item_id: "said",
      delta: wire["delta"],
    }) ?? []
  );
}

function takeTranscript(state: State, type: string, wire: Json, n: number): Added[] {
  if (type.endsWith(".failed")) {
    state.unheard.push({ n, why: wireError(wire)?.message ?? "" });
    return [{ lane: "error", text: wireError(wire)?.message ?? "" }];
  }
  const item = state.items.find((one) => one["id"] === wire["item_id"]);
  const part = objects(item?.["content"])[number(wire["content_index"]) ?? 0];
  if (!part) return [];
  if (type.endsWith(".delta"))
    put(part, "transcript", (text(part["transcript"]) ?? "") + compact(wire["delta"] ?? ""));
  if (type.endsWith(".completed")) put(part, "transcript", wire["transcript"]);
  return [];
}

function finished({ snapshot, items }: Running): Json {
  // `response.done` leaves out the audio itself; the deltas had it.
  return { ...snapshot, output: outputOf({ snapshot, items }) };
}

function realtimeAssembler(glimpse: Glimpse): Assembler {
  const state = start();
  let came = false;
  const takeAny = (json: Json, event: StreamEvent): Added[] => {
    came = true;
    return take(state, json, event);
  };
  return folded(SOURCE, glimpse, () => ({
    take: takeAny,
    hasSound: true,
    ownErrors: true,
    message: () => (came ? messageOf(state) : null),
    atEnd: (tell) => {
      survived(glimpse, tell);
      missing(state, tell);
    },
  }));
}

/** What was asked in vain before this response began: the session went on. */
function survived({ exchange: { before = [] } }: Glimpse, tell: StreamProblems["tell"]): void {
  for (const { json } of saidBefore(before))
    if (object(json)["type"] === "error")
      tell(
        null,
        "stream/error-event",
        `the session went on after an error: ${wireError(json)?.message ?? ""}`,
      );
}

function messageOf({ session, items, responses, errors }: State): Json {
  const told = errors.length > 0 && { errors: errors.map(({ error }) => error) };
  return { session, items, responses: responses.map(finished), ...told };
}

function missing({ responses, errors, unheard, unknown }: State, tell: StreamProblems["tell"]): void {
  if (responses.some(({ over }) => !over)) {
    const what = "the socket closed before response.done: the answer is cut off";
    tell(null, "stream/no-terminator", what, "warning");
  }
  // Most errors leave the session as it is: what was asked in vain is a warning beside the answer.
  const whole = responses.filter(({ over }) => over).length;
  for (const { n, error, over } of errors)
    if (whole > over || (whole > 0 && responses.at(-1)?.over === true))
      tell(
        n,
        "stream/error-event",
        `the session went on after an error: ${wireError({ error })?.message ?? ""}`,
      );
  for (const { n, why } of unheard)
    tell(n, "stream/error-event", `what the user said could not be written down: ${why}`, "warning");
  for (const [type, times] of unknown) {
    const what = `${times} event(s) of the type "${type}", which this reader does not know; they are in the raw stream`;
    tell(null, "stream/unknown-event", what, "note");
  }
}

function asked(_body: unknown, { exchange }: Glimpse): Asked {
  const state = start();
  for (const frame of talk(exchange)) if (isObject(frame.json)) take(state, frame.json, frame);
  const answer = new Set(
    list(finished(state.responses.at(-1) ?? { snapshot: {}, items: [], over: false })["output"]).map(
      (item) => object(item)["id"],
    ),
  );
  const { instructions, tools, model } = state.session;
  return {
    model: text(model) ?? new URLSearchParams(exchange.path.split("?")[1] ?? "").get("model"),
    system:
      typeof instructions === "string" && instructions !== "" ? [{ type: "text", text: instructions }] : [],
    messages: turnsOf(
      state.items.filter((item) => item["id"] === undefined || !answer.has(item["id"])),
      "$.items",
    ),
    tools: itemTools(tools),
    settings: without(state.session, "instructions", "tools", "model", "id", "object", "client_secret"),
    streamed: true,
  };
}

function answered(message: unknown): Answered {
  const whole = object(message);
  const responses = objects(whole["responses"]);
  const last = responses.at(-1);
  const output = list(last?.["output"]);
  const parts = output.flatMap((item, i) =>
    itemParts(item, `$.responses[${responses.length - 1}].output[${i}]`),
  );
  // An error that the session survived is not the answer: the answer is.
  const failed = object(last?.["status_details"])["error"];
  const error = failed ?? (last?.["status"] === "completed" ? null : objects(whole["errors"]).at(-1));
  return {
    model: text(object(whole["session"])["model"]),
    choices: last ? [{ parts, finish_reason: text(last["status"]) }] : [],
    tool_calls: clientCalls(output),
    usage: summed(responses.map((response) => response["usage"])),
    error: errorBeside(error),
  };
}
