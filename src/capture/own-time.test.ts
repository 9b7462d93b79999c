import { expect, test } from "bun:test";
import { OwnTime } from "./own-time.ts";
import { ADDED_BOUNDS, addedSpread } from "../fact/added-time.ts";

test("half of all, and all but a hundredth, are found within the bucket in which they lie", () => {
  const counted = (...ms: number[]) => {
    const own = new OwnTime();
    for (const one of ms) own.add(one);
    return addedSpread(own.figures());
  };
  expect(counted()).toBeNull();
  expect(counted(...Array(100).fill(0.2))).toEqual({ n: 100, p50_ms: 0.18, p99_ms: 0.25 });
  // 98 in 0.1 to 0.25, two in 2.5 to 5.
  expect(counted(...Array(98).fill(0.2), 3, 3)).toEqual({ n: 100, p50_ms: 0.18, p99_ms: 3.8 });
  expect(counted(5_000)).toEqual({ n: 1, p50_ms: 1000, p99_ms: 1000 });
  const bounds = ADDED_BOUNDS.map((bound) => bound * 1000);
  const spread = counted(...bounds)!;
  expect(spread.p50_ms).toBeLessThanOrEqual(spread.p99_ms);
});
