/**
 * OpenAI's hosted agents (`/agents/sessions`): input goes in as events, turns come out as a stream of events whose middle is
 * the Responses API's under longer names.
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { isObject, list, object, objects, text, without, type Json } from "../json.ts";
import type { Part } from "../reading.ts";
import { isEmpty, keepAll } from "./keep.ts";
import { clientCalls, itemParts, itemTools, turnsOf } from "./openai-items.ts";
import { takeDelta } from "./openai-responses-delta.ts";
import { chatUsage } from "./openai-usage.ts";
import { folded } from "./stream.ts";
import { errorBeside, toldError, word } from "./values.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/agents";
const TURN = "agent.session.turn.";
const OVER =
  /^agent\.session\.(turn\.(completed|failed|cancelled)|idle|failed|requires_action|budget_reached)$/;

export const openaiAgents: Dialect = {
  name: "openai-agents",
  provider: "openai",
  bid({ path, responseBody }) {
    if (/\/agents\/sessions(\/|$)/.test(path)) return 0.95;
    if (/^agent\.session\b/.test(text(object(responseBody)["type"]) ?? "")) return 0.9;
    return object(responseBody)["object"] === "agent.session" ? 0.85 : 0;
  },
  asked,
  assembler,
  answered,
};

function asked(body: unknown): Asked {
  const request = object(body);
  const agent = object(request["agent"]);
  const inputs = [
    ...list(request["input"]),
    ...list(request["events"]),
    ...(isObject(request["event"]) ? [request["event"]] : []),
  ];
  const events = objects(request["type"] === undefined ? inputs : [request, ...inputs]);
  const results = events.filter(({ type }) => type === "agent.session.input.tool_result");
  const said = events.flatMap((event) =>
    text(event["type"])?.startsWith("agent.") ? list(event["input"]) : [event],
  );
  const turns = turnsOf(said, "$.input");
  const told = results.map((result): Part => {
    const output = result["output"] ?? result["error"];
    const words = typeof output === "string" ? output : JSON.stringify(output ?? null);
    const failed = result["success"] === false && { error: true };
    return {
      type: "tool_result",
      id: text(result["call_id"]),
      name: null,
      parts: [{ type: "text", text: words }],
      by: "client",
      ...failed,
    };
  });
  const rules = text(agent["instructions"]) ?? text(request["instructions"]);
  return {
    model: word(agent["model"]) ?? word(request["model"]),
    system: rules ? [{ type: "text", text: rules }] : [],
    messages: told.length > 0 ? [...turns, { role: "tool", parts: told }] : turns,
    tools: itemTools(agent["tools"] ?? request["tools"]),
    settings: without(request, "input", "events", "event", "instructions", "tools", "model", "stream"),
    streamed: request["stream"] === true,
  };
}

function assembler(glimpse: Glimpse): Assembler {
  const session: Json = {};
  const turn: Json = {};
  const items: Json[] = [];
  let usage: Json | null = null;
  let last = "";

  function take(json: Json, { name }: StreamEvent): Added[] | null {
    const type = text(json["type"]) ?? name ?? "";
    if (!type.startsWith("agent.")) return null;
    last = OVER.test(type) ? type : last;
    if (isObject(json["session"])) keepAll(session, json["session"]);
    if (isObject(json["turn"])) keepAll(turn, json["turn"]);
    if (isObject(json["usage"]) && !isEmpty(json["usage"], "usage")) usage = json["usage"];
    if (type === "agent.output.command_execution_output.delta")
      return [{ lane: "tool", text: text(json["delta"]) ?? "" }];
    const inner = type.startsWith(TURN)
      ? `response.${type.slice(TURN.length).replace(/^item\./, "output_item.")}`
      : "";
    const isItem = /^response\.(output_item|content_part|output_text|reasoning)/.test(inner);
    const added = isItem ? takeDelta(items, inner, json) : null;
    const counted: Added[] = isObject(json["usage"])
      ? [{ lane: "usage", text: JSON.stringify(json["usage"]) }]
      : [];
    return added ?? [{ lane: "control", text: type }, ...counted];
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message() {
      if (last === "" && items.length === 0 && Object.keys(session).length === 0) return null;
      const output = items.filter((item) => item !== undefined);
      return { object: "agent.session", ...session, turn, output, ...(usage && { usage }) };
    },
    atEnd(tell) {
      if (last === "") tell(null, "stream/no-terminator", "the stream ended before the turn did", "error");
    },
  }));
}

function answered(message: unknown): Answered {
  const whole = object(message);
  const output = list(whole["output"] ?? whole["data"]).filter((item) => object(item)["role"] !== "user");
  const made = whole["object"] !== undefined || output.length > 0;
  const turn = object(whole["turn"]);
  return {
    model: word(whole["model"]) ?? word(object(whole["agent"])["model"]),
    choices: made
      ? [
          {
            parts: output.flatMap((item, i) => itemParts(item, `$.output[${i}]`)),
            finish_reason: text(turn["status"]) ?? text(whole["status"]),
          },
        ]
      : [],
    tool_calls: clientCalls(output),
    usage: chatUsage(whole["usage"]),
    error: made ? errorBeside(whole["error"] ?? turn["error"]) : toldError(message),
  };
}
