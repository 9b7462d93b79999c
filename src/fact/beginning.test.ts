import { expect, test } from "bun:test";
import { heapStats } from "bun:jsc";
import { beginningOf } from "./beginning.ts";

test("is what a slice is, half characters included", () => {
  for (const [text, length] of [
    ["abc", 5],
    ["abc", 3],
    ["abcdef", 3],
    ["a😀b", 2],
    ['"\\\n\u0000', 2],
  ] as const)
    expect(beginningOf(text, length)).toBe(text.slice(0, length));
});

test("does not keep what it was cut from", () => {
  const kept: string[] = [];
  for (let n = 0; n < 500; n++) kept.push(beginningOf(JSON.stringify(`${n} `.repeat(20_000)), 100));
  Bun.gc(true);
  expect(kept).toHaveLength(500);
  expect(heapStats().heapSize + heapStats().extraMemorySize).toBeLessThan(40e6);
});
