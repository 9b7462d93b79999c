/** MCP over HTTP through the proxy, by the official clients of both eras: recorded as sessions, whatever the server is. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openIndex } from "../src/index/sqlite.ts";
import { type Json, type Program, root, startProgram, until } from "./program.ts";

const info = { name: "relayed", version: "1" };

function server(): McpServer {
  const mcp = new McpServer({ name: "notes", version: "1" });
  mcp.registerTool("count", { description: "counts" }, async ({ sendNotification, _meta }) => {
    const progressToken = _meta?.progressToken;
    if (progressToken !== undefined)
      await sendNotification({ method: "notifications/progress", params: { progressToken, progress: 1 } });
    return { content: [{ type: "text", text: "one" }] };
  });
  return mcp;
}

/** A server with sessions, as most are up to 2025-11-25. */
function withSessions() {
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport>();
  return Bun.serve({
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const known = request.headers.get("mcp-session-id");
      const found = known === null ? undefined : transports.get(known);
      if (found) return found.handleRequest(request);
      if (known !== null) return new Response("no such session", { status: 404 });
      const transport: WebStandardStreamableHTTPServerTransport =
        new WebStandardStreamableHTTPServerTransport({
          sessionIdGenerator: () => crypto.randomUUID(),
          onsessioninitialized: (id) => void transports.set(id, transport),
          onsessionclosed: (id) => void transports.delete(id),
        });
      await server().connect(transport);
      return transport.handleRequest(request);
    },
  });
}

/** HTTP+SSE, the transport of 2024-11-05. */
async function withSse(): Promise<Server> {
  const transports = new Map<string, SSEServerTransport>();
  const http = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "GET") {
      const transport = new SSEServerTransport("/messages", response);
      transports.set(transport.sessionId, transport);
      await server().connect(transport);
      return;
    }
    await transports.get(url.searchParams.get("sessionId") ?? "")?.handlePostMessage(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, resolve));
  return http;
}

let program: Program;
let sessions: ReturnType<typeof withSessions>;
let sse: Server;
let weather: Bun.Subprocess<"ignore", "ignore", "pipe">;
let coded: Bun.Server<undefined>;

beforeAll(async () => {
  sessions = withSessions();
  sse = await withSse();
  const answer = gzipSync(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { packed: true } }));
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  coded = Bun.serve({ port: 0, fetch: () => new Response(answer, { headers }) });
  weather = Bun.spawn(
    [process.execPath, join(root, "src/mcp/weather.ts"), "--provider", "sample", "--http", "0"],
    {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  const said = new TextDecoder().decode((await weather.stderr.getReader().read()).value);
  const names = {
    notes: `http://127.0.0.1:${sessions.port}/mcp`,
    old: `http://127.0.0.1:${(sse.address() as AddressInfo).port}`,
    weather: /http:\S+/.exec(said)?.[0],
    coded: `http://127.0.0.1:${coded.port}`,
    dead: "http://127.0.0.1:9/mcp",
  };
  program = await startProgram(Object.entries(names).flatMap(([name, url]) => ["--mcp", `${name}=${url}`]));
});
afterAll(async () => {
  await program[Symbol.asyncDispose]();
  weather.kill();
  sse.close();
  sse.closeAllConnections();
  await Promise.all([sessions.stop(true), coded.stop(true)]);
});

const url = (name: string) => new URL(`${program.proxyUrl}/@mcp/${name}`);

/** The files of one server, each as its lines, when they are as wanted. */
function recorded(name: string, isDone: (files: Json[][]) => boolean): Promise<Json[][]> {
  const folder = join(program.logDir, `mcp_${name}`);
  return until(() => {
    try {
      const files = readdirSync(folder)
        .sort()
        .map((file) =>
          readFileSync(join(folder, file), "utf8")
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line)),
        );
      return isDone(files) && files;
    } catch {
      return false; // not there yet, or half a line
    }
  });
}

const short = (line: Json) =>
  line.event ??
  (line.raw === undefined
    ? `${line.from} ${line.direction} ${line.message?.method ?? line.message?.id}`
    : `${line.from} raw`);
const ended = (files: Json[][]) => files.length > 0 && files.every((lines) => lines.at(-1).event === "exit");

describe("a session over HTTP", () => {
  test("with an id is one file from initialize to DELETE, and holds no id", async () => {
    const client = new Client(info);
    const transport = new StreamableHTTPClientTransport(url("notes"));
    await client.connect(transport);
    const id = transport.sessionId ?? "none";
    await client.callTool({ name: "count", arguments: {} }, undefined, { onprogress: () => {} });
    await transport.terminateSession();
    await client.close();
    const [lines, ...more] = await recorded("notes", ended);
    expect(more).toEqual([]);
    expect(lines!.map(short).filter((line) => !["close", "stream"].includes(line))).toEqual([
      "start",
      "client request initialize",
      "server response 0",
      "client notification notifications/initialized",
      "client request tools/call",
      "server notification notifications/progress",
      "server response 1",
      "exit",
    ]);
    expect(lines!.map((line) => line.seq)).toEqual(lines!.map((_, n) => n + 1));
    expect(lines![0]).toMatchObject({
      name: "notes",
      transport: "http",
      target: expect.stringContaining("/mcp"),
    });
    expect(JSON.stringify(lines)).not.toContain(id);
  });

  test("that the server does not know any more ends with the 404", async () => {
    const headers = { "mcp-session-id": "expired", accept: "application/json, text/event-stream" };
    const body = '{"jsonrpc":"2.0","id":9,"method":"ping"}';
    await fetch(url("notes"), { method: "POST", headers, body });
    const files = await recorded("notes", (all) => all.length === 2 && ended(all));
    expect(files[1]!.map(short)).toEqual(["start", "client request ping", "server raw", "close", "exit"]);
    expect(files[1]!.at(-1).error).toContain("404");
  });

  test("of the stateless revision is one file for one client", async () => {
    const client = new ModernClient(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new ModernHttp(url("weather")));
    await client.listTools();
    await client.callTool({ name: "get_weather", arguments: { location: "Oslo" } });
    await client.close();
    const [lines, ...more] = await recorded(
      "weather",
      ([all]) => !!all?.some((line) => line.message?.result?.content),
    );
    expect(more).toEqual([]);
    expect(lines!.map(short)).toContain("client request tools/list");
  });

  test("without any id is one file too: later requests are taken for the same agent's", async () => {
    const client = new Client({ ...info, name: "another" });
    await client.connect(new StreamableHTTPClientTransport(url("weather")));
    await client.callTool({ name: "get_weather", arguments: { location: "Oslo" } });
    await client.close();
    const files = await recorded(
      "weather",
      (all) => all.length === 2 && !!all[1]?.some((line) => line.message?.result?.content),
    );
    const lines = files[1]!.map(short);
    expect(lines).toContain("client request initialize");
    expect(lines).toContain("client request tools/call");
  });

  test("of the older transport is one file: the stream and what is posted", async () => {
    const client = new Client(info);
    await client.connect(new SSEClientTransport(url("old")));
    await client.callTool({ name: "count", arguments: {} });
    await client.close();
    const [lines, ...more] = await recorded(
      "old",
      ([all]) => !!all?.some((line) => line.message?.result?.content),
    );
    expect(more).toEqual([]);
    // A post is answered with a word, "Accepted": kept, but no message.
    const said = lines!.filter((line) => line.event !== "close" && line.raw === undefined);
    expect(said.map(short)).toEqual([
      "start",
      "stream",
      "endpoint",
      "client request initialize",
      "server response 0",
      "client notification notifications/initialized",
      "client request tools/call",
      "server response 1",
    ]);
  });

  test("in a coded body is read when all of it came", async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    expect(await (await fetch(url("coded"), { method: "POST", body })).json()).toMatchObject({ id: 1 });
    const [lines] = await recorded("coded", ([all]) => all?.length === 4);
    expect(lines!.map(short)).toEqual(["start", "client request ping", "server response 1", "close"]);
    expect(lines![2].message.result).toEqual({ packed: true });
  });

  test("with a server that is not there says so", async () => {
    const response = await fetch(url("dead"), {
      method: "POST",
      body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    });
    expect(response.status).toBe(502);
    const [lines] = await recorded("dead", ([all]) => !!all?.some((line) => line.event === "close"));
    expect(lines!.at(-1)).toMatchObject({
      event: "close",
      ending: "upstream-error",
      error: expect.any(String),
    });
  });

  test("is refused to a name that a web page pointed at this machine", async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const response = await fetch(url("coded"), { method: "POST", body, headers: { host: "evil.example" } });
    expect([response.status, response.headers.get("x-proxy-error")]).toEqual([403, "mcp-proxy-logger"]);
  });

  test("is ended by the end of the program", async () => {
    program.process.kill("SIGTERM");
    await program.process.exited;
    const files = await recorded("weather", ended);
    expect(files.map((lines) => lines.at(-1).ending)).toEqual(["interrupted", "interrupted"]);
    // The index knows it at once, not only after the next start.
    const index = openIndex(join(program.logDir, "index.sqlite"));
    const { items } = await index.sessions({ limit: 100, name: "weather" });
    expect(items.map(({ state }) => state)).toEqual(["closed", "closed"]);
    const last = await Promise.all(items.map(async ({ id }) => (await index.messages(id)).items.at(-1)));
    expect(last.map((message) => message?.line["event"])).toEqual(["exit", "exit"]);
    index.close();
  });
});
