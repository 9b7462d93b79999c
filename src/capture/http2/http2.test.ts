/** Upstreams that speak HTTP/2 alone: the client cannot tell, and the record is what passed. */
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { chunk } from "../testkit/contract/bodies.ts";
import { answered, asked, createRig, FIXTURES, type RigOptions } from "../testkit/rig.ts";
import { frame, frameUpstream, literal, number, OK_HEAD, type FrameSocket } from "../testkit/http2-frames.ts";

type Heard = { readonly headers: [string, string][]; readonly stream: ServerHttp2Stream };

/** A server of HTTP/2 alone; `next` gives its next request. */
async function http2Rig(options: RigOptions = {}) {
  const [key, cert] = await Promise.all(
    ["localhost-key.pem", "localhost.pem"].map((name) => Bun.file(join(FIXTURES, name)).text()),
  );
  const server = createSecureServer({ key: key!, cert: cert!, allowHTTP1: false });
  const queue: Heard[] = [];
  const waiting: ((heard: Heard) => void)[] = [];
  let sessions = 0;
  server.on("session", () => sessions++);
  server.on("stream", (stream, _, __, raw) => {
    const words = raw as unknown as string[];
    const headers = words.flatMap((word, n): [string, string][] =>
      n % 2 === 0 ? [[word, words[n + 1]!]] : [],
    );
    stream.on("error", () => {}); // resets are part of these tests
    const heard: Heard = { headers, stream: stream as ServerHttp2Stream };
    const next = waiting.shift();
    if (next) next(heard);
    else queue.push(heard);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const host = `127.0.0.1:${port}`;
  const rig = await createRig({ ...options, upstream: { url: `https://${host}` } });
  return {
    ...rig,
    host,
    sessions: () => sessions,
    next() {
      const heard = queue.shift();
      if (heard) return Promise.resolve(heard);
      const { promise, resolve } = Promise.withResolvers<Heard>();
      waiting.push(resolve);
      return promise;
    },
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      server.close();
    },
  };
}

const said = (stream: ServerHttp2Stream, what: string) => {
  let heard = "";
  return new Promise<void>((resolve) =>
    stream.on("data", (bytes: Buffer) => {
      heard += bytes.toString("latin1");
      if (heard === what) resolve();
    }),
  );
};

for (const through of [false, true])
  test(`a request and its response pass${through ? ", through an HTTP proxy too" : ""}, and the record says the protocol`, async () => {
    await using rig = await http2Rig({ through });
    const client = await rig.client();
    client.say(
      "POST /v1/a%2Fb//?x=1+2 HTTP/1.1\r\nHost: localhost:8000\r\nX-Twice: 1\r\nAccept: a\r\nx-twice: 2\r\nAuthorization: Bearer x\r\nConnection: keep-alive\r\nTE: trailers\r\nContent-Length: 5\r\n\r\nhello",
    );
    const { headers, stream } = await rig.next();
    await said(stream, "hello");
    expect(headers).toEqual([
      [":method", "POST"],
      [":scheme", "https"],
      [":authority", rig.host],
      [":path", "/v1/a%2Fb//?x=1+2"],
      ["x-twice", "1"],
      ["accept", "a"],
      ["x-twice", "2"],
      ["authorization", "Bearer x"],
      ["te", "trailers"],
      ["content-length", "5"],
    ]);
    stream.respond(
      { ":status": 201, "x-own": ["1", "2"], "set-cookie": ["a=1", "b=2"], "content-length": "2" },
      { sendDate: false } as never,
    );
    stream.end("ok");
    await client.hears("\r\n\r\nok");
    const [exchange] = await rig.ended();
    expect(exchange!.response).toMatchObject({ status: 201, protocol: "HTTP/2" });
    const names = exchange!.response!.headers.filter(([name]) => name !== "date");
    expect(names).toEqual([
      ["x-own", "1"],
      ["x-own", "2"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["content-length", "2"],
    ]);
    expect(client.text.replace(/date: .*\r\n/, "")).toBe(
      "HTTP/1.1 201 \r\nx-own: 1\r\nx-own: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 2\r\n\r\nok",
    );
    expect([asked(exchange!), answered(exchange!), exchange!.close!.ending]).toEqual([
      "hello",
      "ok",
      "complete",
    ]);
  });

const PIECES = [
  Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
  Buffer.from("聊").subarray(0, 2),
  Buffer.from("聊天").subarray(2),
  Buffer.from("0\r\n\r\n"),
];

test("pieces pass both ways as they are said, each before the next, with trailers behind them", async () => {
  await using rig = await http2Rig();
  const client = await rig.client();
  client.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const { headers, stream } = await rig.next();
  expect(headers.map(([name]) => name)).not.toContain("transfer-encoding");
  const got: Buffer[] = [];
  const { promise: trailers, resolve } = Promise.withResolvers<unknown>();
  stream.on("trailers", (_, __, raw) => resolve(raw));
  let wake = () => {};
  stream.on("data", (bytes: Buffer) => (got.push(bytes), wake()));
  for (const [n, piece] of PIECES.entries()) {
    const arrived = new Promise<void>((done) => (wake = done));
    client.say(chunk(piece));
    await arrived;
    expect(got[n]).toEqual(piece);
  }
  client.say("0\r\nX-Sum: 7\r\nX-Sum: 8\r\n\r\n");
  expect(await trailers).toEqual(["x-sum", "7", "x-sum", "8"]);

  stream.respond({ ":status": 200 }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "x-sum": "9" }));
  await client.hears("\r\n\r\n");
  client.forget();
  for (const piece of PIECES) {
    const before = client.size;
    stream.write(piece);
    await client.hears(() => client.size === before + chunk(piece).byteLength);
  }
  stream.end();
  await client.hears("x-sum: 9\r\n\r\n");
  expect(client.bytes).toEqual(Buffer.concat([...PIECES.map(chunk), Buffer.from("0\r\nx-sum: 9\r\n\r\n")]));
  const [exchange] = await rig.ended();
  expect(exchange!.request.pieces.map(({ bytes }) => Buffer.from(bytes))).toEqual(PIECES);
  expect(exchange!.response!.pieces.map(({ bytes }) => Buffer.from(bytes))).toEqual(PIECES);
  expect(exchange!.response!.headers.map(([name]) => name)).not.toContain("transfer-encoding");
  expect(exchange!.request.trailers).toEqual([
    ["X-Sum", "7"],
    ["X-Sum", "8"],
  ]);
  expect(exchange!.response!.trailers).toEqual([["x-sum", "9"]]);
});

test("a kept connection is one session; HEAD, 204 and empty bodies end with their heads; HTTP/1.0 with the connection", async () => {
  await using rig = await http2Rig();
  const client = await rig.client();
  for (const [method, status] of [
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
    ["DELETE", 200],
  ] as const) {
    client.say(`${method} / HTTP/1.1\r\nHost: x\r\n\r\n`);
    const { stream } = await rig.next();
    stream.respond(
      { ":status": status, ...(method === "DELETE" && { "content-length": "0" }) },
      { endStream: true },
    );
    expect(await client.hears("\r\n\r\n")).toStartWith(`HTTP/1.1 ${status} `);
    client.forget();
  }
  expect([rig.sessions(), (await rig.ended(4)).map(({ close }) => close!.ending)]).toEqual([
    1,
    Array(4).fill("complete"),
  ]);
  const old = await rig.client();
  old.say("GET / HTTP/1.0\r\n\r\n");
  const { stream } = await rig.next();
  stream.respond({ ":status": 200 });
  stream.end("hello");
  expect(await old.leaves()).toBe("end");
  expect(old.text).toEndWith("\r\n\r\nhello");
  expect(old.text.toLowerCase()).not.toContain("transfer-encoding");
});

test("interim responses, early answers and talking at the same time are as in HTTP/1.1", async () => {
  await using rig = await http2Rig();
  const client = await rig.client();
  client.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const { stream } = await rig.next();
  stream.additionalHeaders({ ":status": 103, link: "</a>" });
  await client.hears("HTTP/1.1 103 \r\nlink: </a>\r\n\r\n");
  stream.respond({ ":status": 200 });
  for (const word of ["one", "two"]) {
    const heard = said(stream, word);
    client.say(chunk(Buffer.from(word)));
    await heard;
    stream.removeAllListeners("data");
    stream.write(word);
    await client.hears(word);
  }
  stream.end();
  await client.hears("0\r\n\r\n");
  client.say(chunk(Buffer.from("six")), "0\r\n\r\n");
  const [exchange] = await rig.ended();
  expect([asked(exchange!), answered(exchange!)]).toEqual(["onetwosix", "onetwo"]);
});

test("large heads pass both ways", async () => {
  await using rig = await http2Rig();
  const client = await rig.client();
  const large = "x".repeat(40_000);
  client.say(`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${large}\r\nX-Latin: caf\xe9\r\n\r\n`);
  const { headers, stream } = await rig.next();
  expect(headers).toContainEqual(["x-large", large]);
  expect(headers).toContainEqual(["x-latin", "caf\xe9"]);
  stream.respond({ ":status": 200, "x-large": large, "content-length": "0" }, { endStream: true });
  expect(await client.hears("\r\n\r\n")).toContain(large);
});

const BLOCK = Buffer.alloc(1024 * 1024, "x");
/** MB: more than the buffers of the system and ours hold together. */
const MUCH = 48;

test("a client that does not read stops the upstream, an upstream that does not read stops the client, nothing is lost", async () => {
  await using rig = await http2Rig();
  const client = await rig.client();
  client.say(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${MUCH * BLOCK.byteLength}\r\n\r\n`);
  const { stream } = await rig.next();
  stream.pause();
  for (let n = 0; n < MUCH; n++) client.say(BLOCK);
  const told = () =>
    rig.facts.reduce((sum, fact) => sum + (fact.fact === "bytes" ? fact.bytes.byteLength : 0), 0);
  await stands(told);
  expect([client.isStuck, told() < (MUCH / 2 + 20) * BLOCK.byteLength]).toEqual([true, true]);
  let got = 0;
  const whole = new Promise<void>((resolve) => stream.on("end", resolve));
  stream.on("data", (bytes: Buffer) => (got += bytes.byteLength)).resume();
  await whole;
  expect(got).toBe(MUCH * BLOCK.byteLength);

  client.pause();
  stream.respond({ ":status": 200 });
  let sent = 0;
  const more = () => {
    while (sent < MUCH) {
      sent++;
      if (!stream.write(BLOCK)) return void stream.once("drain", more);
    }
    stream.end();
  };
  more();
  await stands(told);
  expect(sent).toBeLessThan(MUCH / 2);
  client.tally();
  client.resume();
  const [exchange] = await rig.ended();
  expect(answered(exchange!).length).toBe(MUCH * BLOCK.byteLength);
  expect(exchange!.close!.ending).toBe("complete");
});

async function stands(moved: () => number): Promise<void> {
  let before = -1;
  for (let still = 0; still < 50;) {
    await Bun.sleep(1);
    const now = moved();
    still = now === before ? still + 1 : 0;
    before = now;
  }
}

test.each(["before the answer", "in the stream", "in the upload"])(
  "a client that hangs up %s cancels it",
  async (when) => {
    await using rig = await http2Rig();
    const client = await rig.client();
    const upload = when === "in the upload";
    client.say(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${upload ? 100 : 0}\r\n\r\n`);
    const { stream } = await rig.next();
    if (when === "in the stream") {
      stream.respond({ ":status": 200 });
      stream.write("hello");
      await client.hears("hello");
    }
    const cancelled = new Promise<void>((resolve) => stream.on("close", resolve));
    client.hangUp();
    await cancelled;
    expect(await rig.ended()).toMatchObject([{ close: { ending: "client-gone" } }]);
  },
);

const reset = (code: number) => (socket: FrameSocket, id: number) => {
  socket.write(Buffer.concat([frame(1, 4, id, OK_HEAD), frame(0, 0, id, Buffer.from("hal"))]));
  socket.write(frame(3, 0, id, number(code)));
};

describe("an upstream that breaks", () => {
  test.each<[string, (socket: FrameSocket, id: number) => void]>([
    ["resets the stream", reset(2)],
    ["cancels the stream", reset(8)],
    [
      "hangs up",
      (socket, id) => {
        socket.write(Buffer.concat([frame(1, 4, id, OK_HEAD), frame(0, 0, id, Buffer.from("hal"))]));
        socket.end();
      },
    ],
    [
      "goes away in anger",
      (socket, id) =>
        void socket.write(
          Buffer.concat([
            frame(1, 4, id, OK_HEAD),
            frame(0, 0, id, Buffer.from("hal")),
            frame(7, 0, 0, Buffer.concat([number(id), number(2)])),
          ]),
        ),
    ],
    [
      "says less than its content-length",
      (socket, id) =>
        void socket.write(
          Buffer.concat([
            frame(1, 4, id, Buffer.concat([OK_HEAD, literal("content-length", "9")])),
            frame(0, 1, id, Buffer.from("hal")),
          ]),
        ),
    ],
  ])("in the middle of its response breaks the client's transfer: %s", async (_, answer) => {
    using upstream = await frameUpstream(answer);
    await using rig = await createRig({ upstream: { url: upstream.url } });
    const client = await rig.client();
    client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.leaves();
    expect(client.text).toStartWith("HTTP/1.1 200 ");
    expect(client.text).not.toContain("0\r\n\r\n");
    const [exchange] = await rig.ended();
    expect(exchange!.close).toMatchObject({
      ending: "upstream-error",
      error: expect.stringContaining("in the middle of its response"),
    });
  });

  test.each<[string, (socket: FrameSocket, id: number) => void]>([
    ["refuses the stream", (socket, id) => void socket.write(frame(3, 0, id, number(7)))],
    ["hangs up", (socket) => void socket.end()],
    ["says what is no frame", (socket) => void socket.write("HTTP/1.1 200 OK\r\n\r\n")],
    [
      "says a header that is none",
      (socket, id) =>
        void socket.write(frame(1, 5, id, Buffer.concat([OK_HEAD, literal("x", "1\r\nX-Evil: 1")]))),
    ],
  ])("before it answers is a 502: %s", async (_, answer) => {
    using upstream = await frameUpstream(answer);
    await using rig = await createRig({ upstream: { url: upstream.url } });
    const client = await rig.client();
    client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.leaves();
    expect(client.text).toStartWith("HTTP/1.1 502 ");
    expect(client.text).not.toContain("X-Evil");
    expect(await rig.ended()).toMatchObject([{ close: { ending: "upstream-error" } }]);
  });

  test("goes away politely: what is in flight finishes, and the next request asks over a new session", async () => {
    const last = (socket: FrameSocket, id: number) =>
      void socket.write(
        Buffer.concat([
          frame(7, 0, 0, Buffer.concat([number(id), number(0)])),
          frame(1, 4, id, OK_HEAD),
          frame(0, 1, id, Buffer.from("bye")),
        ]),
      );
    using upstream = await frameUpstream(last);
    await using rig = await createRig({ upstream: { url: upstream.url } });
    const client = await rig.client();
    for (const n of [1, 2]) {
      client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await client.hears("0\r\n\r\n");
      client.forget();
      expect((await rig.ended(n)).map(({ close }) => close!.ending)).toEqual(Array(n).fill("complete"));
    }
    // The first of all connections offered HTTP/1.1 and was declined.
    expect(upstream.taken()).toBe(3);
  });
});

test("a client that waits for 100 gets it, and its body is asked for", async () => {
  const go = Buffer.concat([Buffer.from([0x08, 3]), Buffer.from("100")]);
  const answer = (socket: FrameSocket, id: number) => void socket.write(frame(1, 4, id, go));
  let said = "";
  const body = (socket: FrameSocket, id: number, bytes: Buffer) => {
    said += bytes.toString();
    // The empty frame at the end says nothing more.
    if (said === "body" && bytes.byteLength > 0)
      socket.write(Buffer.concat([frame(1, 4, id, OK_HEAD), frame(0, 1, id, Buffer.from("ok"))]));
  };
  using upstream = await frameUpstream(answer, body);
  await using rig = await createRig({ upstream: { url: upstream.url } });
  const client = await rig.client();
  client.say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  expect(await client.hears("\r\n\r\n")).toBe("HTTP/1.1 100 \r\n\r\n");
  client.say("body");
  await client.hears("2\r\nok\r\n0\r\n\r\n");
  expect(await rig.ended()).toMatchObject([{ response: { status: 200 }, close: { ending: "complete" } }]);
});

test("a WebSocket to it is a 502 that says why", async () => {
  await using rig = await http2Rig();
  const client = await rig.client();
  client.say(
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  expect(await client.hears("HTTP/2 only")).toStartWith("HTTP/1.1 502 ");
  await client.leaves();
  expect(await rig.ended()).toMatchObject([{ close: { ending: "upstream-error" } }]);
});

test("an upstream that speaks both is asked in HTTP/1.1", async () => {
  await using rig = await createRig({ secure: true });
  const { client, upstream } = await rig.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  await client.hears("200 OK");
  expect((await rig.ended())[0]!.response).not.toHaveProperty("protocol");
});

test("what was learned of an upstream is unlearned when it changes", async () => {
  const known = new Set<string>();
  await using rig = await createRig({ secure: true, network: { http2: known } });
  known.add(rig.host);
  const { client, upstream } = await rig.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  await client.hears("200 OK");
  expect([...known]).toEqual([]);
});
