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
  const held = () => heapStats().heapSize + heapStats().extraMemorySize;
  Bun.gc(true);
  // Other tests of the same process hold what they hold.
  const before = held();
  const kept: string[] = [];
  for (let n = 0; n < 500; n++) kept.push(beginningOf(JSON.stringify(`${n} `.repeat(20_000)), 100));
  Bun.gc(true);
  expect(kept).toHaveLength(500);
  expect(held() - before).toBeLessThan(40e6);
});
