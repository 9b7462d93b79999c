import { expect, test } from "bun:test";
import zlib from "node:zlib";
import { believable } from "../../test/believable.ts";
import { createWeb } from "./app.ts";
import { codingFor } from "./compression.ts";
import type { Sources } from "./sources.ts";

async function served(change: Partial<Sources> = {}) {
  const world = believable(change);
  const app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server?.port}`;
  const get = (path: string, accepted: string | null, headers: Record<string, string> = {}) =>
    fetch(url + path, {
      headers: { ...headers, "accept-encoding": accepted ?? "identity" },
      decompress: false,
    });
  return { ...world, get, [Symbol.asyncDispose]: async () => void (await app.stop(true)) };
}

const plain = (bytes: Uint8Array, coding: string | null): string => {
  const open = { zstd: zlib.zstdDecompressSync, br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync }[
    coding ?? ""
  ];
  return new TextDecoder().decode(open ? open(bytes) : bytes);
};

test("the visitor's word counts: what it takes, what it likes more, what it does not want", () => {
  const asked: [string | null, string | null][] = [
    [null, null],
    ["", null],
    ["identity", null],
    ["gzip, deflate, br, zstd", "zstd"],
    ["gzip, deflate, br", "gzip"],
    ["GZIP;q=0.5", "gzip"],
    ["br;q=0.2, gzip;q=0.8", "gzip"],
    ["zstd;q=0, *", "gzip"],
    ["*;q=0", null],
    ["gzip;q=0.1, identity;q=0.9", null],
    ["deflate", null],
    ["gzip;q=nonsense", null],
  ];
  expect(asked.map(([said]) => codingFor(said))).toEqual(asked.map(([, coding]) => coding as null));
  expect(codingFor("gzip, deflate, br, zstd", ["br", "gzip"])).toBe("br");
});

test("pages, lists, scripts and styles come compressed, and are what they are without", async () => {
  await using web = await served();
  for (const path of [
    "/",
    "/public/styles/base.css",
    "/public/list.js",
    "/api/openapi.json",
    "/api/glossary?lang=en",
  ]) {
    const whole = await web.get(path, null);
    const text = await whole.text();
    expect([path, whole.headers.get("content-encoding")]).toEqual([path, null]);
    expect(whole.headers.get("vary")).toContain("accept-encoding");
    for (const coding of ["zstd", "br", "gzip"]) {
      for (let n = 0; n < 2; n++) {
        const answer = await web.get(path, coding);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        const { headers, status } = answer;
        expect([path, status, headers.get("content-encoding"), plain(bytes, coding)]).toEqual([
          path,
          200,
          coding,
          text,
        ]);
        expect(bytes.byteLength).toBeLessThan(text.length * 0.7);
        expect(headers.get("content-length")).toBe(String(bytes.byteLength));
        for (const name of [
          "content-type",
          "content-security-policy",
          "x-content-type-options",
          "cache-control",
          "etag",
        ])
          expect([path, name, headers.get(name)]).toEqual([path, name, whole.headers.get(name)]);
      }
    }
  }
});

test("a file that the browser has already is not sent again", async () => {
  await using web = await served();
  const first = await web.get("/public/styles/base.css", "br");
  const etag = first.headers.get("etag")!;
  const again = await web.get("/public/styles/base.css", "br", { "if-none-match": etag });
  expect([again.status, (await again.bytes()).byteLength]).toEqual([304, 0]);
});

test("short answers, errors and refusals are as they are", async () => {
  await using web = await served();
  const said = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await web.get(path, "gzip", headers);
    return [answer.status, answer.headers.get("content-encoding")];
  };
  expect([
    await said("/healthz"),
    await said("/nothing"),
    await said("/api/exchanges?limit=0"),
    await said("/", { host: "evil.example" }),
    await said("/public/icon.svg"),
  ]).toEqual([
    [200, null],
    [404, null],
    [400, null],
    [421, null],
    [200, null],
  ]);
});

test("where credentials are recorded as they are, nothing that was recorded is compressed", async () => {
  const { about } = believable().sources;
  await using web = await served({ about: { ...about, masked: false } });
  const coding = async (path: string) => (await web.get(path, "gzip")).headers.get("content-encoding");
  expect([await coding("/"), await coding("/api/openapi.json"), await coding("/public/list.js")]).toEqual([
    null,
    null,
    "gzip",
  ]);
});
