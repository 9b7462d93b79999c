/** Any traffic through the proxy is what it would be without one, and the facts rebuild it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { joined } from "../fact/exchange.ts";
import { chunk } from "./contract/bodies.ts";
import type { Peer } from "./peer.ts";
import { createRig, type Rig } from "./rig.ts";

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
    close: exchange.close!.ending,
  }).toEqual({
    line: asked.first,
    asked: Buffer.concat(asked.body),
    headers: told.headers,
    told: Buffer.concat(told.body),
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
