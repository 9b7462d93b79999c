/** MCP over HTTP: exchanges of real sessions become lines; any cut of the bytes gives the same lines. */
import { expect, test } from "bun:test";
import type { Exchange } from "../../fact/exchange.ts";
import { stringifyExact } from "../../fact/json-source.ts";
import { read } from "../read.ts";
import { httpMachine } from "./http.ts";
import type { HttpLine } from "./http-line.ts";
import { httpLines, sessionLines } from "./http-lines.ts";
import { exchangeOf } from "../recording.ts";
import { sessionKey } from "./http-session.ts";
import { exchangesOf } from "./recording.testkit.ts";
import { readSession } from "./session.ts";

const load = async (name: string): Promise<Exchange[]> =>
  exchangesOf(await Bun.file(new URL(`../fixtures/mcp/${name}.json`, import.meta.url)).text());

const short = ({ body }: HttpLine): string => {
  if ("event" in body) return `${body.event} ${body.exchange_id}`;
  if ("raw" in body) return `${body.from} raw ${body.raw}`;
  const { from, direction, message } = body;
  return `${from} ${direction} ${String(message["method"] ?? message["id"])}`;
};

test("a call with progress: the request, the stream's messages in order, the end", async () => {
  const [call] = (await load("http-modern")).filter(
    (it) => it.request.pieces[0] && text(it).includes('"slow"'),
  );
  const lines = httpLines(call!);
  expect(lines.map(short)).toEqual([
    "client request tools/call",
    "server notification notifications/progress",
    "server notification notifications/progress",
    "server notification notifications/progress",
    "server response 6",
    `close ${call!.id}`,
  ]);
  expect(lines[0]?.body).toMatchObject({
    http: { method: "POST", path: "/mcp", headers: { "mcp-method": "tools/call", "mcp-name": "slow" } },
  });
  expect(lines[1]?.body).toMatchObject({ http: { status: 200 } });
  expect(lines[2]?.body).not.toHaveProperty("http");
});

test("the old transport: the endpoint is told without its session id, answers come on the stream", async () => {
  const exchanges = await load("http-sse");
  const lines = sessionLines("s", exchanges);
  const endpoint = lines.find((it) => it["event"] === "endpoint");
  expect(String(endpoint?.["path"])).toMatch(/^\/messages\?sessionId=…#[0-9a-f]{16}$/);
  const id = /sessionId=([^"&\s\\]+)/.exec(text(exchanges[1]!, "path"))?.[1] ?? "none";
  expect(JSON.stringify(lines)).not.toContain(id);
  const { calls, pollution } = readSession(lines);
  expect(calls.map((it) => [it.method, it.state])).toEqual([
    ["initialize", "ok"],
    ["ping", "ok"],
    ["tools/list", "ok"],
    ["tools/call", "ok"],
  ]);
  expect(pollution).toEqual([]);
});

test("any cut of the bytes gives the same lines", async () => {
  for (const name of ["http-modern", "http-legacy-stateless", "http-sessions", "http-sse"])
    for (const exchange of await load(name)) {
      const whole = httpLines(exchange).map((it) => it.body);
      for (const size of [1, 7]) expect(httpLines(cut(exchange, size)).map((it) => it.body)).toEqual(whole);
    }
});

test("a request is told as soon as its body is whole, before any answer", () => {
  const body = new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  const head = { id: "x", method: "POST", path: "/mcp" };
  const told = httpMachine({ ...head, headers: [["Content-Length", String(body.length)]] });
  expect(told.client(body.subarray(0, 9), 1)).toEqual([]);
  expect(told.client(body.subarray(9), 2).map(short)).toEqual(["client request ping"]);
  const chunked = httpMachine({ ...head, headers: [] });
  expect(chunked.client(body, 1)).toEqual([]);
  expect(chunked.head(202, [], 2).map(short)).toEqual(["client request ping"]);
});

test("a batch is a line for each element; an answer that is no JSON-RPC is kept as it came", () => {
  const machine = httpMachine({ id: "x", method: "POST", path: "/mcp", headers: [] });
  const batch =
    '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"}]';
  machine.client(new TextEncoder().encode(batch), 0);
  expect(machine.head(401, [["WWW-Authenticate", 'Bearer resource_metadata="x"']], 1)).toMatchObject([
    { body: { direction: "request", batch: { index: 0, size: 2 } } },
    { body: { direction: "notification", batch: { index: 1, size: 2 } } },
  ]);
  machine.server(new TextEncoder().encode("<h1>no</h1>"), 2);
  expect(machine.close({ t: 3, ending: "complete", error: null })).toMatchObject([
    { body: { from: "server", raw: "<h1>no</h1>", http: { status: 401 } } },
    { body: { event: "close", status: 401, challenge: 'Bearer resource_metadata="x"' } },
  ]);
});

test("a session is named by the server, or guessed from who talks; keys hold no secret", async () => {
  const keys = (exchanges: Exchange[]) =>
    new Set(
      exchanges.map((it) => {
        const [piece] = it.request.pieces;
        const message: unknown = piece && JSON.parse(new TextDecoder().decode(piece.bytes));
        return sessionKey({ ...it, headers: it.request.headers }, message, it.response?.headers).key;
      }),
    );
  const named = keys(await load("http-sessions"));
  expect([...named].map((it) => it.slice(0, 3))).toEqual(["id "]);
  const guessed = keys((await load("http-modern")).filter((it) => text(it).includes("clientInfo")));
  expect([...guessed].map((it) => it.slice(0, 7))).toEqual(["client "]);
});

test("the list of exchanges names the method, what it is about and what came", async () => {
  const modern = await load("http-modern");
  const about = (wanted: string) => read(modern.find((it) => text(it).includes(wanted))!);
  const call = about('"Zürich"');
  expect(call).toMatchObject({
    dialect: "mcp",
    messages: [{ parts: [{ text: 'tools/call get_weather {"city":"Zürich"}' }] }],
    text: "12 °C in Zürich",
    finish_reason: "complete",
    error: null,
    problems: [],
  });
  expect(about('"nope"')).toMatchObject({
    error: { type: "Invalid params", message: "Tool nope not found" },
  });
  expect(about('"tools/list"').text).toMatch(/^6 tools: get_weather, slow/);
  const [, , get] = await load("http-sessions");
  expect(read(get!)).toMatchObject({
    dialect: "mcp",
    messages: [{ parts: [{ text: "listen for messages of the server" }] }],
  });
});

test("the list of exchanges shows numbers as they passed", () => {
  const body = (id: string) => `{"jsonrpc":"2.0","id":1,${id}}`;
  const exchange = exchangeOf({
    request: {
      method: "POST",
      path: "/@mcp/a",
      body: body(
        '"method":"tools/call","params":{"name":"row","arguments":{"id":9007199254740993,"price":1.10}}',
      ),
    },
    response: {
      status: 200,
      headers: { "content-type": "application/json" },
      body: body('"result":{"rows":[9007199254740993]}'),
    },
  });
  const { messages, answer } = read(exchange);
  expect(messages[0]?.parts[0]).toEqual({
    type: "text",
    text: 'tools/call row {"id":9007199254740993,"price":1.10}',
  });
  const [part] = answer.parts;
  expect(part?.type === "unknown" && stringifyExact(part.value)).toBe('{"rows":[9007199254740993]}');
});

function text(exchange: Exchange, what: "body" | "path" = "body"): string {
  if (what === "path") return exchange.path;
  return exchange.request.pieces.map((it) => new TextDecoder().decode(it.bytes)).join("");
}

function cut(exchange: Exchange, size: number): Exchange {
  const { response } = exchange;
  if (!response) return exchange;
  const pieces = response.pieces.flatMap(({ t, bytes }) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => ({
      t,
      bytes: bytes.subarray(n * size, (n + 1) * size),
    })),
  );
  return { ...exchange, response: { ...response, pieces } };
}

test("a body that is longer than its record is no message and no pollution; its beginning says what it was", () => {
  const headers = [["Content-Length", "90"]] as const;
  const machine = httpMachine({ id: "x", method: "POST", path: "/mcp", headers });
  const bytes = (text: string) => new TextEncoder().encode(text);
  const lines = [
    ...machine.client(bytes('{"jsonrpc":"2.0","id":1,"method":"tools/call","par'), 0),
    ...machine.head(200, [["content-type", "application/json"]], 1),
    ...machine.server(bytes('{"jsonrpc":"2.0","id":1,"result":{"content":['), 2),
  ];
  expect(lines).toEqual([]);
  machine.lost("client", 40);
  machine.lost("server", 5_000_000);
  const said = machine.close({ t: 3, ending: "complete", error: null });
  expect(
    said.map(({ body }) => ("raw" in body ? [body.from, body.raw.length, body.truncated] : body)),
  ).toEqual([
    ["client", 50, { bytes: 90 }],
    ["server", 45, { bytes: 5_000_045 }],
    expect.objectContaining({ event: "close", status: 200 }),
  ]);
  const gap = { event: "gap", from: "server", lost: 5_000_000, why: "large" };
  const { problems } = readSession(
    [gap, ...said.map(({ body }) => body)].map((body, n) => ({ session_id: "s", seq: n + 1, ...body })),
  );
  expect(problems).toEqual([]);
});

test("more messages than are told of one body: the first ones, and a line that says where the others are", () => {
  const most = 100_000;
  const note = { jsonrpc: "2.0", method: "a" };
  const answers = {
    "text/event-stream": `data: ${JSON.stringify(note)}\n\n`.repeat(most + 7),
    "application/json": JSON.stringify(Array.from({ length: most + 7 }, () => note)),
  };
  const said = Object.entries(answers).map(([type, body]) => {
    const lines = httpLines(
      exchangeOf({
        request: { method: "POST", path: "/@mcp/x", body: { jsonrpc: "2.0", id: 1, method: "tools/list" } },
        response: { status: 200, headers: { "content-type": type }, body },
      }),
    );
    const bodies = lines.map(({ body: line }) => line);
    const gaps = bodies.filter((line) => "event" in line && line.event === "gap");
    return {
      messages: bodies.filter((line) => "message" in line && line.from === "server").length,
      gaps: gaps.map((line) => ("why" in line ? [line.lost, line.why.split(";")[0]] : null)),
    };
  });
  const hit = [0, "more than 100000 messages came in one body: the rest is not told here"];
  const end = [0, "the first 100000 of 100007 messages of this stream are told here"];
  expect(said).toEqual([
    { messages: most, gaps: [hit, end] },
    { messages: most, gaps: [hit] },
  ]);
});
