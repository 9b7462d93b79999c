/**
 * JSON nested a million levels deep, through every door: it passes, it is recorded to the byte, what came behind it is
 * recorded, its pages open, and so does all of it after a restart with an index that is built again.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "bun:test";
import {
  cli,
  exchangeFiles,
  getJson,
  type Json,
  newFolder,
  startProgram,
  until,
  upstream,
  type Program,
} from "./program.ts";

const DEEP = 1_000_000;
const nest = "[".repeat(DEEP) + "]".repeat(DEEP);
const schema = `${'{"properties":{"a":'.repeat(DEEP / 10)}{}${"}}".repeat(DEEP / 10)}`;
const event = (said: object) => `data: ${JSON.stringify(said)}\n\n`;
const pieces = nest.match(/.{1,100000}/gs) ?? [];

const chunk = (delta: object) =>
  event({ object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta }] });
const call = (args: string) => ({
  index: 0,
  id: "t",
  type: "function",
  function: { name: "f", arguments: args },
});
const openAi = [
  chunk({ role: "assistant", tool_calls: [call("")] }),
  ...pieces.map((said) => chunk({ tool_calls: [{ index: 0, function: { arguments: said } }] })),
  "data: [DONE]\n\n",
].join("");
const anthropic = [
  {
    type: "message_start",
    message: { id: "m", type: "message", role: "assistant", model: "c", content: [] },
  },
  {
    type: "content_block_start",
    index: 0,
    content_block: { type: "tool_use", id: "t", name: "f", input: {} },
  },
  ...[`{"a":`, ...pieces, "}"].map((said) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "input_json_delta", partial_json: said },
  })),
  { type: "content_block_stop", index: 0 },
  { type: "message_stop" },
]
  .map(event)
  .join("");
const answered = (message: string) => `{"object":"chat.completion","choices":[{"message":${message}}]}`;

/** What is asked, and what comes. */
const doors: Record<
  string,
  { path?: string; ask?: string; type?: string; answer?: string; status?: number }
> = {
  "a request": { ask: `{"model":"m","messages":${nest}}` },
  "a tool's schema": {
    ask: `{"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]}`,
  },
  "an answer": { answer: nest },
  "an answer's content": { answer: answered(`{"role":"assistant","content":${nest}}`) },
  "arguments in a text": {
    answer: answered(JSON.stringify({ role: "assistant", content: null, tool_calls: [call(nest)] })),
  },
  "a stream's arguments": { type: "text/event-stream", answer: openAi },
  "Anthropic's input": { path: "/v1/messages", type: "text/event-stream", answer: anthropic },
  "an event": { type: "text/event-stream", answer: `data: ${nest}\n\n` },
  "a line": { path: "/api/chat", type: "application/x-ndjson", answer: `${nest}\n${nest}\n` },
  "Gemini's array": { path: "/v1beta/models/m:streamGenerateContent", answer: `[{"a":${nest}},{"b":1}]` },
  "an error": { status: 400, answer: `{"error":{"message":${nest}}}` },
  "a form": { path: "/v1/x", ask: nest, type: "text/plain", answer: nest },
};

test("bodies, answers, streams, arguments and schemas", async () => {
  await using mock = upstream((request) => {
    const {
      answer = "{}",
      type = "application/json",
      status = 200,
    } = doors[decodeURIComponent(new URL(request.url).searchParams.get("door") ?? "")] ?? {};
    return new Response(answer, { status, headers: { "content-type": type } });
  });
  const logDir = await newFolder();
  {
    await using program = await startProgram(["--target-url", mock.url], logDir);
    for (const [door, { path = "/v1/chat/completions", ask = "{}", answer = "{}" }] of Object.entries(
      doors,
    )) {
      const response = await fetch(`${program.proxyUrl}${path}?door=${encodeURIComponent(door)}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: ask,
      });
      expect((await response.text()) === answer).toBe(true);
      await (await fetch(`${program.proxyUrl}/v1/behind`, { method: "POST", body: "{}" })).text();
    }
    const files = await exchangeFiles(logDir, Object.keys(doors).length * 2);
    for (const file of files.filter(({ path }) => path.includes("door="))) {
      const door = doors[decodeURIComponent(file.path.split("door=")[1])]!;
      const text = (body: Json, raw: Json) => raw ?? (typeof body === "string" ? body : JSON.stringify(body));
      const chunks = file.response_chunks?.map(({ data }: Json) => data).join("");
      expect(text(file.body, file.body_raw) === (door.ask ?? "{}")).toBe(true);
      expect((chunks ?? text(file.response_body, file.response_body_raw)) === (door.answer ?? "{}")).toBe(
        true,
      );
      expect(file.problems.map(({ rule }: Json) => rule)).toContain("record/too-deep");
    }
    await opens(program);
    program.process.kill();
    await program.process.exited;
    await Promise.all(
      (await readdir(logDir))
        .filter((name) => name.startsWith("index."))
        .map((name) => rm(join(logDir, name))),
    );
    await using again = await startProgram(["--target-url", mock.url], logDir);
    await opens(again);
  }
});

/** Every page and every address of the API, of every exchange, answers. */
async function opens(program: Program): Promise<void> {
  const count = Object.keys(doors).length * 2;
  const { items }: Json = await until(async () => {
    const found = await getJson(`${program.pageUrl}/api/exchanges`);
    const { warnings } = await getJson(`${program.pageUrl}/api/status`);
    return found.items.length === count && !/taken in/.test(warnings.join()) && found;
  });
  const { warnings, unreadable } = await getJson(`${program.pageUrl}/api/status`);
  expect([warnings, unreadable]).toEqual([[], []]);
  const failed: string[] = [];
  for (const { id, path } of items.filter(({ path }: Json) => path.includes("door="))) {
    const panels = [
      "",
      "/conversation",
      "/answer",
      "/tools",
      "/usage",
      "/timeline",
      "/headers",
      "/raw",
      "/problems",
    ];
    const addresses = [
      ...panels.map((panel) => `/llm/${id}${panel}`),
      ...["request", "response"].flatMap((side) => [
        `/llm/${id}/body/${side}`,
        `/llm/${id}/body/${side}?indented`,
      ]),
      `/llm/${id}/events`,
      `/api/exchanges/${id}`,
      `/api/exchanges/${id}/reading`,
    ];
    for (const address of addresses) {
      const response = await fetch(program.pageUrl + address);
      await response.arrayBuffer();
      if (response.status !== 200) failed.push(`${path} ${address}: ${response.status}`);
    }
  }
  expect(failed).toEqual([]);
}

test("a message of a socket, and of MCP over HTTP", async () => {
  const deep = `{"jsonrpc":"2.0","id":1,"result":${nest}}`;
  const server = Bun.serve({
    port: 0,
    fetch(request, self) {
      if (request.headers.get("upgrade"))
        return self.upgrade(request) ? undefined : new Response(null, { status: 400 });
      const type = request.url.endsWith("/sse") ? "text/event-stream" : "application/json";
      const body = type === "application/json" ? deep : `data: ${deep}\n\n`;
      return new Response(body, { headers: { "content-type": type } });
    },
    websocket: { maxPayloadLength: 64 * 1024 * 1024, message: (socket) => void socket.send(nest) },
  });
  const url = `http://127.0.0.1:${server.port}`;
  await using program = await startProgram([
    "--target-url",
    url,
    "--mcp",
    `m=${url}/m`,
    "--mcp",
    `s=${url}/sse`,
  ]);
  const { promise, resolve } = Promise.withResolvers<number>();
  const socket = new WebSocket(`${program.proxyUrl.replace("http", "ws")}/v1/realtime`);
  socket.onopen = () => socket.send(nest);
  socket.onmessage = ({ data }) => resolve(String(data).length);
  expect(await promise).toBe(nest.length);
  socket.close();
  const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  for (const name of ["m", "s", "m"]) {
    const response = await fetch(`${program.proxyUrl}/@mcp/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: list,
    });
    expect(await response.text()).toContain(nest.slice(0, 1_000));
  }
  expect(await exchangeFiles(program.logDir, 4)).toHaveLength(4);
  const sessions = await until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/mcp/sessions`);
    return items.length >= 2 && items.every((row: Json) => row.messages > 0) && (items as Json[]);
  });
  for (const { id } of sessions)
    for (const address of [`/mcp/${id}`, `/api/mcp/sessions/${id}`, `/mcp/${id}/2`, `/mcp/${id}/3`])
      expect((await fetch(program.pageUrl + address)).status).toBe(200);
  expect((await getJson(`${program.pageUrl}/api/status`)).warnings).toEqual([]);
  await server.stop(true);
});

test("a line through the tap", async () => {
  await using program = await startProgram();
  const script = `
    process.stdout.write('{"jsonrpc":"2.0","id":1,"result":' + "[".repeat(${DEEP}) + "]".repeat(${DEEP}) + '}\\n');
    process.stdin.resume();`;
  const args = ["tap", "--name", "deep", "--log-dir", program.logDir, "--", process.execPath, "-e", script];
  const tap = Bun.spawn([process.execPath, cli, ...args], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  tap.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" })}\n`);
  await tap.stdin.end();
  expect((await new Response(tap.stdout).text()).length).toBe(nest.length + 35);
  expect(await tap.exited).toBe(0);
  const row: Json = await until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/mcp/sessions`);
    return items.find(({ state }: Json) => state === "closed");
  });
  const { messages } = await getJson(`${program.pageUrl}/api/mcp/sessions/${row.id}`);
  expect(messages.some(({ line }: Json) => line.raw?.length === nest.length + 34)).toBe(true);
  for (const { seq } of messages)
    expect((await fetch(`${program.pageUrl}/mcp/${row.id}/${seq}`)).status).toBe(200);
});
