/** Contract: bodies pass byte for byte, piece by piece, as soon as they come, and the record is what passed. */
import { expect } from "bun:test";
import type { Promises } from "../deviations.ts";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { joined } from "../../../fact/exchange.ts";
import type { Header } from "../../../fact/fact.ts";
import { answered, asked, type Rig } from "../rig.ts";

/** Every byte, a character of UTF-8 in two halves, and what looks like framing. */
const PIECES = [
  Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
  Buffer.from("聊").subarray(0, 2),
  Buffer.from("聊天").subarray(2),
  Buffer.from("0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
  Buffer.from("data: {}\n\n"),
];

const MB = 1024 * 1024;

export function bodies(test: Promises, createRig: () => Promise<Rig>, megabytes: number): void {
  for (const framing of ["length", "chunked"] as const) {
    const total = PIECES.reduce((sum, piece) => sum + piece.byteLength, 0);
    const header = framing === "length" ? `Content-Length: ${total}` : "Transfer-Encoding: chunked";
    const framed = PIECES.map((piece) => (framing === "length" ? piece : chunk(piece)));
    const last = framing === "length" ? "" : "0\r\n\r\n";

    test(`pieces of a ${framing} request arrive as they are said, each before the next`, async () => {
      await using rig = await createRig();
      const { client, upstream } = await rig.exchange(
        `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`,
      );
      upstream.forget();
      for (const piece of framed) {
        const before = upstream.size;
        client.say(piece);
        await upstream.hears(() => upstream.size === before + piece.byteLength);
      }
      client.say(last);
      await upstream.hears((peer) => peer.text.endsWith(last));
      expect(upstream.bytes).toEqual(Buffer.concat([...framed, Buffer.from(last)]));
      upstream.say("HTTP/1.1 204 No Content\r\n\r\n");
      const [exchange] = await rig.ended();
      expect(exchange!.request.pieces.map((piece) => Buffer.from(piece.bytes))).toEqual(PIECES);
    });

    test(`pieces of a ${framing} response arrive as they are said, each before the next`, async () => {
      await using rig = await createRig();
      const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
      upstream.say(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n`);
      await client.hears("\r\n\r\n");
      client.forget();
      for (const piece of framed) {
        const before = client.size;
        upstream.say(piece);
        await client.hears(() => client.size === before + piece.byteLength);
      }
      upstream.say(last);
      const [exchange] = await rig.ended();
      await client.hears((peer) => peer.text.endsWith(last));
      expect(client.bytes).toEqual(Buffer.concat([...framed, Buffer.from(last)]));
      expect(exchange!.response!.pieces.map((piece) => Buffer.from(piece.bytes))).toEqual(PIECES);
      const times = exchange!.response!.pieces.map((piece) => piece.t);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    });
  }

  test("chunk extensions and trailers pass in both directions; trailers are recorded, and no part of the body", async () => {
    await using rig = await createRig();
    const framed = `5;name="a;b"\r\nhello\r\n00A\r\n, trailers\r\n0;last\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n`;
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n${framed}`,
    );
    await upstream.hears("X-Other: 2\r\n\r\n");
    expect(upstream.body.toString("latin1")).toBe(framed);
    upstream.say(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${framed}`);
    await client.hears("X-Other: 2\r\n\r\n");
    expect(client.body.toString("latin1")).toBe(framed);
    const [exchange] = await rig.ended();
    expect([asked(exchange!), answered(exchange!)]).toEqual(["hello, trailers", "hello, trailers"]);
    const trailers: Header[] = [
      ["X-Sum", "1"],
      ["X-Other", "2"],
    ];
    expect([exchange!.request.trailers, exchange!.response!.trailers]).toEqual([trailers, trailers]);
  });

  test("trailers are recorded wherever they are cut, behind a body in a coding too, and what is too much is a gap", async () => {
    await using rig = await createRig();
    const body = gzipSync("hello");
    const many = "X-Many: 1\r\n".repeat(99);
    const framed = Buffer.concat([
      chunk(body),
      Buffer.from(`0\r\nX-Sum:  a b \r\n${many}X-More: 1\r\nnone\r\n\r\n`),
    ]);
    const head = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
    const { client, upstream } = await rig.exchange(`POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n${head}`);
    const cut = framed.indexOf("X-Sum") + 3;
    client.say(framed.subarray(0, cut));
    await upstream.hears((peer) => peer.body.byteLength === cut);
    client.say(framed.subarray(cut));
    await upstream.hears((peer) => peer.body.byteLength === framed.byteLength);
    upstream.say(`HTTP/1.1 200 OK\r\n${head}`, framed.subarray(0, cut));
    await client.hears("X-S");
    upstream.say(framed.subarray(cut));
    await client.hears("none\r\n\r\n");
    const [exchange] = await rig.ended();
    expect([upstream.body, client.body]).toEqual([framed, framed]);
    for (const side of [exchange!.request, exchange!.response!]) {
      expect(Buffer.from(joined(side.pieces)).toString()).toBe("hello");
      expect(side.trailers).toEqual([["X-Sum", "a b"], ...Array(99).fill(["X-Many", "1"])]);
    }
    expect(exchange!.gaps).toMatchObject([
      { from: "client", lost: 13 },
      { from: "server", lost: 13 },
    ]);
  });

  test("compressed bodies are not touched", async () => {
    await using rig = await createRig();
    const text = JSON.stringify({ text: "compressed ".repeat(1000) });
    const client = await rig.client();
    let upstream = null;
    for (const [coding, body] of [
      ["gzip", gzipSync(text)],
      ["br", brotliCompressSync(text)],
      ["zstd", zstdCompressSync(text)],
    ] as const) {
      const head = `Content-Encoding: ${coding}\r\nContent-Length: ${body.byteLength}\r\n\r\n`;
      client.say(`POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n${head}`, body);
      upstream ??= await rig.upstream();
      await upstream.hears(
        (peer) => peer.text.includes("\r\n\r\n") && peer.body.byteLength === body.byteLength,
      );
      expect(upstream.body).toEqual(body);
      upstream.forget();
      upstream.say(`HTTP/1.1 200 OK\r\n${head}`, body);
      await client.hears(
        (peer) => peer.text.includes("\r\n\r\n") && peer.body.byteLength === body.byteLength,
      );
      expect(client.body).toEqual(body);
      client.forget();
    }
    const exchanges = await rig.ended(3);
    expect(exchanges.map((one) => Buffer.from(joined(one.response!.pieces)))).toEqual(
      exchanges.map((one) => Buffer.from(joined(one.request.pieces))),
    );
  });

  test("bodies of no bytes are bodies", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nPOST ${rig.prefix}/2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await upstream.hears("chunked\r\n\r\n0\r\n\r\n");
    upstream.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    await client.hears("\r\n0\r\n\r\n");
    expect(await rig.ended(2)).toMatchObject([
      { request: { pieces: [] }, response: { pieces: [] }, close: { ending: "complete" } },
      { request: { pieces: [] }, response: { pieces: [] }, close: { ending: "complete" } },
    ]);
  });

  test("responses that have no body end with their head, whatever length they name", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    let upstream = null;
    for (const [method, status, headers] of [
      ["HEAD", "200 OK", "Content-Length: 1000\r\n"],
      ["HEAD", "200 OK", "Transfer-Encoding: chunked\r\n"],
      ["GET", "204 No Content", ""],
      ["GET", "304 Not Modified", "Content-Length: 1000\r\nETag: x\r\n"],
      ["GET", "200 OK", "Content-Length: 0\r\n"],
    ]) {
      client.say(`${method} ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
      upstream ??= await rig.upstream();
      await upstream.hears(`${method} / `);
      upstream.forget();
      const response = `HTTP/1.1 ${status}\r\n${headers}\r\n`;
      upstream.say(response);
      expect(await client.hears("\r\n\r\n")).toBe(response);
      client.forget();
    }
    expect((await rig.ended(5)).map(({ close }) => close!.ending)).toEqual(Array(5).fill("complete"));
    expect(rig.taken()).toBe(1);
  });

  test("a body that only the end of the connection ends, ends so for the client", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    upstream.say("HTTP/1.1 200 OK\r\n\r\nuntil ");
    await client.hears("until ");
    upstream.say("the end");
    upstream.hangUp();
    expect(await client.leaves()).toBe("end");
    expect(client.text).toBe("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
    expect(await rig.ended()).toMatchObject([{ close: { ending: "complete", error: null } }]);
  });

  test(`${megabytes} MB pass up and down without a change`, async () => {
    await using rig = await createRig();
    const large = megabytes * MB;
    const block = Buffer.alloc(MB);
    for (let n = 0; n < block.byteLength; n++) block[n] = (n * 31 + (n >> 8)) & 255;
    const hash = new Bun.CryptoHasher("sha1");
    for (let n = 0; n < large; n += block.byteLength) hash.update(block);
    const expected = hash.digest("hex");
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${large}\r\n\r\n`,
    );
    upstream.forget();
    upstream.tally();
    for (let n = 0; n < large; n += block.byteLength) client.say(block);
    await upstream.hears(() => upstream.size === large);
    expect(upstream.hash).toBe(expected);
    upstream.say(`HTTP/1.1 200 OK\r\nContent-Length: ${large}\r\n\r\n`);
    await client.hears("\r\n\r\n");
    client.forget();
    client.tally();
    for (let n = 0; n < large; n += block.byteLength) upstream.say(block);
    await client.hears(() => client.size === large);
    expect(client.hash).toBe(expected);
    const [exchange] = await rig.ended();
    for (const pieces of [exchange!.request.pieces, exchange!.response!.pieces]) {
      const record = new Bun.CryptoHasher("sha1");
      for (const piece of pieces) record.update(piece.bytes);
      expect(record.digest("hex")).toBe(expected);
    }
  });
}

export function chunk(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}
