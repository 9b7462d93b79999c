import { expect, test } from "bun:test";
import type { Reading } from "../read/reading.ts";
import { contentFor, holdsCredential } from "./content.ts";
import { semconv } from "./semconv.ts";

const reading = (fields: Partial<Reading>): Reading =>
  ({
    system: [{ type: "text", text: "Be short." }],
    messages: [{ role: "user", parts: [{ type: "text", text: "Weather in Oslo?" }] }],
    tools: [
      { name: "get", description: "It gets.", schema: { type: "object" }, kind: "function", by: "client" },
    ],
    answer: {
      parts: [{ type: "tool_call", id: "c1", name: "get", arguments: '{"city":"Oslo"}', by: "client" }],
      choices: [],
    },
    finish_reason: "tool_calls",
    ...fields,
  }) as Reading;

const ask = (its: Reading, seen: Reading | null = null) =>
  contentFor({ of: "model", exchange: "a" }, semconv("1.42"), {
    reading: async (id) => (id === "a" ? its : seen),
    message: async () => null,
  });

test("a model call in the conventions' own shape of messages", async () => {
  const { attributes, withheld } = await ask(reading({}));
  const parsed = Object.fromEntries(
    Object.entries(attributes).map(([name, json]) => [name, JSON.parse(json)]),
  );
  expect(withheld).toBe(0);
  expect(parsed).toEqual({
    "gen_ai.system_instructions": [{ type: "text", content: "Be short." }],
    "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "Weather in Oslo?" }] }],
    "gen_ai.output.messages": [
      {
        role: "assistant",
        parts: [{ type: "tool_call", id: "c1", name: "get", arguments: { city: "Oslo" } }],
        finish_reason: "tool_calls",
      },
    ],
    "gen_ai.tool.definitions": [
      { type: "function", name: "get", description: "It gets.", parameters: { type: "object" } },
    ],
  });
});

test("a tool call has its arguments, and the result that the model saw", async () => {
  const seen = reading({
    messages: [
      {
        role: "tool",
        parts: [
          {
            type: "tool_result",
            id: "c1",
            name: null,
            parts: [{ type: "text", text: "18 °C" }],
            by: "client",
          },
        ],
      },
    ],
  });
  const { attributes } = await contentFor({ of: "tool", exchange: "a", n: 0, seen: "b" }, semconv("1.42"), {
    reading: async (id) => (id === "a" ? reading({}) : seen),
    message: async () => null,
  });
  expect(attributes).toEqual({
    "gen_ai.tool.call.arguments": '{"city":"Oslo"}',
    "gen_ai.tool.call.result": '[{"type":"text","content":"18 °C"}]',
  });
});

test("a long conversation leaves with its end, a long text with its beginning", async () => {
  const messages = Array.from({ length: 500 }, (_, n) => ({
    role: "user",
    parts: [{ type: "text" as const, text: `${n} ${"x".repeat(n === 499 ? 100_000 : 1_000)}` }],
  }));
  const { attributes } = await ask(reading({ messages }));
  const json = attributes["gen_ai.input.messages"]!;
  expect(json.length).toBeLessThan(129 * 1024);
  const last = JSON.parse(json).at(-1).parts[0].content;
  expect([last.startsWith("499 "), last.endsWith("…")]).toEqual([true, true]);
});

test("a credential keeps its attribute here, and a mask of ours does not", async () => {
  const key = "sk-proj-Zq3vX8mK2nB7wL5tR9yU4cE6aH1dF0gJ";
  const parts = [{ type: "text" as const, text: `use ${key}` }];
  const { attributes, withheld } = await ask(reading({ messages: [{ role: "user", parts }] }));
  expect([withheld, attributes["mcp_proxy_logger.content_withheld"]]).toEqual([1, "gen_ai.input.messages"]);
  expect(JSON.stringify(attributes)).not.toContain(key);
  expect(attributes["gen_ai.system_instructions"]).toBe('[{"type":"text","content":"Be short."}]');
  expect([
    holdsCredential(`{"key":"${key}"}`),
    holdsCredential("authorization: Bearer sk-or-v1-…#3f9a1c2b"),
  ]).toEqual([true, false]);
});

test("what is not there any more is no content, and no failure", async () => {
  const nothing = { reading: async () => null, message: async () => undefined };
  const none = { attributes: {}, withheld: 0 };
  for (const key of [
    { of: "model", exchange: "x" },
    { of: "tool", exchange: "x", n: 3, seen: "y" },
    { of: "call", session: "s", seq: 1, answer: null },
  ] as const)
    expect(await contentFor(key, semconv("0.1"), nothing)).toEqual(none);
});
