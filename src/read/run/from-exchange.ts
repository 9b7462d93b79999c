/** What one exchange with a model says about its run: who asked, which tools the model called, which results it saw. */
import { header, type Exchange } from "../../fact/exchange.ts";
import type { ThreadKeys } from "../../fact/thread.ts";
import { object, objects, text } from "../json.ts";
import { isPrewarm } from "../prewarm.ts";
import type { Look } from "../look.ts";
import type { Part, Reading, Turn } from "../reading.ts";
import { story } from "../story.ts";
import { blockEnds } from "./block-ends.ts";
import type { AskedCall, Excerpt, ModelEvidence } from "./evidence.ts";
import { bridged } from "./bridges.ts";
import { canonicalText, excerpt, hashOf } from "./excerpt.ts";
import { exactText } from "./exact-numbers.ts";
import { familyOfAgent } from "./families.ts";
import { ledgerOf } from "./ledger.ts";
import { phasesOf } from "./phases.ts";
import { seenResults } from "./seen.ts";

/** A run goes on from one of its last answers; a hole of more is a new beginning. */
const PREFIXES = 8;
/** More calls in one answer are no agent's. */
const MOST_CALLS = 1_000;
/** A shorter text may stand in two messages by chance. */
const PROMPT = 16;
const PROMPTS = 4;
const OPENINGS = 6;

/** Null for what belongs to no run: lists of models, embeddings, what names no conversation. */
export function modelEvidence(
  exchange: Exchange,
  seen: Look,
  reading: Reading,
  keys: ThreadKeys,
  said: { asked: string; answered: string } = story(reading, exchange),
  most?: number,
): ModelEvidence | null {
  const run = exchange.run ?? null;
  const purpose = purposeOf(reading);
  const talks = keys.header ?? keys.previous ?? keys.whole ?? keys.prefixes[0] ?? keys.request;
  if (reading.dialect === "mcp" || (talks === undefined && (run === null || purpose === "other")))
    return null;
  const { id, at, response, close } = exchange;
  const headers = (name: string) => header(exchange.request.headers, name) ?? null;
  const agent = (headers("originator") ?? headers("user-agent") ?? "").split(/[\s,;(]/)[0] || null;
  const users = openings(reading.messages);
  const thread = headers("thread-id");
  const first = users[0] === undefined ? null : excerpt(users[0]);
  const isChild = headers("x-codex-parent-thread-id") !== null;
  return {
    id,
    at,
    ended: at + (close?.t ?? 0),
    first_byte: response?.ttfb ?? null,
    first_token: reading.timing.ttft_ms,
    upstream: exchange.upstream,
    dialect: reading.dialect,
    provider: reading.provider,
    model: reading.model,
    status: response?.status ?? null,
    ending: close?.ending ?? null,
    error: close?.error ?? reading.error?.message ?? null,
    streamed: reading.streamed,
    agent,
    family: familyOfAgent(agent),
    run,
    session: keys.header === null ? null : keys.header.slice(keys.header.indexOf(":") + 1),
    parent_session: headers("x-parent-session-id") ?? headers("x-codex-parent-thread-id"),
    thread,
    sub_agent: headers("x-claude-code-agent-id") ?? (isChild ? thread : null),
    trace: traceOf(headers("traceparent")),
    response: keys.response_id,
    previous: keys.previous,
    whole: keys.whole,
    prefixes: keys.prefixes.slice(0, PREFIXES),
    request: keys.request ?? "",
    purpose,
    tools: reading.tools.length,
    first,
    openings: users.slice(0, OPENINGS).map((words, n) => openingOf(words, n === 0 ? first : null)),
    last: said.asked,
    answered: said.answered,
    finish: reading.finish_reason,
    tokens_in: reading.usage?.input ?? null,
    tokens_out: reading.usage?.output ?? null,
    tokens_cached: reading.usage?.cached ?? null,
    tokens_written: reading.usage?.cache_write ?? null,
    cost: reading.cost?.total ?? null,
    problems: reading.problems.filter(({ severity }) => severity !== "note").length,
    ...contextOf(reading),
    phases: phasesOf(seen),
    cost_in: reading.cost?.input ?? null,
    asked: askedCalls(exchange, seen, reading, most),
    seen: seenResults(id, reading.messages, most),
  };
}

/** Names of blocks that are kept of one request: those that weigh most. */
const BLOCKS = 16;

function contextOf(reading: Reading): Pick<ModelEvidence, "context" | "blocks"> {
  const { entries } = ledgerOf(reading);
  const context: Record<string, number> = {};
  for (const { kind, tokens } of entries) context[kind] = (context[kind] ?? 0) + tokens;
  const named = entries.filter(({ name, tokens }) => name !== "" && tokens > 0);
  const largest = named.toSorted((a, b) => b.tokens - a.tokens).slice(0, BLOCKS);
  return {
    context,
    blocks: Object.fromEntries(largest.map(({ kind, name, tokens }) => [`${kind} ${name}`, tokens])),
  };
}

/** `00-<trace>-<span>-01` (W3C Trace Context 3.2). */
export function traceOf(parent: string | null): string | null {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(parent ?? "")?.[1] ?? null;
}

function purposeOf(reading: Reading): ModelEvidence["purpose"] {
  const { token_count, dialect, messages } = reading;
  if (isPrewarm(reading)) return "other";
  if (token_count || /count/.test(dialect)) return "count";
  return messages.length === 0 ? "other" : "turn";
}

/** By its hash, which may be known: it reads each character. */
function openingOf(words: string, known: Excerpt | null): string {
  const trimmed = words.trim();
  return known !== null && trimmed === words ? known.hash : hashOf(trimmed);
}

/** What the user said before the model said anything; reminders of the agent's own come last. */
function openings(messages: readonly Turn[]): string[] {
  const texts: string[] = [];
  for (const { role, parts } of messages) {
    if (role === "assistant" || role === "model") break;
    if (role !== "user") continue;
    for (const part of parts) if (part.type === "text" && part.text.trim() !== "") texts.push(part.text);
    if (texts.length > 32) break;
  }
  const isContext = (words: string) =>
    /^\s*(<[\w-]+>|# AGENTS\.md|This is the \w+( CLI)?\. We are)/.test(words);
  return [...texts.filter((words) => !isContext(words)), ...texts.filter(isContext)];
}

function askedCalls(exchange: Exchange, seen: Look, reading: Reading, most?: number): AskedCall[] {
  const ends = blockEnds(seen);
  const items = itemsById(seen.message);
  const over = exchange.response?.pieces.at(-1)?.t ?? exchange.close?.t ?? 0;
  const calls = reading.answer.parts.filter((part) => part.type === "tool_call").slice(0, MOST_CALLS);
  const meant = calls.map((call, n): Omit<AskedCall, "args"> & { args: string } => {
    const item = call.id === null ? undefined : items.get(call.id);
    const t = (call.id === null ? undefined : ends.byId.get(call.id)) ?? ends.inOrder[n] ?? over;
    const script = text(item?.["type"]) === "custom_tool_call";
    return {
      key: `${exchange.id}#${n}`,
      exchange: exchange.id,
      n,
      at: exchange.at + t,
      id: call.id,
      item: text(item?.["id"]),
      ...(bridged(call) ?? { name: call.name, namespace: text(item?.["namespace"]), args: call.arguments }),
      kind: call.by === "server" ? "provider" : script ? "script" : "call",
      prompts: promptsOf(call),
    };
  });
  return meant.map((call) => {
    const exact = exactText(call.args);
    return { ...call, args: excerpt(canonicalText(call.args), most), ...(exact !== null && { exact }) };
  });
}

/** The items of an answer in the Responses API, which have an id beside that of their call. */
function itemsById(message: unknown): Map<string, Record<string, unknown>> {
  const all = objects(object(message)["data"]);
  const outputs = [message, ...all].flatMap((one) => objects(object(one)["output"]));
  return new Map(
    outputs.flatMap((item) => {
      const id = text(item["call_id"]);
      return id === null ? [] : [[id, item] as const];
    }),
  );
}

function promptsOf({ arguments: json }: Extract<Part, { type: "tool_call" }>): Excerpt[] {
  if (json.length < PROMPT || json.length > 256 * 1024) return [];
  let values: unknown[];
  try {
    values = Object.values(object(JSON.parse(json)));
  } catch {
    return []; // a script, or arguments that were cut off
  }
  return values
    .flatMap((value) => (typeof value === "string" && value.trim().length >= PROMPT ? [value.trim()] : []))
    .slice(0, PROMPTS)
    .map((words) => excerpt(words, 400));
}
