/** OpenAI Responses (over HTTP and over a socket), and all who speak it: Azure, xAI, OpenRouter, LM Studio, Codex, … */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import { saidBefore } from "../frames/websocket.ts";
import type { Part, Tool, Turn, Usage } from "../reading.ts";
import { clientCalls, itemParts, itemTools, turnsOf } from "./openai-items.ts";
import { responsesAssembler } from "./openai-responses-stream.ts";
import { chatUsage, statedCost } from "./openai-usage.ts";
import { errorBeside } from "./values.ts";

export const openaiResponses: Dialect = {
  name: "openai-responses",
  provider: null,
  bid,
  asked,
  assembler: responsesAssembler,
  answered,
};

function bid({ path, requestBody, responseBody }: Glimpse): number {
  if (/\/responses(\/compact|\/[^/]+\/input_items)?\/?$/.test(path)) return 0.95;
  // GET, DELETE or cancel of a stored response.
  if (/\/responses\/(resp_|cmpl_)?[^/]+(\/cancel)?\/?$/.test(path)) return 0.85;
  const first = object(responseBody);
  const kind = text(first["object"]);
  if (kind === "response" || kind === "response.compaction") return 0.8;
  if (text(first["type"])?.startsWith("response.") && isObject(first["response"])) {
    return object(first["response"])["object"] === "realtime.response" ? 0 : 0.8;
  }
  return isObject(requestBody) &&
    "input" in requestBody &&
    ("instructions" in requestBody || "include" in requestBody)
    ? 0.4
    : 0;
}

function asked(body: unknown, { exchange }: Glimpse): Asked {
  const creates = Array.isArray(body)
    ? objects(body).filter((said) => said["type"] === "response.create")
    : [];
  const request = Array.isArray(body) ? (creates.at(-1) ?? {}) : object(body);
  // Over a socket each response.create brings only what is new; together they are the conversation's requests.
  const inputs = creates.length > 1 ? creates.flatMap((said) => inputOf(said)) : inputOf(request);
  const instructions = itemsOrText(request["instructions"], "$.instructions");
  const turns = turnsOf(inputs, "$.input");
  const first = turns.findIndex(({ role }) => role !== "system" && role !== "developer");
  const leading = first < 0 ? turns.length : first;
  const updates = objects(inputs).filter((item) => item["type"] === "configuration_update");
  return {
    model: text(request["model"]),
    system: [...instructions, ...turns.slice(0, leading).flatMap(({ parts }) => parts)],
    messages: named(turns.slice(leading), exchange),
    tools: [...itemTools(request["tools"]), ...objects(inputs).flatMap(broughtTools)],
    settings: Object.assign(
      without(request, "type", "model", "input", "instructions", "tools"),
      ...updates.map((update) => without(update, "type", "id", "agent")),
    ),
    streamed: request["stream"] === true || exchange.wire === "websocket",
  };
}

/** On a socket a result says by an id alone which call it answers: the call was asked for before. */
function named(turns: Turn[], { before = [] }: Glimpse["exchange"]): Turn[] {
  if (before.length === 0) return turns;
  const items = saidBefore(before).map(({ json }) => object(object(json)["item"]));
  const names = new Map(items.map((item) => [item["call_id"], text(item["name"])]));
  const part = (one: Part): Part =>
    one.type === "tool_result" && one.name === null ? { ...one, name: names.get(one.id) ?? null } : one;
  return turns.map((turn) => ({ ...turn, parts: turn.parts.map(part) }));
}

/** Tools that the conversation brings: added by the developer, or found by a search for tools. */
function broughtTools(item: Json): Tool[] {
  const brings = item["type"] === "additional_tools" || item["type"] === "tool_search_output";
  return brings ? itemTools(item["tools"]) : [];
}

function inputOf(request: Json): unknown[] {
  const input = request["input"];
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return list(input);
}

function itemsOrText(value: unknown, where: string): Part[] {
  if (typeof value === "string") return value === "" ? [] : [{ type: "text", text: value }];
  return list(value).flatMap((item, i) => itemParts(item, `${where}[${i}]`));
}

function answered(message: unknown): Answered {
  const whole = object(message);
  const isList = whole["object"] === "list" && Array.isArray(whole["data"]);
  // GET …/input_items gives what a stored response was asked.
  if (isList && objects(whole["data"]).every(isItem)) return itemsOf(list(whole["data"]));
  const all = isList ? objects(whole["data"]) : [whole];
  const response = all.at(-1) ?? {};
  const output = list(response["output"]);
  const parts = output.flatMap((item, i) => itemParts(item, `$.output[${i}]`));
  const status = text(response["status"]);
  // POST /responses/input_tokens only counts.
  const counted = response["object"] === "response.input_tokens" ? number(response["input_tokens"]) : null;
  const cost = all.reduce<number | null>((sum, one) => add(sum, statedCost(one["usage"])), null);
  return {
    model: text(response["model"]),
    choices: output.length > 0 || status !== null ? [{ parts, finish_reason: status }] : [],
    tool_calls: clientCalls(output),
    usage: all.length > 1 ? summed(all.map((one) => one["usage"])) : chatUsage(response["usage"]),
    error: errorBeside(response["error"]),
    ...(counted !== null && { extra: { token_count: { input: counted } } }),
    ...(cost !== null && { stated_cost: cost }),
  };
}

function isItem(one: Json): boolean {
  return typeof one["type"] === "string" && one["output"] === undefined && one["status"] !== "in_progress";
}

function itemsOf(items: readonly unknown[]): Answered {
  const parts = items.flatMap((item, i) => itemParts(item, `$.data[${i}]`));
  return { model: null, choices: [{ parts, finish_reason: null }], tool_calls: [], usage: null, error: null };
}

/** Several responses of one socket: their counts together, the wire's objects as a list. */
export function summed(wires: readonly unknown[]): Usage | null {
  const all = wires.map(chatUsage).filter((usage) => usage !== null);
  if (all.length === 0) return null;
  const sum = (key: Exclude<keyof Usage, "wire">) =>
    all.reduce<number | null>((so, usage) => add(so, usage[key]), null);
  const wire = all.length === 1 ? all[0]?.wire : all.map((usage) => usage.wire);
  const counts = { input: sum("input"), output: sum("output"), total: sum("total") };
  return {
    ...counts,
    cached: sum("cached"),
    cache_write: sum("cache_write"),
    reasoning: sum("reasoning"),
    wire,
  };
}

function add(sum: number | null, more: number | null): number | null {
  return more === null ? sum : (sum ?? 0) + more;
}
