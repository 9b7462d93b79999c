import { describe, expect, test } from "bun:test";
import type { Header } from "./fact.ts";
import { createMask } from "./mask.ts";

const hash = (secret: string) => Bun.hash(secret).toString(16).padStart(16, "0");
const KEY = "sk-proj-0123456789abcdef0123456789";

const ASKED: readonly Header[] = [
  ["Host", "localhost:8000"],
  ["Authorization", `Bearer ${KEY}`],
  ["X-Session", "5f2c1d0e9b8a7766"],
  ["Content-Type", "application/json"],
  ["Content-Length", "20"],
  ["Referer", `http://x/?api_key=${KEY}`],
];
const told = () => {
  const seen: string[] = [];
  return { seen, tell: (credential: string, source: string) => void seen.push(`${source} ${credential}`) };
};

describe("headers that come again", () => {
  test("are masked and told as they were when they were looked through", () => {
    const mask = createMask(hash);
    expect(mask.knownHeaders(ASKED)).toBeNull();
    const first = told();
    const masked = mask.headers(ASKED, first.tell);
    const again = told();
    expect(mask.knownHeaders(ASKED, again.tell)).toEqual(masked);
    expect(again.seen).toEqual(first.seen);
    expect(again.seen).toHaveLength(3);
  });

  test("with another length are known too, with another word behind a credential's name not", () => {
    const mask = createMask(hash);
    mask.headers([...ASKED, ["X-Token", "short1"]]);
    expect(mask.knownHeaders([["Content-Length", "12345"]])).toEqual([["Content-Length", "12345"]]);
    expect(mask.knownHeaders([["Content-Length", KEY]])).toBeNull();
    expect(mask.knownHeaders([["X-Token", "short2"]])).toBeNull();
    expect(mask.knownHeaders([["X-Other", "short"]])).toBeNull();
  });

  test.each(["Cookie", "Set-Cookie", "Sec-WebSocket-Protocol", "Password", "X-Session"])(
    "are looked through each time behind %s, however short",
    (name) => {
      const mask = createMask(hash);
      mask.headers([[name, "a1"]]);
      expect(mask.knownHeaders([[name, "b2"]])).toBeNull();
    },
  );

  test("are not known where there are very many: each may tell a credential", () => {
    const mask = createMask(hash);
    const many = Array.from({ length: 33 }, (): Header => ["X-A", "b"]);
    mask.headers(many);
    expect(mask.knownHeaders(many.slice(1))).toHaveLength(32);
    expect(mask.knownHeaders(many)).toBeNull();
  });
});

test("an address is plain once it was looked through and nothing was found", () => {
  const mask = createMask(hash);
  for (const url of ["/v1/models", `/v1?key=${KEY}`]) {
    expect(mask.isPlainUrl(url)).toBe(false);
    mask.url(url);
  }
  expect(mask.isPlainUrl("/v1/models")).toBe(true);
  expect(mask.isPlainUrl(`/v1?key=${KEY}`)).toBe(false);
});
