/** Whatever passes is in the record or is a gap, however the two sides begin, end and interrupt each other. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Exchange, Piece } from "../fact/exchange.ts";
import { joined } from "../fact/exchange.ts";
import type { Peer } from "./testkit/peer.ts";
import { createRig, type Rig } from "./testkit/rig.ts";

const UPGRADE = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat/9\r\n\r\n";
const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat/9\r\n\r\n";

/** Bytes in which every place is known. */
function pattern(size: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, n) => (n * 7 + (n >> 8) + seed) & 255));
}

const hashOf = (bytes: Uint8Array) => Bun.hash(bytes).toString(16);
const told = (pieces: readonly Piece[] | undefined) => Buffer.from(joined(pieces ?? []));
const lost = ({ gaps }: Exchange, from: string) =>
  gaps.reduce((sum, gap) => sum + (gap.from === from ? gap.lost : 0), 0);

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90_000 })), {
  maxLength: 6,
});

/** What each side says, and after how many of the other's words it says its last. */
const talk = fc.record({
  client: sizes,
  server: sizes,
  first: fc.constantFrom("client" as const, "server" as const),
  /** Words that the other side says behind the first half-close. */
  behind: sizes,
  bodyLimit: fc.constantFrom(100, 60_000, 1024 * 1024 * 1024),
});

test("a raw upgrade, half-closed by either side at any time, is told to its last byte in both directions", async () => {
  await fc.assert(
    fc.asyncProperty(talk, async ({ client: asks, server: answers, first, behind, bodyLimit }) => {
      await using rig = await createRig({ bodyLimit });
      const { client, upstream } = await rig.exchange(UPGRADE);
      upstream.say(SWITCH);
      await client.hears("\r\n\r\n");
      client.forget();
      upstream.forget();
      const said = { client: [] as Buffer[], server: [] as Buffer[] };
      const peers = { client, server: upstream };
      const say = (from: "client" | "server", size: number) => {
        const bytes = pattern(size, said[from].length);
        said[from].push(bytes);
        peers[from].say(bytes);
      };
      for (let n = 0; n < Math.max(asks.length, answers.length); n++) {
        if (asks[n]) say("client", asks[n]!);
        if (answers[n]) say("server", answers[n]!);
      }
      await peers[first].said();
      peers[first].halfClose();
      const other = first === "client" ? "server" : "client";
      await peers[other].leaves();
      for (const size of behind) say(other, size);
      await peers[other].said();
      peers[other].halfClose();
      await peers[first].leaves();
      const [exchange] = await rig.ended();
      for (const [from, to, pieces] of [
        ["client", upstream, exchange!.request.pieces],
        ["server", client, exchange!.response!.pieces],
      ] as const) {
        const all = Buffer.concat(said[from]);
        expect(hashOf(to.bytes)).toBe(hashOf(all));
        const kept = told(pieces);
        expect(kept.byteLength + lost(exchange!, from)).toBe(all.byteLength);
        expect(hashOf(kept)).toBe(hashOf(all.subarray(0, bodyLimit)));
      }
      expect(exchange!.close).toMatchObject({ ending: "complete", error: null });
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

const interrupted = fc.record({
  /** How much of the request the upstream gets to hear before it answers. */
  asked: fc.integer({ min: 0, max: 70_000 }),
  rest: fc.integer({ min: 0, max: 70_000 }),
  answer: fc.integer({ min: 0, max: 200_000 }),
  framing: fc.constantFrom("length" as const, "chunked" as const, "close" as const),
  chunk: fc.integer({ min: 1, max: 30_000 }),
  /** What happens when half of the answer has been said. */
  next: fc.constantFrom("goes-on", "upstream-leaves", "client-leaves", "upstream-resets") as fc.Arbitrary<
    "goes-on" | "upstream-leaves" | "client-leaves" | "upstream-resets"
  >,
});

/** The answer's bytes without its framing. */
function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf("\r\n", at);
    const size = end < 0 ? 0 : Number.parseInt(bytes.toString("latin1", at, end), 16);
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function headOf(framing: "length" | "chunked" | "close", size: number): string {
  const line = {
    length: `Content-Length: ${size}\r\n`,
    chunked: "Transfer-Encoding: chunked\r\n",
    close: "",
  };
  return `HTTP/1.1 200 OK\r\n${line[framing]}\r\n`;
}

test("an answer that comes early, breaks off or is not waited for is told as far as it was heard", async () => {
  await fc.assert(
    fc.asyncProperty(interrupted, async ({ asked, rest, answer, framing, chunk, next }) => {
      await using rig: Rig = await createRig();
      const client = await rig.client();
      const size = asked + rest;
      client.say(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`, pattern(asked, 1));
      const upstream: Peer = await rig.upstream();
      await upstream.hears((peer) => peer.text.includes("\r\n\r\n") && peer.body.byteLength === asked);
      const body = pattern(answer, 2);
      const parts = Array.from({ length: Math.ceil(answer / chunk) }, (_, n) =>
        body.subarray(n * chunk, (n + 1) * chunk),
      );
      const wire = parts.map((part) =>
        framing === "chunked"
          ? Buffer.concat([Buffer.from(`${part.byteLength.toString(16)}\r\n`), part, Buffer.from("\r\n")])
          : part,
      );
      const half = Math.ceil(wire.length / 2);
      upstream.say(headOf(framing, answer), ...wire.slice(0, half));
      await client.hears("\r\n\r\n");
      if (next === "client-leaves") client.reset();
      else if (next === "upstream-resets") upstream.reset();
      else if (next === "upstream-leaves") upstream.hangUp();
      else {
        client.say(pattern(rest, 1 + asked * 7));
        await upstream.hears((peer) => peer.body.byteLength === size);
        upstream.say(...wire.slice(half), framing === "chunked" ? "0\r\n\r\n" : "");
        await upstream.said();
        if (framing === "close") upstream.hangUp();
        await client.hears((peer) => (framing === "chunked" ? unchunked(peer.body) : peer.body).equals(body));
      }
      if (next !== "goes-on" && next !== "client-leaves") await client.leaves();
      if (next === "goes-on" && framing !== "close") client.hangUp();
      const [exchange] = await rig.ended();
      const heard = framing === "chunked" ? unchunked(client.body) : client.body;
      const kept = told(exchange!.response?.pieces);
      // A reset overtakes bytes that were sent before it: then more is told than was heard, and nothing else.
      if (next === "goes-on") expect(hashOf(kept)).toBe(hashOf(heard));
      expect(kept.byteLength).toBeGreaterThanOrEqual(heard.byteLength);
      expect(body.subarray(0, kept.byteLength).equals(kept)).toBe(true);
      const request = told(exchange!.request.pieces);
      expect(request.byteLength).toBeGreaterThanOrEqual(upstream.body.byteLength);
      expect(request.subarray(0, asked).equals(pattern(asked, 1))).toBe(true);
    }),
    { numRuns: 100, endOnFailure: true },
  );
});
