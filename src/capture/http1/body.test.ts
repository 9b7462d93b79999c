import { expect, test } from "bun:test";
import fc from "fast-check";
import { responseFraming, type Framing } from "./body.ts";

const chunked = () =>
  responseFraming(
    { version: "1.1", status: 200, reason: "", headers: [["Transfer-Encoding", "chunked"]] },
    "GET",
  ) as Framing;

/** All of it, in the turns that it takes. */
function takeAll(framing: Framing, bytes: Uint8Array) {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (let turns = 1; ; turns++) {
    const taken = framing.take(bytes.subarray(at));
    at += taken.used;
    if (taken.body.byteLength > 0) pieces.push(taken.body);
    if (!taken.again) return { ...taken, pieces, turns, used: at };
  }
}

test("any chunks, however they are written and cut, are the same body", () => {
  const size = (length: number, how: number) => {
    const hex = length.toString(16);
    return [hex, hex.toUpperCase(), `00${hex}`, `${hex};a=b`, `${hex} \t;x`][how % 5]!;
  };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 70 }), fc.nat(4)), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
      (chunks, cuts) => {
        const wire = Buffer.concat([
          ...chunks.flatMap(([bytes, how]) => [
            Buffer.from(`${size(bytes.byteLength, how)}\r\n`),
            bytes,
            Buffer.from("\r\n"),
          ]),
          Buffer.from("0\r\nX-T: v\r\n\r\nnext"),
        ]);
        const framing = chunked();
        const found: Uint8Array[] = [];
        let at = 0;
        let last = null;
        for (const cut of [...cuts, wire.byteLength]) {
          const packet = wire.subarray(at, at + cut);
          last = framing.take(packet);
          found.push(last.body);
          at += last.used;
          if (last.done || at >= wire.byteLength) break;
        }
        expect(Buffer.concat(found)).toEqual(Buffer.concat(chunks.map(([bytes]) => bytes)));
        expect(last).toMatchObject({ done: true, trailers: [["X-T", "v"]], missed: 0 });
        expect(wire.subarray(at).toString()).toBe("next");
      },
    ),
  );
});

test("large chunks of one packet are pieces of their own, and nothing is copied", () => {
  const large = "x".repeat(20_000);
  const packet = Buffer.from(`4e20\r\n${large}\r\n4e20\r\n${large}\r\n1\r\ny\r\n0\r\n\r\n`);
  const { body, more = [], done } = chunked().take(packet);
  const parts = [body, ...more];
  expect([parts.map((part) => Buffer.from(part).toString()), done]).toEqual([[large, large, "y"], true]);
  expect(parts.every(({ buffer }) => buffer === packet.buffer)).toBe(true);
});

test("what came in one packet is one piece, and a packet of chunks beyond counting has turns", () => {
  const few = takeAll(chunked(), Buffer.from("1\r\na\r\n2\r\nbc\r\n1\r\nd\r\n"));
  expect(few.pieces.map((piece) => Buffer.from(piece).toString())).toEqual(["abcd"]);
  const count = 100_000;
  const many = takeAll(chunked(), Buffer.from(`${"1\r\nx\r\n".repeat(count)}0\r\n\r\n`));
  expect(Buffer.concat(many.pieces).toString()).toBe("x".repeat(count));
  expect(many.done).toBe(true);
  expect(many.pieces.length).toBeLessThanOrEqual(many.turns);
  expect(many.turns).toBeWithin(20, 100);
});

test("a watcher sees the body's bytes where they lie, and what it changes is what is told", () => {
  const packet = Buffer.from("3\r\nabc\r\n2\r\nde\r\n");
  const seen: string[] = [];
  const { body } = chunked().take(packet, (piece) => {
    seen.push(Buffer.from(piece).toString());
    piece[0] = 33;
  });
  expect([seen, Buffer.from(body).toString(), packet.toString()]).toEqual([
    ["abc", "de"],
    "!bc!e",
    "3\r\n!bc\r\n2\r\n!e\r\n",
  ]);
});

test.each([
  ["1\r\nab", "longer than its size"],
  ["x\r\n", "not a number"],
  ["-1\r\n", "not a number"],
  ["1 1\r\n", "not a number"],
  ["1\n", "without CR"],
  ["\r\n", "not a number"],
  ["fffffffffffff\r\n", "not a number"],
])("framing that two could read differently is broken: %j", (text, why) => {
  expect(takeAll(chunked(), Buffer.from(`${text}\r\n`)).broken).toContain(why);
});
