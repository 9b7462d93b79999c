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
