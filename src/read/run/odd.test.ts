/** What is odd is named or let be, never fatal, and no reason for a false alarm. */
import { expect, test } from "bun:test";
import { stepsOn, text, toldOn, type Wires } from "./wires.testkit.ts";

const HOUR = 3_600_000;
const told = (wires: Wires) =>
  stepsOn(wires).map(({ state, certainty, problems }) =>
    [
      state,
      certainty,
      ...problems.filter(({ severity }) => severity !== "note").map(({ rule }) => rule),
    ].join(" "),
  );

test.each([HOUR, -HOUR, 30_000, -30_000, 900, -900, 24 * HOUR])(
  "an MCP recorder whose clock is %d ms ahead: an id ties all the same, and nothing is late by it",
  (ahead) => {
    const calls = [{ args: '{"name":"a"}' }, { args: '{"name":"b"}' }];
    expect(told({ calls, turns: 2, ahead })).toEqual(Array(4).fill("served exact"));
    const splits = stepsOn({ calls, turns: 2, ahead }).flatMap(({ split }) => Object.values(split ?? {}));
    expect(splits.every((part) => part === null || (part >= 0 && part <= 24 * HOUR * 2))).toBe(true);
  },
);

test("an id that a model uses again belongs to the call that it was nearest to, in each turn its own", () => {
  const { ties, steps } = toldOn({ turns: 3, ids: "used again" });
  const asked = [...ties.values()].flatMap((tie) => (tie.certainty === "ambiguous" ? [] : tie.asked));
  // Never two MCP calls to one call of the model, never an unsure one taken for sure.
  expect(new Set(asked).size).toBe(asked.length);
  expect([...steps.values()].filter(({ kind }) => kind === "tool")).toHaveLength(3);
});

test("where only the model's side was recorded nothing is said to be lost", () => {
  expect(told({ only: "model" })).toEqual(["unrecorded "]);
  expect(told({ only: "model", calls: [{ name: "Bash", sent: null }] })).toEqual(["host "]);
});

test("where only the MCP side was recorded there is no run, and no problem", () => {
  const { runs, steps, ties } = toldOn({ only: "mcp" });
  expect([runs.size, steps.size, ties.size]).toEqual([0, 0, 0]);
});

test.each([
  "<img src=x onerror=alert(1)>",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "a\nb\u0000c",
  "名前",
  "x".repeat(10_000),
  "a/b/c#1",
])("a tool with a hostile name is a tool: %j", (name) => {
  expect(told({ calls: [{ name: `mcp__notes__${name}` }] })).toEqual(["served exact"]);
});

test("results that are hostile are texts", () => {
  const odd = ['{"__proto__":{"a":1}}', "</script><script>", "\u202e\ud83d", '"', "\\u0000", " "];
  for (const said of odd)
    expect(told({ calls: [{ result: { content: text(said) }, told: text(said) }] })).toEqual([
      "served exact",
    ]);
  const none = [{ content: null }, { content: [null, 1, {}] }, {}, { structuredContent: [] }];
  for (const result of none) expect(stepsOn({ calls: [{ result, told: text("nothing") }] })).toHaveLength(1);
});
