import { expect, test } from "bun:test";
import { LiveText, type Shown } from "./live-text.ts";

test("text is shown as it passes, with characters that were cut in two held until they are whole", () => {
  const told: [number, Shown][] = [];
  const live = new LiveText(undefined, (t, shown) => told.push([t, shown]));
  const bytes = new TextEncoder().encode("a中b");
  live.push({ t: 1, bytes: bytes.slice(0, 2) });
  live.push({ t: 2, bytes: bytes.slice(2) });
  expect(told).toEqual([
    [1, { text: "a" }],
    [2, { text: "中b" }],
  ]);
});

test("whoever begins to watch in the middle of a character sees all that follows it", () => {
  const told: Shown[] = [];
  const [before, after] = [[...Buffer.from("中")].slice(0, 2), [...Buffer.from("中")].slice(2)];
  const live = new LiveText({ t: 0, bytes: Uint8Array.from(before!) }, (_, shown) => told.push(shown));
  live.push({ t: 1, bytes: Uint8Array.from([...after!, 97]) });
  expect(told).toEqual([{ text: "中a" }]);
});

test("a binary message is shown as base64", () => {
  const told: Shown[] = [];
  new LiveText(undefined, (_, shown) => told.push(shown)).push({
    t: 0,
    bytes: new Uint8Array([255]),
    frame: "binary",
  });
  expect(told).toEqual([{ base64: "/w==" }]);
});
