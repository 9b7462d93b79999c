/** Any traffic through the proxy is what it would be without one, and the facts rebuild it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { joined } from "../fact/exchange.ts";
import { chunk } from "./testkit/contract/bodies.ts";
import type { Peer } from "./testkit/peer.ts";
import { createRig, type Rig } from "./testkit/rig.ts";

type Message = {
  first: string;
  headers: [string, string][];
  framing: "length" | "chunked" | "close";
  body: Uint8Array[];
  trailers: [string, string][];
};

const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/);
const name = token.map((text) => `X-${text}`);
const value = fc.stringMatching(/^(?:[!-~\xa0-\xff](?:[ -~\t\xa0-\xff]{0,40}[!-~\xa0-\xff])?)?$/);
const headers = fc.array(fc.tuple(name, value), { maxLength: 6 });
const body = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }), { maxLength: 5 });
const path = fc.stringMatching(/^\/[!-~]{0,60}$/).filter((text) => !text.startsWith("/@"));

const request = fc.record({
  first: fc
    .tuple(fc.oneof(fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"), token), path)
    .map(
      ([method, target]) =>
        `${method === "CONNECT" || method === "HEAD" ? "POST" : method} ${target} HTTP/1.1`,
    ),
  headers,
  framing: fc.constantFrom("length" as const, "chunked" as const),
  body,
  trailers: headers,
});

const response = fc.record({
  first: fc
    .tuple(
      fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
      fc.stringMatching(/^[ -~]{0,20}$/),
    )
    .map(([status, reason]) => `HTTP/1.1 ${status} ${reason}`),
  headers,
  framing: fc.constantFrom("length" as const, "chunked" as const, "close" as const),
  body,
  trailers: headers,
});

function headOf({ first, headers: own, framing, body: pieces }: Message, host: string | null): Buffer {
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const all = [
    ...(host === null ? [] : [["Host", host]]),
    ...own,
    ...(framing === "length" ? [["Content-Length", String(length)]] : []),
    ...(framing === "chunked" ? [["Transfer-Encoding", "chunked"]] : []),
  ];
  return Buffer.from(`${first}\r\n${all.map(([key, text]) => `${key}: ${text}\r\n`).join("")}\r\n`, "latin1");
}

function bodyOf({ framing, body: pieces, trailers }: Message): Buffer {
  if (framing !== "chunked") return Buffer.concat(pieces);
  const last = `0\r\n${trailers.map(([key, text]) => `${key}: ${text}\r\n`).join("")}\r\n`;
  return Buffer.concat([...pieces.map(chunk), Buffer.from(last, "latin1")]);
}

/** Says it in pieces of these sizes, again and again. */
async function sayCut(peer: Peer, bytes: Buffer, sizes: readonly number[]): Promise<void> {
  let at = 0;
  for (let n = 0; at < bytes.byteLength; n++) {
    const end = at + sizes[n % sizes.length]!;
    peer.say(bytes.subarray(at, end));
    at = end;
    // Lets the loop turn, so that pieces are pieces.
    if (n % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 4 });

async function talk(
  rig: Rig,
  asked: Message,
  told: Message,
  cuts: readonly number[],
  client: Peer,
  upstream: Peer | null,
) {
  const count = rig.facts.filter(({ fact }) => fact === "close").length;
  const sent = Buffer.concat([headOf(asked, "localhost:8000"), bodyOf(asked)]);
  await sayCut(client, sent, cuts);
  upstream ??= await rig.upstream();
  const expected = Buffer.concat([headOf(asked, rig.host), bodyOf(asked)]);
  await upstream.hears((peer) => peer.size >= expected.byteLength);
  expect(upstream.bytes.toString("latin1")).toBe(expected.toString("latin1"));
  upstream.forget();
  await sayCut(upstream, Buffer.concat([headOf(told, null), bodyOf(told)]), cuts);
  if (told.framing === "close") upstream.hangUp();
  const head = headOf(
    told.framing === "close" ? { ...told, headers: [...told.headers, ["Connection", "close"]] } : told,
    null,
  );
  const answer = Buffer.concat([head, bodyOf(told)]);
  await client.hears((peer) => peer.size >= answer.byteLength);
  expect(client.bytes.toString("latin1")).toBe(answer.toString("latin1"));
  client.forget();
  const exchange = (await rig.ended(count + 1))[count]!;
  expect({
    line: `${exchange.method} ${exchange.path} HTTP/1.1`,
    asked: Buffer.from(joined(exchange.request.pieces)),
    headers: exchange.response!.headers.filter(([key]) => key.startsWith("X-")),
    told: Buffer.from(joined(exchange.response!.pieces)),
    trailers: [exchange.request.trailers ?? [], exchange.response!.trailers ?? []],
    close: exchange.close!.ending,
  }).toEqual({
    line: asked.first,
    asked: Buffer.concat(asked.body),
    headers: told.headers,
    told: Buffer.concat(told.body),
    trailers: [asked, told].map(({ framing, trailers }) => (framing === "chunked" ? trailers : [])),
    close: "complete",
  });
  return upstream;
}

test("random traffic is identical to direct traffic, and the record rebuilds it", async () => {
  await using rig = await createRig();
  const runs = fc.array(fc.record({ request, response, sizes }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(runs, async (exchanges) => {
      let client: Peer | null = null;
      let upstream: Peer | null = null;
      for (const { request: asked, response: told, sizes: cuts } of exchanges) {
        client ??= await rig.client();
        upstream = await talk(rig, asked, told, cuts, client, upstream);
        if (told.framing !== "close") continue;
        await client.leaves();
        [client, upstream] = [null, null];
      }
      client?.hangUp();
    }),
    { numRuns: 150, seed: 20_251, endOnFailure: true },
  );
});

type Frame = { opcode: 1 | 2; parts: Uint8Array[]; ping: boolean };

const frames = fc.array(
  fc.record({
    opcode: fc.constantFrom(1 as const, 2 as const),
    parts: fc.array(fc.uint8Array({ maxLength: 700 }), { minLength: 1, maxLength: 3 }),
    ping: fc.boolean(),
  }),
  { maxLength: 8 },
);

/** As a client says it (masked) or a server, in as many frames as there are parts, with pings in between. */
function frameBytes({ opcode, parts, ping }: Frame, key: number[] | null): Buffer {
  const one = (first: number, payload: Uint8Array) => {
    const size = payload.byteLength;
    const length = size < 126 ? [size] : [126, size >> 8, size & 255];
    length[0]! |= key ? 0x80 : 0;
    const masked = key ? payload.map((byte, n) => byte ^ key[n & 3]!) : payload;
    return Buffer.concat([Buffer.from([first, ...length, ...(key ?? [])]), masked]);
  };
  return Buffer.concat(
    parts.flatMap((part, n) => [
      one((n === parts.length - 1 ? 0x80 : 0) | (n === 0 ? opcode : 0), part),
      ...(ping ? [one(0x89, Buffer.from("ping"))] : []),
    ]),
  );
}

test("any messages of a WebSocket, in any frames and cut anywhere, pass as they are and are told as they were meant", async () => {
  await fc.assert(
    fc.asyncProperty(
      frames,
      frames,
      sizes,
      fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
      async (asked, told, cuts, key) => {
        await using rig = await createRig();
        const { client, upstream } = await rig.exchange(
          "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        );
        upstream.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        await client.hears("\r\n\r\n");
        client.forget();
        upstream.forget();
        const sent = Buffer.concat(asked.map((frame) => frameBytes(frame, key)));
        const answer = Buffer.concat(told.map((frame) => frameBytes(frame, null)));
        await Promise.all([sayCut(client, sent, cuts), sayCut(upstream, answer, cuts)]);
        await upstream.hears((peer) => peer.size >= sent.byteLength);
        await client.hears((peer) => peer.size >= answer.byteLength);
        expect([upstream.bytes.equals(sent), client.bytes.equals(answer)]).toEqual([true, true]);
        client.hangUp();
        const [exchange] = await rig.ended();
        const meant = (messages: readonly Frame[]) =>
          messages.map(({ opcode, parts }) => [
            opcode === 1 ? "text" : "binary",
            Buffer.concat(parts).toString("hex"),
          ]);
        const kept = (pieces: readonly { frame?: string; bytes: Uint8Array }[]) =>
          pieces.map(({ frame, bytes }) => [frame, Buffer.from(bytes).toString("hex")]);
        expect(kept(exchange!.request.pieces)).toEqual(meant(asked));
        expect(kept(exchange!.response!.pieces)).toEqual(meant(told));
      },
    ),
    { numRuns: 40 },
  );
});
