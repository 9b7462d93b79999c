/**
 * What happened in an exchange as it should: each thing once, in the order in which it happened, with where it stands.
 * Which things there are follows from the reading alone; a look at the exchange says where in its stream.
 */
import { header, type Exchange } from "../../fact/exchange.ts";
import {
  EXCHANGE_MILESTONES,
  LEVEL_OF,
  LEVELS,
  type ExchangeMilestone,
  type Level,
} from "../../fact/milestones.ts";
import type { Lane } from "../dialect.ts";
import { isObject, list, object } from "../json.ts";
import type { Look } from "../look.ts";
import type { Part, Reading } from "../reading.ts";

export type Milestone = {
  readonly name: ExchangeMilestone;
  /** As problems have it: `event 12`, a JSON path of the request, `answer`, or a header's name. */
  readonly where: string;
  /** ms since the request, where that is known. */
  readonly t: number | null;
  /** A tool's name, a number of tokens, the word that ends: whatever makes it this one. */
  readonly of: string | null;
};

/** Calls of one answer that are told by themselves; an answer may hold any number. */
const MOST_CALLS = 50;

export function milestonesOf(exchange: Exchange, reading: Reading, seen: Look | null = null): Milestone[] {
  const at = placesIn(seen);
  const found: Milestone[] = [];
  const add = (name: ExchangeMilestone, place: Partial<Omit<Milestone, "name">> = {}) =>
    found.push({ name, where: "answer", t: null, of: null, ...place });
  const { usage, timing, answer } = reading;

  const tries = Number(header(exchange.request.headers, "x-stainless-retry-count") ?? 0);
  if (tries > 0) add("retry", { where: "x-stainless-retry-count", t: 0, of: String(tries) });
  for (const { where, of } of servedIn(reading)) add("tool-served", { where, t: 0, of });
  const compacted = compactionIn(reading, seen);
  if (compacted) add("compaction", compacted);
  if ((usage?.cached ?? 0) > 0) add("cache-hit", { ...at.usage, of: String(usage?.cached) });
  if ((usage?.cache_write ?? 0) > 0) add("cache-write", { ...at.usage, of: String(usage?.cache_write) });
  if (answer.parts.some(({ type }) => type === "reasoning")) add("reasoning-began", at.first("reasoning"));
  if (timing.ttft_ms !== null) add("first-token", { ...at.token(timing.ttft_ms), t: timing.ttft_ms });
  let n = 0;
  for (const part of answer.parts) {
    if (part.type !== "tool_call" || n >= MOST_CALLS) continue;
    add(part.by === "client" ? "tool-asked" : "provider-tool", { ...at.call(n++), of: part.name });
  }
  if (reading.finish_reason !== null) add("finished", { ...at.last, of: reading.finish_reason });
  return found.toSorted((a, b) => order(a) - order(b));
}

/** The levels that something of it has, lowest first, and the names of what happened: what `expert:` asks for. */
export function expertOf(exchange: Exchange, reading: Reading): string[] {
  const names = new Set(milestonesOf(exchange, reading).map(({ name }) => name));
  const levels = new Set<Level>(reading.problems.map(({ severity }) => LEVEL_OF[severity]));
  if (names.size > 0) levels.add("chat");
  return [...LEVELS.filter((it) => levels.has(it)), ...EXCHANGE_MILESTONES.filter((it) => names.has(it))];
}

/** What is not known to come later came with the request. */
function order({ name, t }: Milestone): number {
  return (t ?? (name === "finished" ? Infinity : 1e12)) + EXCHANGE_MILESTONES.indexOf(name) / 100;
}

/** Results that this request brings: those behind the model's last word. */
function servedIn({ messages }: Reading): { where: string; of: string | null }[] {
  const said = messages.findLastIndex(({ role }) => role === "assistant");
  if (said < 0) return [];
  const fresh = messages.slice(said + 1);
  return fresh
    .flatMap(({ parts }, n) => parts.map((part) => ({ part, n })))
    .flatMap(({ part, n }) => {
      if (part.type !== "tool_result" || part.by !== "client") return [];
      return [
        { where: `message ${said + n + 2}`, of: part.name ?? nameOf(messages[said]?.parts ?? [], part.id) },
      ];
    })
    .slice(0, MOST_CALLS);
}

function nameOf(calls: readonly Part[], id: string | null): string | null {
  const call = calls.find((part) => part.type === "tool_call" && part.id === id && id !== null);
  return call?.type === "tool_call" ? call.name : null;
}

/** Anthropic: edits of the context that were applied, or a block of its own. OpenAI: an item of its own. */
function compactionIn({ answer, messages }: Reading, seen: Look | null): Partial<Milestone> | null {
  const edits = list(object(object(seen?.message)["context_management"])["applied_edits"]);
  const edit = edits.find(isObject);
  if (edit) return { of: String(edit["type"] ?? "") };
  if (answer.parts.some(isCompaction)) return { of: "compaction" };
  const n = messages.findLastIndex(({ parts }) => parts.some(isCompaction));
  return n < 0 ? null : { where: `message ${n + 1}`, t: 0, of: "compaction" };
}

function isCompaction(part: Part): boolean {
  return part.type === "unknown" && /^(?:context_)?compaction(?:_summary)?$/.test(part.kind ?? "");
}

type Place = Pick<Milestone, "where" | "t">;

function placesIn(seen: Look | null) {
  const frames = seen?.stream?.frames ?? [];
  const calls: Place[] = [];
  const firsts = new Map<Lane, Place>();
  let last: Place | null = null;
  let token: Place | null = null;
  for (const { n, t } of frames) {
    const here = { where: `event ${n}`, t };
    for (const { lane, begins } of seen?.added.get(n) ?? []) {
      if (!firsts.has(lane)) firsts.set(lane, here);
      if (lane === "tool" && begins !== undefined && calls.length < MOST_CALLS) calls.push(here);
      if (lane !== "usage") last = here;
    }
    if (n === seen?.firstToken) token = here;
  }
  return {
    usage: firsts.get("usage") ?? {},
    last: last ?? {},
    first: (lane: Lane): Partial<Place> => firsts.get(lane) ?? {},
    call: (n: number): Partial<Place> => calls[n] ?? {},
    token: (ttft: number): Partial<Place> => token ?? (frames.length > 0 ? { t: ttft } : {}),
  };
}
