import { expect, test } from "bun:test";
import fc from "fast-check";
import { secretsIn } from "../mask-text.ts";
import { PieceScan } from "./pieces.ts";
import { Scan } from "./scan.ts";
import type { Kind } from "./spans.ts";

/** What a search that starts anew at each character takes seconds for. */
const HOSTILE = [
  "a.",
  "a-",
  "eyJ.",
  "eyJ-",
  "eyJaaaaaaaaaa.",
  "key",
  "key-",
  "key.",
  "AKIA.",
  "sk- a.a.",
  "sk-.",
  "sk-aaaaaaaaaaaaaaaaaaaa ",
  "://",
  "a://b",
  "a:b@",
  '"',
  "\\",
  '\\"',
  '\\\\\\"',
  '"token":"',
  '"api_key":',
  '\\"token\\":\\"',
  '{"secrets":{"a":[',
  "token=",
  "&token=a",
  "password = '",
  "api_key: ",
  "Bearer ",
  "Basic a",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----",
  "--api-key ",
  '"--token", ',
  "<token>",
  'name="token"\r\n',
  "token     ",
  "'token', ",
  '"x-api-key","',
  '["token"] = "',
  "PASSWORD '",
  "&a=%7B%22token%22%3A%22",
  "=%7B",
  "curl -u a:b ",
  "curl --user a ",
  '<a name="token">',
  "<key>token</key><string>",
  "form-data; name=token\n\n",
  "https:\\/\\/a:b@",
  'Cookie: a="',
  'Cookie: a=\\"bcd\\"; ',
  "map[password:",
  "**token:** ",
  "token&gt;",
  "&lt;token&gt;",
  "&quot;token&quot;:",
  "token=&quot;",
  "&amp;quot;",
  '\\u006e":',
  "=%2525",
  " /token:",
  " -token ",
  "machine a login b password c ",
  " password ",
  "\tTRUE",
  "a\tTRUE\t/\tTRUE\t1\tb\tcdef\n",
  "| token ",
  "token:\n  a\n",
  "token:\n",
  "api_keys:\n  - a\n",
  "\napi_keys:\n" + "- a\n".repeat(20),
  "\\napi_keys:\\n" + "- a\\n".repeat(20),
  " -token",
  '"value":"a",',
  '{"value":"a","name":"token"},',
  '"value":"',
  '\\"value\\":\\"a\\",',
  "_".repeat(50),
  "1",
  ":",
  "=",
  "-",
];
const KINDS: readonly Kind[] = ["text", "parameters", "form"];

const stepsOf = (text: string, kind: Kind) => secretsIn(Buffer.from(text), kind).steps;

test.each(HOSTILE)("tenfold %j takes tenfold steps, in a text, an address and a form", (unit) => {
  for (const kind of KINDS)
    for (const [before, behind] of [
      ["", ""],
      ["/?", "=1"],
      ['{"a":"', '"}'],
    ]) {
      const [one, ten] = [20_000, 200_000].map((size) =>
        stepsOf(before + unit.repeat(Math.ceil(size / unit.length)) + behind, kind),
      );
      expect(ten!).toBeLessThan(11 * one! + 1000);
      expect(ten! / 200_000).toBeLessThan(50);
    }
});

test("whatever comes, and however it is cut, a byte takes no more than some steps", () => {
  const unit = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ minLength: 1, maxLength: 12, unit: "binary-ascii" }),
  );
  fc.assert(
    fc.property(
      fc.array(unit, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 3000 }),
      (units, size) => {
        const bytes = Buffer.from(units.join("").repeat(Math.ceil(20_000 / units.join("").length)));
        expect(secretsIn(bytes).steps).toBeLessThan(60 * bytes.byteLength + 1000);
        const scan = new PieceScan("text", () => {});
        for (let at = 0; at < bytes.byteLength; at += size) scan.push(bytes.subarray(at, at + size));
        scan.end();
        expect(scan.steps).toBeLessThan(1200 * bytes.byteLength + 10_000);
      },
    ),
    { numRuns: 60 },
  );
});

test("a value that comes byte by byte is not looked through from its start with each", () => {
  for (const before of [
    '{"api_key":"',
    "API_KEY=",
    "sk-",
    "-----BEGIN PRIVATE KEY-----",
    '{"credentials":{"a":"b",',
    '{"api_keys":["',
  ]) {
    const [one, ten] = [4_000, 40_000].map((size) => {
      const scan = new PieceScan("text", () => {});
      for (const byte of Buffer.from(before + "x1".repeat(size / 2))) scan.push(Uint8Array.of(byte));
      scan.end();
      return scan.steps;
    });
    expect(ten!).toBeLessThan(14 * one! + 20_000);
  }
});

test("what takes more steps than it may is one credential from there on, unread", () => {
  const scan = new Scan({ free: 10, byte: 0 });
  const text = '{"a":1,"api_key":"word","password":"other"} and so on';
  scan.bytes = Buffer.from(text);
  scan.end = text.length;
  scan.run(0);
  expect([scan.gaveUp, scan.spans.map(({ start, end }) => text.slice(start, end))]).toEqual([
    true,
    ["word", ',"password":"other"} and so on'],
  ]);
});
