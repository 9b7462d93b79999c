import { expect, test } from "bun:test";
import fc from "fast-check";
import { encode, everyByte, framesOf } from "./cuts.ts";
import { crc32, eventStream } from "./eventstream.ts";
import { jsonArray } from "./json-array.ts";
import { ndjson } from "./ndjson.ts";
import { messages } from "./websocket.ts";

test("a line of NDJSON is a frame; blank lines are none; a last line without newline is whole when it is JSON", () => {
  const frames = framesOf(ndjson(), encode('{"a":1}\r\n\n{"b":"é"}\n{"c":3}'));
  expect(frames.map(({ json, whole }) => [json, whole])).toEqual([
    [{ a: 1 }, true],
    [{ b: "é" }, true],
    [{ c: 3 }, true],
  ]);
  expect(framesOf(ndjson(), encode('{"a":1}\n{"b":')).map(({ whole }) => whole)).toEqual([true, false]);
});

test("an element of a JSON array is given as soon as it is closed", () => {
  const framer = jsonArray();
  expect(framer.feed(encode('[{"a":"]}\\""}'), 1).map(({ json }) => json)).toEqual([{ a: ']}"' }]);
  expect(framer.feed(encode('\n,\r\n{"b":[1,{}]}, 7 ,"x"]'), 2).map(({ json }) => json)).toEqual([
    { b: [1, {}] },
    7,
    "x",
  ]);
  expect(framer.end()).toEqual([]);
  expect(framer.troubles()).toEqual([]);
});

test("an array that is not closed says so and keeps the element that was cut", () => {
  const framer = jsonArray();
  expect(framesOf(framer, encode('[{"a":1},{"b"')).map(({ data, whole }) => [data, whole])).toEqual([
    ['{"a":1}', true],
    ['{"b"', false],
  ]);
  expect(framer.troubles().map(({ rule }) => rule)).toEqual(["stream/array-not-closed"]);
});

test("the checksum is the CRC-32 of IEEE 802.3", () => {
  expect(crc32(encode("123456789"))).toBe(0xcbf43926);
});

test("a message of a binary event stream has its type, its payload and its place", () => {
  const bytes = joined(binary({ ":event-type": "messageStart" }, '{"role":"assistant"}'), binary({}, "{}"));
  expect(
    framesOf(eventStream(), bytes).map(({ name, json, start, end }) => [name, json, start, end]),
  ).toEqual([
    ["messageStart", { role: "assistant" }, 0, bytes.length - 18],
    [null, {}, bytes.length - 18, bytes.length],
  ]);
});

test("a payload that only wraps base64 bytes is unwrapped", () => {
  const [frame] = framesOf(
    eventStream(),
    binary({ ":event-type": "chunk" }, `{"bytes":"${btoa('{"a":1}')}","p":"abc"}`),
  );
  expect([frame?.data, frame?.json]).toEqual(['{"a":1}', { a: 1 }]);
});

test("a message whose checksum is wrong is told and still shown", () => {
  const bytes = binary({ ":event-type": "x" }, "{}");
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  const framer = eventStream();
  expect(framesOf(framer, bytes).map(({ name }) => name)).toEqual(["x"]);
  expect(framer.troubles().map(({ rule }) => rule)).toEqual(["stream/bad-checksum"]);
});

test("a length that cannot be is told, and what follows is kept as one frame", () => {
  const framer = eventStream();
  const frames = framesOf(framer, encode("this is not an event stream at all"));
  expect(frames.map(({ data, whole }) => [data, whole])).toEqual([
    ["this is not an event stream at all", false],
  ]);
  expect(framer.troubles().map(({ rule }) => rule)).toEqual(["stream/bad-length"]);
});

test("socket messages of both sides are one stream in the order of time, the client first", () => {
  const frames = messages(
    [{ t: 2, bytes: encode('{"q":1}'), frame: "text" }],
    [
      { t: 1, bytes: encode('{"hello":1}'), frame: "text" },
      { t: 2, bytes: new Uint8Array([1, 2]), frame: "binary" },
    ],
  );
  expect(frames.map(({ n, from, json, start, end }) => [n, from, json, start, end])).toEqual([
    [0, "server", { hello: 1 }, 0, 11],
    [1, "client", { q: 1 }, 0, 7],
    [2, "server", undefined, 11, 13],
  ]);
});

test("any cut of any bytes gives the same frames, and none of the machines throws", () => {
  const valid = joined(binary({ ":event-type": "a" }, '{"x":"é"}'), binary({ ":exception-type": "b" }, ""));
  const shapes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.constantFrom("{", "}", "[", "]", ",", '"', "\\", "1", "é", "\n", " "), { maxLength: 40 })
      .map((all) => encode(all.join(""))),
    fc.nat(valid.length).map((length) => valid.slice(0, length)),
  );
  fc.assert(
    fc.property(shapes, fc.array(fc.nat(200)), (bytes, cuts) => {
      const inside = cuts.filter((cut) => cut < bytes.length);
      for (const machine of [ndjson, jsonArray, eventStream]) {
        const whole = framesOf(machine(), bytes);
        expect(framesOf(machine(), bytes, inside)).toEqual(whole);
        expect(framesOf(machine(), bytes, everyByte(bytes))).toEqual(whole);
      }
    }),
    { numRuns: 300 },
  );
});

function binary(headers: Record<string, string>, payload: string): Uint8Array {
  const head = joined(
    ...Object.entries(headers).map(([name, value]) => headerOf(encode(name), encode(value))),
  );
  const body = encode(payload);
  const bytes = new Uint8Array(16 + head.length + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, head.length);
  view.setUint32(8, crc32(bytes.subarray(0, 8)));
  bytes.set(head, 12);
  bytes.set(body, 12 + head.length);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)));
  return bytes;
}

function headerOf(name: Uint8Array, value: Uint8Array): Uint8Array {
  const length = new Uint8Array([7, value.length >> 8, value.length & 255]);
  return joined(new Uint8Array([name.length]), name, length, value);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
