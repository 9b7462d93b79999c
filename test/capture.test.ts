/** The program as a whole where single parts cannot show it: memory, two of them, kill -9, bodies that are broken, a proxy on the way. */
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import { readFileSync } from "node:fs";
import { cp, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, createGzip, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "bun:test";
import { connectProxy } from "../src/capture/testkit/connect-proxy.ts";
import {
  delta,
  exchangeFiles,
  getJson,
  type Json,
  newFolder,
  pushed,
  root,
  run,
  startProgram,
  until,
  upstream,
} from "./program.ts";

const FIXTURES = join(root, "src/capture/fixtures");

/** The most memory that a process has had, in bytes. */
function peakOf(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

const MB = 1024 * 1024;

test.skipIf(process.platform !== "linux")(
  "memory stays flat while 1 GB passes in 16 streams, and each stream is whole",
  async () => {
    const block = new Uint8Array(256 * 1024).fill(97);
    const BLOCKS = 256;
    await using mock = upstream(() => {
      let left = BLOCKS;
      return new Response(
        new ReadableStream(
          {
            pull(controller) {
              if (left-- > 0) controller.enqueue(block);
              else controller.close();
            },
          },
          { highWaterMark: 0 },
        ),
        { headers: { "content-type": "text/event-stream" } },
      );
    });
    await using program = await startProgram(["--target-url", mock.url, "--body-limit", "1MB"]);
    const drink = async () => {
      let size = 0;
      const { body } = await fetch(`${program.proxyUrl}/v1/stream`);
      for await (const piece of body!) size += piece.byteLength;
      return size;
    };
    // What a stream costs at all is paid before it is measured.
    await Promise.all(Array.from({ length: 16 }, drink));
    const before = peakOf(program.process.pid);
    const sizes = await Promise.all(Array.from({ length: 16 }, drink));
    expect(sizes).toEqual(Array(16).fill(BLOCKS * block.byteLength));
    expect((peakOf(program.process.pid) - before) / MB).toBeLessThan(200);
    const files = await exchangeFiles(program.logDir, 32);
    expect(files.every((file) => file["ending"] === "complete" && file["truncated"].bytes === 63 * MB)).toBe(
      true,
    );
  },
  60_000,
);

test("two programs on one folder do not harm each other: both record, both pages list all, the end of one is not the other's", async () => {
  const streams = [pushed(), pushed()];
  let n = 0;
  await using mock = upstream((request) =>
    request.url.endsWith("/stream") ? streams[n++]!.response() : new Response("ok"),
  );
  const logDir = await newFolder();
  await using first = await startProgram(["--target-url", mock.url], logDir);
  await using second = await startProgram(["--target-url", mock.url], logDir);
  streams[0]!.push(delta("of the first"));
  streams[1]!.push(delta("of the second"));
  const [one, two] = [
    await fetch(`${first.proxyUrl}/v1/stream`),
    await fetch(`${second.proxyUrl}/v1/stream`),
  ];
  for (const { proxyUrl } of [first, second, first, second]) await fetch(`${proxyUrl}/v1/x`);
  const listed = async ({ pageUrl }: { pageUrl: string }) => {
    const { items } = await getJson(`${pageUrl}/api/exchanges`);
    return items.filter((row: Json) => row.state === "done").length;
  };
  await until(async () => (await listed(first)) === 4 && (await listed(second)) === 4);

  first.process.kill("SIGKILL");
  await first.process.exited;
  await one.body?.cancel().catch(() => {});
  // A third takes in what the dead one left, and leaves alone what the living one still writes.
  await using third = await startProgram(["--target-url", mock.url], logDir);
  await until(async () => (await exchangeFiles(logDir)).some((file) => file["ending"] === "interrupted"));
  streams[1]!.push(delta("and on", "stop"));
  streams[1]!.end();
  expect(await two.text()).toBe(delta("of the second") + delta("and on", "stop"));
  const files = await exchangeFiles(logDir, 6);
  expect(files.map((file) => file["ending"]).toSorted()).toEqual([
    ...Array(5).fill("complete"),
    "interrupted",
  ]);
  await until(async () => (await listed(second)) === 6 && (await listed(third)) === 6);
});

test("killed at any moment under load, the next start has every exchange once: complete with its whole body, or interrupted", async () => {
  const body = "data: piece\n\n".repeat(50);
  let asked = 0;
  await using mock = upstream(() => {
    asked++;
    let left = 5;
    const pull = async (controller: ReadableStreamDefaultController) => {
      await Bun.sleep(2);
      if (left-- > 0) controller.enqueue(new TextEncoder().encode("data: piece\n\n".repeat(10)));
      else controller.close();
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), {
      headers: { "content-type": "text/event-stream" },
    });
  });
  const logDir = await newFolder();
  const isSomethingOnDisk = async () => {
    for (const folder of [join(logDir, "spool"), join(logDir, "llm_proxy")])
      for (const name of await readdir(folder).catch(() => []))
        if (Bun.file(join(folder, name)).size > 0) return true;
    return false;
  };
  for (let life = 0; life < 3; life++) {
    const before = asked;
    const program = await startProgram(["--target-url", mock.url], logDir);
    const asking = Array.from({ length: 60 }, async (_, n) => {
      const path = `/v1/${life}-${n}`;
      await Bun.sleep(n);
      await fetch(program.proxyUrl + path)
        .then((response) => response.text())
        .catch(() => "");
    });
    // By what has happened, since a busy machine may do nothing at all in any number of milliseconds.
    await until(() => asked - before >= 20 * (life + 1) - 10);
    if (life === 2) await until(isSomethingOnDisk);
    program.process.kill("SIGKILL");
    await program.process.exited;
    await Promise.all(asking);
  }
  await using last = await startProgram(["--target-url", mock.url], logDir);
  const files = await until(async () => {
    const { items } = await getJson(`${last.pageUrl}/api/exchanges?limit=500`);
    const found = await exchangeFiles(logDir);
    return items.length === found.length && found.length > 0 && found;
  });
  const paths = files.map((file) => file["path"] as string);
  expect(new Set(paths).size).toBe(paths.length);
  for (const file of files) {
    const text = (file["response_chunks"] ?? []).map(({ data }: Json) => data).join("");
    expect(body.startsWith(text)).toBe(true);
    if (file["ending"] === "complete") expect(text).toBe(body);
    else expect(file["ending"]).toBe("interrupted");
  }
  expect(files.length).toBeGreaterThan(0);
});

describe("coded bodies", () => {
  const text = JSON.stringify({ said: "Grüße ".repeat(500) });

  test.each([
    ["gzip", gzipSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
  ] as const)("%s reaches the client as it was, and the record can be read", async (coding, bytes) => {
    await using mock = upstream(
      () =>
        new Response(bytes, { headers: { "content-encoding": coding, "content-type": "application/json" } }),
    );
    await using program = await startProgram(["--target-url", mock.url]);
    const response = await fetch(`${program.proxyUrl}/v1/x`, { decompress: false });
    expect([response.headers.get("content-encoding"), Buffer.from(await response.bytes())]).toEqual([
      coding,
      Buffer.from(bytes),
    ]);
    const [file] = await exchangeFiles(program.logDir);
    expect([file!["response_body"], file!["response_bytes"]]).toEqual([JSON.parse(text), bytes.byteLength]);
  });

  test("are seen live, event by event", async () => {
    let isSeen = false;
    const gzip = createGzip();
    await using mock = upstream(
      () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              if (isSeen) return controller.close();
              await new Promise<void>((done) => (gzip.write("data: 看\n\n"), gzip.flush(() => done())));
              controller.enqueue(gzip.read() as Buffer);
              await Bun.sleep(5);
            },
          }),
          { headers: { "content-encoding": "gzip", "content-type": "text/event-stream" } },
        ),
    );
    await using program = await startProgram(["--target-url", mock.url]);
    const feed = new WebSocket(`${program.pageUrl.replace("http", "ws")}/ws`);
    feed.onmessage = ({ data }) => {
      const { type, row, text } = JSON.parse(String(data)) as Json;
      if (type === "exchange.open") feed.send(JSON.stringify({ subscribe: row.id }));
      if (type === "exchange.bytes") isSeen = text === "data: 看\n\n";
    };
    await new Promise((resolve) => (feed.onopen = resolve));
    const response = await fetch(`${program.proxyUrl}/v1/x`, { decompress: false });
    await response.bytes();
    feed.close();
    const [file] = await exchangeFiles(program.logDir);
    expect(file!["response_chunks"].map((chunk: Json) => chunk.data)).toContain("data: 看\n\n");
  });

  test("that are broken reach the client as they were; what could be read is kept and a gap says why the rest is not", async () => {
    const whole = gzipSync(
      Buffer.from(Array.from({ length: 90_000 }, (_, n) => (n * n * 31 + (n >> 3)) & 255)),
    );
    const broken = Buffer.concat([whole.subarray(0, whole.byteLength / 2), Buffer.alloc(500, 255)]);
    await using mock = upstream(() => new Response(broken, { headers: { "content-encoding": "gzip" } }));
    await using program = await startProgram(["--target-url", mock.url]);
    const response = await fetch(`${program.proxyUrl}/v1/x`, { decompress: false });
    expect(Buffer.from(await response.bytes())).toEqual(Buffer.from(broken));
    const [file] = await exchangeFiles(program.logDir);
    expect(file).toMatchObject({
      ending: "complete",
      error: null,
      gaps: [{ from: "server", why: expect.stringContaining("could not be decoded") }],
    });
  });
});

test("an upload of many parts arrives to the byte, with files of any bytes in it", async () => {
  const file = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 31 + (n >> 8)) & 255);
  let got: { model: unknown; bytes: Uint8Array } | null = null;
  await using mock = upstream(async (request) => {
    const form = await request.formData();
    got = { model: form.get("model"), bytes: await (form.get("file") as File).bytes() };
    return Response.json({ text: "heard" });
  });
  await using program = await startProgram(["--target-url", mock.url]);
  const form = new FormData();
  form.set("model", "whisper-1");
  form.set("file", new File([file], "语音.wav", { type: "audio/wav" }));
  const response = await fetch(`${program.proxyUrl}/v1/audio/transcriptions`, { method: "POST", body: form });
  expect(await response.json()).toEqual({ text: "heard" });
  expect(got!).toEqual({ model: "whisper-1", bytes: file });
  const [recorded] = await exchangeFiles(program.logDir);
  expect(recorded).toMatchObject({ dialect: "openai-audio", ending: "complete" });
  expect(recorded!["request_bytes"]).toBeGreaterThan(file.byteLength);
});

test("through a corporate proxy, to an upstream of its own authority that speaks HTTP/2 alone", async () => {
  const [key, cert] = ["localhost-key.pem", "localhost.pem"].map((name) =>
    readFileSync(join(FIXTURES, name)),
  );
  const server = createSecureServer({ key: key!, cert: cert!, allowHTTP1: false });
  server.on("stream", (one) => {
    const stream = one as ServerHttp2Stream;
    stream.respond({ ":status": 200, "content-type": "text/plain" });
    stream.end("over HTTP/2");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const proxy = connectProxy();
  await using program = await startProgram(
    ["--target-url", `https://api.internal.example:${port}`],
    undefined,
    {
      HTTPS_PROXY: proxy.url.href,
      NODE_EXTRA_CA_CERTS: join(FIXTURES, "ca.pem"),
      // The fixtures' certificate is for localhost; that names are checked is held elsewhere.
      INSECURE_TLS: "1",
    },
  );
  const response = await fetch(`${program.proxyUrl}/v1/x`);
  expect([response.status, await response.text()]).toEqual([200, "over HTTP/2"]);
  expect(proxy.requests[0]).toStartWith(`CONNECT api.internal.example:${port} HTTP/1.1\r\n`);
  const [file] = await exchangeFiles(program.logDir);
  expect(file).toMatchObject({ protocol: "HTTP/2", response_body: "over HTTP/2", ending: "complete" });
  proxy.stop();
  server.close();
});

test("old exchanges that were packed while it runs are listed, found by what was said, and opened", async () => {
  await using mock = upstream(
    (request) => new Response(`answer to ${new URL(request.url).pathname.slice(4)}`),
  );
  await using program = await startProgram(["--target-url", mock.url]);
  for (const word of ["aardvark", "buffalo", "chameleon"]) {
    await fetch(`${program.proxyUrl}/v1/${word}`);
    await Bun.sleep(2); // each in a millisecond of its own, which is what they are ordered by
  }
  const before = await exchangeFiles(program.logDir, 3);
  const folder = join(program.logDir, "llm_proxy");
  for (const name of await readdir(folder))
    await utimes(join(folder, name), new Date(), new Date(Date.now() - 90 * 86_400_000));
  const { code, stderr } = await run(["pack", "--older-than", "30d", "--log-dir", program.logDir]);
  expect([code, stderr]).toEqual([0, ""]);
  expect((await readdir(folder)).filter((name) => name.endsWith(".json"))).toEqual([]);
  const { items } = await until(async () => {
    const listed = await getJson(`${program.pageUrl}/api/exchanges`);
    return listed.items.length === 3 && listed;
  });
  expect(items.map((row: Json) => row.path)).toEqual(["/v1/chameleon", "/v1/buffalo", "/v1/aardvark"]);
  const found = await until(async () => {
    const { items: hits } = await getJson(`${program.pageUrl}/api/exchanges?q=buffalo`);
    return hits.length === 1 && (hits as Json[]);
  });
  const opened = await until(async () => {
    const file = await getJson(`${program.pageUrl}/api/exchanges/${found[0].id}`);
    return file.format === 1 && file;
  });
  expect(opened).toEqual(before.find((file) => file["path"] === "/v1/buffalo"));
});

test("LOG_MAX_COUNT deletes the oldest of what is not new; off, nothing is deleted", async () => {
  await using mock = upstream(() => new Response("ok"));
  const logDir = await newFolder();
  const folder = join(logDir, "llm_proxy");
  {
    await using program = await startProgram(["--target-url", mock.url]);
    for (let n = 0; n < 6; n++) {
      await fetch(`${program.proxyUrl}/v1/${n}`);
      await Bun.sleep(2); // each in a millisecond of its own, which is what they are ordered by
    }
    await exchangeFiles(program.logDir, 6);
    await cp(join(program.logDir, "llm_proxy"), folder, { recursive: true });
  }
  // Copied as if they were hours old: what is new is never deleted.
  for (const [n, name] of (await readdir(folder)).toSorted().entries())
    await utimes(join(folder, name), new Date(), new Date(Date.now() - (10 - n) * 3_600_000));
  const paths = async (env: Record<string, string>, count: number) => {
    const program = await startProgram(["--target-url", mock.url], logDir, env);
    const items = await until(async () => {
      const rows = (await getJson(`${program.pageUrl}/api/exchanges`)).items as Json[];
      return rows.length === count && rows;
    });
    program.process.kill("SIGKILL");
    await program.process.exited;
    return items.map((row) => row.path);
  };
  expect(await paths({}, 6)).toHaveLength(6);
  expect(await paths({ LOG_MAX_COUNT: "3" }, 3)).toEqual(["/v1/5", "/v1/4", "/v1/3"]);
  expect(await paths({ LOG_MAX_AGE: "6h" }, 1)).toEqual(["/v1/5"]);
});
