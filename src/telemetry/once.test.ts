import { expect, test } from "bun:test";
import { once } from "./once.ts";

test("each is new once, in any order, and after a long time what is old is new to nobody", () => {
  const told = once(1_000, 100);
  expect([told.isNew("before", 999), told.isNew("a", 1_000), told.isNew("a", 1_000)]).toEqual([
    false,
    true,
    false,
  ]);
  for (let n = 0; n < 500; n++) expect(told.isNew(`x${n}`, 2_000 + n)).toBe(true);
  // Of the latest it is known; of what is older than all of those it is assumed.
  expect(told.isNew("x499", 2_499)).toBe(false);
  expect([told.isNew("x0", 2_000), told.isNew("late", 2_001), told.isNew("new", 3_000)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(told.late).toBe(2);
});
