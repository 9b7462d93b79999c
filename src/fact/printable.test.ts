import { expect, test } from "bun:test";
import fc from "fast-check";
import { printable } from "./printable.ts";

test("what a terminal would obey is shown", () => {
  expect(printable("\x1b]0;title\x07\x1b[2Jname\r\n\tsecond \u202e\x9b31m")).toBe(
    "\\x1b]0;title\\x07\\x1b[2Jname\\x0d\n\tsecond \\u202e\\x9b31m",
  );
});

test("words of any language stay as they are", () => {
  for (const text of ["a\nb\tc", "天气 ‘quoted’ — é 🚀", ""]) expect(printable(text)).toBe(text);
});

test("nothing is left that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      // oxlint-disable-next-line no-control-regex
      expect(printable(text)).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});
