import { describe, expect, setSystemTime, test } from "bun:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createMask } from "../../fact/mask.ts";
import { joined } from "../../fact/exchange.ts";
import type { Fact } from "../../fact/fact.ts";
import { AT_ONCE } from "./later.ts";
import { Recording } from "./recording.ts";
import type { Peer } from "../testkit/peer.ts";
import { answered, asked, createRig, type RigOptions } from "../testkit/rig.ts";

const mask = createMask((secret) => Bun.hash(secret).toString(16).padStart(16, "0"));
const KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";
const BODY = JSON.stringify({ model: "m", api_key: KEY, content: "聊天" });

/** One exchange with the key in every place that has one; the body comes in these pieces. */
async function exchange(options: RigOptions, pieces: readonly string[]) {
  await using rig = await createRig(options);
  const { client, upstream } = await rig.exchange(
    `POST /v1/chat?key=${KEY}&x=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEY}\r\nCookie: s=${KEY}\r\nMcp-Session-Id: ${KEY}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n`,
  );
  for (const piece of pieces) {
    const before = upstream.size;
    client.say(Buffer.from(piece));
    await upstream.hears((peer) => peer.size > before);
  }
  await upstream.hears((peer) => peer.body.toString() === BODY);
  expect(upstream.text.split(KEY).length - 1).toBe(5);
  upstream.say(
    `HTTP/1.1 200 OK\r\nSet-Cookie: s=${KEY}\r\nLocation: /?key=${KEY}\r\nContent-Length: 2\r\n\r\nok`,
  );
  await client.hears("ok");
  expect(client.text.split(KEY).length - 1).toBe(2);
  await rig.ended();
  return rig;
}

describe("masking", () => {
  const middle = BODY.indexOf(KEY) + 10;

  test.each([
    ["in one piece", [BODY]],
    ["with the key cut in two", [BODY.slice(0, middle), BODY.slice(middle)]],
    ["with the member's name cut in two", [BODY.slice(0, middle - 20), BODY.slice(middle - 20)]],
  ])("a key is on the wire everywhere and in no fact: %s", async (_, pieces) => {
    const { facts } = await exchange({ mask }, pieces);
    const text = facts.map((fact) =>
      fact.fact === "bytes" ? Buffer.from(fact.bytes).toString() : JSON.stringify(fact),
    );
    expect(text.join("\n")).not.toContain(KEY.slice(9));
    expect(text.join("\n").split(/#[0-9a-f]{8}/).length - 1).toBe(8);
    expect(new Set(text.join("\n").match(/#[0-9a-f]{8}/g)).size).toBe(1);
    const sizes = facts.flatMap((fact) =>
      fact.fact === "bytes" && fact.from === "client" ? [fact.bytes.byteLength] : [],
    );
    expect(sizes).toEqual(pieces.map((piece) => Buffer.byteLength(piece)));
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
  ] as const)(
    "a key in a %s body is on the wire and in no fact, wherever it is cut",
    async (coding, pack) => {
      const body = pack(BODY);
      for (const size of [1, 20, body.byteLength]) {
        await using rig = await createRig({ mask });
        const head = `Content-Encoding: ${coding}\r\nContent-Type: application/json\r\nContent-Length: ${body.byteLength}\r\n\r\n`;
        const { client, upstream } = await rig.exchange(`POST / HTTP/1.1\r\nHost: x\r\n${head}`);
        const pass = async (from: Peer, to: Peer) => {
          to.forget();
          for (let at = 0; at < body.byteLength; at += size) {
            from.say(body.subarray(at, at + size));
            await to.hears(() => to.size === Math.min(at + size, body.byteLength));
          }
          expect(to.bytes).toEqual(body);
        };
        await pass(client, upstream);
        upstream.say(`HTTP/1.1 200 OK\r\n${head}`);
        await client.hears("\r\n\r\n");
        await pass(upstream, client);
        const [exchange] = await rig.ended();
        const masked = JSON.parse(BODY) as Record<string, string>;
        masked["api_key"] = mask.secret(KEY).replace("…", "*").padEnd(KEY.length, "*");
        for (const { pieces } of [exchange!.request, exchange!.response!]) {
          expect(Buffer.from(joined(pieces)).toString()).toBe(JSON.stringify(masked));
          expect(pieces.reduce((sum, { passed }) => sum + passed!, 0)).toBe(body.byteLength);
        }
        expect(exchange!.gaps).toEqual([]);
      }
    },
  );

  test.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("a key in a %s body whose headers name no coding is in no fact", async (_, pack) => {
    await using rig = await createRig({ mask });
    const body = pack(BODY);
    const head = `Content-Type: application/json\r\nContent-Length: ${body.byteLength}\r\n\r\n`;
    const { client, upstream } = await rig.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    upstream.say(`HTTP/1.1 200 OK\r\n${head}`);
    await client.hears("\r\n\r\n");
    client.forget();
    upstream.say(body);
    await client.hears(() => client.size === body.byteLength);
    expect(client.bytes).toEqual(body);
    const [exchange] = await rig.ended();
    const text = Buffer.from(joined(exchange!.response!.pieces)).toString();
    expect(text).toContain('"api_key"');
    expect(text).not.toContain(KEY);
    expect(exchange!.gaps).toEqual([]);
  });

  test("a key that a model says in deltas is on the wire and in no fact, cut anywhere", async () => {
    const said = (content: string) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
    const stream = `the key is ${KEY}, so`
      .match(/.{1,3}/g)!
      .map(said)
      .join("");
    for (const size of [20, stream.length]) {
      await using rig = await createRig({ mask });
      const { client, upstream } = await rig.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      upstream.say(
        `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: ${stream.length}\r\n\r\n`,
      );
      await client.hears("\r\n\r\n");
      client.forget();
      for (let at = 0; at < stream.length; at += size) {
        upstream.say(stream.slice(at, at + size));
        await client.hears((peer) => peer.size === Math.min(at + size, stream.length));
      }
      expect(client.text).toBe(stream);
      const [exchange] = await rig.ended();
      const text = answered(exchange!)
        .split("\n\n")
        .filter((event) => event !== "")
        .map(
          (event) =>
            (JSON.parse(event.slice(6)) as { choices: [{ delta: { content: string } }] }).choices[0].delta
              .content,
        )
        .join("");
      expect(text).toBe(`the key is ${mask.secret(KEY).replace("…", "*").padEnd(KEY.length, "*")}, so`);
    }
  });

  test("what was in a coding is told in its turn, and before the end", async () => {
    await using rig = await createRig({ mask });
    const body = gzipSync("a".repeat(2_000_000));
    const head = `Content-Encoding: gzip\r\nContent-Length: ${body.byteLength}\r\n\r\n`;
    const client = await rig.client();
    client.say(`POST / HTTP/1.1\r\nHost: x\r\n${head}`, body, "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
    const upstream = await rig.upstream();
    await upstream.hears((peer) => peer.bytes.includes(body));
    upstream.say(`HTTP/1.1 200 OK\r\n${head}`, body);
    await upstream.hears("GET /next");
    upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    const [first] = await rig.ended(2);
    expect([asked(first!).length, answered(first!).length, first!.gaps]).toEqual([2_000_000, 2_000_000, []]);
    const told = rig.facts.filter(({ id }) => id === first!.id);
    const order = told.map((fact) => (fact.fact === "bytes" ? fact.from : fact.fact));
    expect(order.filter((word, n) => word !== order[n - 1])).toEqual([
      "open",
      "client",
      "head",
      "server",
      "close",
    ]);
    const times = told.flatMap((fact) => (fact.fact === "open" ? [] : [fact.t]));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("a key in a trailer is on the wire and in no fact, and neither is one that is said again in it", async () => {
    await using rig = await createRig({ mask });
    const { client, upstream } = await rig.exchange(
      `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEY}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Api-Key: my-own-long-password\r\n\r\n`,
    );
    await upstream.hears("my-own-long-password\r\n\r\n");
    upstream.say(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Said: ${KEY} my-own-long-password\r\n\r\n`,
    );
    await client.hears("my-own-long-password\r\n\r\n");
    const [exchange] = await rig.ended();
    expect(exchange!.request.trailers).toEqual([["X-Api-Key", mask.secret("my-own-long-password")]]);
    expect(exchange!.response!.trailers).toEqual([
      ["X-Said", `${mask.secret(KEY)} ${mask.secret("my-own-long-password")}`],
    ]);
    expect(JSON.stringify(rig.facts)).not.toMatch(/my-own-long|0123456789abcdef0123/);
  });

  test("what cannot be decoded is not told where a key may be in it", async () => {
    await using rig = await createRig({ mask });
    const body = gzipSync(BODY).subarray(12);
    const { client, upstream } = await rig.exchange(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: ${body.byteLength}\r\n\r\n`,
    );
    client.say(body);
    await upstream.hears((peer) => peer.bytes.includes(body));
    upstream.say(
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n`,
      Buffer.from(BODY),
    );
    await client.hears('"}');
    const [exchange] = await rig.ended();
    expect(exchange).toMatchObject({
      request: { pieces: [] },
      gaps: [
        { from: "client", lost: body.byteLength },
        { from: "server", lost: 0 },
      ],
      close: { ending: "complete" },
    });
    expect(answered(exchange!)).not.toContain(KEY.slice(9));
    expect(answered(exchange!)).toContain('"model":"m"');
  });

  test("is off when it is asked to be", async () => {
    const { facts } = await exchange({ mask: null }, [BODY]);
    expect(JSON.stringify(facts)).toContain(`Bearer ${KEY}`);
    expect(JSON.stringify(facts)).toContain(`key=${KEY}`);
  });
});

test("a clock that is set back or forward changes no order: times within an exchange are of another clock", async () => {
  await using rig = await createRig();
  const client = await rig.client();
  let upstream = null;
  const wall = [1.7e12, 1.6e12, 1.9e12];
  try {
    for (const at of wall) {
      setSystemTime(at);
      client.say(`POST /${at} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx`);
      upstream ??= await rig.upstream();
      await upstream.hears("\r\n\r\nx");
      upstream.forget();
      setSystemTime(at - 3_600_000);
      upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
      await client.hears("\r\n\r\n");
      client.forget();
      setSystemTime(at + 3_600_000);
      upstream.say("y");
      await client.hears("y");
      client.forget();
    }
  } finally {
    setSystemTime();
  }
  const exchanges = await rig.ended(3);
  expect(exchanges.map(({ at }) => at)).toEqual(wall);
  for (const { request, response, close } of exchanges) {
    const times = [request.pieces[0]!.t, response!.ttfb, response!.pieces[0]!.t, close!.t];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((t) => t >= 0)).toBe(true);
  }
  expect(new Set(exchanges.map(({ id }) => id)).size).toBe(3);
});

test("a body over the record's limit passes whole, and a gap says how much is not kept", async () => {
  await using rig = await createRig({ bodyLimit: 1000 });
  const { client, upstream } = await rig.exchange(
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1500\r\n\r\n",
  );
  client.say("a".repeat(700));
  await upstream.hears((peer) => peer.body.byteLength === 700);
  client.say("a".repeat(800));
  await upstream.hears((peer) => peer.body.byteLength === 1500);
  upstream.say(`HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n${"b".repeat(3000)}`);
  await client.hears((peer) => peer.body.byteLength === 3000);
  const [exchange] = await rig.ended();
  expect([asked(exchange!).length, answered(exchange!).length]).toEqual([1000, 1000]);
  expect(exchange!.gaps).toMatchObject([
    { from: "client", lost: 500, why: expect.stringContaining("everything passed") },
    { from: "server", lost: 2000, why: expect.stringContaining("everything passed") },
  ]);
  expect(exchange!.close!.ending).toBe("complete");
});

test("an error of the recorder costs a part of that exchange's record, and the traffic nothing", async () => {
  const poison = (text: string) => {
    if (text.includes("poison")) throw new RangeError("Maximum call stack size exceeded");
    return text;
  };
  const failing = {
    ...mask,
    *urlInParts(url: string) {
      yield;
      return poison(url);
    },
    *headersInParts(headers: readonly (readonly [string, string])[]) {
      yield;
      poison(JSON.stringify(headers));
      return [...headers];
    },
    text: (text: string) => poison(text),
  };
  await using rig = await createRig({ mask: failing });
  const client = await rig.client();
  const ask = `POST /poison HTTP/1.1\r\nHost: x\r\nX-A: poison\r\nContent-Length: 2\r\n\r\nok`;
  client.say(ask);
  const upstream = await rig.upstream();
  await upstream.hears("\r\n\r\nok");
  upstream.say("HTTP/1.1 200 OK\r\nX-B: poison\r\nContent-Length: 2\r\n\r\nok");
  await client.hears("\r\n\r\nok");
  client.forget();
  client.say("GET /good HTTP/1.1\r\nHost: x\r\n\r\n");
  await upstream.hears("GET /good");
  upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
  await client.hears("\r\n\r\ngood");
  const [bad, good] = await rig.ended(2);
  expect(bad).toMatchObject({
    path: "",
    request: { headers: [], pieces: [{ bytes: Buffer.from("ok") }] },
    response: { status: 200, headers: [], pieces: [{ bytes: Buffer.from("ok") }] },
    gaps: [{ lost: -1, why: expect.stringContaining("the recorder failed (RangeError)") }],
    close: { ending: "complete" },
  });
  expect(good).toMatchObject({ path: "/good", gaps: [], close: { ending: "complete" } });
  expect(answered(good!)).toBe("good");
});

test("messages beyond those that are kept pass, and a gap says so, even of messages without a byte", () => {
  const facts: Fact[] = [];
  const recording = new Recording(
    {
      tell: (fact) => void facts.push(fact),
      later: AT_ONCE,
      mask: null,
      shouldPause: () => false,
      released: () => {},
      bodyLimit: 1024 * 1024,
    },
    { wire: "websocket", method: "GET", path: "/", upstream: "u", target: "http://u/", headers: [] },
  );
  recording.tunnelled(0, (t) => {
    for (let n = 0; n < 1_300_000; n++)
      void recording.message("server", t, Buffer.alloc(0), { frame: "text" });
  });
  recording.close("complete", null);
  expect(facts.filter(({ fact }) => fact === "bytes")).toHaveLength(1_200_000);
  expect(facts.slice(-2)).toMatchObject([
    { fact: "gap", from: "server", lost: 0, why: expect.stringContaining("1200000 pieces") },
    { fact: "close" },
  ]);
});

test("a source that is stopped for the record's sake goes on when there is room, in both directions", async () => {
  const rooms: (() => void)[] = [];
  let times = 0;
  await using rig = await createRig({ shouldPause: (room) => times++ % 2 === 0 && rooms.push(room) > 0 });
  const going = setInterval(() => rooms.splice(0).forEach((room) => room()), 2);
  const body = "0123456789abcdef".repeat(200_000);
  const client = await rig.client();
  client.say(`POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const upstream = await rig.upstream();
  await upstream.hears((peer) => peer.body.toString() === body);
  upstream.say(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await client.hears((peer) => peer.body.toString() === body);
  clearInterval(going);
  expect(times).toBeGreaterThan(2);
});
