import { expect, test } from "bun:test";
import { createMask } from "./mask.ts";

const hash = (secret: string) => Bun.hash(secret).toString(16).padStart(16, "0");
const mask = createMask(hash);
const KEY = "sk-proj-0123456789abcdef0123456789";
const short = (secret: string) => `#${hash(secret).slice(0, 8)}`;

const header = (name: string, value: string) => mask.headers([[name, value]])[0]![1];

test.each([
  "Authorization",
  "Proxy-Authorization",
  "X-Api-Key",
  "Api-Key",
  "X-Goog-Api-Key",
  "Mcp-Session-Id",
  "X-Amz-Security-Token",
  "Ocp-Apim-Subscription-Key",
  "X-Portkey-Api-Key",
  "My-Own-Api-Key",
  "X-Service-Secret",
  "X-Access-Token",
])("%s is masked whatever its case", (name) => {
  for (const spelled of [name, name.toLowerCase(), name.toUpperCase()])
    expect(header(spelled, KEY)).toBe(`sk-proj-…${short(KEY)}`);
});

test.each([
  "Content-Type",
  "User-Agent",
  "OpenAI-Organization",
  "anthropic-version",
  "Idempotency-Key",
  "X-Request-Id",
])("%s is shown", (name) => {
  expect(header(name, KEY)).toBe(KEY);
});

test("a scheme stays, so that it is seen how the client signs in", () => {
  expect(header("authorization", `Bearer ${KEY}`)).toBe(`Bearer sk-proj-…${short(KEY)}`);
  expect(header("authorization", "Basic dXNlcjp3b3Jk")).toBe(`Basic …${short("dXNlcjp3b3Jk")}`);
  expect(header("authorization", `bearer  ${KEY}`)).toBe(`bearer  sk-proj-…${short(KEY)}`);
});

test.each([
  ["sk-or-v1-0123456789abcdef", "sk-or-v1-"],
  ["sk-ant-api03-0123456789abcdef", "sk-ant-api03-"],
  ["sk-0123456789abcdef", "sk-"],
  ["AIzaSyA0123456789abcdef", "AIza"],
  ["gsk_0123456789abcdef", "gsk_"],
  ["hf_0123456789abcdef", "hf_"],
  ["eyJhbGciOiJIUzI1NiJ9.e30.x", "eyJ"],
  ["0123456789abcdef0123456789", "0123"],
  ["short", ""],
])("%s keeps what says its kind", (key, kept) => {
  expect(mask.secret(key)).toBe(`${kept}…${short(key)}`);
});

test("cookies keep their names and what says how they are kept", () => {
  expect(header("cookie", "session=abcdef; theme=dark")).toBe(
    `session=…${short("abcdef")}; theme=…${short("dark")}`,
  );
  expect(header("set-cookie", "session=abcdef; Path=/; HttpOnly; Max-Age=60")).toBe(
    `session=…${short("abcdef")}; Path=/; HttpOnly; Max-Age=60`,
  );
});

test("the same key has the same mask, another key another, and a mask is not masked again", () => {
  const once = mask.secret(KEY);
  expect([mask.secret(KEY), createMask(hash).secret(KEY), mask.secret(once)]).toEqual([once, once, once]);
  expect(mask.secret(`${KEY}x`)).not.toBe(once);
  expect(once).not.toContain(KEY.slice(8, 16));
});

test.each([
  "key",
  "api_key",
  "api-key",
  "apikey",
  "access_token",
  "token",
  "sig",
  "X-Amz-Signature",
  "client_secret",
  "code",
])("the query parameter %s is masked", (name) => {
  expect(mask.url(`/v1/x?alt=sse&${name}=${KEY}&b=%2F`)).toBe(
    `/v1/x?alt=sse&${name}=sk-proj-…${short(KEY)}&b=%2F`,
  );
  expect(mask.url(`https://a.b/x?${name}=${KEY}`)).toBe(`https://a.b/x?${name}=sk-proj-…${short(KEY)}`);
});

test("other parameters, and odd ones, stay as they were sent", () => {
  for (const url of ["/a?keyword=x&monkey=y", "/a?", "/a?key", "/a?key=", "/a??&&=x", "/a%2Fb?x=%zz", "//a"])
    expect(mask.url(url)).toBe(url);
});

test("a password in a URL is masked, the user is shown", () => {
  expect(mask.url("https://me:hunter2@a.b/x")).toBe(`https://me:…${short("hunter2")}@a.b/x`);
});

test("a redirect carries no key either", () => {
  expect(header("Location", `https://a.b/x?sig=${KEY}`)).toBe(`https://a.b/x?sig=sk-proj-…${short(KEY)}`);
});
