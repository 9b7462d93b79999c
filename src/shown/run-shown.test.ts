import { expect, test } from "bun:test";
import type { StepRow } from "../fact/rows.ts";
import { asksOf, depthOfLanes } from "./run-shown.ts";

const step = (id: string, how: Partial<StepRow>) =>
  ({
    id,
    kind: "model",
    lane: "main",
    at: 0,
    ended: 1,
    parent: null,
    seen: null,
    exchange: id,
    ...how,
  }) as StepRow;

test("the user said something where a request of the conversation brings no tool's result", () => {
  const steps = [
    step("a", {}),
    step("a#0", { kind: "tool", parent: "a", seen: "b" }),
    step("b", {}),
    step("c", {}),
    step("child", { lane: "agent a", parent: "a#0" }),
  ];
  expect([...asksOf(steps)]).toEqual(["a", "c"]);
});

test("lanes of sub-agents lie as deep as those that started them, three and in circles too", () => {
  const steps = [
    step("a", {}),
    step("a#0", { kind: "tool", lane: "host", parent: "a" }),
    step("b", { lane: "one", parent: "a#0" }),
    step("b#0", { kind: "tool", lane: "host", parent: "b" }),
    step("c", { lane: "two", parent: "b#0" }),
    step("c#0", { kind: "tool", lane: "host", parent: "c" }),
    step("d", { lane: "three", parent: "c#0" }),
    step("e", { lane: "odd", parent: "e#0" }),
    step("e#0", { kind: "tool", lane: "host", parent: "e" }),
  ];
  const byId = new Map(steps.map((one) => [one.id, one]));
  expect([...depthOfLanes(steps, (id) => byId.get(id))]).toEqual([
    ["one", 1],
    ["two", 2],
    ["three", 3],
    ["odd", 1],
  ]);
});
