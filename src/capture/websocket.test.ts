/** WebSockets between Bun's client and server through the proxy, and raw frames where those two are too polite. */
import { describe, expect, test } from "bun:test";
import { deflateRawSync, constants } from "node:zlib";
import type { Exchange } from "../fact/exchange.ts";
import type { Peer } from "./testkit/peer.ts";
import { answered, asked, createRig, exchangesOf } from "./testkit/rig.ts";
import { MessageReader } from "./websocket.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const HANDSHAKE = `GET /v1/realtime?model=m HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: realtime, openai-insecure\r\nSec-WebSocket-Extensions: permessage-deflate\r\nOpenAI-Beta: realtime=v1\r\n\r\n`;
const SWITCH = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: realtime\r\n\r\n`;

type FrameOptions = { final?: boolean; compressed?: boolean; masked?: boolean };

function frame(opcode: number, payload: Uint8Array | string, options: FrameOptions = {}): Buffer {
  const { final = true, compressed = false, masked = false } = options;
  const body = Buffer.from(payload as Uint8Array);
  const size = body.byteLength;
  const length =
    size < 126
      ? Buffer.from([size])
      : size < 65_536
        ? Buffer.from([126, size >> 8, size & 255])
        : Buffer.concat([
            Buffer.from([127, 0, 0, 0, 0]),
            Buffer.from(new Uint32Array([size]).buffer).reverse(),
          ]);
  length[0]! |= masked ? 0x80 : 0;
  const key = masked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0);
  if (masked) for (let n = 0; n < size; n++) body[n]! ^= key[n & 3]!;
  return Buffer.concat([
    Buffer.from([(final ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode]),
    length,
    key,
    body,
  ]);
}

const close = (code: number, reason = "", masked = false) =>
  frame(8, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]), { masked });

async function upgraded() {
  const rig = await createRig();
  const { client, upstream } = await rig.exchange(HANDSHAKE);
  upstream.say(SWITCH);
  await client.hears("\r\n\r\n");
  const said = { client: client.text, upstream: upstream.text };
  client.forget();
  upstream.forget();
  return { rig, client, upstream, said, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

const messages = ({ request, response }: Exchange) => ({
  client: request.pieces.map(({ bytes, frame: kind }) => [kind, Buffer.from(bytes).toString("latin1")]),
  server: response!.pieces.map(({ bytes, frame: kind }) => [kind, Buffer.from(bytes).toString("latin1")]),
});

async function pass(from: Peer, to: Peer, ...frames: Buffer[]): Promise<void> {
  for (const one of frames) {
    const before = to.size;
    from.say(one);
    await to.hears(() => to.size === before + one.byteLength);
  }
}

describe("an upgrade", () => {
  test("is relayed with its subprotocol and headers", async () => {
    await using ws = await upgraded();
    const { rig, said } = ws;
    expect(said.upstream).toBe(
      `GET /v1/realtime?model=m HTTP/1.1\r\nHost: ${rig.host}\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: realtime, openai-insecure\r\nSec-WebSocket-Extensions: permessage-deflate\r\nOpenAI-Beta: realtime=v1\r\nConnection: Upgrade\r\n\r\n`,
    );
    expect(said.client.split("\r\n").toSorted()).toEqual(SWITCH.split("\r\n").toSorted());
    expect(exchangesOf(rig.facts)).toMatchObject([
      { wire: "websocket", response: { status: 101 }, close: null },
    ]);
  });

  test("that is declined is a response like any other", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(HANDSHAKE);
    upstream.say("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
    await client.hears("\r\n\r\nno");
    expect(await rig.ended()).toMatchObject([{ response: { status: 401 }, close: { ending: "complete" } }]);
  });

  test("may be followed at once, by both sides, in the same packet", async () => {
    await using rig = await createRig();
    const early = frame(1, "early", { masked: true });
    const { client, upstream } = await rig.exchange(Buffer.concat([Buffer.from(HANDSHAKE), early]));
    upstream.say(SWITCH, frame(1, "welcome"));
    await client.hears("welcome");
    await upstream.hears((peer) => peer.body.equals(early));
    const [exchange] = exchangesOf(rig.facts);
    expect(messages(exchange!)).toEqual({ client: [["text", "early"]], server: [["text", "welcome"]] });
  });
});

describe("frames", () => {
  test("pass as they are, and whole messages are told: text, binary, empty, long", async () => {
    await using ws = await upgraded();
    const { rig, client, upstream } = ws;
    const long = "l".repeat(300);
    const longer = "m".repeat(70_000);
    await pass(
      client,
      upstream,
      frame(1, '{"type":"session.update"}', { masked: true }),
      frame(2, "\x00\xff", { masked: true }),
    );
    await pass(upstream, client, frame(1, ""), frame(1, long), frame(1, longer), frame(2, "\x80"));
    const [exchange] = exchangesOf(rig.facts);
    expect(messages(exchange!)).toEqual({
      client: [
        ["text", '{"type":"session.update"}'],
        ["binary", Buffer.from("\x00\xff").toString("latin1")],
      ],
      server: [
        ["text", ""],
        ["text", long],
        ["text", longer],
        ["binary", Buffer.from("\x80").toString("latin1")],
      ],
    });
  });

  test("of a message in fragments are one message, with pings in between that are none", async () => {
    await using ws = await upgraded();
    const { rig, client, upstream } = ws;
    await pass(
      upstream,
      client,
      frame(1, "one ", { final: false }),
      frame(9, "ping"),
      frame(0, "two ", { final: false }),
    );
    await pass(client, upstream, frame(10, "ping", { masked: true }));
    await pass(upstream, client, frame(0, "three"));
    const [exchange] = exchangesOf(rig.facts);
    expect(messages(exchange!)).toEqual({ client: [], server: [["text", "one two three"]] });
  });

  test("cut anywhere give the same messages", () => {
    const stream = Buffer.concat([
      frame(1, "hello", { masked: true }),
      frame(1, "a".repeat(200), { final: false, masked: true }),
      frame(0, "b".repeat(70_000), { masked: true }),
      close(1000, "bye", true),
    ]);
    for (const cut of [
      1,
      2,
      5,
      6,
      7,
      11,
      12,
      13,
      14,
      15,
      100,
      219,
      225,
      230,
      70_300,
      stream.byteLength - 1,
    ]) {
      const found: string[] = [];
      const reader = new MessageReader();
      for (const piece of [stream.subarray(0, cut), stream.subarray(cut)]) {
        reader.add(piece);
        for (let message = reader.next(); message !== null; message = reader.next())
          if (message !== "again") found.push(Buffer.from(message.bytes).toString());
      }
      expect(found).toEqual(["hello", "a".repeat(200) + "b".repeat(70_000)]);
      expect(reader.closed).toMatchObject({ code: 1000, reason: "bye" });
    }
  });

  test("that are compressed are told as what they say", async () => {
    await using ws = await upgraded();
    const { rig, client, upstream } = ws;
    const text = '{"type":"response.audio.delta"}';
    const deflated = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    await pass(upstream, client, frame(1, deflated, { compressed: true }));
    await pass(upstream, client, close(1000));
    client.hangUp();
    const [exchange] = await rig.ended();
    expect(exchange!.response!.pieces).toMatchObject([
      { frame: "text", bytes: Buffer.from(text), passed: deflated.byteLength },
    ]);
  });
});

describe("the end", () => {
  for (const side of ["client", "server"] as const)
    test(`names the ${side} that closed first, with its code and reason`, async () => {
      await using ws = await upgraded();
      const { rig, client, upstream } = ws;
      const [first, second] = side === "client" ? [client, upstream] : [upstream, client];
      await pass(first, second, close(4001, "enough", side === "client"));
      await pass(second, first, close(4001, "", side === "server"));
      first.hangUp();
      await second.leaves();
      second.hangUp();
      expect(await rig.ended()).toMatchObject([
        { close: { ending: "complete", error: null, socket: { code: 4001, reason: "enough", from: side } } },
      ]);
    });

  test("without a close frame is the fault of the side that went", async () => {
    for (const [gone, ending] of [
      ["client", "client-gone"],
      ["upstream", "upstream-error"],
    ] as const)
      for (const how of ["hangUp", "reset"] as const) {
        await using ws = await upgraded();
        ws[gone][how]();
        await ws[gone === "client" ? "upstream" : "client"].leaves();
        const [exchange] = await ws.rig.ended();
        expect(exchange!.close).toMatchObject({
          ending,
          error: expect.stringContaining("without a close frame"),
        });
      }
  });

  test("of a tunnel is passed on to the other side behind all that was said", async () => {
    await using ws = await upgraded();
    const { client, upstream } = ws;
    const last = frame(1, "x".repeat(60_000));
    upstream.say(last, close(1011, "internal"));
    upstream.hangUp();
    await client.leaves();
    expect(client.bytes).toEqual(Buffer.concat([last, close(1011, "internal")]));
  });
});

test("a client that does not read stops the server of a WebSocket", async () => {
  await using ws = await upgraded();
  const { rig, client, upstream } = ws;
  client.pause();
  const block = frame(2, Buffer.alloc(1024 * 1024));
  for (let n = 0; n < 64; n++) upstream.say(block);
  let before = -1;
  for (let still = 0; still < 50;) {
    await Bun.sleep(0);
    still = rig.facts.length === before ? still + 1 : 0;
    before = rig.facts.length;
  }
  expect(upstream.isStuck).toBe(true);
  client.tally();
  client.resume();
  await client.hears(() => client.size === block.byteLength * 64);
});

test("another protocol passes byte for byte and is told as it comes", async () => {
  await using rig = await createRig();
  const { client, upstream } = await rig.exchange(
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat/9\r\n\r\n",
  );
  upstream.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat/9\r\n\r\n");
  await client.hears("\r\n\r\n");
  client.forget();
  upstream.forget();
  await pass(client, upstream, Buffer.from("hello\x00"));
  await pass(upstream, client, Buffer.from("\xff"));
  client.halfClose();
  await upstream.leaves();
  upstream.say("after");
  await client.hears("after");
  upstream.hangUp();
  await client.leaves();
  const ended = await rig.ended();
  expect(ended).toMatchObject([{ wire: "http", close: { ending: "complete" } }]);
  expect([asked(ended[0]!), answered(ended[0]!)]).toEqual([
    "hello\x00",
    `${Buffer.from("\xff").toString("latin1")}after`,
  ]);
});

test("a server that says its last word first still hears the client's, and so does the record", async () => {
  await using rig = await createRig();
  const { client, upstream } = await rig.exchange(
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat/9\r\n\r\n",
  );
  upstream.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat/9\r\n\r\nlast word");
  await upstream.said();
  upstream.halfClose();
  await client.leaves();
  upstream.forget();
  const more = "m".repeat(3_000_000);
  client.say(more);
  await upstream.hears((peer) => peer.size === more.length);
  client.halfClose();
  await upstream.leaves();
  const [exchange] = await rig.ended();
  expect([asked(exchange!) === more, answered(exchange!)]).toEqual([true, "last word"]);
});

test("the answer to a close frame passes and is told, also when who closed has ended", async () => {
  await using ws = await upgraded();
  const { rig, client, upstream } = ws;
  client.say(close(1000, "bye", true));
  client.halfClose();
  await upstream.leaves();
  upstream.say(frame(1, "one more"), close(1000, "bye"));
  await client.hears((peer) => peer.bytes.includes(close(1000, "bye")));
  upstream.hangUp();
  const [exchange] = await rig.ended();
  expect(messages(exchange!).server).toEqual([["text", "one more"]]);
  expect(exchange!.close).toMatchObject({ ending: "complete", socket: { code: 1000, from: "client" } });
});

test("frames beyond counting are read in turns, and cost nothing but their bytes", () => {
  const reader = new MessageReader();
  const parts = 1_000_000;
  const fragment = frame(0, "a", { final: false });
  reader.add(
    Buffer.concat([
      frame(1, "", { final: false }),
      Buffer.alloc(parts * fragment.byteLength, fragment),
      frame(9, ""),
      frame(0, "z"),
    ]),
  );
  let turns = 0;
  let next = reader.next();
  for (; next === "again"; next = reader.next()) turns++;
  expect(next?.bytes.byteLength).toBe(parts + 1);
  expect(next?.bytes.buffer.byteLength).toBeLessThan(3 * parts);
  expect(turns).toBeGreaterThan(400);
  expect(reader.next()).toBeNull();

  reader.add(Buffer.alloc(parts * 3, frame(1, "m")));
  const seen = { message: 0, again: 0 };
  for (next = reader.next(); next !== null; next = reader.next()) seen[next === "again" ? next : "message"]++;
  expect([seen.message, seen.again > 400]).toEqual([parts, true]);
});

test("a payload is unmasked wherever it lies and is cut", () => {
  for (const size of [1, 63, 64, 65, 66, 67, 1000])
    for (const cut of [0, 1, 2, 3, 5, 70]) {
      const payload = Uint8Array.from({ length: size }, (_, n) => n & 255);
      const bytes = frame(2, payload, { masked: true });
      const reader = new MessageReader();
      const at = Math.min(bytes.byteLength, 8 + cut);
      reader.add(bytes.subarray(0, at));
      const early = reader.next();
      if (at < bytes.byteLength) reader.add(bytes.subarray(at));
      const message = early ?? reader.next();
      expect(message).toMatchObject({ bytes: Buffer.from(payload), kind: { frame: "binary" } });
    }
});

test("Bun's client and server talk through the proxy as if it were not there", async () => {
  const heard: unknown[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request, self) {
      heard.push(request.headers.get("x-own"), request.headers.get("authorization"));
      return self.upgrade(request, { headers: { "Sec-WebSocket-Protocol": "realtime", "X-Theirs": "1" } })
        ? undefined
        : new Response("no", { status: 400 });
    },
    websocket: {
      perMessageDeflate: true,
      message(socket, message) {
        if (message === "bye") socket.close(4002, "as you wish");
        else socket.send(message, true);
      },
    },
  });
  await using rig = await createRig({ upstream: { url: server.url.origin } });
  const socket = new WebSocket(`ws://127.0.0.1:${rig.proxy.port}/v1/realtime`, {
    protocols: ["realtime", "other"],
    headers: { "X-Own": "mine", Authorization: "Bearer x" },
  } as never);
  socket.binaryType = "arraybuffer";
  const { promise, resolve } = Promise.withResolvers<CloseEvent>();
  const answers: unknown[] = [];
  const long = "long ".repeat(50_000);
  socket.onopen = () => (
    socket.send("hello 聊天"),
    socket.send(new Uint8Array([0, 255])),
    socket.send(long),
    socket.send("bye")
  );
  socket.onmessage = ({ data }) =>
    answers.push(typeof data === "string" ? data : [...new Uint8Array(data as ArrayBuffer)]);
  socket.onclose = resolve;
  const { code, reason } = await promise;
  expect({ heard, answers, code, reason, protocol: socket.protocol }).toEqual({
    heard: ["mine", "Bearer x"],
    answers: ["hello 聊天", [0, 255], long],
    code: 4002,
    reason: "as you wish",
    protocol: "realtime",
  });
  const [exchange] = await rig.ended();
  expect(exchange!.close).toMatchObject({
    ending: "complete",
    socket: { code: 4002, reason: "as you wish", from: "server" },
  });
  expect(exchange!.request.pieces.map((piece) => piece.frame)).toEqual(["text", "binary", "text", "text"]);
  await server.stop(true);
});
