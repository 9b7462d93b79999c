/**
 * A silence of many minutes on every kind of wire at once, longer than any usual time-out of five minutes. No part of
 * `bun test`: `bun run silence` takes five and a half minutes, `SILENCE_SECONDS=5 bun run silence` tries it short.
 */
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { cli, delta, exchangeFiles, type Json, type Program, root, startProgram, until } from "./program.ts";

const SECONDS = Number(process.env["SILENCE_SECONDS"] ?? 330);
setDefaultTimeout((SECONDS + 180) * 1000);

/** Resolves when everybody may speak again. */
const silence = Promise.withResolvers<void>();
const over = silence.promise;
/** Requests that are upstream and get nothing until then. */
const late = Promise.withResolvers<void>();

const events = (...before: string[]) => ({ headers: { "content-type": "text/event-stream" }, before });
const DONE = "data: [DONE]\n\n";
const note = (n: number) => ({
  jsonrpc: "2.0",
  method: "notifications/message",
  params: { level: "info", data: n },
});
const message = (n: number) => `event: message\nid: ${n}\ndata: ${JSON.stringify(note(n))}\n\n`;
const whole = { id: "c", object: "chat.completion", model: "m", choices: [] };

/** Says the first, is silent, says the second. */
function spoken(first: string, second: string): Response {
  const body = new ReadableStream({
    async start(out) {
      out.enqueue(new TextEncoder().encode(first));
      await over;
      out.enqueue(new TextEncoder().encode(second));
      out.close();
    },
  });
  return new Response(body, events());
}

const plain = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  async fetch(request, server) {
    switch (new URL(request.url).pathname) {
      case "/v1/late":
        late.resolve();
        await over;
        return Response.json(whole);
      case "/v1/stream":
        return spoken(delta("before "), delta("after", "stop") + DONE);
      case "/v1/upload":
        return new Response(await request.text());
      case "/v1/socket":
        return server.upgrade(request) ? undefined : new Response("no", { status: 400 });
      case "/mcp":
        return spoken(message(1), message(2));
      default:
        return new Response("nothing here", { status: 404 });
    }
  },
  websocket: {
    idleTimeout: 0,
    sendPings: false, // or it would not be silent
    message: (socket, text) => void socket.send(`heard ${text}`),
  },
});

const pem = (name: string) => readFileSync(join(root, "src/capture/fixtures", name), "utf8");
const http2 = createSecureServer({
  key: pem("localhost-key.pem"),
  cert: pem("localhost.pem"),
  allowHTTP1: false,
});
http2.on("stream", (stream: ServerHttp2Stream) => {
  stream.respond({ ":status": 200, "content-type": "text/event-stream" });
  stream.write(delta("before "));
  void over.then(() => stream.end(delta("after", "stop") + DONE));
});

const CHILD = `
  for await (const line of console) {
    if (line !== "") console.log(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(line).id, result: {} }));
  }`;

type Finish = () => Promise<void>;
let program: Program;

/** Each comes to its silence and resolves then with how it goes on and what must be true at its end. */
const wires: Record<string, () => Promise<Finish>> = {
  async "an answer whose head comes after the silence"() {
    const answer = ask("/v1/late");
    await late.promise;
    return async () => {
      expect(await (await answer).json()).toEqual(whole);
      expect(await record("/v1/late")).toMatchObject({ response_status: 200, response_body: whole });
    };
  },
  "a stream that is silent in its middle": () => stream("/v1/stream"),
  "a stream over HTTP/2 that is silent in its middle": () => stream("/@far/v1/h2"),
  async "a request that is silent in the middle of its body"() {
    const body = new ReadableStream({
      async start(out) {
        out.enqueue(new TextEncoder().encode("first "));
        await over;
        out.enqueue(new TextEncoder().encode("second"));
        out.close();
      },
    });
    const answer = ask("/v1/upload", { method: "POST", body });
    return async () => {
      expect(await (await answer).text()).toBe("first second");
      expect(await record("/v1/upload")).toMatchObject({
        body: "first second",
        response_body: "first second",
      });
    };
  },
  async "a WebSocket on which nobody speaks"() {
    const socket = new WebSocket(`${program.proxyUrl.replace("http", "ws")}/v1/socket`);
    const heard: string[] = [];
    const hear = (count: number) =>
      new Promise<void>((resolve) => {
        socket.onmessage = ({ data }) => void (heard.push(String(data)) === count && resolve());
      });
    const closed = new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
    await new Promise((resolve) => (socket.onopen = resolve));
    const first = hear(1);
    socket.send("one");
    await first;
    return async () => {
      const second = hear(2);
      socket.send("two");
      await Promise.race([second, closed]);
      expect(heard).toEqual(["heard one", "heard two"]);
      socket.close(1000, "done");
      await closed;
      const { request_chunks, response_chunks, socket: end } = await record("/v1/socket");
      expect(request_chunks.map(({ data }: Json) => data)).toEqual(["one", "two"]);
      expect(response_chunks.map(({ data }: Json) => data)).toEqual(heard);
      expect(end).toEqual({ code: 1000, reason: "done", from: "client" });
    };
  },
  async "the stream on which an MCP server may speak at any time"() {
    const headers = {
      accept: "text/event-stream",
      "mcp-session-id": "s",
      "mcp-protocol-version": "2025-11-25",
    };
    const rest = await reader(await ask("/@mcp/quiet", { headers }), message(1));
    return async () => {
      expect(await rest()).toBe(message(2));
      expect(await record("/@mcp/quiet")).toMatchObject({ response_status: 200 });
      expect(await said("mcp_quiet", 2)).toEqual([note(1), note(2)]);
    };
  },
  async "a wrapped MCP server over stdio"() {
    const args = ["tap", "--name", "still", "--log-dir", program.logDir, "--", process.execPath, "-e", CHILD];
    const tap = Bun.spawn([process.execPath, cli, ...args], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    });
    const heard = lines(tap.stdout);
    const request = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });
    const answer = (id: number) => ({ jsonrpc: "2.0", id, result: {} });
    const say = (id: number) => {
      tap.stdin.write(`${JSON.stringify(request(id))}\n`);
      return heard();
    };
    expect(JSON.parse(await say(1))).toEqual(answer(1));
    return async () => {
      expect(JSON.parse(await say(2))).toEqual(answer(2));
      await tap.stdin.end();
      expect(await tap.exited).toBe(0);
      expect(await said("mcp_still", 4)).toEqual([request(1), answer(1), request(2), answer(2)]);
    };
  },
};

/** Those that have come to their silence. */
const silent = new Map<string, Finish>();

beforeAll(async () => {
  await new Promise<void>((resolve) => http2.listen(0, "127.0.0.1", resolve));
  const far = `far=https://127.0.0.1:${(http2.address() as AddressInfo).port}`;
  const base = `http://127.0.0.1:${plain.port}`;
  program = await startProgram([
    "--target-url",
    base,
    "--upstream",
    far,
    "--mcp",
    `quiet=${base}/mcp`,
    "--insecure-tls",
  ]);
  await Promise.all(
    Object.entries(wires).map(async ([name, begin]) => {
      silent.set(name, await begin());
    }),
  );
  await Bun.sleep(SECONDS * 1000);
  silence.resolve();
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
  await plain.stop(true);
  http2.close();
});

test.each(Object.keys(wires))("%s", (name) => silent.get(name)!());

/** Bun's own time-out of five minutes is not what is asked about here. */
function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${program.proxyUrl}${path}`, { ...init, timeout: false } as RequestInit);
}

async function stream(path: string): Promise<Finish> {
  const rest = await reader(await ask(path), delta("before "));
  return async () => {
    expect(await rest()).toBe(delta("after", "stop") + DONE);
    const { response_body, response_chunks } = await record(path);
    expect(response_body.choices[0].message.content).toBe("before after");
    expect(response_chunks.at(-1).t_ms - response_chunks[0].t_ms).toBeGreaterThan(SECONDS * 900);
  };
}

/** Reads `words`, and gives what reads the rest. */
async function reader(response: Response, words: string): Promise<() => Promise<string>> {
  const pieces = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const readTo = async (isEnough: (heard: string) => boolean) => {
    let heard = "";
    while (!isEnough(heard)) {
      const { value, done } = await pieces.read();
      if (done) break;
      heard += value;
    }
    return heard;
  };
  expect(await readTo((heard) => heard.length >= words.length)).toBe(words);
  return () => readTo(() => false);
}

/** One line after another. */
function lines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): () => Promise<string> {
  const pieces = bytes.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  return async () => {
    while (!held.includes("\n")) {
      const { value, done } = await pieces.read();
      if (done) throw new Error("it ended");
      held += value;
    }
    const [line = ""] = held.split("\n", 1);
    held = held.slice(line.length + 1);
    return line;
  };
}

/** Its file, which says that it is whole. */
async function record(path: string): Promise<Json> {
  const file = await until(async () =>
    (await exchangeFiles(program.logDir)).find((each) => each.path === path),
  );
  expect([file.ending, file.error, file.gaps]).toEqual(["complete", null, undefined]);
  expect(file.duration_ms).toBeGreaterThan(SECONDS * 900);
  return file;
}

/** The messages of the session that is recorded in this folder, when there are as many. */
function said(folder: string, count: number): Promise<Json[]> {
  const [name = ""] = readdirSync(join(program.logDir, folder));
  return until(() => {
    const lines = readFileSync(join(program.logDir, folder, name), "utf8")
      .trimEnd()
      .split("\n");
    const messages = lines.flatMap((line) => (JSON.parse(line) as Json).message ?? []);
    return messages.length >= count && messages;
  });
}
