/**
 * How long a prompt's prefix is kept for the next request, and from how many tokens on.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 * https://platform.openai.com/docs/guides/prompt-caching
 * https://ai.google.dev/gemini-api/docs/caching
 */
import { isObject, list, object, objects, text } from "../json.ts";
import type { Reading } from "../reading.ts";

/** In ms. `certain`: what was asked for, or what the provider promises; else it may be dropped from then on. */
export type CacheLife = { readonly ms: number; readonly certain: boolean };

const MINUTE = 60_000;
const UNITS: Record<string, number> = { s: 1000, m: MINUTE, h: 60 * MINUTE };
/** OpenAI drops what was not asked for again after 5 to 10 minutes; of others nothing is promised. */
const UNPROMISED: CacheLife = { ms: 10 * MINUTE, certain: false };

/** `request` is the one that wrote what could be read: what it asked for counts. */
export function cacheLife(dialect: string, request: unknown): CacheLife {
  const marks = breakpoints(request);
  if (isMarked(dialect))
    return { ms: Math.max(5 * MINUTE, ...marks.map((ttl) => lifeIn(ttl) ?? 0)), certain: true };
  const asked =
    lifeIn(object(object(request)["prompt_cache_options"])["ttl"]) ??
    lifeIn(object(request)["prompt_cache_retention"]);
  return asked === null ? UNPROMISED : { ms: asked, certain: true };
}

/** Of these APIs nothing is kept that is not marked. */
export function isMarked(dialect: string): boolean {
  return /anthropic|bedrock/.test(dialect);
}

/** The life that each mark asks for. Depth and number are those of a request: tools, system, messages, their blocks. */
export function breakpoints(request: unknown): string[] {
  const body = object(request);
  const blocks = [
    body,
    ...objects(body["tools"]),
    ...objects(body["system"]),
    ...objects(body["messages"]).flatMap((message) => objects(message["content"])),
  ];
  const inside = blocks.flatMap((block) => list(block["content"])).filter(isObject);
  return [...blocks, ...inside].flatMap((block) => {
    const mark = block["cache_control"] ?? block["cachePoint"];
    return isObject(mark) ? [text(mark["ttl"]) ?? "5m"] : [];
  });
}

/** Tokens: a shorter prompt is not kept at all. */
export function leastTokens({ dialect, model }: Pick<Reading, "dialect" | "model">): number {
  const name = model ?? "";
  if (dialect.startsWith("gemini")) return /pro/.test(name) ? 4096 : 1024;
  if (!isMarked(dialect)) return 1024;
  if (/haiku-3|3-5-haiku|3-haiku|sonnet-4-[6-9]/.test(name)) return 2048;
  return /opus-4-[5-9]|haiku-4/.test(name) ? 4096 : 1024;
}

/** `5m`, `24h`; null for what is no length of time. */
function lifeIn(value: unknown): number | null {
  const [, number, unit] = /^(\d{1,6})([smh])$/.exec(text(value) ?? "") ?? [];
  return number === undefined || unit === undefined ? null : Number(number) * UNITS[unit]!;
}
