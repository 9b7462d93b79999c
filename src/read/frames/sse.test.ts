import { expect, test } from "bun:test";
import fc from "fast-check";
import { encode, everyByte, framesOf } from "./cuts.testkit.ts";
import { sse } from "./sse.ts";

const datas = (text: string, cuts: number[] = []) =>
  framesOf(sse(), encode(text), cuts).map(({ data }) => data);

test("LF, CRLF and CR all end a line", () => {
  expect(datas("data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n")).toEqual(["a", "b", "c", "d"]);
});

test("a CRLF that is cut between its two bytes is one line end and belongs to the frame before", () => {
  const text = "data: a\r\n\r\ndata: b\r\n\r\n";
  const whole = framesOf(sse(), encode(text));
  for (let at = 1; at < text.length; at++) expect(framesOf(sse(), encode(text), [at])).toEqual(whole);
  expect(whole.map(({ start, end }) => [start, end])).toEqual([
    [0, 11],
    [11, 22],
  ]);
});

test("a byte order mark at the start is not part of the first field", () => {
  expect(datas("\uFEFFdata: a\n\n", [1, 2])).toEqual(["a"]);
});

test("several data lines are one text, only one leading space is cut, a field without a colon is empty", () => {
  expect(datas("data:  a\ndata:b\ndata\ndata: \n\n")).toEqual([" a\nb\n\n"]);
});

test("comments and blocks without data are frames of their own kind", () => {
  const frames = framesOf(sse(), encode(": ping\n\nevent: x\nid: 7\n\nretry: 10\n\nevent: y\ndata: 1\n\n"));
  expect(frames.map(({ kind, name, id, data, json }) => ({ kind, name, id, data, json }))).toEqual([
    { kind: "comment", name: null, id: null, data: "ping", json: undefined },
    { kind: "control", name: "x", id: "7", data: "", json: undefined },
    { kind: "control", name: null, id: null, data: "retry: 10", json: undefined },
    { kind: "event", name: "y", id: null, data: "1", json: 1 },
  ]);
});

test("an event that no blank line closed is given at the end and says that it is not whole", () => {
  const [frame] = framesOf(sse(), encode('data: {"a":1}'));
  expect([frame?.data, frame?.whole]).toEqual(['{"a":1}', false]);
});

test("a field that the format does not know is told, with its place", () => {
  const framer = sse();
  framesOf(framer, encode("data: a\n\nlevel: 3\ndata: b\n\n"));
  expect(framer.troubles().map(({ at, rule }) => [at, rule])).toEqual([[9, "stream/unknown-field"]]);
});

test("a frame says in which reads its first and its last byte came, and when the last one did", () => {
  const framer = sse();
  framer.feed(encode("data: a"), 5);
  const [frame] = framer.feed(encode("\n\n"), 9);
  expect([frame?.t, frame?.first, frame?.last]).toEqual([9, 0, 1]);
});

test("any cut of any bytes gives the same frames", () => {
  const piece = fc.constantFrom(
    "data: é漢",
    "data:",
    "event: x",
    ": c",
    "\r",
    "\n",
    "\r\n",
    "id: 1",
    " ",
    "\uFEFF",
    "x",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(120)), (pieces, cuts) => {
      const bytes = encode(pieces.join(""));
      const inside = cuts.filter((cut) => cut < bytes.length);
      const whole = framesOf(sse(), bytes);
      expect(framesOf(sse(), bytes, inside)).toEqual(whole);
      expect(framesOf(sse(), bytes, everyByte(bytes))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});
