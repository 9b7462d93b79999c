import { expect, test } from "bun:test";
import { DOORS, fuzz } from "./fuzzing.ts";

test("three rounds of hostile input at every door change nothing for anybody else", async () => {
  const { rounds, findings } = await fuzz({ seed: 20261128, goesOn: (round) => round < DOORS * 3 });
  expect(findings).toEqual([]);
  expect(rounds).toBe(DOORS * 3);
});
