import { expect, test } from "bun:test";
import type { RunRow } from "../fact/rows.ts";
import { runBar } from "./run-bar.ts";

const run = (how: Partial<RunRow>) =>
  ({ at: 0, last_at: 10_800_000, state: "done", state_since: 10_800_000, ...how }) as RunRow;

test("what neither models nor servers took is the host's, and all of it is the bar", () => {
  expect(runBar(run({ took: { model: 5_400_000, tool: 2_700_000 } }), 0)).toEqual([
    { of: "model", ms: 5_400_000, from: 0, width: 50 },
    { of: "tool", ms: 2_700_000, from: 50, width: 25 },
    { of: "host", ms: 2_700_000, from: 75, width: 25 },
  ]);
});

test("those that worked side by side share the bar, and none is wider than it", () => {
  const parts = runBar(run({ took: { model: 32_400_000, tool: 10_800_000 } }), 0);
  expect(parts?.map(({ width }) => width)).toEqual([75, 25, 0]);
});

test("who is waited for now grows, and nobody does when nothing was heard for long", () => {
  const going = run({
    last_at: 60_000,
    state: "tool",
    state_since: 50_000,
    took: { model: 40_000, tool: 0 },
  });
  expect(runBar(going, 90_000)?.map(({ ms }) => ms)).toEqual([40_000, 40_000, 10_000]);
  expect(runBar(going, 9_000_000)?.map(({ ms }) => ms)).toEqual([40_000, 0, 20_000]);
});

test("a run of no time has a bar, one that says nothing of its parts has none", () => {
  const empty = runBar(run({ last_at: 0, took: { model: 0, tool: 0 } }), 0);
  expect(empty?.map(({ width }) => width)).toEqual([0, 0, 0]);
  expect(runBar(run({}), 0)).toBe(null);
  expect(runBar(run({ took: { model: "9", tool: 1 } as never }), 0)).toBe(null);
});
