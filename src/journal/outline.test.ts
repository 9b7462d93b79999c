import { expect, test } from "bun:test";
import fc from "fast-check";
import { atOnce } from "../fact/parts.ts";
import { outlineOf } from "./outline.ts";

const outline = (bytes: Uint8Array, cuts: readonly number[] = []) => {
  const places = [0, ...cuts.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = places.slice(1).map((to, n) => bytes.subarray(places[n], to));
  return atOnce(outlineOf(parts, bytes.byteLength));
};
const parsed = (made: ReturnType<typeof outline>) =>
  "text" in made ? (JSON.parse(made.text) as Record<string, unknown>) : made;

test("any JSON object, cut anywhere, has its members but for the bodies, and a gap that says so", () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom("body", "response_chunks", "headers", "body_raw", "gaps"),
  );
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 }),
      fc.array(fc.nat()),
      fc.constantFrom(undefined, 2),
      (value, cuts, indent) => {
        const bytes = new TextEncoder().encode(JSON.stringify(value, null, indent));
        const { body, response_body, gaps, ...rest } = parsed(outline(bytes, cuts)) as Record<
          string,
          unknown
        >;
        const kept = Object.entries(JSON.parse(JSON.stringify(value)) as object).filter(
          ([key]) => !/^(?:(?:response_)?body(?:_raw)?|(?:request|response|before)_chunks|gaps)$/.test(key),
        );
        expect(rest).toEqual(Object.fromEntries(kept));
        expect([body, response_body]).toEqual([null, null]);
        expect((gaps as unknown[]).at(-1)).toMatchObject({
          bytes: -1,
          why: expect.stringContaining("more than"),
        });
      },
    ),
  );
});

test("what is no JSON object, or too much outside of bodies, is said to be so, and nothing is thrown", () => {
  const errors = ["[1,2", "", "{", '{"a":1', '{"a"', '{"a":x}'].map((text) =>
    Object.keys(outline(Buffer.from(text))),
  );
  expect(errors).toEqual(errors.map(() => ["error"]));
  expect(outline(Buffer.from(`{"a":"${"x".repeat(5_000_000)}"}`))).toHaveProperty("error");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void outline(bytes)));
});
