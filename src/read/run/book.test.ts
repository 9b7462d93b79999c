import { expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { excerpt } from "./excerpt.ts";
import { runBook } from "./book.ts";
import { add, model, type Piece, put, served, session, sorted, tiesIn, told } from "./written.testkit.ts";
import { ask, busy, give, paris } from "./busy.testkit.ts";

test("an id that stands on both wires ties exactly, twins too", () => {
  const pieces = [
    model({ id: "a", at: 0, asked: [ask(undefined, { id: "t1" }), ask(undefined, { id: "t2" })] }),
    session({ id: "s" }),
    give("s", 100, { seq: 1, tool_use: "t2" }),
    give("s", 101, { seq: 3, tool_use: "t1" }),
  ];
  expect(tiesIn(told(pieces))).toEqual([
    "s/1: exact meta-tool-use-id a#1",
    "s/3: exact meta-tool-use-id a#0",
  ]);
});

test("Codex's script is tied to each call that it made, by the id of its item", () => {
  const pieces = [
    model({ id: "a", at: 0, asked: [{ name: "exec", kind: "script", id: "call_1", item: "ctc_1" }] }),
    session({ id: "s" }),
    give("s", 100, { seq: 1, call: "exec-1", item: "ctc_1" }),
    give("s", 200, { seq: 3, call: "exec-2", item: "ctc_1" }),
  ];
  const all = told(pieces);
  expect(tiesIn(all)).toEqual(["s/1: exact codex-item-id a#0", "s/3: exact codex-item-id a#0"]);
  expect(all.steps.get("a#0")?.ties).toEqual(["s/1", "s/3"]);
});

test("without ids the name, the arguments and the order tie, and what the model saw confirms it", () => {
  const pieces = [
    model({ id: "a", at: 0, asked: [ask("weather_get_forecast", { id: "c1" })] }),
    session({ id: "s" }),
    give("s", 120),
    model({ id: "b", at: 300, after: "a", seen: [{ id: "c1", text: "18 degrees and sunny" }] }),
  ];
  const all = told(pieces);
  expect([...all.ties.values()]).toMatchObject([
    { certainty: "inferred", rule: "name+arguments+order", confirmed: true, asked: ["a#0"], seen: "b" },
  ]);
  expect(all.steps.get("a#0")).toMatchObject({
    state: "served",
    lane: "server weather",
    parent: "a",
    split: { host: 30, server: 50, back: 130, model: 30 },
  });
  expect(all.runs.size).toBe(1);
});

test("twins without ids are ambiguous, never guessed", () => {
  const pieces = [
    model({ id: "a", at: 0, asked: [ask(undefined, { id: "c1" }), ask(undefined, { id: "c2" })] }),
    session({ id: "s" }),
    give("s", 100, { seq: 1, text: "first answer here" }),
    give("s", 101, { seq: 3, text: "second answer here" }),
  ];
  expect(tiesIn(told(pieces))).toEqual([
    "s/1: ambiguous name+arguments+order a#0 a#1",
    "s/3: ambiguous name+arguments+order a#0 a#1",
  ]);
});

test("the same call again in a later turn is another one", () => {
  const pieces = [
    model({ id: "a", at: 0, asked: [ask(undefined, { id: "c1" })] }),
    session({ id: "s" }),
    give("s", 110, { seq: 1 }),
    model({
      id: "b",
      at: 200,
      after: "a",
      seen: [{ id: "c1", text: "18 degrees and sunny" }],
      asked: [ask(undefined, { id: "c2" })],
    }),
    give("s", 320, { seq: 3 }),
  ];
  expect(tiesIn(told(pieces))).toEqual([
    "s/1: inferred name+arguments+order a#0",
    "s/3: inferred name+arguments+order b#0",
  ]);
});

test("two agents at once on the same servers are never tied crosswise", () => {
  const agent = (who: string, at: number) => [
    model({ id: `${who}1`, at, asked: [{ name: "weather_where", arguments: { who }, id: `${who}w` }] }),
    session({ id: `s${who}` }),
    served({
      session: `s${who}`,
      seq: 1,
      at: at + 100,
      name: "where",
      arguments: { who },
      text: `in the town of ${who}`,
    }),
    model({
      id: `${who}2`,
      at: at + 200,
      after: `${who}1`,
      seen: [{ id: `${who}w`, text: `in the town of ${who}` }],
      asked: [ask("weather_get_forecast", { id: `${who}f` })],
    }),
  ];
  const first = [
    ...agent("x", 0),
    ...agent("y", 5),
    give("sx", 310, { seq: 3 }),
    give("sy", 309, { seq: 3 }),
  ];
  expect(tiesIn(told(first)).filter((tie) => tie.includes("/3"))).toEqual([
    "sx/3: inferred name+arguments+order x2#0",
    "sy/3: inferred name+arguments+order y2#0",
  ]);
  // Nothing says which session is whose.
  const blind = [
    model({ id: "x", at: 0, asked: [ask()] }),
    model({ id: "y", at: 0, asked: [ask()] }),
    session({ id: "sx" }),
    session({ id: "sy" }),
    give("sx", 100),
    give("sy", 100),
  ];
  expect(tiesIn(told(blind)).every((tie) => tie.includes("ambiguous"))).toBe(true);
});

test.each([
  ["another program's session", { family: "Claude Code" }, { family: "Codex" }, {}],
  ["another run's session", { run: "r1" }, { run: "r2" }, {}],
  ["a call with another call's id", {}, {}, { tool_use: "toolu_other" }],
  ["a call before it was asked", {}, {}, { at: -400 }],
  ["another tool", {}, {}, { name: "get_alerts" }],
])("no tie with %s", (_, asking, serving, call) => {
  const pieces = [
    model({ id: "a", at: 0, asked: [ask(undefined, { id: "c1" })], ...asking }),
    session({ id: "s", ...serving }),
    give("s", 110, call),
  ];
  expect(tiesIn(told(pieces))).toEqual([]);
});

test("no tie where the model saw something else entirely, unless other calls say whose session it is", () => {
  const alone = [
    model({ id: "a", at: 0, asked: [ask(undefined, { id: "c1" })] }),
    session({ id: "s" }),
    give("s", 110),
    model({ id: "b", at: 200, after: "a", seen: [{ id: "c1", text: "params/location must NOT be empty" }] }),
  ];
  expect(tiesIn(told(alone))).toEqual([]);
  const bound = [
    ...alone,
    model({ id: "c", at: 400, after: "b", asked: [{ name: "weather_where", id: "c2" }] }),
    served({ session: "s", seq: 3, at: 500, name: "where", text: "in the town of Paris" }),
    model({ id: "d", at: 600, after: "c", seen: [{ id: "c2", text: "in the town of Paris" }] }),
  ];
  const all = told(bound);
  expect(tiesIn(all)[0]).toBe("s/1: inferred name+arguments+order a#0");
  expect(all.steps.get("a#0")?.problems.map(({ rule }) => rule)).toEqual(["join/result-replaced"]);
});

test("each state of a call has its name", () => {
  const tools = ["get_forecast", "slow", "refused"];
  const pieces = [
    session({ id: "s", tools, closed: true, last: 10_000, family: "Claude Code" }),
    model({
      id: "a",
      at: 0,
      family: "Claude Code",
      asked: [
        ask(undefined, { id: "c0" }),
        ask("mcp__weather__refused", { id: "c1" }),
        ask("mcp__weather__slow", { id: "c2" }),
        ask("Bash", { id: "c3" }),
        ask("web_search", { id: "c4", kind: "provider" }),
        ask("mcp__elsewhere__x", { id: "c5" }),
      ],
    }),
    give("s", 100, { seq: 1, tool_use: "c0" }),
    served({
      session: "s",
      seq: 3,
      at: 101,
      name: "slow",
      arguments: paris,
      tool_use: "c2",
      ended: null,
      state: "open",
    }),
    served({ session: "s", seq: 5, at: 900, name: "get_forecast", arguments: { city: "Rome" } }),
    model({
      id: "b",
      at: 400,
      after: "a",
      family: "Claude Code",
      seen: ["c0", "c1", "c2", "c3", "c5"].map((id) => ({
        id,
        text: id === "c0" ? "18 degrees and sunny" : "no",
      })),
    }),
  ];
  const { steps } = told(pieces);
  expect(["a#0", "a#1", "a#2", "a#3", "a#4", "a#5", "s/5"].map((id) => steps.get(id)?.state)).toEqual([
    "served",
    "not-sent",
    "no-answer",
    "host",
    "provider",
    "unrecorded",
    "nobody",
  ]);
});

test("a call that was cancelled is told as such, and one that still runs", () => {
  const asked = [ask(undefined, { id: "c0" }), ask("mcp__weather__slow", { id: "c1" })];
  const pieces = [
    session({ id: "s" }),
    model({ id: "a", at: 0, asked }),
    give("s", 100, { seq: 1, tool_use: "c0", state: "cancelled" }),
    served({
      session: "s",
      seq: 3,
      at: 101,
      name: "slow",
      arguments: paris,
      tool_use: "c1",
      ended: null,
      state: "open",
    }),
  ];
  const { steps, runs } = told(pieces);
  expect([steps.get("a#0")?.state, steps.get("a#1")?.state]).toEqual(["cancelled", "running"]);
  expect([...runs.values()][0]).toMatchObject({
    state: "tool",
    state_of: "mcp__weather__slow",
    state_since: 101,
  });
});

test("a retry and a fallback are attempts of one step", () => {
  const pieces = [
    model({ id: "a", at: 0, request: "q", status: 529, error: "overloaded", session: "S" }),
    model({ id: "b", at: 500, request: "q", model: "smaller", asked: [ask()], session: "S" }),
    model({ id: "c", at: 900, request: "q", session: "S" }),
  ];
  const { steps, runs } = told(pieces);
  expect([...steps.values()].filter(({ kind }) => kind === "model")).toMatchObject([
    { id: "a", state: "ok", name: "smaller", attempts: [{ exchange: "a" }, { exchange: "b" }] },
    { id: "c", attempts: [{ exchange: "c" }] },
  ]);
  expect(steps.get("b#0")?.parent).toBe("a");
  expect([...runs.values()]).toMatchObject([{ id: "session-S", model_calls: 2, tool_calls: 1 }]);
});

test("sub-agents hang below the calls that started them, three deep", () => {
  const deep = (id: string, at: number, prompt: string | null, asks: string | null, after?: string): Piece =>
    model({
      id,
      at,
      ...(after && { after }),
      first: excerpt(prompt ?? "go"),
      openings: prompt === null ? [] : [excerpt(prompt).hash],
      asked:
        asks === null ? [] : [{ name: "agent", id: `${id}c`, prompts: [excerpt(asks)], arguments: { asks } }],
    });
  const pieces = [
    deep("main", 0, null, "look into the parser please"),
    deep("one", 200, "look into the parser please", "look into the lexer please"),
    deep("two", 400, "look into the lexer please", "look into the tokens please"),
    deep("three", 600, "look into the tokens please", null),
  ];
  const { steps, runs } = told(pieces);
  expect(["one", "two", "three"].map((id) => steps.get(id)?.parent)).toEqual(["main#0", "one#0", "two#0"]);
  expect([...runs.values()]).toMatchObject([{ id: "chain-main", model_calls: 4, agents: 3 }]);
});

test("a sub-agent is bound by the id that its call's result names", () => {
  const claude = { session: "S", family: "Claude Code" };
  const pieces = [
    model({
      id: "a",
      at: 0,
      ...claude,
      asked: [
        { name: "Agent", id: "t1" },
        { name: "Agent", id: "t2" },
      ],
    }),
    model({ id: "sub", at: 200, ...claude, sub_agent: "ag7" }),
    model({
      id: "b",
      at: 500,
      ...claude,
      after: "a",
      seen: [
        { id: "t1", text: "x" },
        { id: "t2", text: "y", agents: ["ag7"] },
      ],
    }),
  ];
  const { steps } = told(pieces);
  expect(steps.get("sub")).toMatchObject({ parent: "a#1", lane: "ag7" });
});

test("the child session that a client names as another's belongs to that run", () => {
  const pieces = [
    model({ id: "a", at: 0, session: "P", asked: [{ name: "task", id: "t1" }] }),
    model({ id: "sub", at: 200, session: "K", parent_session: "P" }),
    model({ id: "b", at: 500, session: "P", after: "a", seen: [{ id: "t1", text: "done", agents: ["K"] }] }),
  ];
  const { steps, runs } = told(pieces);
  expect([...runs.keys()]).toEqual(["session-P"]);
  expect(steps.get("sub")).toMatchObject({ parent: "a#0", lane: "agent sub" });
});

test("a run of ours binds what names nothing itself", () => {
  const pieces = [
    session({ id: "s", run: "r1" }),
    model({ id: "title", at: 0, run: "r1", tools: 0 }),
    model({ id: "a", at: 10, run: "r1", asked: [ask("get_forecast")] }),
    give("s", 120),
    give("s", 5_000, { seq: 3, arguments: { city: "Rome" } }),
  ];
  const all = told(pieces);
  expect(tiesIn(all)).toEqual(["s/1: inferred run-id a#0"]);
  expect([...all.runs.values()]).toMatchObject([
    { id: "r1", title: "do a", model_calls: 2, tool_calls: 2, sessions: ["s"], servers: ["weather"] },
  ]);
  expect(all.steps.get("s/3")?.state).toBe("nobody");
});

test("the third equal call of a run is told, and every one behind it", () => {
  const pieces = [1, 2, 3, 4].map((n) =>
    model({ id: `a${n}`, at: n * 1000, asked: [ask()], ...(n > 1 && { after: `a${n - 1}` }) }),
  );
  const { steps } = told(pieces);
  const rules = ["a1#0", "a2#0", "a3#0", "a4#0"].map((id) => steps.get(id)?.problems.map(({ rule }) => rule));
  expect(rules).toEqual([[], [], ["join/repeated"], ["join/repeated"]]);
});

test("any order of arrival gives the same runs, steps and ties, live or at once", () => {
  const pieces = busy();
  const expected = sorted(told(pieces));
  fc.assert(
    fc.property(
      fc.shuffledSubarray(pieces, { minLength: pieces.length }),
      fc.constantFrom("each" as const, "at-the-end" as const),
      (shuffled, how) => isDeepStrictEqual(sorted(told(shuffled, how)), expected),
    ),
    { numRuns: 200 },
  );
});

test("what was put twice, and what was forgotten and put again, changes nothing", () => {
  const pieces = busy();
  const book = runBook();
  const all = { runs: new Map(), steps: new Map(), ties: new Map() };
  for (const piece of [...pieces, ...pieces]) put(book, piece);
  for (const { it } of pieces.slice(0, 12)) if (!("seq" in it)) book.forget(it.id);
  add(all, book.take());
  for (const piece of pieces) put(book, piece);
  add(all, book.take());
  expect(sorted(all)).toEqual(sorted(told(pieces)));
});

/** How much is looked at in the last hundred steps of a run of so many, each the same call as the one before. */
function lookedAt(steps: number): number {
  const book = runBook();
  put(book, session({ id: "s" }));
  let before = 0;
  for (let n = 0; n < steps; n++) {
    if (n === steps - 100) before = book.looked();
    const at = n * 1000;
    const answered = { after: `a${n - 1}`, seen: [{ id: `c${n - 1}`, text: "18 degrees and sunny" }] };
    put(book, model({ id: `a${n}`, at, asked: [ask(undefined, { id: `c${n}` })], ...(n > 0 && answered) }));
    put(book, give("s", at + 120, { seq: n * 2 + 1 }));
    if (n % 10 === 0) book.take();
  }
  return book.looked() - before;
}

test("a step of a long run costs what a step of a short one does", () => {
  const short = lookedAt(200);
  expect(lookedAt(3_000)).toBe(short);
  expect(short).toBeLessThan(2_000);
});

test("a run says how long models and servers were waited for, and what is left is the host's", () => {
  const pieces = [
    model({ id: "a", at: 0, ended: 100, asked: [ask(undefined, { id: "t1" })] }),
    session({ id: "s" }),
    give("s", 150, { seq: 1, tool_use: "t1", ended: 450 }),
    model({
      id: "b",
      at: 500,
      ended: 700,
      after: "a",
      seen: [{ id: "t1", text: "18 degrees and sunny" }],
      asked: [{ name: "Bash", id: "t2" }],
    }),
    model({ id: "c", at: 9_000, ended: 9_050.4, after: "b", seen: [{ id: "t2", text: "it ran" }] }),
  ];
  const all = [...told(pieces).runs.values()];
  expect(all.map(({ took }) => took)).toEqual([{ model: 350, tool: 300 }]);
  expect(told(pieces.toReversed()).runs).toEqual(told(pieces).runs);
});
