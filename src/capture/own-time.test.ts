import { expect, test } from "bun:test";
import { ADDED_BOUNDS } from "../fact/added-time.ts";
import { OwnTime } from "./own-time.ts";

test("each exchange lies in one bucket, and the sum is all of them", () => {
  const own = new OwnTime();
  for (const ms of [0, 0.1, 0.11, 3, 5_000]) own.add(ms);
  const { buckets, sum, count } = own.figures();
  expect(buckets.length).toBe(ADDED_BOUNDS.length + 1);
  expect([buckets[0], buckets[1], buckets[5], buckets.at(-1)]).toEqual([2, 1, 1, 1]);
  expect([buckets.reduce((so, n) => so + n, 0), count]).toEqual([5, 5]);
  expect(sum).toBeCloseTo(5.00321, 9);
});
