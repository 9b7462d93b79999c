/** JSON that is cut anywhere keeps what is complete, and never becomes something else. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { parsePartial } from "./partial-json.ts";

test("what is cut is left out, what is complete is kept", () => {
  const cuts: [string, unknown][] = [
    ['{"a": "x", "b": "y', { a: "x" }],
    ['{"a": "x", "b', { a: "x" }],
    ['{"a": "x", "b":', { a: "x" }],
    ['{"a": [1, 2', { a: [1] }],
    ['{"a": [1, 2,', { a: [1, 2] }],
    ['{"a": tr', {}],
    ['{"a": true', { a: true }],
    ['{"a": -', {}],
    ['{"a": {"b": [{"c": "d\\"', { a: { b: [{}] } }],
    ["{", {}],
    ['{"__proto__": {"x": 1}, "y', JSON.parse('{"__proto__": {"x": 1}}')],
  ];
  for (const [text, value] of cuts) expect(parsePartial(text)).toEqual({ value, state: "cut" });
});

test("what is not JSON is not repaired", () => {
  for (const text of ["", "{not json}", '{"a" 1', "[1 2", '{"a": 1} x', '{"a": nope', "{]", '["\u0001"'])
    expect(parsePartial(text).state).toBe("broken");
});

test("every beginning of an object's JSON is an object with no more than the whole has", () => {
  const values = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (value, share) => {
      const text = JSON.stringify(value);
      const beginning = text.slice(0, Math.max(1, Math.floor(text.length * share)));
      const parsed = parsePartial(beginning);
      expect(parsed.state).not.toBe("broken");
      const whole = JSON.parse(text) as Record<string, unknown>;
      for (const key of Object.keys(parsed.value as object)) expect(Object.keys(whole)).toContain(key);
    }),
  );
});

test("what nests too deep is kept as the text that it is, cut or whole; the last that does not is read", () => {
  const cut = '{"a":'.repeat(200_000);
  expect(parsePartial(cut)).toEqual({ value: cut, state: "whole" });
  const deep = `${'{"a":'.repeat(501)}1${"}".repeat(501)}`;
  expect(parsePartial(deep)).toEqual({ value: deep, state: "whole" });
  expect(parsePartial('{"a":'.repeat(499)).state).toBe("cut");
});
