/** What a call over HTTP comes to when its exchange is over: told in its error, and as a problem. */
import { expect, test } from "bun:test";
import type { Ending, Header } from "../../fact/fact.ts";
import { httpMachine } from "./http.ts";
import type { HttpLine } from "./http-line.ts";
import { readSession } from "./session.ts";
import { ask, modern, result } from "./written.testkit.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const JSON_TYPE: Header = ["Content-Type", "application/json"];
const SSE: Header = ["Content-Type", "text/event-stream"];
const OWN: Header = ["X-Proxy-Error", "mcp-proxy-logger"];

type Answer = {
  status?: number;
  headers?: readonly Header[];
  body?: string;
  ending?: Ending;
  error?: string;
  session?: string;
  era?: "modern";
};

function lines(answer: Answer): HttpLine[] {
  const { status, headers = [], body = "", ending = "complete", error = null, session, era } = answer;
  const named: Header[] = session === undefined ? [] : [["Mcp-Session-Id", session]];
  const machine = httpMachine({ id: "x", method: "POST", path: "/mcp", headers: named });
  const params = { name: "count" };
  machine.client(bytes(JSON.stringify(ask(1, "tools/call", era ? modern(params) : params))), 0);
  const said = status === undefined ? [] : machine.head(status, headers, 1);
  if (body !== "") said.push(...machine.server(bytes(body), 2));
  return [...said, ...machine.close({ t: 3, ending, error })];
}

function call(answer: Answer) {
  const said = lines(answer).map(({ body }, n) => ({ session_id: "s", seq: n + 1, ...body }));
  const { calls, problems, counts } = readSession(said);
  const rules = problems.map(({ rule, call: key }) => `${rule} ${key}`);
  return { state: calls[0]?.state, why: calls[0]?.error?.message, rules, pending: counts.pending };
}

const html: Header = ["Content-Type", "text/html; charset=utf-8"];
const done = JSON.stringify(result(1, { content: [] }));
const ends: [string, Answer, string | undefined, ...string[]][] = [
  [
    "a web page",
    { status: 200, headers: [html], body: "<!doctype html><p>Sign in" },
    "HTTP 200 with a web page (text/html; charset=utf-8) instead of an answer",
    "mcp/no-answer c0",
  ],
  [
    "202",
    { status: 202 },
    "HTTP 202 (accepted) without an answer: that is the reply to a notification",
    "mcp/no-answer c0",
  ],
  ["nothing", { status: 200, headers: [JSON_TYPE] }, "HTTP 200 with an empty body", "mcp/no-answer c0"],
  [
    "other words",
    { status: 200, headers: [["Content-Type", "text/plain"]], body: "ok" },
    'HTTP 200 with text/plain instead of an answer: "ok"',
    "mcp/no-answer c0",
  ],
  [
    "a redirect",
    { status: 307, headers: [["Location", "https://other/mcp/"]] },
    "HTTP 307 sends the client to https://other/mcp/",
    "mcp/redirect c0",
  ],
  [
    "too many requests",
    { status: 429, headers: [["Retry-After", "30"]] },
    "the server refused it with HTTP 429, to be tried again after 30 s",
    "mcp/no-answer c0",
  ],
  [
    "JSON of a gateway under a good status",
    { status: 200, headers: [SSE], body: 'event: message\ndata: {"error":"no such session"}\n\n' },
    'HTTP 200 with text/event-stream instead of an answer: "no such session"',
    "mcp/invalid-message null",
    "mcp/no-answer c0",
  ],
  [
    "an error of OAuth",
    { status: 403, headers: [JSON_TYPE], body: '{"error":"scope","error_description":"read is missing"}' },
    'the server refused it with HTTP 403: "scope: read is missing"',
  ],
  ["a request to sign in", { status: 401 }, "the server refused it with HTTP 401"],
  [
    "a session of yesterday",
    { status: 404, session: "old" },
    "the server refused it with HTTP 404",
    "mcp/stale-session c0",
  ],
  [
    "a session of yesterday, in words under another status",
    { status: 400, headers: [JSON_TYPE], session: "old", body: '{"error":"Unknown session"}' },
    'the server refused it with HTTP 400: "Unknown session"',
    "mcp/stale-session c0",
  ],
  [
    "words about a session where the client names none",
    { status: 400, body: "no valid session" },
    'the server refused it with HTTP 400: "no valid session"',
    "mcp/no-answer c0",
  ],
  [
    "a stream without the answer",
    { status: 200, headers: [SSE], body: ": hello\n\n" },
    "the stream ended without the answer",
    "mcp/no-answer c0",
  ],
  [
    "other messages only",
    {
      status: 200,
      headers: [SSE],
      body: 'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}\n\n',
    },
    "HTTP 200 brought 1 message and no answer to it",
    "mcp/no-answer c0",
  ],
  [
    "a stream cut inside the answer",
    {
      status: 200,
      headers: [SSE],
      body: `data: ${done.slice(0, 20)}`,
      ending: "upstream-error",
      error: "it closed the connection",
    },
    "the stream was cut inside an event: it closed the connection",
    "mcp/no-answer c0",
  ],
  [
    "no server",
    {
      status: 502,
      headers: [JSON_TYPE, OWN],
      body: '{"error":{}}',
      ending: "upstream-error",
      error: "no answer",
    },
    "no answer",
    "mcp/no-answer c0",
  ],
  ["nobody in time", { ending: "upstream-error", error: "timed out" }, "timed out", "mcp/no-answer c0"],
  [
    "a client that leaves",
    { status: 200, headers: [SSE], ending: "client-gone" },
    "the client hung up before the answer came",
    "mcp/no-answer c0",
  ],
  ["a program that stops", { ending: "interrupted", error: "stopped" }, "stopped", "mcp/no-answer c0"],
];

for (const [name, answer, why, ...rules] of ends)
  test(`${name} is an end of the call, and is named`, () => {
    expect(call(answer)).toEqual({ state: "error", why, rules, pending: 0 });
  });

test("an answer is an answer: under a wrong content type, in an event of another name, as JSON in a stream", () => {
  const ok = { state: "ok" as const, why: undefined, pending: 0 };
  expect(call({ status: 200, headers: [JSON_TYPE], body: done })).toEqual({ ...ok, rules: [] });
  expect(call({ status: 200, headers: [JSON_TYPE], body: `\ufeff${done}` })).toEqual({ ...ok, rules: [] });
  expect(call({ status: 200, body: done }).rules).toEqual(["mcp/content-type c0"]);
  expect(call({ status: 200, headers: [SSE], body: `event: done\ndata: ${done}\n\n` }).rules).toEqual([
    "mcp/dropped-event c0",
  ]);
  expect(call({ status: 200, headers: [SSE], body: `data: ${done}` }).rules).toEqual([
    "mcp/dropped-event c0",
  ]);
  expect(call({ status: 200, headers: [SSE], body: done }).state).toBe("ok");
});

test("a modern client cancels by hanging up; a stream whose events have ids may go on elsewhere", () => {
  const gone = { status: 200, headers: [SSE], ending: "client-gone" } as const;
  expect(call({ ...gone, era: "modern" })).toMatchObject({ state: "cancelled", pending: 0 });
  const note = 'id: 1\ndata: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n';
  expect(call({ ...gone, body: note })).toMatchObject({ state: "pending", rules: [] });
});

test("an error whose id was never asked belongs to the one call of its exchange", () => {
  const error = { code: -32600, message: "Not Acceptable" };
  for (const id of ["server-error", null, 99]) {
    const body = JSON.stringify({ jsonrpc: "2.0", id, error });
    const said = call({ status: 406, headers: [JSON_TYPE], body });
    expect([said.state, said.why, said.rules]).toEqual(["error", "Not Acceptable", []]);
  }
});

test("what the proxy says for itself is no line of the server's", () => {
  const own = { status: 502, headers: [JSON_TYPE, OWN], body: '{"error":{}}', error: "no answer" };
  const told = lines({ ...own, ending: "upstream-error" }).map(({ body }) => body);
  expect(told.filter((body) => "from" in body && body.from === "server")).toEqual([]);
  expect(told.at(-1)).toMatchObject({ event: "close", ours: true, status: 502 });
  // A server may send such a header too.
  const theirs = lines({ ...own, ending: "complete" }).map(({ body }) => body);
  expect(theirs.filter((body) => "from" in body && body.from === "server")).toHaveLength(1);
});

test("messages keep their own text: numbers, and JSON printed over several lines, in a body, a batch, an event", () => {
  const text = '{\n "jsonrpc": "2.0",\n "id": 1, "result": {"row": 1234567890123456789, "price": 1.10}\n}';
  const flat = '{"jsonrpc":"2.0","id":1,"result":{"row":1234567890123456789,"price":1.10}}';
  const source = (answer: Answer) =>
    lines(answer)
      .flatMap((line) => line.source ?? [])
      .slice(1);
  expect(source({ status: 200, headers: [JSON_TYPE], body: text })).toEqual([flat]);
  expect(source({ status: 200, headers: [JSON_TYPE], body: `[${flat}, ${text}]` })).toEqual([flat, flat]);
  const event = `data: ${text.replaceAll("\n", "\ndata: ")}\n\n`;
  expect(source({ status: 200, headers: [SSE], body: event })).toEqual([flat]);
});
