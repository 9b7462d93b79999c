/**
 * Gemini Live (BidiGenerateContent over a WebSocket): the client sets up, speaks in turns or in sound, the server answers
 * in pieces of turns and calls. Read as Gemini's own shape. https://ai.google.dev/api/live
 */
import type { Added, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, listAt, object, objects, put, text, type Json } from "../json.ts";
import * as gemini from "./gemini.ts";
import { keepAll } from "./keep.ts";
import { talkAssembler, talked, type Talk } from "./talk.ts";
import { first } from "./values.ts";

const SOURCE = "https://ai.google.dev/api/live";

export const geminiLive: Dialect = {
  name: "gemini-live",
  provider: "gemini",
  bid({ path, exchange, responseBody }) {
    if (exchange.wire !== "websocket") return 0;
    if (/BidiGenerate(Content|Music)/i.test(path)) return 0.96;
    return "setupComplete" in object(responseBody) ? 0.8 : 0;
  },
  asked,
  assembler: (glimpse) => talkAssembler(TALK, glimpse),
  answered: (message) => {
    const live = object(message);
    const read = gemini.answered(live);
    return { ...read, model: read.model ?? modelOf(object(live["setup"])) };
  },
};

type State = { setup: Json; turns: Json[]; usage: Json; beside: Json; isOpen: boolean };

const start = (): State => ({ setup: {}, turns: [], usage: {}, beside: {}, isOpen: false });

const TALK: Talk<State> = {
  source: SOURCE,
  start,
  take: (state, json, from) => (from === "client" ? takeClient(state, json) : takeServer(state, json)),
  message({ setup, turns, usage, beside }) {
    const last = turns.at(-1);
    const answer = last?.["role"] === "model" ? [{ index: 0, content: last }] : [];
    return {
      setup,
      turns,
      candidates: answer,
      ...beside,
      ...(Object.keys(usage).length > 0 && { usageMetadata: usage }),
    };
  },
};

function takeClient(state: State, json: Json): Added[] {
  const [kind = "message"] = Object.keys(json);
  keepAll(state.setup, object(json["setup"]));
  const content = object(first(json, "clientContent", "client_content"));
  for (const turn of objects(content["turns"]))
    state.turns.push({ role: "user", ...turn, parts: list(turn["parts"]) });
  const input = object(first(json, "realtimeInput", "realtime_input"));
  if (typeof input["text"] === "string") addPart(state, "user", { text: input["text"] });
  const results = objects(object(first(json, "toolResponse", "tool_response"))["functionResponses"]);
  if (results.length > 0)
    state.turns.push({ role: "user", parts: results.map((functionResponse) => ({ functionResponse })) });
  return [{ lane: "control", text: kind }];
}

function takeServer(state: State, json: Json): Added[] | null {
  if (!KNOWN.some((key) => key in json)) return null;
  const content = object(json["serverContent"]);
  const added: Added[] = [];
  const heard = text(object(content["inputTranscription"])["text"]);
  if (heard) addPart(state, "user", { text: heard });
  const spoken = text(object(content["outputTranscription"])["text"]);
  if (spoken) added.push(...addPart(state, "model", { text: spoken }));
  for (const part of objects(object(content["modelTurn"])["parts"]))
    added.push(...addPart(state, "model", part));
  for (const functionCall of objects(object(json["toolCall"])["functionCalls"]))
    added.push(...addPart(state, "model", { functionCall }));
  if (isObject(json["usageMetadata"])) {
    keepAll(state.usage, json["usageMetadata"]);
    added.push({ lane: "usage", text: JSON.stringify(json["usageMetadata"]) });
  }
  for (const key of ["turnComplete", "generationComplete", "interrupted"])
    if (content[key] !== undefined) {
      put(state.beside, key, content[key]);
      state.isOpen = false;
      added.push({ lane: "control", text: key });
    }
  if (isObject(json["toolCall"])) state.isOpen = false;
  for (const key of ["goAway", "sessionResumptionUpdate", "toolCallCancellation"])
    if (json[key] !== undefined) put(state.beside, key, json[key]);
  return added;
}

const KNOWN = [
  "setupComplete",
  "serverContent",
  "toolCall",
  "toolCallCancellation",
  "usageMetadata",
  "goAway",
  "sessionResumptionUpdate",
];

/** Text and sound of one speaker go on until the other one speaks. */
function addPart(state: State, role: "user" | "model", part: Json): Added[] {
  const last = state.turns.at(-1);
  const turn = last?.["role"] === role && (role === "user" || state.isOpen) ? last : { role, parts: [] };
  if (turn !== last) state.turns.push(turn);
  state.isOpen = role === "model";
  const parts = listAt(turn, "parts") as Json[];
  const before = parts.at(-1);
  const said = text(part["text"]);
  const [now, then] = [object(part["inlineData"]), object(before?.["inlineData"])];
  if (said !== null && typeof before?.["text"] === "string" && before["thought"] === part["thought"])
    put(before, "text", before["text"] + said);
  else if (before && typeof now["data"] === "string" && then["mimeType"] === now["mimeType"]) {
    // Sound comes in pieces of base64, each with its own padding.
    put(then, "data", `${(text(then["data"]) ?? "").replace(/=+$/, "")}${now["data"]}`);
  } else parts.push(ownPart(part));
  if (said !== null) return [{ lane: part["thought"] === true ? "reasoning" : "text", text: said }];
  const call = object(part["functionCall"]);
  return typeof call["name"] === "string"
    ? [{ lane: "tool", text: call["name"] }]
    : [{ lane: "text", text: "" }];
}

/** What grows is not the event's own. */
function ownPart(part: Json): Json {
  return isObject(part["inlineData"]) ? { ...part, inlineData: { ...part["inlineData"] } } : { ...part };
}

function modelOf(setup: Json): string | null {
  return text(setup["model"])?.replace(/^.*models\//, "") ?? null;
}

function asked(_body: unknown, glimpse: Glimpse): Asked {
  const { exchange } = glimpse;
  const { setup, turns } = talked(TALK, exchange);
  const contents = turns.at(-1)?.["role"] === "model" ? turns.slice(0, -1) : turns;
  const read = gemini.asked({ ...setup, contents }, glimpse);
  return { ...read, model: modelOf(setup), streamed: true };
}
