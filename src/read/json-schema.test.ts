/** Schemas of strangers: checked, bounded, and never trusted. */
import { expect, test } from "bun:test";
import { checkerOf } from "./json-schema.ts";

const schema = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
  required: ["city"],
};

test("a mismatch is told with its place", () => {
  const { check } = checkerOf(schema);
  expect(check?.({ city: "Bern", days: 2 })).toEqual([]);
  expect(check?.({ city: 3, days: 0 }).map((it) => it.where)).toEqual(["$.city", "$.days"]);
  expect(check?.({})).toMatchObject([{ where: "$", what: /city/ }].map(() => ({ where: "$" })));
});

test("the dialect is the one the schema names, else 2020-12", () => {
  const tuple = { items: [{ type: "string" }] };
  const old = { $schema: "http://json-schema.org/draft-07/schema#", ...tuple };
  expect(checkerOf(old).check?.([1])).toHaveLength(1);
  expect(checkerOf({ prefixItems: [{ type: "string" }] }).check?.([1])).toHaveLength(1);
});

test("of a union the branch that was meant is told, by whatever its tag is called", () => {
  const branch = (tag: object, more: object) => ({
    type: "object",
    properties: { kind: tag, ...more },
    required: ["kind"],
  });
  const { check } = checkerOf({
    oneOf: [
      branch({ const: "town" }, { size: { type: "number" } }),
      branch({ enum: ["river", "lake"] }, { deep: { type: "number" } }),
    ],
  });
  const said = (value: unknown) => check?.(value).map(({ where, what }) => `${where}: ${what}`);
  expect(said({ kind: "town", size: "big" })).toEqual([
    '$.size: Instance type "string" is invalid. Expected "number"',
  ]);
  expect(said({ kind: "lake", deep: "very" })?.[0]).toContain("$.deep");
  expect(said({ kind: "hill" })?.[0]).toContain("$.kind");
});

test("a schema that needs the network or is too large cannot be used, and says why", () => {
  expect(checkerOf({ $ref: "https://example.com/schema.json" }).why).toContain("Unresolved $ref");
  const wide = Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`p${n}`, { type: "string" }]));
  expect(checkerOf({ properties: wide }).why).toContain("nodes");
  expect(checkerOf("nonsense").check === null || checkerOf("nonsense").why === null).toBe(true);
});

test("a pattern that would take for ever is not run", () => {
  const { check } = checkerOf({ type: "string", pattern: "^(a+)+$" });
  expect(check?.(`${"a".repeat(40)}!`)).toEqual([]);
  expect(checkerOf({ type: "string", pattern: "^a+$" }).check?.("b")).toHaveLength(1);
});

test("the schema itself is left as it was", () => {
  const before = JSON.stringify(schema);
  checkerOf(schema);
  expect(JSON.stringify(schema)).toBe(before);
  expect(Object.keys(schema.properties.city)).toEqual(["type"]);
});

test("a schema of some lines that takes 2^40 steps is given up, and so is one that leads back to itself", () => {
  const doubled = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `a${n}`,
      { allOf: [1, 2].map(() => ({ $ref: `#/$defs/a${n + 1}` })) },
    ]),
  );
  const { check } = checkerOf({ $ref: "#/$defs/a0", $defs: { ...doubled, a40: { type: "string" } } });
  expect(check?.(5)).toEqual([]);
  expect(checkerOf({ $ref: "#" }).check?.(5)).toEqual([]);
  expect(checkerOf({ allOf: [{ $ref: "#/allOf/1" }, { $ref: "#/allOf/0" }] }).check?.(5)).toEqual([]);
});

test("a schema that nests to the limit is checked, and its mismatch is told", () => {
  const [schema, value] = Array.from({ length: 150 }).reduce<[object, unknown]>(
    ([inner, it]) => [{ properties: { a: inner } }, { a: it }],
    [{ type: "string" }, 5],
  );
  expect(checkerOf(schema).check?.(value)).toMatchObject([{ what: expect.stringContaining("string") }]);
});

test("an expression whose time grows with a power of the text is only run on short ones", () => {
  const slow = { type: "string", pattern: "^[a-z]*[a-z]*[a-z]*[a-z]*!$" };
  expect(checkerOf(slow).check?.("a".repeat(100_000))).toEqual([]);
  expect(checkerOf({ type: "string", format: "url" }).check?.(`http://${"a-".repeat(60)}!`)).toEqual([]);
  const ids = { type: "array", uniqueItems: true };
  expect(checkerOf(ids).check?.([1, 1])).toHaveLength(1);
  expect(checkerOf(ids).check?.(Array.from({ length: 200_000 }, () => 1))).toEqual([]);
  const names = { properties: { ["n".repeat(20_000)]: { properties: { a: {} } } } };
  expect(checkerOf(names).why).toContain("too long");
});

test("a large value against a large schema ends with its steps", () => {
  const all = Array.from({ length: 1_000 }, () => ({ type: "integer" }));
  const { check } = checkerOf({ items: { allOf: all } });
  expect(check?.(Array.from({ length: 100_000 }, () => 1))).toEqual([]);
});

test("a value that was masked in the record is not held against the schema", () => {
  const schema = {
    type: "object",
    properties: {
      password: { type: "string", pattern: "^[A-Z]+$", maxLength: 8 },
      n: { type: "integer" },
      list: { type: "array", items: { enum: ["a", "b"] } },
    },
  };
  const { check } = checkerOf(schema);
  expect(check!({ password: "abcd…#0123abcd", list: ["*#0123abcd****"] })).toEqual([]);
  expect(check!({ password: "abcd…#0123abcd", n: "x" }).map(({ where }) => where)).toEqual(["$.n"]);
});

test("what misses only a format is told as such, and never beside what is wrong", () => {
  const schema = {
    type: "object",
    properties: { at: { type: "string", format: "date-time" }, n: { type: "integer" } },
  };
  const { check } = checkerOf(schema);
  expect(check?.({ at: "soon", n: 1 })).toEqual([
    { where: "$.at", what: expect.stringContaining("date-time"), only: "format" },
  ]);
  expect(check?.({ at: "soon", n: "one" }).map(({ where, only }) => [where, only])).toEqual([
    ["$.n", undefined],
  ]);
});
