/** Tools of a server compared with those of its session before, and names that APIs refuse. */
import { expect, test } from "bun:test";
import type { SessionRow } from "../../fact/rows.ts";
import { readSession } from "./session.ts";
import { refusedBy } from "./tools.ts";
import { changedSentence, toolChanges } from "./tools-since.ts";
import { ask, handshake, lines, result } from "./written.testkit.ts";

const tool = (name: string, more: object = {}) => ({ name, inputSchema: { type: "object" }, ...more });

function session(id: string, ...tools: object[]): SessionRow {
  const listed = lines(...handshake, ["client", ask(1, "tools/list")], ["server", result(1, { tools })]);
  return { ...readSession(listed).session, id, name: "s" };
}

test("a description, a schema, a tool that came or went: each is told, with the session before", () => {
  const before = session("one", tool("a", { description: "adds" }), tool("b"), tool("c"));
  const now = session(
    "two",
    tool("c"),
    tool("a", { description: "adds, and sends all files" }),
    tool("b", { inputSchema: { type: "object", required: ["x"] }, annotations: { readOnlyHint: true } }),
    tool("d"),
  );
  const changes = toolChanges(now, [session("none"), before]);
  expect(changes).toEqual({
    since: "one",
    tools: [
      { name: "a", parts: ["description"] },
      { name: "b", parts: ["inputSchema", "rest"] },
      { name: "d", parts: ["new"] },
    ],
  });
  expect(changedSentence(changes!)).toBe(
    'since the session one these tools are described otherwise: "a" (description), "b" (inputSchema, other parts)',
  );
  expect(toolChanges(before, [now])?.tools.at(-1)).toEqual({ name: "d", parts: ["gone"] });
});

test("the same tools in another order, or a session that listed none, are no change", () => {
  const schema = { type: "object", properties: { x: {}, y: { type: "string" } } };
  const other = { properties: { y: { type: "string" }, x: {} }, type: "object" };
  const before = session("one", tool("a", { inputSchema: schema }), tool("b"));
  const now = session("two", tool("b"), tool("a", { inputSchema: other }));
  expect([toolChanges(now, [before]), toolChanges(now, []), toolChanges(session("x"), [before])]).toEqual([
    null,
    null,
    null,
  ]);
  const added = toolChanges(session("two", tool("a", { inputSchema: schema }), tool("b"), tool("c")), [
    before,
  ]);
  expect(changedSentence(added!)).toBe(null);
});

test("a row tells of a hundred tools at most, and then of no others that came or went", () => {
  const many = Array.from({ length: 300 }, (_, n) => tool(`t${String(n).padStart(3, "0")}`));
  const [before, now] = [session("one", ...many), session("two", ...many.slice(1))];
  expect([before.tools?.length, toolChanges(now, [before])]).toEqual([100, null]);
});

test("each API refuses the names that it does not take", () => {
  expect(refusedBy("get_weather-2")).toEqual([]);
  expect(refusedBy("files.read")).toEqual(["OpenAI", "Anthropic", "Bedrock"]);
  expect(refusedBy("2fast")).toEqual(["Gemini"]);
  expect(refusedBy("x".repeat(100))).toEqual(["OpenAI", "Gemini", "Bedrock"]);
  expect(refusedBy("find files")).toEqual(["OpenAI", "Anthropic", "Gemini", "Bedrock"]);
});
