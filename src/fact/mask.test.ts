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
  expect(header(name, "0123456789abcdef0123456789")).toBe("0123456789abcdef0123456789");
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

test.each([
  [
    "Sec-WebSocket-Protocol",
    `realtime, openai-insecure-api-key.${KEY}, openai-beta.realtime-v1`,
    `realtime, openai-insecure-api-key.sk-proj-…${short(KEY)}, openai-beta.realtime-v1`,
  ],
  ["Sec-WebSocket-Protocol", "token, 0123456789abcdef", `token, …${short("0123456789abcdef")}`],
  [
    "Sec-WebSocket-Protocol",
    "graphql-ws, openai-organization.org-1",
    "graphql-ws, openai-organization.org-1",
  ],
  ["Authorization", `ApiKey ${KEY}`, `ApiKey sk-proj-…${short(KEY)}`],
  ["X-Of-My-Own", `is ${KEY}!`, `is sk-proj-…${short(KEY)}!`],
  [
    "Link",
    `<https://a.b/?token=${KEY}>; rel="next"`,
    `<https://a.b/?token=sk-proj-…${short(KEY)}>; rel="next"`,
  ],
  ["Private-Token", "word", `…${short("word")}`],
  ["anthropic-ratelimit-input-tokens-remaining", "1000", "1000"],
])("%s: %s", (name, value, expected) => {
  expect(header(name, value)).toBe(expected);
});

test.each([
  [`/v1/${KEY}/x`, `/v1/sk-proj-…${short(KEY)}/x`],
  [
    `/mcp?exaApiKey=word&page_token=abc&maxTokens=5`,
    `/mcp?exaApiKey=…${short("word")}&page_token=abc&maxTokens=5`,
  ],
  [`/a?api%5Fkey=word`, `/a?api%5Fkey=…${short("word")}`],
])("in the URL %s", (url, expected) => {
  expect(mask.url(url)).toBe(expected);
  expect(mask.url(mask.url(url))).toBe(expected);
});

test("who asks is told every credential, once each as it was", () => {
  const found: string[] = [];
  mask.headers(
    [
      ["Authorization", `Bearer ${KEY}`],
      ["Cookie", "a=b; c=d"],
      ["Accept", "x"],
    ],
    (one) => found.push(one),
  );
  mask.url(`/v1?key=${KEY}x&b=1`, (one) => found.push(one));
  expect(found).toEqual([KEY, "b", "d", `${KEY}x`]);
});
