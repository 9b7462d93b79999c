import { expect, test } from "bun:test";
import fc from "fast-check";
import { StreamEvents } from "./stream-events.ts";

/** The objects that are told of a stream in these pieces, with the strings in them and where each begins. */
function told(text: string, size: number): unknown[] {
  const bytes = Buffer.from(text);
  const events: unknown[] = [];
  const stream = new StreamEvents(({ bytes: all, from, end, at, strings }) => {
    const said = strings.map(({ lane, start, end: stop, isEscaped }) => [
      lane,
      at + start,
      at + stop,
      isEscaped,
    ]);
    events.push([at + from, Buffer.from(all.subarray(from, end)).toString(), said]);
  });
  for (let at = 0; at < bytes.byteLength; at += size) stream.push(bytes.subarray(at, at + size));
  return events;
}

const PARTS = [
  '{"type":"a","index":',
  "1,",
  '"delta":{"text":"',
  "some words that go on for longer than is looked at by hand",
  "\\n",
  '\\"',
  "\\",
  '"',
  "}",
  "{",
  "[",
  "]",
  ",",
  ":",
  "\n",
  "\n\n",
  " ",
  "data: ",
  "x",
];

test("what stands whole in a piece is read as what comes in many is", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PARTS), { maxLength: 40 }),
      fc.integer({ min: 1, max: 30 }),
      (parts, size) => {
        const text = parts.join("");
        expect(told(text, size)).toEqual(told(text, Infinity));
      },
    ),
    { numRuns: 20_000 },
  );
});

test("an object that is begun where a string broke off is told, wherever the pieces are cut", () => {
  const text = '{"a":"delta":{"text":"\n{"b":"c"}';
  for (const size of [1, 2, 3, 5, Infinity])
    expect(told(text, size)).toMatchObject([[23, '{"b":"c"}', [[expect.any(Number), 29, 30, false]]]]);
});

test("a text has one lane whatever each of its events holds beside it, and another text another", () => {
  const event = (index: number, content: string, id: number) =>
    JSON.stringify({ id: `c${id}`, choices: [{ index, delta: { content } }], created: id });
  const lanes = [event(0, "a", 1), event(0, "b", 2), event(1, "c", 3)].flatMap((text) =>
    (told(text, Infinity) as [number, string, [number][]][]).flatMap(([, , said]) =>
      said.map(([lane]) => lane),
    ),
  );
  expect([lanes[0] === lanes[1], lanes[0] === lanes[2], lanes.length]).toEqual([true, false, 3]);
});

test("an object that is larger than any delta is passed over, and the next one is told", () => {
  const text = `{"a":"${"b".repeat(20_000)}"}\n{"c":"d"}`;
  for (const size of [Infinity, 5000, 3])
    expect(told(text, size)).toMatchObject([
      [20_009, '{"c":"d"}', [[expect.any(Number), 20_015, 20_016, false]]],
    ]);
});
