import { expect, test } from "bun:test";
import fc from "fast-check";
import { createMask } from "../fact/mask.ts";
import { BodyMask, maskWhole } from "./mask-body.ts";

const mask = createMask((secret) => Bun.hash(secret).toString(16).padStart(16, "0"));
const KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";

const bytes = (text: string) => Buffer.from(text);

/** What is told of these pieces, each with the length that it had. */
function told(pieces: readonly Uint8Array[]): Buffer[] {
  const out: Buffer[] = [];
  const body = new BodyMask(mask);
  for (const piece of pieces) body.push(piece, (one) => out.push(Buffer.from(one)));
  body.end();
  expect(out.map((one) => one.byteLength)).toEqual(pieces.map((one) => one.byteLength));
  return out;
}

const whole = (text: string) => Buffer.from(maskWhole(bytes(text), mask)).toString();

test.each([
  "api_key",
  "apiKey",
  "API_KEY",
  "x-api-key",
  "openai_api_key",
  "OPENAI_API_KEY",
  "access_token",
  "refresh_token",
  "client_secret",
  "private_key",
  "secret_access_key",
  "password",
  "authorization",
  "Authorization",
  "token",
])("the value of %s is masked", (name) => {
  const text = JSON.stringify({ model: "m", [name]: KEY, messages: [] });
  const result = whole(text);
  expect(result).not.toContain(KEY.slice(12));
  expect(result).toContain('"sk-or-v1-*#');
  expect(result.length).toBe(text.length);
  expect(Object.keys(JSON.parse(result) as object)).toEqual(["model", name, "messages"]);
});

test("a scheme before the key stays, and the same key has the same mask in a header, a query and a body", () => {
  const [[, header]] = mask.headers([["Authorization", `Bearer ${KEY}`]]) as [[string, string]];
  const inBody = (
    JSON.parse(whole(JSON.stringify({ headers: { Authorization: `Bearer ${KEY}` } }))) as {
      headers: { Authorization: string };
    }
  ).headers.Authorization;
  const hash = /#[0-9a-f]{8}/.exec(header)![0];
  expect(header).toBe(`Bearer sk-or-v1-…${hash}`);
  expect(inBody).toBe(`Bearer sk-or-v1-*${hash}`.padEnd(`Bearer ${KEY}`.length, "*"));
  expect(mask.url(`/v1?key=${KEY}`)).toBe(`/v1?key=sk-or-v1-…${hash}`);
});

test("words that are no keys are left as they are", () => {
  const text = JSON.stringify({
    key: "value",
    max_tokens: 5,
    keyword: "x",
    content: `my "api_key": "shown"`,
    monkey: "b",
  });
  expect(whole(text)).toBe(text);
});

test("any cut of a body gives the same record", () => {
  const text = JSON.stringify({
    text: 'a "quoted" \\ thing',
    api_key: KEY,
    nested: [{ access_token: `a\\"b${KEY}`, content: "聊天", secret: "", password: 'p"w\\' }],
    last_secret: KEY,
  });
  const expected = whole(text);
  const original = bytes(text);
  for (let cut = 1; cut < original.byteLength; cut++)
    expect(Buffer.concat(told([original.subarray(0, cut), original.subarray(cut)])).toString()).toBe(
      expected,
    );
  fc.assert(
    fc.property(fc.array(fc.nat(original.byteLength), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), original.byteLength];
      const pieces = at.slice(1).map((end, n) => original.subarray(at[n], end));
      expect(Buffer.concat(told(pieces)).toString()).toBe(expected);
    }),
  );
});

test("byte by byte is a cut like any other", () => {
  const original = bytes(`{"api_key" : "${KEY}","x":"y"}`);
  expect(Buffer.concat(told([...original].map((byte) => Buffer.from([byte])))).toString()).toBe(
    whole(original.toString()),
  );
});

test("half a key in a body that was cut off is masked too", () => {
  const text = told([bytes('{"api_key":"sk-or-v'), bytes("1-0123456")]).join("");
  expect(text).toBe(`{"api_key":"${"*".repeat(16)}`);
});

test("a key that has no end is masked as long as it goes on", () => {
  const long = "k".repeat(200_000);
  const text = told([
    bytes(`{"token":"${long}`),
    bytes(long),
    bytes(long),
    bytes(`${long}","model":"m"}`),
  ]).join("");
  expect(text).toBe(`{"token":"${"*".repeat(800_000)}","model":"m"}`);
});

test("pieces that hold no beginning of a key are told at once, and what was sent is never changed", () => {
  const out: string[] = [];
  const body = new BodyMask(mask);
  const piece = bytes(`{"api_key":"${KEY}","content":"Hello wor`);
  const before = piece.toString();
  body.push(piece, (one) => out.push(Buffer.from(one).toString()));
  expect(out).toHaveLength(1);
  expect(out[0]).not.toContain(KEY);
  expect(piece.toString()).toBe(before);
});
