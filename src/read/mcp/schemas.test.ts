/** The protocol's own examples are valid in their revision, and broken ones are not. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REVISIONS } from "./methods.ts";
import { isRevision, validateAs } from "./schemas.ts";

const [examples = ""] = ["../../../..", "../../../../.."]
  .map((up) => join(import.meta.dir, up, "shared/fixtures/mcp-examples"))
  .toSorted((a, b) => Number(existsSync(b)) - Number(existsSync(a)));

test.skipIf(!existsSync(examples))("every example of the specification is valid", () => {
  const wrong: unknown[] = [];
  let count = 0;
  for (const revision of readdirSync(examples).filter(isRevision))
    for (const type of readdirSync(join(examples, revision)))
      for (const name of readdirSync(join(examples, revision, type))) {
        const value: unknown = JSON.parse(readFileSync(join(examples, revision, type, name), "utf8"));
        const found = validateAs(revision, type, enveloped(type, value));
        count += found === null ? 0 : 1;
        if (found && found.length > 0) wrong.push([revision, type, name, found]);
      }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(150);
});

test("every revision knows a tool's result; a wrong one is told where", () => {
  for (const revision of REVISIONS) {
    const resultType = revision === "2026-07-28" ? { resultType: "complete" } : {};
    const good = { ...resultType, content: [{ type: "text", text: "hi" }] };
    const bad = {
      ...resultType,
      content: [
        { type: "text", text: "hi" },
        { type: "text", text: 7 },
      ],
    };
    expect(validateAs(revision, "CallToolResult", good)).toEqual([]);
    expect(validateAs(revision, "CallToolResult", bad)).toMatchObject([{ where: "$.content[1].text" }]);
    expect(validateAs(revision, "CallToolResult", { ...resultType })?.[0]?.where).toBe("$");
  }
  expect(validateAs("2024-11-05", "ElicitRequest", {})).toBeNull();
});

/** Examples of requests and notifications may leave out what JSON-RPC adds. */
function enveloped(type: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (type.endsWith("Request")) return { jsonrpc: "2.0", id: 1, ...value };
  return type.endsWith("Notification") ? { jsonrpc: "2.0", ...value } : value;
}
