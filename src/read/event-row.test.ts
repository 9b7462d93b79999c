import { expect, test } from "bun:test";
import { eventRow } from "./event-row.ts";
import type { Frame } from "./frames/frame.ts";

const frame = {
  n: 3,
  t: 10,
  start: 0,
  end: 9,
  first: 3,
  last: 3,
  whole: true,
  kind: "event",
  name: null,
  data: "{}",
  json: {},
};
const rowOf = (...added: Parameters<typeof eventRow>[1]) => eventRow(frame as unknown as Frame, added, 5);

test("a row says of which part an event is, and which call begins with it; most say neither", () => {
  expect(rowOf({ lane: "text", text: "a" }).slice(11)).toEqual([null]);
  expect(rowOf({ lane: "tool", text: "{}", part: "1" }).slice(11)).toEqual([null, "1", null]);
  expect(rowOf({ lane: "tool", text: "add", begins: "add" }).slice(11)).toEqual([null, null, "add"]);
});

test("two calls in one event have a line each", () => {
  const both = rowOf(
    { lane: "tool", text: "add", begins: "add", part: "0" },
    { lane: "tool", text: '{"a":1}', part: "0" },
    { lane: "tool", text: "sub", begins: "sub", part: "1" },
    { lane: "tool", text: "{}", part: "1" },
  );
  expect(both[6]).toBe('add{"a":1}\nsub{}');
});
