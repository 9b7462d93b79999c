import { expect, test } from "bun:test";
import type { Look } from "../look.ts";
import { phasesOf } from "./phases.ts";

type Lane = "reasoning" | "text" | "tool" | "control";

/** An event every 10 ms, each of one lane. */
function streamed(...lanes: Lane[]): Look {
  const frames = lanes.map((_, n) => ({ n, t: n * 10 }));
  const added = new Map(lanes.map((lane, n) => [n, [{ lane, text: "x" }]]));
  return { stream: { frames }, added } as unknown as Look;
}

test("stretches of one kind are one; what is neither thought nor text nor tool is none", () => {
  expect(phasesOf(streamed("control", "reasoning", "reasoning", "control", "text", "tool", "tool"))).toEqual([
    { kind: "reasoning", from: 10, to: 20 },
    { kind: "text", from: 40, to: 40 },
    { kind: "tool", from: 50, to: 60 },
  ]);
  expect(phasesOf({ stream: null, added: new Map() } as unknown as Look)).toEqual([]);
});

test("an answer that turns a thousand times is told by a few stretches, to its end", () => {
  const lanes = Array.from({ length: 1_000 }, (_, n): Lane => (n % 2 ? "text" : "tool"));
  const phases = phasesOf(streamed(...lanes));
  expect([phases.length, phases.at(-1)?.to]).toEqual([24, 9_990]);
});
