/**
 * What an exchange cost, in US dollars: what the API itself says, else the price table of @pydantic/genai-prices
 * (bundled data, no network). An unknown model, provider or tier has no cost rather than a wrong one.
 */
import { calcPrice, type Provider } from "@pydantic/genai-prices";
import { number, object, text } from "./json.ts";
import type { Cost, Usage } from "./reading.ts";

/** The release whose data is bundled and the day it was published: the data carries no date of its own. */
export const PRICES = { version: "0.1.8", as_of: "2026-09-23" };

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
  const options = { providerId: TABLE_NAMES[provider] ?? provider, timestamp: new Date(at) };
  const price = tryPrice(countsOf(usage), model, options);
  if (price === null || price.total_price === 0) return null;
  const { input_price: input, output_price: output, total_price: total } = price;
  return { input, output, total, source: `@pydantic/genai-prices ${PRICES.version}`, as_of: PRICES.as_of };
}

/** The table throws on counts that contradict each other: those have no price either. */
function tryPrice(
  counts: Record<string, number>,
  model: string,
  options: { providerId: string; timestamp: Date },
) {
  try {
    const { timestamp, providerId } = options;
    const key = `${providerId} ${model}`;
    const known = found.get(key);
    if (known !== undefined) return known && calcPrice(counts, model, { provider: known, timestamp });
    const price = calcPrice(counts, model, options);
    if (found.size >= REMEMBERED) found.clear();
    found.set(key, price && { ...price.provider, models: [price.model] });
    return price;
  } catch {
    return null;
  }
}

/**
 * Where the table has a model (null: nowhere). To find it takes four times as long as to calculate (0.1 ms), and a
 * recorder does it for every exchange. Bounded, since names of models are what clients send.
 */
const found = new Map<string, Provider | null>();
const REMEMBERED = 500;

function countsOf(usage: Usage): Record<string, number> {
  const wire = object(usage.wire);
  const prompt = object(wire["prompt_tokens_details"] ?? wire["input_token_details"]);
  const completion = object(wire["completion_tokens_details"] ?? wire["output_token_details"]);
  const counts: Record<string, number> = { input_tokens: usage.input ?? 0, output_tokens: usage.output ?? 0 };
  if (usage.cached) counts["cache_read_tokens"] = usage.cached;
  if (usage.cache_write) counts["cache_write_tokens"] = usage.cache_write;
  const heard = number(prompt["audio_tokens"]);
  const spoken = number(completion["audio_tokens"]);
  if (heard) counts["input_audio_tokens"] = heard;
  if (spoken) counts["output_audio_tokens"] = spoken;
  return counts;
}
