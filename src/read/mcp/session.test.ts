/** The fold over a session: pairing, rounds, tasks, streams, parents, eras. Lines are written here by hand. */
import { expect, test } from "bun:test";
import { parseExact } from "../../fact/json-source.ts";
import { readSession, sessionReader } from "./session.ts";
import { ask, error, handshake, lines, modern, result, tell } from "./written.testkit.ts";

test("a handshake names both sides, the era and the revision that the server chose", () => {
  const { session, client, server } = readSession(lines(...handshake));
  expect(session).toMatchObject({
    id: "s",
    era: "legacy",
    revision: "2025-06-18",
    client: "host 1",
    server: "weather 3",
    messages: 3,
    requests: 1,
    errors: 0,
    state: "open",
    transport: "stdio",
  });
  expect([client.capabilities, server.capabilities]).toEqual([{ sampling: {} }, { tools: {} }]);
});

test("ids are compared as they were written: digits beyond a double tell requests apart", () => {
  const said = [
    '{"from":"client","message":{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"a"}}}',
    '{"from":"client","message":{"jsonrpc":"2.0","id":9007199254740992,"method":"tools/call","params":{"name":"b"}}}',
    '{"from":"server","message":{"jsonrpc":"2.0","id":9007199254740993,"result":{"content":[]}}}',
    '{"from":"client","message":{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9007199254740992}}}',
    '{"from":"client","message":{"jsonrpc":"2.0","id":1.0,"method":"ping"}}',
    '{"from":"server","message":{"jsonrpc":"2.0","id":1,"result":{}}}',
  ];
  const { calls } = readSession(said.map(parseExact));
  expect(calls.map(({ id, state }) => [id, state])).toEqual([
    ["9007199254740993", "ok"],
    [9007199254740992, "cancelled"],
    [1, "ok"],
  ]);
});

test("a modern session has no handshake: identity is on every request and result", () => {
  const serverInfo = { "io.modelcontextprotocol/serverInfo": { name: "weather", version: "3" } };
  const { session } = readSession(
    lines(
      ["client", ask(1, "tools/list", modern())],
      ["server", result(1, { resultType: "complete", tools: [], _meta: serverInfo })],
    ),
  );
  expect(session).toMatchObject({
    era: "modern",
    revision: "2026-07-28",
    client: "host 2",
    server: "weather 3",
  });
});

test("a discover probe that a legacy server refuses leaves a legacy session", () => {
  const { session, calls } = readSession(
    lines(["client", ask("d", "server/discover", modern())], ["server", error("d", -32601)], ...handshake),
  );
  expect(session).toMatchObject({ era: "legacy", revision: "2025-06-18" });
  expect(calls.map((it) => [it.method, it.probe, it.state])).toEqual([
    ["server/discover", true, "error"],
    ["initialize", false, "ok"],
  ]);
});

test('ids of the two sides, and 1 and "1", are different', () => {
  const { calls } = readSession(
    lines(
      ["client", ask(1, "tools/call", { name: "slow" })],
      ["server", ask(1, "sampling/createMessage", {})],
      ["client", ask("1", "ping")],
      ["server", result("1", {})],
      ["client", result(1, {})],
      ["server", result(1, { content: [] })],
    ),
  );
  expect(calls.map((it) => [it.from, it.method, it.seq, it.answer_seq, it.latency_ms])).toEqual([
    ["client", "tools/call", 1, 6, 50],
    ["server", "sampling/createMessage", 2, 5, 30],
    ["client", "ping", 3, 4, 10],
  ]);
  expect(calls[1]?.parent).toEqual({ key: "c0", how: "only-one" });
});

test("equal ids of different exchanges are paired by exchange", () => {
  const { calls, session } = readSession(
    lines(
      ["client", ask(1, "tools/call", { name: "a" }), "x"],
      ["client", ask(1, "tools/call", { name: "b" }), "y"],
      ["server", result(1, { content: [] }), "y"],
      ["server", ask(7, "roots/list"), "x"],
      ["client", result(7, { roots: [] }), "z"],
      ["server", result(1, { content: [] }), "x"],
    ),
  );
  expect(calls.map((it) => [it.name ?? it.method, it.answer_seq, it.state])).toEqual([
    ["a", 6, "ok"],
    ["b", 3, "ok"],
    ["roots/list", 5, "ok"],
  ]);
  expect(calls[2]?.parent).toEqual({ key: "c0", how: "exchange" });
  expect(session.transport).toBe("http");
});

test("an answer that comes on another exchange's stream is found by its id", () => {
  const { calls } = readSession(
    lines(["client", ask(4, "tools/list"), "post"], ["server", result(4, { tools: [] }), "stream"]),
  );
  expect(calls).toMatchObject([{ id: 4, answer_seq: 2, latency_ms: 10, state: "ok" }]);
});

test("errors are of the protocol or of the tool", () => {
  const { calls, counts, session } = readSession(
    lines(
      ...handshake,
      ["client", ask(1, "tools/call", { name: "nope" })],
      ["server", error(1, -32602, "no such tool")],
      ["client", ask(2, "tools/call", { name: "bad" })],
      ["server", result(2, { isError: true, content: [{ type: "text", text: "no place called X" }] })],
    ),
  );
  expect(calls.slice(1)).toMatchObject([
    { state: "error", error: { code: -32602, name: "Invalid params", message: "no such tool" } },
    { state: "tool-error", error: { code: null, name: "isError", message: "no place called X" } },
  ]);
  expect([counts.errors, counts.tool_errors, session.errors]).toEqual([1, 1, 2]);
});

test("progress belongs to the call that gave the token", () => {
  const { calls, notifications } = readSession(
    lines(
      ["client", ask(9, "tools/call", { name: "slow", _meta: { progressToken: "p" } })],
      [
        "server",
        tell("notifications/progress", { progressToken: "p", progress: 1, total: 2, message: "half" }),
      ],
      ["server", tell("notifications/progress", { progressToken: "other", progress: 1 })],
    ),
  );
  expect(calls[0]?.progress).toMatchObject([{ seq: 2, progress: 1, total: 2, message: "half" }]);
  expect(notifications.map((it) => [it.name, it.call])).toEqual([
    ["p", "c0"],
    ["other", null],
  ]);
});

test("a cancelled call stays cancelled when its answer comes late", () => {
  const { calls } = readSession(
    lines(
      ["client", ask(1, "tools/call", { name: "slow" })],
      ["client", tell("notifications/cancelled", { requestId: 1, reason: "bored" })],
      ["server", result(1, { content: [] })],
    ),
  );
  expect(calls).toMatchObject([
    { state: "cancelled", answer_seq: 3, cancelled: { by: "client", reason: "bored", how: "notification" } },
  ]);
});

test("the rounds of a multi-round request are one call, linked by the echoed state", () => {
  const asks = { who: { method: "elicitation/create", params: {} } };
  const { calls } = readSession(
    lines(
      ["client", ask(1, "tools/call", modern({ name: "order" }))],
      ["client", ask(2, "tools/call", modern({ name: "order" }))],
      ["server", result(1, { resultType: "input_required", inputRequests: asks, requestState: "A" })],
      ["server", result(2, { resultType: "input_required", inputRequests: asks, requestState: "B" })],
      [
        "client",
        ask(3, "tools/call", modern({ name: "order", requestState: "A", inputResponses: { who: {} } })),
      ],
      ["server", result(3, { resultType: "complete", content: [] })],
    ),
  );
  expect(calls.map((it) => [it.rounds.map((round) => round.id), it.state, it.latency_ms])).toEqual([
    [[1, 3], "ok", 50],
    [[2], "input_required", null],
  ]);
  expect(calls[0]?.rounds).toMatchObject([
    { asks: [{ key: "who", method: "elicitation/create" }], answers: [], latency_ms: 20 },
    { asks: [], answers: ["who"], latency_ms: 10 },
  ]);
});

test("without state a retry is linked only when one call fits", () => {
  const needs = { resultType: "input_required", inputRequests: { k: { method: "roots/list" } } };
  const retry = modern({ name: "t", inputResponses: { k: {} } });
  const once = readSession(
    lines(
      ["client", ask(1, "tools/call", modern({ name: "t" }))],
      ["server", result(1, needs)],
      ["client", ask(2, "tools/call", retry)],
    ),
  );
  expect(once.calls.map((it) => it.rounds.length)).toEqual([2]);
  const twice = readSession(
    lines(
      ["client", ask(1, "tools/call", modern({ name: "t" }))],
      ["client", ask(2, "tools/call", modern({ name: "t" }))],
      ["server", result(1, needs)],
      ["server", result(2, needs)],
      ["client", ask(3, "tools/call", retry)],
    ),
  );
  expect(twice.calls.map((it) => it.rounds.length)).toEqual([1, 1, 1]);
});

test("a task is followed to its end, in both eras", () => {
  const { calls } = readSession(
    lines(
      ["client", ask(1, "tools/call", { name: "t", task: {} })],
      ["server", result(1, { task: { taskId: "T", status: "working" } })],
      ["client", ask(2, "tasks/get", { taskId: "T" })],
      ["server", result(2, { taskId: "T", status: "completed" })],
      ["client", ask(3, "tasks/result", { taskId: "T" })],
      ["server", result(3, { content: [], isError: true })],
      ["client", ask(4, "tools/call", modern({ name: "m" }))],
      ["server", result(4, { resultType: "task", taskId: "M", status: "working" })],
      ["server", tell("notifications/tasks", { taskId: "M", status: "input_required" })],
      ["client", ask(5, "tasks/get", modern({ taskId: "M" }))],
      [
        "server",
        result(5, { resultType: "complete", taskId: "M", status: "completed", result: { content: [] } }),
      ],
    ),
  );
  const [legacy, , , now, poll] = calls;
  expect(legacy).toMatchObject({
    state: "tool-error",
    latency_ms: 30,
    task: { id: "T", status: "completed" },
  });
  expect(now).toMatchObject({ state: "ok", latency_ms: 40, task: { id: "M" } });
  expect(now?.task?.history.map((it) => it.status)).toEqual(["working", "input_required", "completed"]);
  expect(poll).toMatchObject({ about: now?.key ?? "", state: "ok" });
});

test("a listen stream collects its events and is not pending", () => {
  const meta = { _meta: { "io.modelcontextprotocol/subscriptionId": "L" } };
  const { calls, counts } = readSession(
    lines(
      ["client", ask("L", "subscriptions/listen", modern({ notifications: { toolsListChanged: true } }))],
      ["server", tell("notifications/subscriptions/acknowledged", { ...meta, notifications: {} })],
      ["server", tell("notifications/tools/list_changed", meta)],
    ),
  );
  expect(calls[0]?.stream).toEqual({ acknowledged: 2, events: [3], filter: { toolsListChanged: true } });
  expect(counts.pending).toBe(0);
});

test("over HTTP a modern client cancels by hanging up; a legacy client does not", () => {
  const gone = { event: "close", exchange_id: "x", ending: "client-gone" };
  const now = readSession(lines(["client", ask(1, "tools/call", modern({ name: "t" })), "x"], gone));
  expect(now.calls[0]).toMatchObject({ state: "cancelled", cancelled: { how: "hang-up" } });
  const then = readSession(lines(...handshake, ["client", ask(1, "tools/call", { name: "t" }), "x"], gone));
  const why = "the client hung up before the answer came";
  expect(then.calls[1]).toMatchObject({ state: "error", error: { message: why }, cancelled: null });
});

test("the inventory knows what was offered, called and dropped", () => {
  const tool = (name: string) => ({ name, inputSchema: { type: "object" } });
  const { inventory } = readSession(
    lines(
      ["client", ask(1, "tools/list")],
      ["server", result(1, { tools: [tool("a")], nextCursor: "2" })],
      ["client", ask(2, "tools/list", { cursor: "2" })],
      ["server", result(2, { tools: [tool("b")] })],
      ["client", ask(3, "tools/call", { name: "a" })],
      ["server", result(3, { isError: true, content: [] })],
      ["server", tell("notifications/tools/list_changed")],
      ["client", ask(4, "tools/list")],
      ["server", result(4, { tools: [tool("b")] })],
    ),
  );
  expect(
    inventory.tools.map(({ name, listed, calls, errors, p50_ms }) => [name, listed, calls, errors, p50_ms]),
  ).toEqual([
    ["a", false, 1, 1, 10],
    ["b", true, 0, 0, null],
  ]);
  expect(inventory.changes).toBe(1);
});

test("stderr, pollution, start and exit stand in place", () => {
  const { session, stderr, pollution, exit } = readSession(
    lines(
      { event: "start", transport: "stdio", target: "node server.js", command: ["node", "server.js"] },
      { from: "stderr", text: "ready" },
      { from: "server", raw: "debug: hello" },
      { event: "exit", ending: "complete", code: 0, signal: null },
    ),
  );
  expect([stderr, pollution]).toMatchObject([
    [{ seq: 2, text: "ready" }],
    [{ seq: 3, text: "debug: hello" }],
  ]);
  expect(exit).toEqual({ code: 0, signal: null, seq: 4 });
  expect(session).toMatchObject({ state: "closed", command: "node server.js" });
});

test("whatever a line holds, reading goes on", () => {
  const reader = sessionReader();
  for (const junk of [
    null,
    1,
    [],
    "x",
    {},
    { from: "client", message: 3 },
    { from: "server", message: [null, {}] },
  ])
    reader.add(junk);
  reader.add({ from: "client", message: { id: {}, method: 1, params: [] } });
  expect(reader.row()).toMatchObject({ requests: 0, era: null });
  expect(reader.reading().calls).toEqual([]);
});

test("nothing is said against the contents of a line of which only the outline is there", () => {
  const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "x" } };
  const answer = { jsonrpc: "2.0", id: 1, result: {} };
  const { calls, problems } = readSession([
    ...lines(...handshake),
    { session_id: "s", seq: 4, from: "client", direction: "request", message: call },
    { session_id: "s", seq: 5, from: "server", message: answer, outline: { bytes: 1e7 } },
  ]);
  expect(calls.map(({ state }) => state)).toEqual(["ok", "ok"]);
  expect(problems).toEqual([]);
});

test("over HTTP a refusal answers what was asked in its exchange, with or without an id, with or without JSON-RPC", () => {
  const line = (seq: number, exchange_id: string, more: object) => ({
    session_id: "s",
    seq,
    exchange_id,
    ...more,
  });
  const ask = (seq: number, exchange: string, id: number) =>
    line(seq, exchange, {
      from: "client",
      direction: "request",
      message: { jsonrpc: "2.0", id, method: "tools/list" },
    });
  const close = (seq: number, exchange: string, status: number | null, ending = "complete", error = null) =>
    line(seq, exchange, { event: "close", method: "POST", path: "/", status, ending, error });
  const nameless = { jsonrpc: "2.0", error: { code: -32000, message: "no valid session id" } };
  const { calls, problems, session } = readSession([
    ask(1, "a", 1),
    line(2, "a", { from: "server", direction: "response", message: nameless }),
    close(3, "a", 400),
    ask(4, "b", 2),
    line(5, "b", {
      from: "server",
      raw: "no",
      http: { status: 401, headers: { "content-type": "text/plain" } },
    }),
    close(6, "b", 401),
    ask(7, "c", 3),
    close(8, "c", 502, "upstream-error"),
    line(9, "c", { event: "exit", ending: "complete", error: null }),
  ]);
  expect(
    calls.map(({ state, error, answer_seq }) => [state, error?.name, error?.message, answer_seq]),
  ).toEqual([
    ["error", null, "no valid session id", 2],
    ["error", "HTTP 401", 'the server refused it with HTTP 401: "no"', null],
    ["error", "HTTP 502", "the server refused it with HTTP 502", null],
  ]);
  expect([problems.map(({ rule, call }) => [rule, call]), session.errors]).toEqual([
    [["mcp/no-answer", "c2"]],
    3,
  ]);
});
