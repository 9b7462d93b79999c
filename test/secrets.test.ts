/** A credential that passes in any way is on the wire as it was, and nowhere else: not on disk, not in an answer, not in a word. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  createGzip,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import { describe, expect, test } from "bun:test";
import type { Fact } from "../src/fact/fact.ts";
import { decodeFacts } from "../src/fact/line.ts";
import { getJson, type Json, newFolder, startProgram, until } from "./program.ts";

/** One for each way, so that a leak says where it came from. */
const WAYS = [
  "bearer",
  "xapikey",
  "apikey",
  "goog",
  "proxyauth",
  "cookie",
  "session",
  "other",
  "basic",
  "echoed",
  "query",
  "encoded",
  "token",
  "path",
  "referer",
  "json",
  "nested",
  "array",
  "escaped",
  "split",
  "text",
  "form",
  "gzip",
  "zstd",
  "answer",
  "sse",
  "gzipanswer",
  "gzipsse",
  "location",
  "setcookie",
  "subprotocol",
  "socket",
  "socketanswer",
  "binary",
  "deflated",
  "coded",
  "upstream",
  "environment",
  "refused",
  "unreachable",
] as const;
type Way = (typeof WAYS)[number];
const word = (way: Way) => `${way}0123456789abcdefCANARY`;
const key = (way: Way) => `sk-proj-${word(way)}`;

const CHAT = { model: "m", messages: [{ role: "user", content: "hi" }] };

/** Says to the client whatever it heard, and keeps it, so that the test knows that it passed. */
function parrot() {
  const heard: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request, self) {
      const { pathname, search } = new URL(request.url);
      const headers = JSON.stringify([...request.headers]);
      heard.push(pathname + search, headers);
      if (request.headers.get("upgrade") === "websocket")
        return self.upgrade(request) ? undefined : new Response("no", { status: 400 });
      const bytes = await request.bytes();
      const coding = request.headers.get("content-encoding");
      const body = Buffer.from(
        coding === "gzip" ? gunzipSync(bytes) : coding === "zstd" ? zstdDecompressSync(bytes) : bytes,
      ).toString();
      heard.push(body);
      if (pathname.endsWith("/sse"))
        return new Response(pieces(key("sse")), { headers: { "content-type": "text/event-stream" } });
      if (pathname.endsWith("/gzipsse"))
        return new Response(pieces(key("gzipsse"), "gzip"), {
          headers: { "content-type": "text/event-stream", "content-encoding": "gzip" },
        });
      if (pathname.endsWith("/gzip")) {
        const answer = gzipSync(
          JSON.stringify({ client_secret: key("gzipanswer"), said: key("gzipanswer") }),
        );
        return new Response(answer, {
          headers: { "content-type": "application/json", "content-encoding": "gzip" },
        });
      }
      return Response.json(
        { error: { message: `Incorrect API key provided: ${headers} ${body}` }, access_token: key("answer") },
        {
          status: 401,
          headers: {
            "Set-Cookie": `s=${key("setcookie")}; HttpOnly`,
            Location: `/login?key=${key("location")}`,
            "X-Echo": request.headers.get("authorization") ?? "",
          },
        },
      );
    },
    websocket: {
      perMessageDeflate: true,
      message(socket, message) {
        heard.push(typeof message === "string" ? message : message.toString());
        socket.send(JSON.stringify({ session: { client_secret: { value: key("socketanswer") } } }), true);
      },
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    heard,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** An event stream whose pieces end in the middle of the key. */
function pieces(secret: string, coding?: "gzip"): ReadableStream<Uint8Array> {
  const gzip = createGzip();
  const half = secret.length - 12;
  const said = [
    `data: {"choices":[{"delta":{"content":"${secret.slice(0, half)}`,
    `${secret.slice(half)}"}}]}\n\n`,
  ];
  return new ReadableStream({
    async pull(controller) {
      const next = said.shift();
      if (next === undefined && coding) {
        for await (const rest of gzip.end()) controller.enqueue(rest as Uint8Array);
      }
      if (next === undefined) return controller.close();
      if (coding) {
        gzip.write(next);
        await new Promise<void>((done) => gzip.flush(constants.Z_SYNC_FLUSH, done));
        controller.enqueue(gzip.read() as Buffer);
      } else controller.enqueue(new TextEncoder().encode(next));
      await Bun.sleep(5);
    },
  });
}

/** A request whose body comes in two pieces, cut in the middle of the key. */
async function sendSplit(port: number, body: string): Promise<void> {
  const cut = body.indexOf("CANARY");
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: { data: () => resolve() },
  });
  socket.setNoDelay(true);
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, cut)}`,
  );
  await Bun.sleep(20);
  socket.write(body.slice(cut));
  await promise;
  socket.end();
}

async function talkOverSocket(
  url: string,
  protocols: string[],
  ...messages: (string | Uint8Array)[]
): Promise<void> {
  const socket = new WebSocket(url.replace("http", "ws"), { protocols } as never);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let answers = 0;
  socket.onopen = () => messages.forEach((message) => socket.send(message));
  socket.onmessage = () => ++answers === messages.length && socket.close(1000);
  socket.onclose = () => resolve();
  socket.onerror = () => reject(new Error("the socket failed"));
  await promise;
}

async function textsBelow(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.map(async (path) => `${path}\n${Buffer.from(await Bun.file(path).bytes()).toString("latin1")}`),
  );
  return texts.join("\n");
}

async function factsBelow(folder: string): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const name of await readdir(folder))
    facts.push(...decodeFacts(await Bun.file(join(folder, name)).bytes()).facts);
  return facts;
}

/** What the bytes say: as they are, and in every coding in which they say something. */
function decodedIn(bytes: Uint8Array): string[] {
  const said = [Buffer.from(bytes).toString("latin1")];
  const tail = Buffer.concat([bytes, Buffer.from([0, 0, 255, 255])]);
  for (const decode of [gunzipSync, brotliDecompressSync, zstdDecompressSync, inflateSync, inflateRawSync])
    for (const coded of [bytes, tail])
      try {
        said.push(decode(coded, { finishFlush: constants.Z_SYNC_FLUSH }).toString("latin1"));
      } catch {} // it is in another one
  return said;
}

/** The ways whose word stands in the text, in clear or in base64. */
function leaks(text: string): Way[] {
  return WAYS.filter((way) => {
    const inner = word(way).slice(0, -6);
    const coded = [0, 1, 2].map((shift) => btoa(" ".repeat(shift) + inner).slice(shift === 0 ? 0 : 4, -4));
    return [inner, ...coded].some((form) => text.includes(form));
  });
}

describe("credentials", () => {
  test("that pass in every way are on the wire as they were, and in no file, answer, page or word of ours", async () => {
    await using upstream = parrot();
    const logDir = await newFolder();
    await using program = await startProgram(
      [
        "--target-url",
        upstream.url,
        "--upstream",
        `own=http://me:${word("upstream")}@127.0.0.1:${upstream.port}`,
        "--upstream",
        `none=http://me:${word("unreachable")}@127.0.0.1:9`,
      ],
      logDir,
      // An address of a known provider, so that the key from the environment is added.
      { OPENAI_API_KEY: key("environment"), LOG_SECRETS: "0" },
    );
    const live: string[] = [];
    const feed = new WebSocket(`${program.pageUrl.replace("http", "ws")}/ws`);
    feed.onmessage = ({ data }) => {
      live.push(String(data));
      const frame = JSON.parse(String(data)) as Json;
      if (frame.type === "exchange.open") feed.send(JSON.stringify({ subscribe: frame.row.id }));
    };
    await new Promise((resolve) => (feed.onopen = resolve));
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${program.proxyUrl}${path}`, {
        method: "POST",
        redirect: "manual",
        body: JSON.stringify(CHAT),
        ...init,
        headers: { "content-type": "application/json", ...(init.headers as Record<string, string>) },
      }).then((response) => response.text());
    const json = (value: unknown) => ({ body: JSON.stringify({ ...CHAT, ...(value as object) }) });

    await ask("/v1/chat/completions", {
      headers: {
        Authorization: `Bearer ${key("bearer")}`,
        "x-api-key": key("xapikey"),
        "api-key": word("apikey"),
        "x-goog-api-key": key("goog"),
        "Proxy-Authorization": `Basic ${btoa(`me:${word("proxyauth")}`)}`,
        Cookie: `session=${word("cookie")}; theme=dark`,
        "Mcp-Session-Id": word("session"),
        "X-My-Own": `uses ${key("other")}`,
        Referer: `https://a.b/?access_token=${word("referer")}`,
      },
    });
    await ask("/v1/chat/completions", { headers: { Authorization: `Basic ${btoa(`me:${word("basic")}`)}` } });
    await ask(
      `/v1/${key("path")}/x?key=${word("query")}&api%5Fkey=${word("encoded")}&alt=sse&token=${word("token")}`,
    );
    await ask("/v1/chat/completions", {
      headers: { Authorization: `Bearer ${word("echoed")}` },
      ...json({
        note: `${word("echoed")} again`,
        api_key: word("json"),
        nested: [{ a: { password: word("nested") } }],
      }),
    });
    await ask(
      "/v1/chat/completions",
      json({ secrets: [key("array")], arguments: JSON.stringify({ x: key("escaped") }) }),
    );
    await ask("/v1/chat/completions", {
      headers: { "content-type": "text/plain" },
      body: `use ${key("text")} please`,
    });
    await ask("/oauth/token", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `grant_type=x&client_secret=${word("form")}`,
    });
    for (const [coding, pack] of [
      ["gzip", gzipSync],
      ["zstd", zstdCompressSync],
    ] as const)
      await ask("/v1/chat/completions", {
        headers: { "content-encoding": coding },
        body: pack(JSON.stringify({ ...CHAT, api_key: key(coding) })) as never,
      });
    await sendSplit(
      Number(new URL(program.proxyUrl).port),
      JSON.stringify({ ...CHAT, api_key: word("split") }),
    );
    await ask("/v1/sse");
    await ask("/v1/gzip");
    await ask("/v1/gzipsse");
    await ask("/@own/v1/x");
    await ask(`/@none/v1/x?key=${word("unreachable")}`);
    await ask(`/@nobody/v1/x?key=${word("refused")}`, {
      headers: { Authorization: `Bearer ${word("refused")}` },
    });
    await talkOverSocket(
      `${program.proxyUrl}/v1/realtime?model=m`,
      ["realtime", `openai-insecure-api-key.${key("subprotocol")}`],
      JSON.stringify({ type: "session.update", authorization: word("socket") }),
      JSON.stringify({ pad: "x".repeat(2000), api_key: word("deflated") }),
      Buffer.from(JSON.stringify({ setup: { api_key: word("binary") } })),
    ).catch(() => {});

    const items = await until(async () => {
      const { items: rows } = await getJson(`${program.pageUrl}/api/exchanges?limit=100`);
      return rows.length >= 17 && rows.every((row: Json) => row.state === "done") && (rows as Json[]);
    });
    const wire = upstream.heard.join("\n");
    const asked: Way[] = [
      "bearer",
      "query",
      "json",
      "split",
      "form",
      "gzip",
      "zstd",
      "socket",
      "binary",
      "upstream",
    ];
    expect(asked.filter((way) => !leaks(wire).includes(way))).toEqual([]);

    const answers = await Promise.all(
      items
        .flatMap(({ id }: { id: string }) => [
          ...["", "/reading"].map((rest: string) => `${program.pageUrl}/api/exchanges/${id}${rest}`),
          ...["conversation", "headers", "raw", "timeline"].map(
            (panel) => `${program.pageUrl}/llm/${id}/${panel}`,
          ),
        ])
        .concat(
          ["/", "/api/exchanges?limit=100", "/api/status", "/healthz"].map((path) => program.pageUrl + path),
        )
        .map(async (url: string) => {
          const response = await fetch(url);
          return `${url} ${response.status}\n${await response.text()}`;
        }),
    );
    expect(answers.filter((text) => !/^\S+ 200\n/.test(text)).map((text) => text.slice(0, 200))).toEqual([]);
    feed.close();
    program.process.kill("SIGTERM");
    const said = (await new Response(program.process.stderr).text()) + program.stdout();
    expect({
      files: leaks(await textsBelow(logDir)),
      answers: leaks(answers.join("\n")),
      live: leaks(live.join("\n")),
      said: leaks(said),
    }).toEqual({ files: [], answers: [], live: [], said: [] });
    // One key is one mask wherever it stood: in the header, in the answer's header, in the answer's words.
    const file = answers.find(
      (text) => /^\S+\/exchanges\/[^/]+ 200\n/.test(text) && text.includes(' again"'),
    )!;
    const { headers, response_headers } = JSON.parse(file.slice(file.indexOf("{"))) as Json;
    const [hash] = /#[0-9a-f]{8}$/.exec(headers.Authorization)!;
    expect(response_headers["X-Echo"]).toBe(headers.Authorization);
    expect(file.split(`*${hash}`).length).toBeGreaterThan(2);
  });

  test("that are in flight are masked in the spool too", async () => {
    await using upstream = parrot();
    await using program = await startProgram(["--target-url", upstream.url]);
    const port = Number(new URL(program.proxyUrl).port);
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
    const body = JSON.stringify({ ...CHAT, api_key: word("json"), more: "x".repeat(100) });
    socket.write(
      `POST /v1/x?key=${word("query")} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key("bearer")}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -5)}`,
    );
    const spooled = await until(async () => {
      const text = await textsBelow(join(program.logDir, "spool")).catch(() => "");
      return text.includes("xxxxx") && text;
    });
    expect(leaks(spooled)).toEqual([]);
    socket.end();
  });

  test("that are in flight in a coding are not in the spool either, not even coded, nor in what is made of it", async () => {
    const say = (coding: string, from: string) =>
      JSON.stringify({
        marker: `${coding} ${from}`,
        api_key: word("coded"),
        said: key("coded"),
        pad: "x".repeat(2000),
      });
    const coders = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync, deflate: deflateSync };
    const codings = Object.keys(coders) as (keyof typeof coders)[];
    const wire: string[] = [];
    await using upstream = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      idleTimeout: 0,
      async fetch(request, self) {
        if (request.headers.get("upgrade") === "websocket")
          return self.upgrade(request) ? undefined : new Response("no", { status: 400 });
        const coding = request.headers.get("content-encoding") as keyof typeof coders;
        wire.push(decodedIn(await request.bytes()).join());
        const answer = coders[coding](say(coding, "server"));
        return new Response(new ReadableStream({ start: (controller) => controller.enqueue(answer) }), {
          headers: { "content-encoding": coding, "content-type": "application/json" },
        });
      },
      websocket: {
        perMessageDeflate: true,
        message(socket, message) {
          wire.push(String(message));
          socket.send(say("socket", "server"), true);
        },
      },
    });
    const logDir = await newFolder();
    const program = await startProgram(["--target-url", `http://127.0.0.1:${upstream.port}`], logDir);
    const left = new AbortController();
    for (const coding of codings)
      void fetch(`${program.proxyUrl}/v1/x`, {
        method: "POST",
        signal: left.signal,
        headers: { "content-type": "application/json", "content-encoding": coding },
        body: coders[coding](say(coding, "client")) as never,
      }).catch(() => {});
    const socket = new WebSocket(`${program.proxyUrl.replace("http", "ws")}/v1/realtime`);
    socket.onopen = () => socket.send(say("socket", "client"));
    const markers = [...codings, "socket"].flatMap((coding) => [`${coding} client`, `${coding} server`]);
    const spool = () => factsBelow(join(logDir, "spool")).catch(() => []);
    const textOf = (facts: readonly Fact[]) =>
      facts
        .map((fact) => (fact.fact === "bytes" ? decodedIn(fact.bytes).join("\n") : JSON.stringify(fact)))
        .join("\n");
    await until(async () => {
      const text = textOf(await spool());
      return markers.every((marker) => text.includes(marker));
    });
    // Nothing of it has been written: the spool is all there is.
    program.process.kill("SIGKILL");
    await program.process.exited;
    left.abort();
    const facts = await spool();
    expect(wire.map((text) => text.includes(word("coded")))).toEqual([true, true, true, true, true]);
    expect(
      facts.some((fact) => fact.fact === "bytes" && fact.frame && fact.passed! < fact.bytes.byteLength),
    ).toBe(true);
    expect([leaks(textOf(facts)), leaks(await textsBelow(logDir))]).toEqual([[], []]);
    await using again = await startProgram(["--target-url", `http://127.0.0.1:${upstream.port}`], logDir);
    const files = await until(async () => {
      const names = await readdir(join(again.logDir, "llm_proxy")).catch(() => []);
      return names.length === 5 && (await textsBelow(join(again.logDir, "llm_proxy")));
    });
    expect([markers.filter((marker) => !files.includes(marker)), leaks(files)]).toEqual([[], []]);
  });

  test("are written as they are with LOG_SECRETS=1, which stderr and the page say loudly", async () => {
    await using upstream = parrot();
    await using program = await startProgram(["--target-url", upstream.url], undefined, { LOG_SECRETS: "1" });
    await fetch(`${program.proxyUrl}/v1/x`, { headers: { Authorization: `Bearer ${key("bearer")}` } });
    await until(async () =>
      leaks(await textsBelow(join(program.logDir, "llm_proxy")).catch(() => "")).includes("bearer"),
    );
    const status = await getJson(`${program.pageUrl}/api/status`);
    expect(status.warnings.join()).toContain("LOG_SECRETS");
    expect(await (await fetch(program.pageUrl)).text()).toContain("LOG_SECRETS");
    program.process.kill("SIGTERM");
    expect(await new Response(program.process.stderr).text()).toContain("LOG_SECRETS");
  });
});
