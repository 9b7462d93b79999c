/** The plug-in and the recorded fetch, from outside: what a program of one's own gets from them. */
import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Elysia } from "elysia";
import fc from "fast-check";
import { AT_ONCE } from "../capture/record/later.ts";
import type { RecordOptions } from "../capture/record/record-options.ts";
import { answered, asked, exchangesOf } from "../capture/testkit/rig.ts";
import { joined } from "../fact/exchange.ts";
import type { Fact } from "../fact/fact.ts";
import { toldFetch } from "./fetch.ts";
import { recordedFetch, recordedProxy, recorderOf } from "./index.ts";
import { toldProxy } from "./proxy.ts";

function ears() {
  const facts: Fact[] = [];
  const record: RecordOptions = {
    tell: (fact) => void facts.push(fact),
    later: AT_ONCE,
    mask: null,
    shouldPause: () => false,
    released: () => {},
    bodyLimit: 1024 * 1024 * 1024,
  };
  const ended = async () => {
    while (!facts.some(({ fact }) => fact === "close")) await Bun.sleep(1);
    return exchangesOf(facts);
  };
  return { facts, record, ended };
}

/** What an upstream of one's own says, and what it heard. */
function upstreamOf(answer: (request: Request) => Response | Promise<Response>) {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: answer });
  return { url: server.url.origin, [Symbol.dispose]: () => void server.stop(true) };
}

/** Pieces that leave one by one, each when it is let go. */
function steps(words: readonly string[]) {
  const gates = words.map(() => Promise.withResolvers<void>());
  const cancelled = Promise.withResolvers<void>();
  const body = async function* () {
    try {
      for (const [n, word] of words.entries()) {
        await gates[n]!.promise;
        yield word;
      }
    } finally {
      cancelled.resolve();
    }
  };
  return { body, go: (n: number) => gates[n]!.resolve(), cancelled: cancelled.promise };
}

describe("the plug-in", () => {
  test("streams through any Elysia program, each piece before the next, and tells the same facts", async () => {
    const { body, go } = steps(["data: one\n\n", "data: two\n\n"]);
    using upstream = upstreamOf(
      () => new Response(body as never, { headers: { "content-type": "text/event-stream", "x-own": "1" } }),
    );
    const { record, ended } = ears();
    const app = new Elysia()
      .get("/", () => "mine")
      .use(toldProxy({ target: `${upstream.url}/v1`, prefix: "/llm", record }))
      .listen({ port: 0, hostname: "127.0.0.1" });
    const origin = app.server!.url.origin;
    expect(await (await fetch(origin)).text()).toBe("mine");
    go(0);
    const answer = await fetch(`${origin}/llm/chat/completions?x=%20`, { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("x-own")]).toEqual([200, "1"]);
    const reader = answer.body!.getReader();
    const text = async () => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await text()).toBe("data: one\n\n");
    go(1);
    expect(await text()).toBe("data: two\n\n");
    expect((await reader.read()).done).toBe(true);
    const [exchange] = await ended();
    expect(exchange).toMatchObject({
      method: "POST",
      path: "/chat/completions?x=%20",
      upstream: "default",
      target: `${upstream.url}/v1/chat/completions?x=%20`,
      response: { status: 200 },
      close: { ending: "complete", error: null },
    });
    expect([asked(exchange!), exchange!.response!.pieces.length]).toEqual(["{}", 2]);
    await app.stop(true);
  });

  test("is a Bun.serve program's fetch, names its upstreams, and refuses what it has no place for", async () => {
    using upstream = upstreamOf((request) => new Response(new URL(request.url).pathname));
    const { facts, record } = ears();
    const app = toldProxy({ target: upstream.url, upstreams: { other: `${upstream.url}/other` }, record });
    using server = upstreamOf((request) => app.fetch(request) as Promise<Response>);
    expect(await (await fetch(`${server.url}/@other/x`)).text()).toBe("/other/x");
    const unknown = await fetch(`${server.url}/@nobody/x`);
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining("nobody")]);
    const upgrade = await fetch(`${server.url}/x`, {
      headers: { connection: "upgrade", upgrade: "websocket" },
    });
    expect(upgrade.status).toBe(501);
    expect(exchangesOf(facts).map(({ close }) => close?.ending)).toEqual(["complete", "refused", "refused"]);
  });

  test("passes compressed bodies and redirects as they are", async () => {
    const packed = Bun.gzipSync(Buffer.from("hello ".repeat(100)));
    using upstream = upstreamOf(({ url }) =>
      url.endsWith("/moved")
        ? new Response(null, { status: 307, headers: { location: "/elsewhere" } })
        : new Response(packed, { headers: { "content-encoding": "gzip" } }),
    );
    const { record } = ears();
    const app = toldProxy({ target: upstream.url, record });
    const raw = await app.handle(new Request("http://x/packed"));
    expect(Buffer.from(await raw.arrayBuffer()).equals(Buffer.from(packed))).toBe(true);
    expect(raw.headers.get("content-encoding")).toBe("gzip");
    const moved = await app.handle(new Request("http://x/moved"));
    expect([moved.status, moved.headers.get("location")]).toEqual([307, "/elsewhere"]);
  });

  test("says that an upstream cannot be reached, and records what it said", async () => {
    const { record, ended } = ears();
    const answer = await toldProxy({ target: "http://127.0.0.1:1", record }).handle(
      new Request("http://x/v1/x"),
    );
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining("127.0.0.1:1")]);
    expect(await ended()).toMatchObject([{ response: { status: 502 }, close: { ending: "upstream-error" } }]);
  });

  test("hangs up the upstream when its client leaves", async () => {
    const { body, go, cancelled } = steps(["one", "never", "and never"]);
    using upstream = upstreamOf(() => new Response(body as never));
    const { record, ended } = ears();
    const app = toldProxy({ target: upstream.url, record }).listen({ port: 0, hostname: "127.0.0.1" });
    const leave = new AbortController();
    go(0);
    const answer = await fetch(`${app.server!.url.origin}/x`, { signal: leave.signal });
    await answer.body!.getReader().read();
    leave.abort();
    const [exchange] = await ended();
    expect([exchange!.close!.ending, answered(exchange!)]).toEqual(["client-gone", "one"]);
    go(1);
    go(2);
    await cancelled;
    await app.stop(true);
  });

  test("passes any body in any pieces byte for byte, in both directions, and the record rebuilds it", async () => {
    using upstream = upstreamOf((request) => new Response(request.body));
    const { facts, record } = ears();
    const app = toldProxy({ target: upstream.url, record }).listen({ port: 0, hostname: "127.0.0.1" });
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60_000 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        facts.length = 0;
        const body = new ReadableStream<Uint8Array>({
          pull(controller) {
            const [next] = parts.splice(0, 1);
            if (next) controller.enqueue(next);
            else controller.close();
          },
        });
        const whole = Buffer.concat(parts);
        const answer = await fetch(`${app.server!.url.origin}/x`, { method: "POST", body });
        expect(Buffer.from(await answer.arrayBuffer()).equals(whole)).toBe(true);
        while (!facts.some(({ fact }) => fact === "close")) await Bun.sleep(0);
        const [exchange] = exchangesOf(facts);
        const { request, response } = exchange!;
        expect(Buffer.from(joined(request.pieces)).equals(whole)).toBe(true);
        expect(Buffer.from(joined(response!.pieces)).equals(whole)).toBe(true);
        expect(exchange!.close!.ending).toBe("complete");
      }),
      { numRuns: 40 },
    );
    await app.stop(true);
  });

  test("shows in a sandbox what a browser asks for as a page", async () => {
    using upstream = upstreamOf(() => new Response("<script>", { headers: { "content-type": "text/html" } }));
    const app = toldProxy({ target: upstream.url, record: ears().record });
    const policy = async (headers: Record<string, string>) =>
      (await app.handle(new Request("http://x/", { headers }))).headers.get("content-security-policy");
    expect(await policy({ "sec-fetch-dest": "document" })).toBe("sandbox");
    expect(await policy({ accept: "application/json" })).toBeNull();
  });

  test.each([
    ["a chunk is missing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"],
    ["its length is not reached", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"],
  ])("breaks the client's transfer where the upstream's broke: %s", async (_, said) => {
    const heard = Promise.withResolvers<void>();
    const listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data(socket) {
          socket.write(said);
          // Where a broken end is there before the body is read, the runtime's fetch gives nothing of it.
          void heard.promise.then(() => socket.end());
        },
      },
    });
    const { record, ended } = ears();
    const app = toldProxy({ target: `http://127.0.0.1:${listener.port}`, record });
    app.listen({ port: 0, hostname: "127.0.0.1" });
    const answer = await fetch(`${app.server!.url.origin}/x`);
    const reader = answer.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("hello");
    heard.resolve();
    await expect(reader.read()).rejects.toThrow();
    const [exchange] = await ended();
    expect([exchange!.close!.ending, answered(exchange!)]).toEqual(["upstream-error", "hello"]);
    listener.stop(true);
    await app.stop(true);
  });
});

describe("the recorded fetch", () => {
  test("is a fetch: texts keep their length, codings are taken off, and both are told as they are read", async () => {
    const heard: unknown[] = [];
    using upstream = upstreamOf(async (request) => {
      heard.push(request.headers.get("content-length"), request.headers.get("x-own"), await request.text());
      return new Response(Bun.gzipSync(Buffer.from("hello")), { headers: { "content-encoding": "gzip" } });
    });
    const { record, ended } = ears();
    const answer = await toldFetch(record)(`${upstream.url}/v1/x`, {
      method: "POST",
      body: '{"a":1}',
      headers: { "x-own": "1" },
    });
    expect([await answer.text(), heard]).toEqual(["hello", ["7", "1", '{"a":1}']]);
    const [exchange] = await ended();
    expect([asked(exchange!), answered(exchange!), exchange!.gaps]).toEqual(['{"a":1}', "hello", []]);
    expect(exchange).toMatchObject({
      path: "/v1/x",
      upstream: new URL(upstream.url).host,
      close: { ending: "complete" },
    });
  });

  test("throws as fetch does, and what is aborted has its ending", async () => {
    const { record, ended } = ears();
    await expect(toldFetch(record)("http://127.0.0.1:1/x")).rejects.toThrow();
    expect(await ended()).toMatchObject([{ response: null, close: { ending: "upstream-error" } }]);
    const { body } = steps(["never"]);
    const asked = Promise.withResolvers<void>();
    using upstream = upstreamOf(() => (asked.resolve(), new Response(body as never)));
    const other = ears();
    const leave = new AbortController();
    const waits = toldFetch(other.record)(upstream.url, { signal: leave.signal });
    void asked.promise.then(() => leave.abort());
    await expect(waits).rejects.toThrow();
    expect(await other.ended()).toMatchObject([{ close: { ending: "client-gone" } }]);
  });
});

test("both write into a log folder, masked, once they are stopped", async () => {
  const logDir = mkdtempSync(join(tmpdir(), "embed-"));
  using upstream = upstreamOf(() => Response.json({ ok: true }));
  const key = "sk-or-v1-0123456789abcdef0123456789abcdef";
  const answer = await recordedFetch({ logDir })(`${upstream.url}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(await answer.json()).toEqual({ ok: true });
  const proxied = await recordedProxy({ logDir, target: upstream.url }).handle(
    new Request("http://x/v1/files"),
  );
  expect(await proxied.json()).toEqual({ ok: true });
  await recorderOf({ logDir }).stop();
  const files = await Array.fromAsync(new Bun.Glob("llm_proxy/*.json").scan(logDir));
  const texts = await Promise.all(files.map((file) => Bun.file(join(logDir, file)).text()));
  expect(texts.map((text) => (JSON.parse(text) as { path: string }).path).toSorted()).toEqual([
    "/v1/files",
    "/v1/models",
  ]);
  expect(texts.join("")).not.toContain(key.slice(12));
  rmSync(logDir, { recursive: true });
});
