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
import { randomBytes } from "node:crypto";
import { CodedBody, CodedMessages, type Say } from "./coded-body.ts";
import { codingsOf } from "./decoder.ts";

const TEXT = JSON.stringify({ text: "聊天 ".repeat(2000) });
/** No coding makes it smaller. */
const RANDOM = Buffer.from(Array.from({ length: 20_000 }, (_, n) => Number(Bun.hash.wyhash(`${n}`) & 255n)));
const MB = 1024 * 1024;

function heard() {
  const pieces: { t: number; bytes: Uint8Array; passed: number }[] = [];
  const gaps: { t: number; lost: number; why: string }[] = [];
  const say: Say = {
    bytes: (t, bytes, passed) => void pieces.push({ t, bytes: bytes.slice(), passed }),
    message: (t, bytes, passed) => void pieces.push({ t, bytes: bytes.slice(), passed }),
    gap: (t, lost, why) => gaps.push({ t, lost, why }),
  };
  return {
    say,
    pieces,
    gaps,
    text: () => Buffer.concat(pieces.map(({ bytes }) => bytes)).toString(),
    passed: () => pieces.reduce((sum, { passed }) => sum + passed, 0),
  };
}

const cut = (bytes: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );

async function told(
  coding: string,
  pieces: readonly Uint8Array[],
  { limit = 64 * MB, how = "whole", unreadable = "lost" }: Partial<Options> = {},
) {
  const ear = heard();
  const body = new CodedBody(codingsOf([["Content-Encoding", coding]]), limit, unreadable, ear.say);
  for (const [n, piece] of pieces.entries()) await body.take(n, piece);
  await body.end(pieces.length, how);
  return ear;
}
type Options = { limit: number; how: "whole" | "cut"; unreadable: "kept" | "lost" };

describe("a body in a coding is told as what it means, with what it was on the wire", () => {
  test.each([
    ["gzip", gzipSync(TEXT)],
    ["x-gzip", gzipSync(TEXT)],
    ["GZIP", gzipSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["zstd", zstdCompressSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["deflate", deflateRawSync(TEXT)],
    ["identity, gzip", gzipSync(TEXT)],
    ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
    ["zstd, gzip, deflate", deflateSync(gzipSync(zstdCompressSync(TEXT)))],
  ])("%s", async (coding, bytes) => {
    for (const size of [1, 7, 100_000]) {
      const { text, passed, gaps } = await told(coding, cut(bytes, size));
      expect([text(), passed(), gaps]).toEqual([TEXT, bytes.byteLength, []]);
    }
  });

  test("in several members or frames it is one body", async () => {
    for (const [coding, pack] of [
      ["gzip", gzipSync],
      ["zstd", zstdCompressSync],
    ] as const)
      for (const size of [1, 100])
        expect((await told(coding, cut(Buffer.concat([pack("one "), pack("two")]), size))).text()).toBe(
          "one two",
        );
  });

  test.each([
    ["gzip", () => createGzip()],
    ["br", () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
    ["zstd", () => createZstdCompress()],
  ] as const)("events of a %s stream are told when they came", async (coding, create) => {
    const coder = create();
    const ear = heard();
    const body = new CodedBody([coding], MB, "lost", ear.say);
    let ready: Buffer[] = [];
    coder.on("data", (bytes: Buffer) => ready.push(bytes));
    for (const [n, event] of ["data: one\n\n", "data: two\n\n", "data: three\n\n"].entries()) {
      await new Promise<void>((resolve) => coder.write(event, () => coder.flush(() => resolve())));
      await body.take(n, Buffer.concat(ready));
      ready = [];
      expect(ear.pieces.at(-1)).toMatchObject({ t: n, bytes: Uint8Array.from(Buffer.from(event)) });
    }
    await new Promise<void>((resolve) => (coder.once("end", resolve), coder.end()));
    await body.take(3, Buffer.concat(ready));
    await body.end(4, "whole");
    expect([ear.text(), ear.gaps]).toEqual(["data: one\n\ndata: two\n\ndata: three\n\n", []]);
  });

  test("nothing is nothing in every coding", async () => {
    for (const pack of [gzipSync, brotliCompressSync, zstdCompressSync, deflateSync]) {
      const coding = pack.name.replace(/(?:Compress)?Sync/, "").replace("brotli", "br");
      for (const pieces of [[], [pack("")]]) expect(await told(coding, pieces)).toMatchObject({ gaps: [] });
    }
  });
});

describe("what cannot be decoded", () => {
  const why = expect.stringContaining("could not be decoded");

  test("is told as it is where it is text after all, and a gap says so", async () => {
    for (const coding of ["gzip", "zstd", "deflate", "utf-8", "gzip, br, zstd, gzip"]) {
      const { text, passed, gaps } = await told(coding, cut(Buffer.from("没有 gzip at all"), 4));
      expect([coding, text(), passed(), gaps]).toEqual([
        coding,
        "没有 gzip at all",
        18,
        [{ t: expect.any(Number), lost: 0, why }],
      ]);
    }
  });

  test("is a gap where nobody can say what is in it", async () => {
    for (const coding of ["gzip", "br", "zstd", "deflate", "dcb"])
      for (const size of [1, 1000, 100_000]) {
        const { text, passed, gaps } = await told(coding, cut(RANDOM.subarray(3), size));
        // What is not told is counted: with what is, it is all that was on the wire.
        const lost = RANDOM.byteLength - 3 - passed();
        expect([coding, text().length < 500, gaps.at(-1)]).toEqual([
          coding,
          true,
          { t: expect.any(Number), lost, why },
        ]);
      }
  });

  test("is kept where nothing has to be looked for", async () => {
    const { pieces, gaps } = await told("dcb", [RANDOM], { unreadable: "kept" });
    expect([pieces, gaps]).toEqual([
      [{ t: 0, bytes: new Uint8Array(RANDOM), passed: RANDOM.byteLength }],
      [{ t: 0, lost: 0, why }],
    ]);
  });

  test("does not take away what came before it", async () => {
    const bytes = gzipSync(Buffer.from(RANDOM).toString("hex"));
    bytes.fill(0xff, 10_000, 10_100);
    const { text, passed, gaps } = await told("gzip", cut(bytes, 100));
    expect(text().length).toBeGreaterThan(1000);
    expect(gaps).toEqual([{ t: expect.any(Number), lost: bytes.byteLength - passed(), why }]);
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["deflate", deflateSync],
  ] as const)("since the end of the %s is missing, leaves what was there", async (coding, pack) => {
    const came = pack(Buffer.from(RANDOM).toString("hex").repeat(10)).subarray(0, -10);
    const { text, passed } = await told(coding, cut(came, 1000), { how: "cut" });
    expect(text().length).toBeGreaterThan(10_000);
    expect(passed()).toBe(came.byteLength);
  });

  test("is a gap too when it ends before anything of it was there", async () => {
    const came = zstdCompressSync(RANDOM.toString("hex")).subarray(0, 100);
    const { text, gaps } = await told("zstd", cut(came, 10), { how: "cut" });
    expect([text(), gaps]).toEqual(["", [{ t: 10, lost: 100, why }]]);
  });
});

test("of a bomb no more is told than the limit", async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  for (const bytes of [bomb, gzipSync(bomb)])
    for (const size of [1000, 100_000]) {
      const coding = bytes === bomb ? "gzip" : "gzip, gzip";
      const { text, passed, gaps } = await told(coding, cut(bytes, size), { limit: 1_000_000 });
      expect(text().length).toBeLessThanOrEqual(1_000_000);
      const lost = bytes.byteLength - passed();
      expect(gaps).toMatchObject([{ lost, why: expect.stringContaining("larger than 1000000 bytes") }]);
    }
});

test("zstd with a window that its coding may have is read; a larger one is a gap", async () => {
  const many = randomBytes(3 * MB);
  const text = Buffer.concat([many, Buffer.alloc(9 * MB), many]);
  const made = (log: number) =>
    zstdCompressSync(text, {
      params: { [constants.ZSTD_c_windowLog]: log, [constants.ZSTD_c_compressionLevel]: 1 },
    });
  const allowed = await told("zstd", cut(made(23), 100_000));
  expect([Buffer.concat(allowed.pieces.map(({ bytes }) => bytes)).equals(text), allowed.gaps]).toEqual([
    true,
    [],
  ]);
  const large = await told("zstd", cut(made(27), 100_000));
  expect(large.pieces).toEqual([]);
  expect(large.gaps).toMatchObject([{ lost: made(27).byteLength }]);
});

describe("compressed messages of a WebSocket", () => {
  const words = ["one one one", "two two two", "one two one two", "聊天聊天"];

  /** As a sender that keeps its window between messages makes them, or one that does not. */
  async function deflated(said: readonly string[], fresh: boolean): Promise<Uint8Array[]> {
    const out: Uint8Array[] = [];
    let coder = createDeflateRaw();
    for (const word of said) {
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

  async function read(messages: readonly Uint8Array[], extensions: string, limit = MB) {
    const ear = heard();
    const coded = new CodedMessages("server", extensions, limit, ear.say);
    for (const [n, message] of messages.entries())
      for (const waits of coded.take(n, message, "text")) await waits;
    coded.close();
    return { ...ear, texts: ear.pieces.map(({ bytes }) => Buffer.from(bytes).toString()) };
  }

  test.each([
    ["with a window that is kept", "permessage-deflate; client_no_context_takeover", false],
    ["with a window for each", "permessage-deflate; server_no_context_takeover", true],
  ])("are inflated %s", async (_, extensions, fresh) => {
    const messages = await deflated(words, fresh);
    const { texts, passed } = await read(messages, extensions);
    expect([texts, passed()]).toEqual([words, messages.reduce((sum, { byteLength }) => sum + byteLength, 0)]);
  });

  test("that end their stream are followed by those of another", async () => {
    const messages = ["one", "two"].map((word) => deflateRawSync(word));
    expect((await read(messages, "")).texts).toEqual(["one", "two"]);
  });

  test("of which one is far too large when read cost that one alone", async () => {
    const messages = await deflated(["one", "a".repeat(9 * MB), "two"], false);
    const { texts, gaps } = await read(messages, "", 64 * MB);
    const why = expect.stringContaining("was not kept");
    expect([texts, gaps]).toEqual([["one", "two"], [{ t: 1, lost: messages[1]!.byteLength, why }]]);
  });

  test("that cannot be read are a gap, and so are those behind them where they build on them", async () => {
    const broken = Uint8Array.from([0xff, 0xff, 0xff]);
    const kept = await deflated(words, false);
    expect(await read([kept[0]!, broken, kept[1]!], "")).toMatchObject({
      texts: ["one one one"],
      gaps: [{ t: 1, lost: -1 }],
    });
    const fresh = await deflated(words, true);
    expect(await read([fresh[0]!, broken, fresh[1]!], "server_no_context_takeover")).toMatchObject({
      texts: ["one one one", "two two two"],
      gaps: [{ t: 1, lost: 3 }],
    });
  });

  test("are a bomb together, too", async () => {
    const messages = Array.from({ length: 10 }, () => deflateRawSync(Buffer.alloc(300_000)));
    const { texts, gaps } = await read(messages, "");
    expect([texts.length, gaps]).toMatchObject([3, [{ why: expect.stringContaining("larger than") }]]);
  });
});
