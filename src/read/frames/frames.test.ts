import { expect, test } from "bun:test";
import fc from "fast-check";
import { encode, everyByte, framesOf } from "./cuts.testkit.ts";
import { crc32, eventStream } from "./eventstream.ts";
import { jsonArray } from "./json-array.ts";
import { ndjson } from "./ndjson.ts";
import { sse } from "./sse.ts";
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
  const { frames } = messages(
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

test("a limit gives the first frames and counts the others, wherever the bytes are cut", () => {
  const framers = { sse, ndjson, jsonArray, eventStream };
  const one = binary({ ":event-type": "a" }, "{}");
  const words = [
    "data: 1",
    "id: 7",
    ":",
    "x",
    "[",
    "]",
    "{",
    "}",
    ",",
    '"',
    "1",
    " ",
    "\n",
    "\n",
    "\r",
    "\r\n",
  ];
  const shapes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((all) => encode(all.join(""))),
    fc.nat(one.length * 5).map((length) => joined(one, one, one, one, one).slice(0, length)),
  );
  fc.assert(
    fc.property(shapes, fc.nat(4), fc.array(fc.nat(100)), (bytes, most, cuts) => {
      for (const machine of Object.values(framers)) {
        const whole = framesOf(machine(), bytes);
        for (const at of [[], cuts.filter((cut) => cut < bytes.length), everyByte(bytes)]) {
          const framer = machine(most);
          const frames = framesOf(framer, bytes, at);
          // An event stream also has a limit of lines, which a few frames may reach.
          if (machine !== sse) expect(frames).toHaveLength(Math.min(most, whole.length));
          expect(frames).toEqual(whole.slice(0, frames.length));
          expect(frames.length + framer.unread()).toBe(whole.length);
        }
      }
    }),
    {
      numRuns: 1000,
      examples: [
        [encode("data: 1\r\n\r\r\n"), 1, []],
        [encode("\u001e\n \u001e \n\u001e\u001e\n\u00a0\n\u001e1"), 0, []],
      ],
    },
  );
});

test("a limit of a socket's messages is one of both sides together", () => {
  const said = (times: number[]) => times.map((t) => ({ t, bytes: encode("{}"), frame: "text" as const }));
  const { frames, unread } = messages(said([1, 4, 5]), said([2, 3, 6, 7]), 4);
  expect([frames.map(({ t, from }) => [t, from]), unread]).toEqual([
    [
      [1, "client"],
      [2, "server"],
      [3, "server"],
      [4, "client"],
    ],
    3,
  ]);
});

test("a million lines without an end are not held: an event that has more is counted, not read", () => {
  const framer = sse(3);
  const frames = framesOf(framer, encode(`data: a\n\n${"data: b\n".repeat(40)}\ndata: c\n\n`));
  expect([frames.map(({ data }) => data), framer.unread()]).toEqual([["a"], 2]);
});

test("the troubles of a body of nonsense are told up to a number, the rest is counted", () => {
  const framer = sse();
  framesOf(framer, encode("nonsense\n".repeat(1000)));
  expect(framer.troubles()).toHaveLength(51);
  expect(framer.troubles().at(-1)?.what).toBe("950 further problems of this stream are not listed");
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
