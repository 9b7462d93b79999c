/** Attempts are those that ask the same after a failure, soon, and nothing else. */
import { expect, test } from "bun:test";
import { exchangeRow } from "../index/contract-rows.testkit.ts";
import { attemptsAmong } from "./asked-again.ts";

const failed = { status: 429, ending: "complete", duration_ms: 10, asked: "q" } as const;
const at = (seconds: number) => 1_700_000_000_000 + seconds * 1000;
const first = exchangeRow(1, { ...failed, at: at(0) });
const second = exchangeRow(2, { ...failed, at: at(2) });
const third = exchangeRow(3, { status: 200, ending: "complete", asked: "q", at: at(6), duration_ms: 900 });
const other = exchangeRow(4, { ...failed, asked: "another", at: at(3) });

test("all of them, in their order, whichever is looked at", () => {
  for (const one of [first, second, third])
    expect(attemptsAmong([third, other, second, first], one).map(({ id }) => id)).toEqual(
      [first, second, third].map(({ id }) => id),
    );
});

test("what asks something else, late, by another program, or after a success is none", () => {
  const late = exchangeRow(5, { ...failed, at: at(2000) });
  const elsewhere = exchangeRow(6, { ...failed, at: at(4), client: "another" });
  const after = exchangeRow(7, { ...failed, at: at(9) });
  expect(attemptsAmong([first, late], first)).toEqual([]);
  expect(attemptsAmong([first, elsewhere], first)).toEqual([]);
  expect(attemptsAmong([third, after], after)).toEqual([]);
  expect(attemptsAmong([other, first], other)).toEqual([]);
});
