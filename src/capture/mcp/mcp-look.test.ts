import { expect, test } from "bun:test";
import { LOOKED_AT, McpLook, type Body } from "./mcp-look.ts";

/** What is said of a body, and after how many of its bytes. */
function look(text: string): { body: Body; after: number } {
  const bytes = Buffer.from(text);
  const it = new McpLook();
  for (let at = 0; at < bytes.length; at++) {
    const body = it.take(bytes.subarray(at, at + 1));
    if (body) return { body, after: at + 1 };
  }
  return { body: it.end(), after: bytes.length };
}

test.each<[Body, string]>([
  ["mcp", '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}'],
  ["mcp", '{"method":"tools/call","params":{"model":"x"},"jsonrpc":"2.0","id":1}'],
  ["mcp", '{"id":"a","jsonrpc":"2.0","method":"ping"}'],
  ["mcp", '\ufeff\r\n\t {"jsonrpc" : "2.0", "method" : "notifications/initialized"}'],
  ["mcp", '[{"jsonrpc":"2.0","method":"resources/read","id":[1]}]'],
  ["mcp", '{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}'],
  ["mcp", '{"error":{"code":-1,"message":"a \\" b"},"id":1,"jsonrpc":"2.0"}'],
  ["mcp", '{"params":{"a":[{"method":"x"}]},"method":"server/discover"}'],
  ["mcp", '{"jsonrpc":"2.0","vendor":{"a":1},"method":"tools/list"}'],
  ["json-rpc", '{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[]}'],
  ["json-rpc", '{"jsonrpc":"2.0","id":1}'],
  ["empty", "{}"],
  ["empty", " { } "],
  ["other", ""],
  ["other", "[]"],
  ["other", "null"],
  ["other", '["a","b"]'],
  ["other", '{"model":"m","messages":[{"jsonrpc":"2.0","method":"tools/list"}]}'],
  ["other", '{"id":7,"model":"m"}'],
  ["other", '{"secret":"hi"}'],
  ["other", '{"method":"GET"}'],
  ["other", "grant_type=authorization_code"],
  ["other", "--boundary\r\n"],
])("%s: %s", (body, text) => {
  expect(look(text).body).toBe(body);
});

test("what is no JSON-RPC is told at its first name, however long it is", () => {
  const prompt = "x".repeat(1_000_000);
  expect(look(`{"model":"m","prompt":"${prompt}"}`)).toEqual({ body: "other", after: 8 });
  expect(look(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":"${prompt}"}`).after).toBeLessThan(60);
});

test("what cannot be told within the limit is not sent on when all of it was JSON-RPC's", () => {
  const long = "x".repeat(LOOKED_AT);
  expect(look(`{"jsonrpc":"2.0","params":"${long}","method":"x"}`)).toEqual({
    body: "mcp",
    after: LOOKED_AT + 1,
  });
  expect(look(`${" ".repeat(LOOKED_AT + 9)}{`).body).toBe("other");
});
