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
