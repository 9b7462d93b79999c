import { expect, test } from "bun:test";
import { verdictOf } from "./audit.ts";

test("a hole fails, a registry without an answer is told, and nothing found is nothing found", () => {
  expect(verdictOf("No vulnerabilities found", 0)).toMatchObject({ code: 0 });
  expect(verdictOf("error: POST https://registry.example/advisories/bulk - 405\n", 1)).toEqual({
    code: 0,
    say: "audit: not checked, the registry gave no advisories (error: POST https://registry.example/advisories/bulk - 405)",
  });
  const hole =
    "left-pad <1.0.0\n  high: it pads - https://github.com/advisories/GHSA-aaaa-bbbb-cccc\n1 vulnerability";
  expect(verdictOf(hole, 1)).toMatchObject({ code: 1 });
});
