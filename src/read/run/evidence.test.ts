import { expect, test } from "bun:test";
import { join } from "node:path";
import { look } from "../look.ts";
import { lines, ask, handshake, result, tell } from "../mcp/written.testkit.ts";
import { read } from "../read.ts";
import { type Recording, replayed } from "../recording.ts";
import { threadKeys } from "../thread.ts";
import type { ServedCall } from "./evidence.ts";
import { modelEvidence } from "./from-exchange.ts";
import { sessionFold } from "./from-session.ts";

async function evidenceOf(name: string, change: (recording: Recording) => void = () => {}) {
  const recording = (await Bun.file(
    join(import.meta.dir, "../fixtures", `${name}.json`),
  ).json()) as Recording;
  change(recording);
  const exchange = replayed(recording);
  const seen = look(exchange);
  const reading = read(exchange, seen);
  return { exchange, it: modelEvidence(exchange, seen, reading, threadKeys(reading, exchange, seen))! };
}

test.each([
  "anthropic-messages/stream-weather",
  "openai-chat/stream-weather",
  "openai-responses/stream-weather",
  "gemini/stream-weather",
  "bedrock-converse/stream-weather",
  "ollama/stream-weather",
])("%s: each call was whole when its own block ended, in order, not later than the answer", async (name) => {
  const { exchange, it } = await evidenceOf(name);
  const times = it.asked.map(({ at }) => at - exchange.at);
  const last = exchange.response!.pieces.at(-1)!.t;
  expect(it.asked.map(({ args }) => args.text)).toEqual(['{"city":"Paris"}', '{"city":"東京"}']);
  expect(times.every((t) => t > 0 && t <= last)).toBe(true);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
});

test("the first of two calls was whole before the second, where the stream tells them apart", async () => {
  for (const name of ["anthropic-messages/stream-weather", "openai-responses/stream-weather"]) {
    const { it } = await evidenceOf(name);
    expect(it.asked[0]!.at).toBeLessThan(it.asked[1]!.at);
  }
});

test("the client's names for its session, its agent and its run are kept; so are the ids of items", async () => {
  const { it } = await evidenceOf("openai-responses/stream-weather", ({ request }) => {
    request!.headers = {
      ...request!.headers,
      "session-id": "S1",
      "user-agent": "codex_cli_rs/0.171.0 (x)",
      "thread-id": "T1",
    };
  });
  expect(it).toMatchObject({
    session: "S1",
    thread: "T1",
    sub_agent: null,
    agent: "codex_cli_rs/0.171.0",
    family: "Codex",
  });
  expect(it.asked.every(({ item, id }) => item !== null && item !== id)).toBe(true);
});

test("of the results only those behind the model's last words are new", async () => {
  const { it } = await evidenceOf("anthropic-messages/json-weather", ({ request }) => {
    const use = (id: string) => ({
      role: "assistant",
      content: [{ type: "tool_use", id, name: "x", input: {} }],
    });
    const gave = (id: string, text: string) => ({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: id, content: [{ type: "text", text }] }],
    });
    (request!.body as { messages: unknown[] }).messages = [
      { role: "user", content: "Run the agents, please" },
      use("t1"),
      gave("t1", "old"),
      use("t2"),
      gave("t2", "done\nagentId: ag-1"),
    ];
  });
  expect(it.seen.map(({ id, fresh, agents }) => [id, fresh, agents])).toEqual([
    ["t1", false, []],
    ["t2", true, ["ag-1", "ag-1"]],
  ]);
  expect(it.first?.text).toBe("Run the agents, please");
});

test("a session's lines give each tool call once, with ids of the model's wire, its answer, progress and end", () => {
  const fold = sessionFold("weather");
  const calls = new Map<string, ServedCall>();
  const call = (id: number, meta: object, args: object = { b: 1, a: 2 }) =>
    ["client", ask(id, "tools/call", { name: "get", arguments: args, _meta: meta })] as ["client", unknown];
  const all = lines(
    { event: "start", run: "r9" },
    ...handshake,
    ["client", ask(1, "tools/list")],
    ["server", result(1, { tools: [{ name: "get" }], nextCursor: "c" })],
    ["client", ask(2, "tools/list", { cursor: "c" })],
    ["server", result(2, { tools: [{ name: "set" }] })],
    call(3, { "claudecode/toolUseId": "toolu_1", progressToken: 3 }),
    call(4, { callId: "call_1", itemId: "fc_1", threadId: "T1", progressToken: 4 }),
    ["server", tell("notifications/progress", { progressToken: 3, progress: 1 })],
    ["client", tell("notifications/cancelled", { requestId: 4, reason: "AbortError: user-cancel" })],
    [
      "server",
      result(3, {
        content: [{ type: "text", text: "hi" }],
        structuredContent: { t: 1 },
        isError: true,
        _meta: { x: 1 },
      }),
    ],
    { event: "exit", code: 0 },
  );
  for (const line of all) for (const it of fold.add(line).calls) calls.set(it.key, { ...it });
  expect(fold.session()).toMatchObject({
    client: "host 1",
    server: "weather",
    run: "r9",
    tools: ["get", "set"],
    closed: true,
  });
  expect([...calls.values()]).toMatchObject([
    {
      tool_use: "toolu_1",
      args: { text: '{"a":2,"b":1}' },
      state: "tool-error",
      progress: 1,
      result: { structured: { text: '{"t":1}' }, error: true, meta: ["x"] },
    },
    {
      call: "call_1",
      item: "fc_1",
      thread: "T1",
      state: "cancelled",
      error: "AbortError: user-cancel",
      result: null,
    },
  ]);
});

test("the rounds of a call that was asked for more, and a task's, are one call", () => {
  const fold = sessionFold("weather");
  const keys = new Set<string>();
  const states: string[] = [];
  const all = lines(
    ["client", ask(1, "tools/call", { name: "get" })],
    ["server", result(1, { resultType: "input_required", requestState: "z", inputRequests: {} })],
    ["client", ask(2, "tools/call", { name: "get", requestState: "z", inputResponses: {} })],
    ["server", result(2, { resultType: "complete", content: [{ type: "text", text: "hi" }] })],
    ["client", ask(3, "tools/call", { name: "long" })],
    ["server", result(3, { resultType: "task", taskId: "k", status: "working" })],
    ["client", ask(4, "tasks/get", { taskId: "k" })],
    [
      "server",
      result(4, { taskId: "k", status: "completed", result: { content: [{ type: "text", text: "late" }] } }),
    ],
  );
  for (const line of all)
    for (const it of fold.add(line).calls) {
      keys.add(it.key);
      states.push(`${it.name} ${it.state}`);
    }
  expect([...keys]).toEqual(["s/1", "s/5"]);
  expect(states).toEqual(["get open", "get open", "get ok", "long open", "long ok"]);
});

test("of requests that nobody answers the latest are known, and the oldest are let go", () => {
  const fold = sessionFold("weather");
  const line = (seq: number, from: "client" | "server", message: object) =>
    fold.add({
      session_id: "s",
      timestamp: "2026-01-01T00:00:00.000Z",
      seq,
      from,
      direction: from === "client" ? "request" : "response",
      message: { jsonrpc: "2.0", ...message },
    }).calls.length;
  for (let id = 0; id < 12_000; id++) line(id, "client", { id, method: "tools/call", params: { name: "t" } });
  const answer = (id: number) => line(20_000 + id, "server", { id, result: { content: [] } });
  expect([answer(0), answer(1_000), answer(3_500), answer(11_999)]).toEqual([0, 0, 1, 1]);
});
