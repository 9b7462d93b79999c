/** What happened, as a newcomer would list it, held against the recordings and against written ones. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EXCHANGE_MILESTONES, MESSAGE_MILESTONES } from "../../fact/milestones.ts";
import { look } from "../look.ts";
import { sessionList } from "../mcp/session-list.ts";
import { read } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";
import { expertOf, milestonesOf } from "./exchange.ts";
import { milestoneMeanings } from "./meanings.ts";

const root = join(import.meta.dir, "../fixtures");
const recordings = readdirSync(root, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith(".json") && !path.endsWith(".reading.json"))
  .map((path) => [path, JSON.parse(readFileSync(join(root, path), "utf8")) as Recording] as const)
  .filter(([, { response }]) => response !== undefined);

function happened(recording: Recording) {
  const exchange = exchangeOf(recording);
  const seen = look(exchange);
  const reading = read(exchange, seen);
  return { exchange, seen, reading, found: milestonesOf(exchange, reading, seen) };
}

const message = (body: unknown, headers: Record<string, string> = {}): Recording => ({
  request: {
    method: "POST",
    path: "/v1/messages",
    host: "api.anthropic.com",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", ...headers },
    body,
  },
  response: { status: 200, headers: { "content-type": "text/event-stream" }, body: "" },
});
const sse = (...events: { type: string }[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

test("a turn of an agent: retried, with a tool's result, out of the cache, thinking, and asking for the next tool", () => {
  const call = { type: "tool_use", id: "t1", name: "Read", input: {} };
  const recording = message(
    {
      model: "claude-x",
      max_tokens: 9,
      stream: true,
      messages: [
        { role: "user", content: "go on" },
        { role: "assistant", content: [call] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "text" }] },
      ],
    },
    { "x-stainless-retry-count": "2" },
  );
  const usage = {
    input_tokens: 1,
    output_tokens: 1,
    cache_read_input_tokens: 80,
    cache_creation_input_tokens: 7,
  };
  recording.response.body = sse(
    { type: "message_start", message: { id: "m", role: "assistant", content: [], usage } } as never,
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } } as never,
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } } as never,
    { type: "content_block_stop", index: 0 } as never,
    { type: "content_block_start", index: 1, content_block: { ...call, id: "t2", name: "Edit" } } as never,
    {
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json: "{}" },
    } as never,
    { type: "content_block_stop", index: 1 } as never,
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } } as never,
    { type: "message_stop" },
  );
  const { found, exchange, reading } = happened(recording);
  expect(found.map(({ name, of, where }) => [name, of, where])).toEqual([
    ["retry", "2", "x-stainless-retry-count"],
    ["tool-served", "Read", "message 3"],
    ["cache-hit", "80", "event 0"],
    ["cache-write", "7", "event 0"],
    ["reasoning-began", null, "event 2"],
    ["first-token", null, "event 2"],
    ["tool-asked", "Edit", "event 4"],
    ["finished", "tool_use", "event 7"],
  ]);
  expect(expertOf(exchange, reading)).toEqual([
    "chat",
    "retry",
    "tool-served",
    "cache-hit",
    "cache-write",
    "reasoning-began",
    "first-token",
    "tool-asked",
    "finished",
  ]);
});

test("a context that was made smaller says so, in the answer and in what is sent back", () => {
  const edits = { applied_edits: [{ type: "clear_tool_uses_20250919", cleared_tool_uses: 8 }] };
  const answer = message({ model: "c", max_tokens: 1, messages: [{ role: "user", content: "x" }] });
  answer.response.headers = { "content-type": "application/json" };
  answer.response.body = JSON.stringify({
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: "ok" }],
    stop_reason: "end_turn",
    context_management: edits,
  });
  expect(happened(answer).found.map(({ name, of }) => [name, of])).toEqual([
    ["compaction", "clear_tool_uses_20250919"],
    ["finished", "end_turn"],
  ]);
  const back = message({
    model: "c",
    max_tokens: 1,
    messages: [
      { role: "user", content: "x" },
      { role: "assistant", content: [{ type: "compaction", content: "what was" }] },
      { role: "user", content: "y" },
    ],
  });
  expect(happened(back).found).toContainEqual({
    name: "compaction",
    where: "message 2",
    t: 0,
    of: "compaction",
  });
});

describe("every recording", () => {
  test.each(recordings)(
    "%s: what happened is what its reading has, each at an event that there is",
    (_, recording) => {
      const { found, exchange, reading, seen } = happened(recording);
      const has = (name: string) => found.some((it) => it.name === name);
      const parts = reading.answer.parts;
      expect({
        "first-token": has("first-token"),
        "reasoning-began": has("reasoning-began"),
        "tool-asked": has("tool-asked"),
        "cache-hit": has("cache-hit"),
        finished: has("finished"),
      }).toEqual({
        "first-token": reading.timing.ttft_ms !== null,
        "reasoning-began": parts.some(({ type }) => type === "reasoning"),
        "tool-asked": parts.some((part) => part.type === "tool_call" && part.by === "client"),
        "cache-hit": (reading.usage?.cached ?? 0) > 0,
        finished: reading.finish_reason !== null,
      });
      for (const { where } of found) {
        const n = /^event (\d+)$/.exec(where)?.[1];
        if (n !== undefined) expect(Number(n)).toBeLessThan(seen.stream?.frames.length ?? 0);
      }
      expect(found.map(({ t }) => t ?? Infinity).filter((t) => t < 0)).toEqual([]);
      // What the list's row says does not depend on a look at the stream.
      expect(new Set(milestonesOf(exchange, reading).map(({ name }) => name))).toEqual(
        new Set(found.map(({ name }) => name)),
      );
    },
  );

  test("no more are told of one answer than a page can show", () => {
    const many = Array.from({ length: 9_000 }, (_, n) => ({
      type: "tool_use",
      id: `t${n}`,
      name: "x",
      input: {},
    }));
    const recording = message({ model: "c", max_tokens: 1, messages: [{ role: "user", content: "x" }] });
    recording.response.headers = { "content-type": "application/json" };
    recording.response.body = JSON.stringify({ type: "message", role: "assistant", content: many });
    expect(happened(recording).found.length).toBe(50);
  });
});

const rpc = { jsonrpc: "2.0" };
function told(lines: [from: "client" | "server", message: Record<string, unknown>][]) {
  const list = sessionList("s");
  for (const [seq, [from, said]] of lines.entries())
    list.add(
      { session_id: "s", seq, timestamp: new Date(seq).toISOString(), from, message: { ...rpc, ...said } },
      seq,
    );
  return { rows: list.news().rows, list };
}

test("a session's steps stand at their messages, and are counted", () => {
  const { rows, list } = told([
    [
      "client",
      {
        id: 0,
        method: "initialize",
        params: {
          protocolVersion: "2025-11-25",
          capabilities: { elicitation: {} },
          clientInfo: { name: "c", version: "1" },
        },
      },
    ],
    [
      "server",
      {
        id: 0,
        result: {
          protocolVersion: "2025-11-25",
          capabilities: { tools: {} },
          serverInfo: { name: "s", version: "1" },
        },
      },
    ],
    ["client", { method: "notifications/initialized" }],
    ["client", { id: 1, method: "tools/list" }],
    ["server", { id: 1, result: { tools: [{ name: "ask", inputSchema: { type: "object" } }] } }],
    [
      "client",
      { id: 2, method: "tools/call", params: { name: "ask", arguments: {}, _meta: { progressToken: 7 } } },
    ],
    ["server", { method: "notifications/progress", params: { progressToken: 7, progress: 1, total: 2 } }],
    ["server", { method: "notifications/progress", params: { progressToken: 7, progress: 2, total: 2 } }],
    [
      "server",
      {
        id: 0,
        method: "elicitation/create",
        params: { message: "Name?", requestedSchema: { type: "object", properties: {} } },
      },
    ],
    ["client", { id: 0, result: { action: "accept", content: {} } }],
    ["server", { id: 2, result: { content: [], isError: true } }],
    ["client", { id: 3, method: "tools/call", params: { name: "ask", arguments: {} } }],
    ["client", { method: "notifications/cancelled", params: { requestId: 3 } }],
    ["server", { id: 99, result: {} }],
  ]);
  expect(rows.map(({ milestone }) => milestone)).toEqual([
    "handshake-began",
    null,
    "handshake-done",
    null,
    "tools-listed",
    "tool-asked",
    "progress-began",
    null,
    "elicitation-asked",
    "elicitation-answered",
    "tool-failed",
    "tool-asked",
    "cancelled",
    null,
  ]);
  expect(list.head().milestones).toBe(10);
  // An answer that nobody asked for is an error; a step without fault is chat.
  expect([rows[0]?.level, rows[3]?.level, rows[13]?.level]).toEqual(["chat", null, "error"]);
});

test("without a handshake a call that asks back is asked again, and both are steps", () => {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
  };
  const ask = { mode: "form", message: "Name?", requestedSchema: { type: "object", properties: {} } };
  const { rows } = told([
    ["client", { id: 0, method: "server/discover", params: { _meta: meta } }],
    [
      "server",
      {
        id: 0,
        result: { resultType: "complete", supportedVersions: ["2026-07-28"], capabilities: { tools: {} } },
      },
    ],
    ["client", { id: 1, method: "tools/call", params: { _meta: meta, name: "ask", arguments: {} } }],
    [
      "server",
      {
        id: 1,
        result: {
          resultType: "input_required",
          requestState: "x",
          inputRequests: { name: { method: "elicitation/create", params: ask } },
        },
      },
    ],
    [
      "client",
      {
        id: 2,
        method: "tools/call",
        params: {
          _meta: meta,
          name: "ask",
          arguments: {},
          requestState: "x",
          inputResponses: { name: { action: "accept", content: {} } },
        },
      },
    ],
    ["server", { id: 2, result: { resultType: "complete", content: [] } }],
  ]);
  expect(rows.map(({ milestone }) => milestone)).toEqual([
    null,
    "discovered",
    "tool-asked",
    "input-asked",
    "input-answered",
    "tool-served",
  ]);
});

test("every step has a name and a meaning in both languages", () => {
  const CJK = /[\u3400-\u9fff]/;
  expect(Object.keys(milestoneMeanings).toSorted()).toEqual(
    [...new Set<string>([...EXCHANGE_MILESTONES, ...MESSAGE_MILESTONES])].toSorted(),
  );
  for (const { en, zh } of Object.values(milestoneMeanings)) {
    expect([CJK.test(en.name + en.means), CJK.test(zh.name), CJK.test(zh.means)]).toEqual([
      false,
      true,
      true,
    ]);
    expect([en.means, zh.means].every((text) => /[.。]$/.test(text) && text.length < 140)).toBe(true);
  }
});
