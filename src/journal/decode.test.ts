import { describe, expect, test } from "bun:test";
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { joined, type Exchange, type Piece } from "../fact/exchange.ts";
import type { Header } from "../fact/fact.ts";
import { decodeContent } from "./decode.ts";

const TEXT = JSON.stringify({ text: "聊天 ".repeat(2000) });

function exchange(pieces: Piece[], headers: Header[], wire: "http" | "websocket" = "http"): Exchange {
  return {
    id: "1",
    at: 0,
    wire,
    upstream: "x",
    method: "GET",
    path: "/",
    target: "http://x/",
    request: { headers: [], pieces: [] },
    response: { status: 200, headers, pieces, ttfb: 1 },
    gaps: [],
    close: { t: 9, ending: "complete", error: null },
  };
}

const cut = (bytes: Uint8Array, size: number): Piece[] =>
  Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, n) => ({
    t: n,
    bytes: bytes.subarray(n * size, (n + 1) * size),
  }));

const textOf = (pieces: readonly Piece[]) => Buffer.from(joined(pieces)).toString();

async function decoded(bytes: Uint8Array, coding: string, size = 100) {
  const { response, gaps } = await decodeContent(exchange(cut(bytes, size), [["Content-Encoding", coding]]));
  return { text: textOf(response!.pieces), pieces: response!.pieces, gaps };
}

describe("a compressed body is recorded as what it meant", () => {
  test.each([
    ["gzip", gzipSync(TEXT)],
    ["x-gzip", gzipSync(TEXT)],
    ["GZIP", gzipSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["zstd", zstdCompressSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["deflate", deflateRawSync(TEXT)],
    ["identity", Buffer.from(TEXT)],
    ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
  ])("%s", async (coding, bytes) => {
    for (const size of [1, 7, 100_000])
      expect(await decoded(bytes, coding, size)).toMatchObject({ text: TEXT, gaps: [] });
  });

  test("gzip in several members is one body", async () => {
    expect((await decoded(Buffer.concat([gzipSync("one "), gzipSync("two")]), "gzip")).text).toBe("one two");
  });

  test.each([
    ["gzip", () => createGzip()],
    ["br", () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
    ["zstd", () => createZstdCompress()],
  ] as const)("events of a %s stream keep the times at which they came", async (coding, create) => {
    const coder = create();
    const pieces: Piece[] = [];
    const events = ["data: one\n\n", "data: two\n\n", "data: three\n\n"];
    let ready: Buffer[] = [];
    coder.on("data", (bytes: Buffer) => ready.push(bytes));
    for (const [n, event] of events.entries()) {
      await new Promise<void>((resolve) => coder.write(event, () => coder.flush(() => resolve())));
      pieces.push({ t: n * 100, bytes: Buffer.concat(ready) });
      ready = [];
    }
    await new Promise<void>((resolve) => (coder.once("end", resolve), coder.end()));
    pieces.push({ t: 300, bytes: Buffer.concat(ready) });
    const { response } = await decodeContent(exchange(pieces, [["content-encoding", coding]]));
    expect(response!.pieces.map(({ t, bytes }) => [t, Buffer.from(bytes).toString()])).toEqual(
      events.map((event, n) => [n * 100, event]),
    );
  });
});

describe("a body that cannot be decoded is kept, and a gap says why", () => {
  test("it is no gzip at all", async () => {
    const { text, gaps } = await decoded(Buffer.from("no gzip at all"), "gzip");
    expect(text).toBe("no gzip at all");
    expect(gaps).toMatchObject([
      { from: "server", lost: 0, why: expect.stringContaining("could not be decoded") },
    ]);
  });

  test("it breaks in the middle", async () => {
    const bytes = gzipSync(
      Bun.hash(TEXT).toString() + Buffer.from(crypto.getRandomValues(new Uint8Array(20_000))).toString("hex"),
    );
    bytes.fill(0xff, 10_000, 10_100);
    const { text, gaps } = await decoded(bytes, "gzip");
    expect(text.length).toBeGreaterThan(1000);
    expect(gaps).toHaveLength(1);
  });

  test.each([
    ["gzip", gzipSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["zstd", zstdCompressSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
  ])("%s that was cut off gives what came", async (coding, bytes) => {
    const came = bytes.subarray(0, -10);
    const { pieces } = await decoded(came, coding, 10);
    const got = Buffer.from(joined(pieces));
    expect([came, Buffer.from(TEXT).subarray(0, got.byteLength)].some((one) => one.equals(got))).toBe(true);
  });

  test("nobody knows its coding", async () => {
    const { text, gaps } = await decoded(Buffer.from("?"), "dcb");
    expect([text, gaps[0]?.why]).toEqual(["?", expect.stringContaining("dcb")]);
  });

  test("an empty body is empty in every coding", async () => {
    for (const coding of ["gzip", "br", "zstd", "deflate"])
      expect(await decoded(new Uint8Array(0), coding)).toMatchObject({ text: "", gaps: [] });
  });
});

test("a bomb is left out beyond the limit", async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  const headers: Header[] = [["Content-Encoding", "gzip"]];
  const { response, gaps } = await decodeContent(exchange(cut(bomb, 1000), headers), 1_000_000);
  expect(joined(response!.pieces).byteLength).toBeLessThanOrEqual(1_000_000);
  expect(gaps).toMatchObject([{ lost: -1, why: expect.stringContaining("larger than 1000000 bytes") }]);
});

describe("compressed messages of a WebSocket", () => {
  const words = ["one one one", "two two two", "one two one two", "聊天聊天"];
  const headers = (terms: string): Header[] => [["Sec-WebSocket-Extensions", `permessage-deflate${terms}`]];

  /** As a sender that keeps its window between messages makes them, or one that does not. */
  async function deflated(fresh: boolean): Promise<Uint8Array[]> {
    const out: Uint8Array[] = [];
    let coder = createDeflateRaw();
    for (const word of words) {
      const ready: Buffer[] = [];
      coder.on("data", (bytes: Buffer) => ready.push(bytes));
      await new Promise<void>((resolve) =>
        coder.write(word, () => coder.flush(constants.Z_SYNC_FLUSH, () => resolve())),
      );
      coder.removeAllListeners("data");
      out.push(Buffer.concat(ready).subarray(0, -4));
      if (fresh) coder = createDeflateRaw();
    }
    return out;
  }

  test.each([
    ["with a window that is kept", "", false],
    ["with a window for each", "; server_no_context_takeover", true],
  ])("are inflated %s", async (_, terms, fresh) => {
    const pieces = (await deflated(fresh)).map((bytes, n): Piece => ({
      t: n,
      bytes,
      frame: "text",
      deflated: true,
    }));
    pieces.splice(2, 0, { t: 1.5, bytes: Buffer.from("plain"), frame: "text" });
    const { response } = await decodeContent(exchange(pieces, headers(terms), "websocket"));
    expect(response!.pieces.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(
      words.toSpliced(2, 0, "plain"),
    );
    expect(response!.pieces.some((piece) => piece.deflated)).toBe(false);
  });

  test("that cannot be read stay as they passed, and so do those behind them", async () => {
    const good = await deflated(false);
    const pieces = [good[0]!, Buffer.from([0xff, 0xff, 0xff]), good[1]!].map((bytes, n): Piece => ({
      t: n,
      bytes,
      frame: "text",
      deflated: true,
    }));
    const { response } = await decodeContent(exchange(pieces, headers(""), "websocket"));
    expect(
      response!.pieces.map(({ bytes, deflated: still }) => still ?? Buffer.from(bytes).toString()),
    ).toEqual(["one one one", true, true]);
    expect(response!.pieces[1]!.bytes).toEqual(pieces[1]!.bytes);
  });
});
