/**
 * OpenAI Live over a WebSocket (`/live/sessions`): a voice session that hears, speaks and delegates to responses of its own.
 * Its transcripts are the conversation; what it delegates comes as the events of the Responses API.
 */
import type { Added, Answered, Asked, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import type { Turn, Usage } from "../reading.ts";
import { keepAll } from "./keep.ts";
import { clientCalls, itemParts, itemTools } from "./openai-items.ts";
import { takeDelta } from "./openai-responses-delta.ts";
import { chatUsage } from "./openai-usage.ts";
import { talkAssembler, talked, type Talk } from "./talk.ts";
import { errorBeside, word } from "./values.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/live";

export const openaiLive: Dialect = {
  name: "openai-live",
  provider: "openai",
  bid({ path, exchange, responseBody }) {
    if (exchange.wire !== "websocket") return 0;
    if (/\/live\/sessions(\/[^/]+\/(fork|attach))?\/?$/.test(path)) return 0.96;
    return object(responseBody)["type"] === "session.started" ? 0.8 : 0;
  },
  asked,
  assembler: (glimpse) => talkAssembler(TALK, glimpse),
  answered,
};

type Line = { role: "user" | "assistant"; text: string };
type State = {
  session: Json;
  lines: Line[];
  notes: string[];
  items: Json[];
  usage: Json | null;
  reason: string | null;
};

const start = (): State => ({ session: {}, lines: [], notes: [], items: [], usage: null, reason: null });

const TALK: Talk<State> = {
  source: SOURCE,
  start,
  take,
  message({ session, lines, items, usage, reason }) {
    const output = items.filter((item) => item !== undefined);
    return {
      session,
      transcript: lines,
      output,
      ...(usage && { usage }),
      ...(reason !== null && { reason }),
    };
  },
};

function take(state: State, json: Json, from: StreamEvent["from"]): Added[] | null {
  const type = text(json["type"]) ?? "";
  if (!/^(session|transport|decision|response|call)\./.test(type)) return from === "client" ? [] : null;
  if (isObject(json["session"])) keepAll(state.session, json["session"]);
  if (isObject(json["usage"])) state.usage = json["usage"];
  switch (type) {
    case "session.output_transcript.delta":
      return say(state, "assistant", json["delta"]);
    case "session.input_transcript.delta":
      say(state, "user", json["delta"]);
      return [{ lane: "control", text: text(json["delta"]) ?? "" }];
    case "session.instructions.append":
    case "session.thinking.append":
    case "session.commentary.append":
      state.notes.push(text(json["content"]) ?? "");
      return [{ lane: "control", text: type }];
    case "session.output_audio.delta":
      return [{ lane: "text", text: "" }];
    case "response.event": {
      const event = object(json["event"]);
      return (
        takeDelta(state.items, text(event["type"]) ?? "", event) ?? [
          { lane: "control", text: text(event["type"]) ?? type },
        ]
      );
    }
    case "response.item.create":
      if (isObject(json["item"])) state.items.push({ ...json["item"] });
      return [{ lane: "control", text: type }];
    case "session.usage.updated":
      return [{ lane: "usage", text: JSON.stringify(json["usage"]) }];
    case "session.closed":
      state.reason = text(json["reason"]);
      return [{ lane: "control", text: state.reason ?? type }];
    default:
      return [{ lane: "control", text: type }];
  }
}

function say({ lines }: State, role: Line["role"], delta: unknown): Added[] {
  const said = text(delta) ?? "";
  const last = lines.at(-1);
  if (last?.role === role) last.text += said;
  else lines.push({ role, text: said });
  return said === "" ? [] : [{ lane: "text", text: said }];
}

function asked(_body: unknown, { exchange }: Glimpse): Asked {
  const { session, lines, notes } = talked(TALK, exchange);
  const said = lines.at(-1)?.role === "assistant" ? lines.slice(0, -1) : lines;
  const rules = [text(session["instructions"]) ?? "", ...notes].filter((words) => words !== "");
  return {
    model: word(session["model"]),
    system: rules.map((words) => ({ type: "text", text: words })),
    messages: said.map((line): Turn => ({ role: line.role, parts: [{ type: "text", text: line.text }] })),
    tools: itemTools(session["tools"]),
    settings: without(session, "instructions", "tools", "model", "id", "object"),
    streamed: true,
  };
}

function answered(message: unknown): Answered {
  const whole = object(message);
  const last = objects(whole["transcript"]).at(-1);
  const output = list(whole["output"]);
  const parts = output.flatMap((item, i) => itemParts(item, `$.output[${i}]`));
  const said = last?.["role"] === "assistant" ? (text(last["text"]) ?? "") : "";
  const { error } = whole;
  return {
    model: word(object(whole["session"])["model"]),
    choices: [
      {
        parts: [...(said === "" ? [] : [{ type: "text" as const, text: said }]), ...parts],
        finish_reason: null,
      },
    ],
    tool_calls: clientCalls(output),
    usage: usageOf(whole["usage"]),
    error: errorBeside(error),
  };
}

/** Sound and text are counted apart where the plain sums are missing. */
function usageOf(wire: unknown): Usage | null {
  const counted = chatUsage(wire);
  if (!counted || counted.input !== null) return counted;
  const { input, output } = object(wire);
  const sums = [input, output].map((side) =>
    Object.values(object(side)).reduce<number>((sum, count) => sum + (number(count) ?? 0), 0),
  );
  return { ...counted, input: sums[0] ?? null, output: sums[1] ?? null };
}
