import { expect, test } from "bun:test";
import { firstBytes, joined } from "./exchange.ts";

const all = Uint8Array.from({ length: 100 }, (_, n) => n);
const at = (start: number, end: number) => ({ t: 0, bytes: all.subarray(start, end) });
const nothing = { t: 0, bytes: new Uint8Array(0) };

test("pieces that lie one behind the other are joined without a copy", () => {
  const one = joined([at(3, 10), nothing, at(10, 40)]);
  expect([one.buffer, one.byteOffset, one.byteLength]).toEqual([all.buffer, 3, 37]);
});

test("pieces that do not are joined all the same, and the beginning of them needs no more", () => {
  for (const pieces of [[at(3, 10), at(11, 40)], [at(10, 20), at(3, 10)], [nothing], []]) {
    const whole = pieces.flatMap(({ bytes }) => [...bytes]);
    expect([...joined(pieces)]).toEqual(whole);
    for (const most of [0, 5, 7, 8, 50]) expect([...firstBytes(pieces, most)]).toEqual(whole.slice(0, most));
  }
});
