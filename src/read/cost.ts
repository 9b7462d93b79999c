/**
 * What an exchange cost, in US dollars: what the API itself says, else the price table of @pydantic/genai-prices
 * (bundled data, no network). An unknown model, provider or tier has no cost rather than a wrong one.
 */
import type * as Prices from "@pydantic/genai-prices";
import { isObject, number, object, objects, text, type Json } from "./json.ts";
import type { Cost, Usage } from "./reading.ts";

/** The release whose data is bundled and the day it was published: the data carries no date of its own. */
export const PRICES = { version: "0.1.8", as_of: "2026-09-23" };

/** The table is 0.8 MB of program: it is loaded with the first answer that has a price, which no start waits for. */
const table = (): typeof Prices => (loaded ??= require("@pydantic/genai-prices") as typeof Prices);
let loaded: typeof Prices | null = null;

/** Our names of providers where the table has other ones. */
const TABLE_NAMES: Record<string, string> = {
  gemini: "google",
  vertex: "google",
  bedrock: "aws",
  xai: "x-ai",
};

/** Other tiers have other prices, which the table does not know. */
const STANDARD = new Set(["default", "standard", "auto", "on_demand", "standard_only"]);

export function costOf(
  provider: string | null,
  model: string | null,
  usage: Usage | null,
  at: number,
  stated: number | undefined,
  tier: string | null,
): Cost | null {
  if (stated !== undefined)
    return { input: null, output: null, total: stated, source: "provider", as_of: null };
  if (provider === null || model === null || usage === null || usage.input === null) return null;
  const served = tier ?? text(object(usage.wire)["service_tier"]);
  if (served !== null && !STANDARD.has(served)) return null;
  if (hasOtherRuns(usage)) return null;
  const options = { providerId: TABLE_NAMES[provider] ?? provider, timestamp: new Date(at) };
  const counts = countsOf(usage);
  const price = tryPrice(counts, model, options);
  if (price === null || price.total_price === 0) return null;
  if (isPricedAsOther(counts, price, provider)) return null;
  const { input_price: input, output_price: output, total_price: total } = price;
  return { input, output, total, source: `@pydantic/genai-prices ${PRICES.version}`, as_of: PRICES.as_of };
}

type Counts = Record<string, number>;
type Price = { input_price: number; output_price: number; total_price: number; model_price?: unknown };

/**
 * Where the table has no price of its own for an hour in the cache, it takes the one for minutes; where it has none for
 * sound, the one for text, which with OpenAI is another.
 */
function isPricedAsOther(counts: Counts, { model_price }: Price, provider: string): boolean {
  const lacks = (count: string, rate: string) =>
    counts[count] !== undefined && !(rate in object(model_price));
  if (lacks("cache_write_1h_tokens", "cache_write_1h_mtok")) return true;
  if (provider !== "openai" && provider !== "azure") return false;
  return lacks("input_audio_tokens", "input_audio_mtok") || lacks("output_audio_tokens", "output_audio_mtok");
}

/** The table throws on counts that contradict each other: those have no price either. */
function tryPrice(
  counts: Counts,
  model: string,
  { timestamp, providerId }: { providerId: string; timestamp: Date },
): Price | null {
  try {
    const key = `${providerId} ${model}`;
    let known = found.get(key);
    if (known === undefined) {
      const price = table().calcPrice(counts, model, { timestamp, providerId });
      const provider = price && { ...price.provider, models: [price.model] };
      known = provider && { provider, rates: ratesOf(provider, model) };
      if (found.size >= REMEMBERED_MODELS) found.clear();
      found.set(key, known);
    }
    if (known === null) return null;
    return (
      byRates(known.rates, counts) ??
      table().calcPrice(counts, model, { provider: known.provider, timestamp })
    );
  } catch {
    return null;
  }
}

/**
 * Where the table has a model (null: nowhere), and what a million tokens of each kind cost there. To find it takes
 * 0.1 ms and to calculate 0.03 ms, and a recorder does it for every exchange. Bounded, since names of models are what
 * clients send.
 */
const found = new Map<string, { provider: Prices.Provider; rates: Rates | null } | null>();
const REMEMBERED_MODELS = 500;

type Rates = { input: number; output: number; cached: number; cache_write: number };

/** What the table itself says of a million tokens of each kind; null where its price depends on the time or the amount. */
function ratesOf(provider: Prices.Provider, model: string): Rates | null {
  const prices: unknown = provider.models[0]?.prices;
  if (!isObject(prices) || Object.values(prices).some((price) => typeof price !== "number")) return null;
  const million = (counts: Counts) => {
    const { input_price, output_price, total_price } =
      table().calcPrice(counts, model, { provider }) ?? NOWHERE;
    // A fee for each request, or another thing that no token pays for.
    return total_price === input_price + output_price ? total_price : NaN;
  };
  const [input, output, cached, cache_write] = [
    million({ input_tokens: 1e6, output_tokens: 0 }),
    million({ input_tokens: 0, output_tokens: 1e6 }),
    million({ input_tokens: 1e6, output_tokens: 0, cache_read_tokens: 1e6 }),
    million({ input_tokens: 1e6, output_tokens: 0, cache_write_tokens: 1e6 }),
  ];
  return Number.isFinite(input + output + cached + cache_write)
    ? { input, output, cached, cache_write }
    : null;
}

const NOWHERE: Price = { input_price: NaN, output_price: NaN, total_price: NaN };

/** Null for counts of other kinds, and for counts that contradict each other: the table has the last word on those. */
function byRates(rates: Rates | null, counts: Counts): Price | null {
  if (rates === null || Object.keys(counts).some((kind) => !PLAIN.has(kind))) return null;
  const { cache_read_tokens: cached = 0, cache_write_tokens: cache_write = 0 } = counts;
  const fresh = (counts["input_tokens"] ?? 0) - cached - cache_write;
  const made = counts["output_tokens"] ?? 0;
  if (!(fresh >= 0 && cached >= 0 && cache_write >= 0 && made >= 0)) return null;
  const input_price = (rates.input * fresh + rates.cached * cached + rates.cache_write * cache_write) / 1e6;
  const output_price = (rates.output * made) / 1e6;
  return { input_price, output_price, total_price: input_price + output_price };
}

const PLAIN = new Set(["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"]);

function countsOf(usage: Usage): Record<string, number> {
  const wire = object(usage.wire);
  const counts: Record<string, number> = { input_tokens: usage.input ?? 0, output_tokens: usage.output ?? 0 };
  if (usage.cached) counts["cache_read_tokens"] = usage.cached;
  if (usage.cache_write) counts["cache_write_tokens"] = usage.cache_write;
  const hour = writtenForAnHour(wire);
  if (hour && usage.cache_write) counts["cache_write_1h_tokens"] = Math.min(hour, usage.cache_write);
  return { ...counts, ...byKind(wire) };
}

/** Sound, images and films have prices of their own. Text is the rest. */
const KINDS = ["audio", "image", "video"];

/** What of the input, of its cached part and of the output was no text, in the ways in which the APIs say it. */
function byKind(wire: Json): Counts {
  const prompt = object(
    wire["prompt_tokens_details"] ?? wire["input_tokens_details"] ?? wire["input_token_details"],
  );
  const made = object(
    wire["completion_tokens_details"] ?? wire["output_tokens_details"] ?? wire["output_token_details"],
  );
  const cached = object(prompt["cached_tokens_details"]);
  const lists = (...keys: string[]) => keys.flatMap((key) => objects(wire[key]));
  const input = lists("promptTokensDetails", "toolUsePromptTokensDetails", "input_tokens_by_modality");
  const kept = lists("cacheTokensDetails", "cached_tokens_by_modality");
  const output = lists("candidatesTokensDetails", "responseTokensDetails", "output_tokens_by_modality");
  const counts: Counts = {};
  for (const kind of KINDS) {
    const named = `${kind}_tokens`;
    const [given, reread, spoken] = [
      (number(prompt[named]) ?? 0) + ofKind(kind, input),
      (number(cached[named]) ?? 0) + ofKind(kind, kept),
      (number(made[named]) ?? 0) + ofKind(kind, output),
    ];
    if (given > 0) counts[`input_${kind}_tokens`] = given;
    if (spoken > 0) counts[`output_${kind}_tokens`] = spoken;
    // None of it from the cache is a count, too; without one the table does not guess.
    const told = kept.length > 0 || Object.keys(cached).length > 0;
    if (given > 0 && told) counts[`cache_${kind}_read_tokens`] = reread;
  }
  return counts;
}

function ofKind(kind: string, listed: readonly Json[]): number {
  if (listed.length === 0) return 0;
  return listed
    .filter(({ modality }) => text(modality)?.toLowerCase() === kind)
    .reduce((sum, { tokenCount, tokens }) => sum + (number(tokenCount) ?? number(tokens) ?? 0), 0);
}

/** What is cached for an hour costs more than what is cached for minutes: Anthropic's word for it, and Bedrock's. */
function writtenForAnHour(wire: Json): number {
  const bedrock = objects(wire["cacheDetails"]).filter(({ ttl }) => /^(1h|T1H)$/i.test(text(ttl) ?? ""));
  const told = [object(wire["cache_creation"])["ephemeral_1h_input_tokens"], ...bedrock.map(countOf)];
  return told.reduce<number>((sum, count) => sum + (number(count) ?? 0), 0);
}

function countOf({ inputTokens }: Json): unknown {
  return inputTokens;
}

/**
 * Anthropic counts only the last run of the model when it summarised the conversation first, or when another model had
 * begun: the bill has the others, too, which may have other prices.
 */
function hasOtherRuns({ wire }: Usage): boolean {
  const runs = objects(object(wire)["iterations"]);
  return runs.length > 1 && runs.some(({ type }) => type !== "message");
}
