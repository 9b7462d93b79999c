import { expect, test } from "bun:test";
import type { StepRow } from "../../fact/rows.ts";
import { grown } from "./growth.ts";
import { model, told } from "./written.testkit.ts";

/** Two requests of one conversation: the second brings the first's result again. */
function twoTurns(): StepRow[] {
  const { steps } = told([
    model({
      id: "a",
      at: 1_000,
      tokens_in: 100,
      tokens_out: 10,
      cost: 0.012,
      cost_in: 0.01,
      context: { system: 40, tools: 60 },
      blocks: { "tools weather": 45 },
    }),
    model({
      id: "b",
      at: 2_000,
      after: "a",
      tokens_in: 200,
      tokens_out: 30,
      cost: 0.026,
      cost_in: 0.02,
      context: { system: 40, tools: 60, results: 100 },
      blocks: { "tools weather": 45, "results get_forecast": 100 },
    }),
  ]);
  return [...steps.values()];
}

test("a block's cost is that of all the requests in which it was sent again; together they are all input", () => {
  const { blocks, totals } = grown(twoTurns());
  expect(blocks.map(({ kind, name, tokens, times }) => [kind, name, tokens, times])).toEqual([
    ["results", "get_forecast", 100, 1],
    ["tools", "weather", 90, 2],
    ["system", "", 80, 2],
    ["tools", "", 30, 2],
  ]);
  expect(blocks.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(300);
  expect(Object.values(totals).reduce((sum, n) => sum + n, 0)).toBe(300);
  expect(blocks.reduce((sum, { cost }) => sum + cost!, 0)).toBeCloseTo(0.03, 9);
});

test("the bill of a model is what went in and what came out, and both add up to its cost", () => {
  const [bill] = grown(twoTurns()).models;
  expect(bill).toMatchObject({ model: "m", calls: 2, tokens_in: 300, tokens_out: 40 });
  expect([bill!.cost_in, bill!.cost_out, bill!.cost].map((cost) => cost!.toFixed(6))).toEqual([
    "0.030000",
    "0.008000",
    "0.038000",
  ]);
});

test("where no price is known there is a count and no cost", () => {
  const { steps } = told([model({ id: "a", at: 1, cost: null, context: { user: 10 } })]);
  const { blocks, models } = grown([...steps.values()]);
  expect(blocks).toEqual([{ kind: "user", name: "", tokens: 10, times: 1, cost: null }]);
  expect(models[0]).toMatchObject({ cost: null, cost_in: null, cost_out: null });
});
