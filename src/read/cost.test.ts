import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { costOf, PRICES } from "./cost.ts";
import type { Usage } from "./reading.ts";

const AT = Date.UTC(2026, 8, 1);
const none: Usage = {
  input: null,
  output: null,
  total: null,
  cached: null,
  cache_write: null,
  reasoning: null,
  wire: {},
};
const usage: Usage = { ...none, input: 1000, output: 100, total: 1100 };

test("the date that is shown belongs to the release that is installed", () => {
  const installed = join(import.meta.dir, "../../node_modules/@pydantic/genai-prices/package.json");
  expect(JSON.parse(readFileSync(installed, "utf8")).version).toBe(PRICES.version);
});

test("a known model of a known provider has a price with its source and date", () => {
  const cost = costOf("openai", "gpt-4o-2024-08-06", usage, AT, undefined, null);
  expect(cost).toEqual({
    input: 0.0025,
    output: 0.001,
    total: 0.0035,
    source: `@pydantic/genai-prices ${PRICES.version}`,
    as_of: PRICES.as_of,
  });
});

test("cached input is cheaper", () => {
  const cost = costOf("openai", "gpt-4o-2024-08-06", { ...usage, cached: 1000 }, AT, undefined, null);
  expect(cost?.input).toBeCloseTo(0.00125, 9);
});

test("what is cached for an hour costs more than what is cached for minutes", () => {
  const counts = { ...usage, cache_write: 1000 };
  const price = (wire: unknown) =>
    costOf("anthropic", "claude-sonnet-4-5", { ...counts, wire }, AT, undefined, null)?.input;
  expect(price({})).toBeCloseTo(0.00375, 9);
  expect(price({ cache_creation: { ephemeral_1h_input_tokens: 1000 } })).toBeCloseTo(0.006, 9);
  expect(price({ cacheDetails: [{ ttl: "1h", inputTokens: 1000 }] })).toBeCloseTo(0.006, 9);
  // The table does not know the price of an hour everywhere.
  const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  const wire = { cacheDetails: [{ ttl: "1h", inputTokens: 1000 }] };
  expect(costOf("bedrock", model, counts, AT, undefined, null)).not.toBeNull();
  expect(costOf("bedrock", model, { ...counts, wire }, AT, undefined, null)).toBeNull();
});

test("sound and images have prices of their own, in each API's way of counting them", () => {
  const price = (provider: string, model: string, wire: unknown, more: Partial<Usage> = {}) =>
    costOf(provider, model, { ...usage, ...more, wire }, AT, undefined, null);
  const gemini = (name: string, modality: string) => ({ [name]: [{ modality, tokenCount: 1000 }] });
  expect(price("gemini", "gemini-2.5-flash", {})?.input).toBeCloseTo(0.0003, 9);
  expect(price("gemini", "gemini-2.5-flash", gemini("promptTokensDetails", "TEXT"))?.input).toBeCloseTo(
    0.0003,
    9,
  );
  expect(price("gemini", "gemini-2.5-flash", gemini("promptTokensDetails", "AUDIO"))?.input).toBeCloseTo(
    0.001,
    9,
  );
  const drawn = { candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 100 }] };
  expect(price("gemini", "gemini-2.5-flash-image", drawn)?.output).toBeCloseTo(0.003, 9);
  const seen = { input_tokens_details: { text_tokens: 0, image_tokens: 1000 } };
  expect(price("openai", "gpt-image-1", seen)?.input).toBeCloseTo(0.01, 9);
  // How much of the sound came from the cache is told, or there is no cost.
  const heard = gemini("promptTokensDetails", "AUDIO");
  const half = { ...heard, cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 500 }] };
  expect(price("gemini", "gemini-2.5-flash", half, { cached: 500 })?.input).toBeCloseTo(0.00055, 9);
  expect(price("gemini", "gemini-2.5-flash", heard, { cached: 500 })).toBeNull();
  // The table has no price for this model's sound.
  const spoken = { completion_tokens_details: { audio_tokens: 100 } };
  expect(price("openai", "gpt-4o-audio-preview", {})).not.toBeNull();
  expect(price("openai", "gpt-4o-audio-preview", spoken)).toBeNull();
});

test("an answer that took several runs, of which only the last is counted, has no cost", () => {
  const ran = (...types: string[]) =>
    costOf(
      "anthropic",
      "claude-sonnet-4-5",
      { ...usage, wire: { iterations: types.map((type) => ({ type })) } },
      AT,
      undefined,
      null,
    );
  expect(ran("message")).not.toBeNull();
  expect(ran("compaction", "message")).toBeNull();
  expect(ran("message", "fallback_message")).toBeNull();
  expect(ran("fallback_message")).not.toBeNull();
});

test("what is not known has no cost: model, provider, tier, counts that contradict each other", () => {
  expect(costOf("openai", "gpt-99-ultra", usage, AT, undefined, null)).toBeNull();
  expect(costOf(null, "gpt-4o", usage, AT, undefined, null)).toBeNull();
  expect(costOf("ollama", "llama3", usage, AT, undefined, null)).toBeNull();
  expect(costOf("openai", "gpt-4o", usage, AT, undefined, "flex")).toBeNull();
  expect(costOf("openai", "gpt-4o", { ...usage, cached: 2000 }, AT, undefined, null)).toBeNull();
  expect(costOf("openai", "gpt-4o", none, AT, undefined, null)).toBeNull();
});

test("what the provider says wins over the table", () => {
  const cost = costOf("openrouter", "openai/gpt-4o", usage, AT, 0.42, null);
  expect(cost).toEqual({ input: null, output: null, total: 0.42, source: "provider", as_of: null });
});
