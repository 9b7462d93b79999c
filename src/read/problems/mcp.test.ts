/** One exchange of MCP in the list of exchanges: what came instead of an answer is a problem of it. */
import { expect, test } from "bun:test";
import { read } from "../read.ts";
import { exchangeOf } from "../recording.ts";

const accept = "application/json, text/event-stream";
const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "x", arguments: {} } };
const note = { jsonrpc: "2.0", method: "notifications/initialized" };
const answer = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { content: [] } });

type Said = {
  status: number;
  type?: string;
  body?: string;
  asked?: object | null;
  accepts?: string;
  path?: string;
  method?: string;
};

function rules({
  status,
  type,
  body = "",
  asked = call,
  accepts = accept,
  path = "/@mcp/a",
  method = "POST",
}: Said): string[] {
  const exchange = exchangeOf({
    request: {
      method,
      path,
      headers: { accept: accepts, "mcp-session-id": "s" },
      body: asked,
    },
    response: { status, headers: type === undefined ? {} : { "content-type": type }, body },
  });
  return read({ ...exchange, upstream: "mcp/a" }).problems.map(({ rule, severity }) => `${rule} ${severity}`);
}

test("an exchange that is over and has no answer says so, as its session does", () => {
  expect(rules({ status: 404 })).toEqual(["request/rejected error", "mcp/stale-session error"]);
  expect(rules({ status: 202 })).toEqual(["mcp/no-answer error"]);
  expect(rules({ status: 200, type: "application/json" })).toEqual(["mcp/no-answer error"]);
  expect(rules({ status: 200, type: "text/event-stream", body: ": hello\n\n" })).toEqual([
    "mcp/no-answer error",
  ]);
  expect(rules({ status: 307 })).toEqual(["mcp/redirect warning"]);
  expect(rules({ status: 200, type: "text/plain", body: answer })).toEqual(["mcp/content-type error"]);
  expect(rules({ status: 200, type: "text/event-stream", body: `event: a\ndata: ${answer}\n\n` })).toEqual([
    "mcp/dropped-event error",
  ]);
});

test("what is as it should be has no problem: answers, notifications, posts whose answer comes on a stream", () => {
  expect(rules({ status: 200, type: "application/json", body: answer })).toEqual([]);
  expect(rules({ status: 202, asked: note })).toEqual([]);
  expect(rules({ status: 202, path: "/@mcp/a/messages?sessionId=1" })).toEqual([]);
  expect(rules({ status: 202, accepts: "*/*" })).toEqual([]);
});

test("a refusal is told once; a stream or a goodbye that a server does not offer is only a try", () => {
  expect(rules({ status: 500 })).toEqual(["request/rejected error"]);
  expect(rules({ status: 405, method: "GET", asked: null })).toEqual(["request/probe-failed note"]);
  expect(rules({ status: 405, method: "DELETE", asked: null })).toEqual(["request/probe-failed note"]);
});
