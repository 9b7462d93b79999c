import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ShownLine } from "../fact/live.ts";
import { fitsMessage, offersOf, parseMessageFilter, wordsOf } from "./message-filter.ts";

const line = (seq: number, about: Partial<ShownLine>): ShownLine => ({
  session_id: "s",
  seq,
  at: seq,
  from: "client",
  kind: "request",
  id: String(seq),
  method: "tools/call",
  name: null,
  note: null,
  ms: null,
  state: null,
  of: null,
  progress: null,
  problems: 0,
  milestone: null,
  level: null,
  ...about,
});
const rows = [
  line(1, { method: "initialize", state: "ok", note: "Agent 1.0" }),
  line(2, { name: "get_weather", state: "tool-error", note: '{"place":"Paris"}' }),
  line(3, {
    from: "server",
    kind: "result",
    name: "get_weather",
    state: "tool-error",
    note: "no such place",
  }),
  line(4, { from: "server", kind: "notification", method: "notifications/progress", id: null }),
  line(5, { from: "stderr", kind: "stderr", method: null, id: null, note: "hello" }),
  line(6, { name: "wait", state: "pending", problems: 1, level: "warn" }),
];
const found = (typed: string) => {
  const filter = parseMessageFilter(typed);
  return rows.filter((row) => fitsMessage(row, filter, "")).map(({ seq }) => seq);
};

test("words, keys, aliases and what is turned round", () => {
  expect(
    [
      "",
      "paris",
      "#2",
      "method:tools/*",
      "方法：tools/call",
      "tool:get_*",
      "is:error",
      "is:pending",
      "from:server",
      "-from:server -from:stderr",
      "is:problem",
      "expert:warn",
      '"no such"',
      "is:error paris",
      "nothing-like-it",
    ].map(found),
  ).toEqual([
    [1, 2, 3, 4, 5, 6],
    [2],
    [2],
    [2, 3, 6],
    [2, 3, 6],
    [2, 3],
    [2, 3],
    [6],
    [3, 4],
    [1, 2, 6],
    [6],
    [6],
    [3],
    [2],
    [],
  ]);
});

test("what is marked is text alone, without stars", () => {
  expect(wordsOf(parseMessageFilter("paris -rain is:error tool:get_*"))).toEqual(["paris", "get_"]);
});

test("what is offered is there, and each offer finds something", () => {
  for (const offer of offersOf(rows)) expect([offer, found(offer).length > 0]).toEqual([offer, true]);
  expect(offersOf(rows)).toContain("tool:get_weather");
});

test("any text is a filter", () => {
  fc.assert(fc.property(fc.string(), (typed) => Array.isArray(found(typed))));
});
