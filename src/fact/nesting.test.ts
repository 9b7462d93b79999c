import { expect, test } from "bun:test";
import fc from "fast-check";
import { DEEPEST, isDeepValue, MOST_VALUES, isTooMuch, parseWithin } from "./nesting.ts";

const nested = (deep: number, [open, close] = ["[", "]"]) => open!.repeat(deep) + close!.repeat(deep);

test("as deep as that is a value, one level more is not", () => {
  for (const pair of [
    ["[", "]"],
    ['{"a":', "}"],
  ]) {
    const inside = pair[0] === "[" ? "" : "1";
    const of = (deep: number) => `${pair[0]!.repeat(deep)}${inside}${pair[1]!.repeat(deep)}`;
    expect([isTooMuch(of(DEEPEST)), parseWithin(of(DEEPEST)) === undefined]).toEqual([false, false]);
    expect([isTooMuch(of(DEEPEST + 1)), parseWithin(of(DEEPEST + 1))]).toEqual([true, undefined]);
  }
});

test("what stands in strings, and what is closed again, is not deep", () => {
  const brackets = JSON.stringify(nested(5_000));
  const quotes = JSON.stringify(`\\" ${'"['.repeat(3_000)}`);
  expect([brackets, quotes, `[${"[],".repeat(5_000)}[]]`].map((text) => isTooMuch(text))).toEqual([
    false,
    false,
    false,
  ]);
  expect(isTooMuch(`["\\\\",${nested(600)}]`)).toBe(true);
});

test("of any JSON it says what the value says, at any limit", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 12 }), fc.integer({ min: 0, max: 12 }), (json, most) => {
      expect(isTooMuch(json, most)).toBe(depthOf(JSON.parse(json)) > most);
    }),
  );
});

test("as many values as that are a value, one more is not; in strings there are none", () => {
  const list = (count: number) => `[${"1,".repeat(count - 1)}1]`;
  const objects = (count: number) => `[${'{"a":1},'.repeat(count)}"${",".repeat(3_000_000)}"]`;
  expect([list(MOST_VALUES), objects(600_000)].map((text) => isTooMuch(text))).toEqual([false, false]);
  expect([list(MOST_VALUES + 1), objects(700_000)].map((text) => isTooMuch(text))).toEqual([true, true]);
  expect(parseWithin(list(MOST_VALUES + 1))).toBeUndefined();
  expect(isTooMuch(list(30), 2, 10)).toBe(true);
});

test("a million levels are told at the first beyond the limit, and a text of quotes in one pass", () => {
  expect(isTooMuch(nested(1_000_000))).toBe(true);
  expect(isTooMuch(`"${"\\".repeat(2_000_001)}"${"[".repeat(600)}`)).toBe(false);
});

test("a value's depth is found without a stack", () => {
  const value = JSON.parse(nested(100_000)) as unknown;
  expect([isDeepValue(value), isDeepValue(JSON.parse(nested(400)))]).toEqual([true, false]);
});

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
