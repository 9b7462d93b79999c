/**
 * Why a request was not read from the provider's cache: first the provider's own word, second what we find between this
 * request and the one before it, in the order in which providers build their prefix: tools, system, messages.
 * How long a prefix is kept, and from which size on, is in cache-life.ts.
 */
import { isObject, number, object, text } from "../json.ts";
import type { Reading } from "../reading.ts";
import { breakpoints, cacheLife, isMarked, leastTokens } from "./cache-life.ts";
import type { RequestDiff } from "./request-diff.ts";

export type CacheMiss = {
  /** Tokens that were read, written, and that could have been read again. */
  read: number | null;
  written: number | null;
  reusable: number | null;
  hit: "all" | "some" | "none" | "unknown";
  /** The provider's own reason, and the tokens that it names. */
  provider: { reason: string; tokens: number | null } | null;
  ours: { reason: Reason; what: string } | null;
  /** Null where one of the two says nothing. */
  agree: boolean | null;
};

export type Reason =
  | "model_changed"
  | "tools_changed"
  | "system_changed"
  | "messages_changed"
  | "settings_changed"
  | "expired"
  | "too_small"
  | "no_breakpoint"
  | "first_request";

export type Side = {
  reading: Reading;
  /** ms since 1970: when it was asked. */
  at: number;
  /** Bodies as they came: what a reading leaves out stands there. */
  request: unknown;
  answer: unknown;
};

const MINUTE = 60_000;
/** As much of what could be read is all of it: a few tokens at the seam are always new. */
const NEARLY = 0.9;

/** `diff` leads from the one before to this one. */
export function cacheMiss(before: Side | null, now: Side, diff: RequestDiff | null): CacheMiss {
  const { usage } = now.reading;
  const read = usage?.cached ?? null;
  const reusable = before && reusableOf(before.reading);
  const provider = providersWord(now.answer);
  const hit = hitOf(read, reusable);
  const isMiss = hit !== "all" || (provider !== null && provider.reason !== "cache_hit");
  const ours = isMiss ? ourWord(before, now, diff) : null;
  return {
    read,
    written: usage?.cache_write ?? null,
    reusable,
    hit,
    provider,
    ours,
    agree: provider === null || ours === null ? null : isSameReason(provider.reason, ours.reason),
  };
}

/** All that was sent and may be kept: what was read and written there, or, where nothing is written on purpose, all. */
function reusableOf({ usage }: Reading): number | null {
  if (usage === null) return null;
  if (usage.cache_write !== null) return (usage.cached ?? 0) + usage.cache_write;
  return usage.input;
}

function hitOf(read: number | null, reusable: number | null): CacheMiss["hit"] {
  if (read === null) return "unknown";
  if (read === 0) return "none";
  if (reusable === null) return "some";
  return read >= reusable * NEARLY ? "all" : "some";
}

function providersWord(answer: unknown): CacheMiss["provider"] {
  const anthropic = object(object(answer)["diagnostics"])["cache_miss_reason"];
  if (typeof anthropic === "string") return { reason: anthropic, tokens: null };
  if (isObject(anthropic)) {
    const reason = text(anthropic["type"]) ?? Object.keys(anthropic)[0] ?? "";
    const inner = object(anthropic[reason]);
    const tokens =
      number(anthropic["cache_missed_input_tokens"]) ?? number(inner["cache_missed_input_tokens"]);
    return { reason, tokens };
  }
  const openai = object(answer)["prompt_cache_diagnostics"];
  if (typeof openai === "string") return { reason: openai, tokens: null };
  if (!isObject(openai)) return null;
  const miss = object(openai["cache_miss"]);
  const reason =
    text(openai["reason"]) ?? text(miss["reason"]) ?? text(openai["type"]) ?? text(openai["status"]);
  return reason === null
    ? null
    : { reason, tokens: number(openai["cache_missed_tokens"]) ?? number(miss["cache_missed_tokens"]) };
}

function ourWord(before: Side | null, now: Side, diff: RequestDiff | null): CacheMiss["ours"] {
  if (isMarked(now.reading.dialect) && breakpoints(now.request).length === 0)
    return { reason: "no_breakpoint", what: "the request marks nothing for the cache (cache_control)" };
  if (before === null || diff === null)
    return { reason: "first_request", what: "there is no earlier request of this conversation to read from" };
  const input = now.reading.usage?.input ?? null;
  const least = leastTokens(now.reading);
  if (input !== null && input < least)
    return {
      reason: "too_small",
      what: `${input} tokens are fewer than the ${least} from which this model caches`,
    };
  return changed(diff) ?? expired(before, now);
}

/** The first difference in the order of the prefix: everything behind it is read anew. */
function changed({ model, tools, system, messages, settings }: RequestDiff): CacheMiss["ours"] {
  if (model) return { reason: "model_changed", what: `the model was ${model.before} and is ${model.after}` };
  const [tool, ...more] = tools;
  if (tool) {
    const others = more.length > 0 ? `, and ${more.length} more` : "";
    return { reason: "tools_changed", what: `the tool ${tool.name} was ${tool.kind}${others}` };
  }
  if (system) {
    const at = system[0]?.kind === "same" ? system[0].text.length : 0;
    return { reason: "system_changed", what: `the system prompt is another from character ${at} on` };
  }
  const early = messages.changes.find(({ kind }) => kind !== "added");
  if (early)
    return {
      reason: "messages_changed",
      what: `message ${early.place + 1} (${early.role}) was ${early.kind}`,
    };
  const setting = settings.find(({ where }) =>
    /^\$\.(thinking|tool_choice|reasoning|text|output_config|prompt_cache_key|service_tier)/.test(where),
  );
  return setting
    ? { reason: "settings_changed", what: `the setting ${setting.where.slice(2)} was ${setting.kind}` }
    : null;
}

function expired(before: Side, now: Side): CacheMiss["ours"] {
  const life = cacheLife(now.reading.dialect, before.request);
  const idle = now.at - before.at;
  if (idle <= life.ms) return null;
  const minutes = (ms: number) => `${Math.round(ms / MINUTE)} minutes`;
  const since = `${minutes(idle)} passed since the request before`;
  return {
    reason: "expired",
    what: life.certain
      ? `${since}; it is kept for ${minutes(life.ms)}`
      : `${since}; from ${minutes(life.ms)} on it may be dropped`,
  };
}

function isSameReason(theirs: string, ours: Reason): boolean {
  if (theirs === ours) return true;
  const alike: Record<string, Reason[]> = {
    input_changed: ["messages_changed", "system_changed"],
    context_compacted: ["messages_changed"],
    reasoning_effort_changed: ["settings_changed"],
    verbosity_changed: ["settings_changed"],
    text_format_changed: ["settings_changed"],
    prompt_cache_key_changed: ["settings_changed"],
    service_tier_changed: ["settings_changed"],
    previous_message_not_found: ["first_request", "expired"],
    comparison_response_not_found: ["first_request", "expired"],
  };
  return Object.hasOwn(alike, theirs) && alike[theirs]?.includes(ours) === true;
}
