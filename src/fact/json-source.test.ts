/** Numbers and lists of JSON as they were written. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { elementsOf, numberSource, onOneLine, parseExact, stringifyExact } from "./json-source.ts";

test("what was read is a plain value and is written back with its numbers as they stood", () => {
  const text = '{"id":9007199254740993,"price":[1.10,1e400,-0,{"tiny":1E-7}],"text":"1.10 \\" 1e400"}';
  const value = parseExact(text) as { id: number; price: unknown[] };
  expect([value.id, value.price[0], value.price[1]]).toEqual([9007199254740992, 1.1, Infinity]);
  expect(stringifyExact(value)).toBe(text);
  expect(stringifyExact({ items: [{ line: value }] })).toBe(`{"items":[{"line":${text}}]}`);
  expect(stringifyExact(value.price)).toBe('[1.10,1e400,-0,{"tiny":1E-7}]');
  const far = (parseExact('{"a":{"b":{"c":{"d":{"e":{"f":2.0}}}}}}') as { a: object }).a;
  expect(stringifyExact(far)).toBe('{"b":{"c":{"d":{"e":{"f":2.0}}}}}');
  expect([numberSource(value, "id"), numberSource(value, "text")]).toEqual(["9007199254740993", undefined]);
});

test("any JSON is read as JSON.parse reads it, and ordinary numbers are not remembered", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parseExact(text)).toEqual(JSON.parse(text));
      expect(stringifyExact(parseExact(text))).toBe(text);
    }),
  );
  expect(() => parseExact("{")).toThrow(SyntaxError);
});

test("what is nested too deep for its numbers to be remembered is read all the same", () => {
  const deep = `${"[".repeat(100_000)}1.10${"]".repeat(100_000)}`;
  expect(Array.isArray(parseExact(deep))).toBe(true);
});

test("elements of a list and text on one line keep every character of their values", () => {
  const list = ' [ {"a": "x,]\\"[", "n": 1.10}, [1, [2]], "b", 1e400 ]';
  expect(elementsOf(list)).toEqual(['{"a": "x,]\\"[", "n": 1.10}', "[1, [2]]", '"b"', "1e400"]);
  expect(elementsOf("[]")).toEqual([]);
  expect(onOneLine('{\n  "a b": "c  d\\"",\r\n\t"n": 1.10\n}\n')).toBe('{"a b":"c  d\\"","n":1.10}');
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (values) => {
      // As JSON has them: it knows no -0.
      const plain: unknown = JSON.parse(JSON.stringify(values));
      expect(elementsOf(JSON.stringify(values)).map((it) => JSON.parse(it) as unknown)).toEqual(
        plain as never,
      );
      const printed = JSON.stringify(values, null, 2);
      expect(onOneLine(printed)).toBe(JSON.stringify(values));
    }),
  );
});
