/**
 * Whatever a text repeats, all that is made of an exchange takes time by its length. An expression that begins its search
 * anew at each character takes minutes for one of these, and all of them together some seconds: a time-out tells.
 */
import { describe, expect, test } from "bun:test";
import { exchangeText } from "../journal/exchange-file.ts";
import { look } from "../read/look.ts";
import { sessionReader } from "../read/mcp/session.ts";
import { assembled, events, read } from "../read/read.ts";
import { modelEvidence } from "../read/run/from-exchange.ts";
import { sessionFold } from "../read/run/from-session.ts";
import { exchangeOf, type Recording } from "../read/recording.ts";
import { threadKeys } from "../read/thread.ts";
import { rowOf } from "./row.ts";
import { searchText } from "./search-text.ts";

const LENGTH = 400_000;
const units = [
  " ",
  "\n",
  "\r",
  "\t",
  "\\",
  '"',
  "`",
  "```\n",
  "a.",
  "=",
  "-",
  "<",
  "http://",
  "{",
  "\n\n",
  "data:",
];
const long = (unit: string) => unit.repeat(Math.ceil(LENGTH / unit.length));

type Said = Recording["response"];
const json = (body: unknown, status = 200): Said => ({
  status,
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const chat = (message: object) =>
  json({ choices: [{ finish_reason: "stop", message: { role: "assistant", ...message } }] });
const ask = (body: object, path = "/v1/chat/completions") => ({
  method: "POST",
  path,
  body: { model: "m", ...body },
});
const call = (text: string) => ({ id: "a", type: "function", function: { name: "f", arguments: text } });
const hello = [{ role: "user", content: "hello" }];

/** Where a text may stand. */
const places: Record<string, (text: string) => Recording> = {
  "a request that is no JSON": (body) => ({ request: { ...ask({}), body }, response: json({}) }),
  "an answer that is no JSON": (text) => ({ request: ask({}), response: json(text) }),
  "a page": (body) => ({
    request: ask({}),
    response: { status: 500, headers: { "content-type": "text/html" }, body },
  }),
  "a stream": (body) => ({
    request: ask({ stream: true }),
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
  }),
  "a question": (content) => ({
    request: ask({ messages: [{ role: "user", content }] }),
    response: json({}),
  }),
  instructions: (system) => ({
    request: ask({ system, messages: hello }, "/v1/messages"),
    response: json({}),
  }),
  "an answer": (content) => ({ request: ask({ messages: hello }), response: chat({ content }) }),
  "an answer that should be JSON": (content) => ({
    request: ask({ messages: hello, response_format: { type: "json_object" } }),
    response: chat({ content }),
  }),
  arguments: (text) => ({ request: ask({ messages: hello }), response: chat({ tool_calls: [call(text)] }) }),
  "arguments that are an object": (a) => ({
    request: ask({ messages: hello }, "/v1/messages"),
    response: json({ type: "message", content: [{ type: "tool_use", id: "t", name: "f", input: { a } }] }),
  }),
  "a tool's result": (content) => ({
    request: ask({ messages: [...hello, { role: "tool", tool_call_id: "a", content }] }),
    response: json({}),
  }),
  "an error": (message) => ({ request: ask({}), response: json({ error: { message, type: message } }, 400) }),
  "a session's name": (user_id) => ({
    request: ask({ messages: hello, metadata: { user_id } }, "/v1/messages"),
    response: json({}),
  }),
};

describe.each(Object.keys(places))("%s", (place) => {
  test("takes time by its length, whatever it repeats", () => {
    for (const unit of units) {
      const exchange = exchangeOf(places[place]!(long(unit)));
      const seen = look(exchange);
      const reading = read(exchange, seen);
      const keys = threadKeys(reading, exchange, seen);
      events(exchange, seen);
      const row = rowOf(exchange, reading);
      modelEvidence(exchange, seen, reading, keys, row);
      expect(row.asked.length + row.answered.length).toBeLessThan(1_000);
      expect(searchText(exchange, reading).length).toBeGreaterThan(0);
      const derived = { assembled: assembled(exchange, seen) ?? undefined, summary: {} };
      expect(exchangeText(exchange, derived, { request: 1, response: 1 }).length).toBeGreaterThan(LENGTH);
    }
  });
});

test("the lines of a session take time by their length", () => {
  const rpc = { jsonrpc: "2.0", id: 1 };
  for (const text of units.map(long)) {
    const lines = [
      { from: "server", raw: text },
      { from: "server", raw: `{"jsonrpc":"2.0"}${text}{` },
      { from: "stderr", text },
      {
        from: "client",
        direction: "request",
        message: { ...rpc, method: "tools/call", params: { name: text } },
      },
      {
        from: "server",
        direction: "response",
        message: { ...rpc, result: { content: [{ type: "text", text }] } },
      },
      {
        event: "close",
        exchange_id: "x",
        method: "GET",
        path: text,
        status: 401,
        ending: "complete",
        challenge: text,
      },
    ];
    const reader = sessionReader();
    const fold = sessionFold("x");
    for (const [n, line] of lines.entries()) {
      reader.add({ session_id: "s", seq: n + 1, ...line });
      fold.add({ session_id: "s", seq: n + 1, ...line });
    }
    expect(reader.row().messages).toBeGreaterThan(1);
  }
});
