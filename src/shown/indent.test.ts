import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodedEscapes, indentedBody, indentedText, laidOut } from "./indent.ts";

const bare = (text: string) => text.replaceAll(/\s/g, "");

test("indented minus white space is the body minus white space, whatever the body is", () => {
  const json = fc.json({ maxDepth: 6 });
  const torn = fc.tuple(json, fc.nat(400)).map(([text, cut]) => text.slice(0, cut));
  const signs = fc.string({ unit: fc.constantFrom(...'{}[],:"\\ \n\tab\u00a0\u2028é'), maxLength: 200 });
  const stream = fc.array(json, { maxLength: 5 }).map((all) => all.map((it) => `data: ${it}\n\n`).join(""));
  fc.assert(
    fc.property(fc.oneof(json, torn, signs, stream, fc.string()), (text) => {
      expect(bare(indentedBody(text))).toBe(bare(text));
      expect(bare(indentedText(text))).toBe(bare(text));
    }),
    { numRuns: 2_000 },
  );
});

test("what is JSON is the same value afterwards", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(indentedText(text))).toEqual(JSON.parse(text));
    }),
  );
});

test("a string of several megabytes loses nothing, also one of quotes and backslashes", () => {
  for (const inside of ["A".repeat(3_000_000), '\\"'.repeat(1_000_000), "\\\\".repeat(1_000_000)]) {
    const body = `{"a":[{"url":"${inside}"}],"last":1}`;
    const made = indentedBody(body);
    expect(bare(made)).toBe(body);
    expect(made).toEndWith('\n  "last": 1\n}');
  }
});

test("beyond its bounds the text follows as it came", () => {
  expect(laidOut('{"a":1,"b":2}', { read: 6, made: 1_000 })).toEqual({ made: '{\n  "a": 1', read: 6 });
  expect(bare(indentedText("[".repeat(10_000), { read: 9_000, made: 10_000 }))).toBe("[".repeat(10_000));
});

test("escapes are decoded on request, but for those that would end a string or a line", () => {
  expect(decodedEscapes(String.raw`"\u4e2d\u6587 \ud83d\ude00 \\u4e2d \u0022 \n \u000a"`)).toBe(
    '"中文 😀 \\\\u4e2d \\u0022 \\n \\u000a"',
  );
});
