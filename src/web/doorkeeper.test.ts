import { expect, test } from "bun:test";
import { believable } from "../../test/believable.ts";
import type { Standing } from "../door/sender.ts";
import { createWeb } from "./app.ts";
import type { Sources } from "./sources.ts";

async function served(change: Partial<Sources>) {
  const app = await createWeb(believable(change).sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server?.port}`;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers, redirect: "manual" });
  return { url, get, [Symbol.asyncDispose]: async () => void (await app.stop(true)) };
}

const TOKEN = "s3cret-token";

test.each<[Standing, number]>([
  ["owner", 200],
  ["this-machine", 200],
  ["allowed", 200],
  ["other-user", 403],
  ["other-machine", 403],
])(
  "without a token the page is open to the one who started it: %s is answered %d",
  async (standing, status) => {
    await using web = await served({ door: () => standing });
    const paths = ["/", "/llm", "/mcp", "/status", "/api/exchanges", "/api/openapi.json", "/nothing"];
    for (const path of paths) {
      const found = (await web.get(path)).status;
      expect([path, found === 302 || found === 404 ? 200 : found]).toEqual([path, status]);
    }
    const upgrade = { connection: "upgrade", upgrade: "websocket" };
    const socket = {
      ...upgrade,
      "sec-websocket-version": "13",
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    };
    if (status === 403) expect((await web.get("/ws", socket)).status).toBe(403);
    expect((await web.get("/healthz")).status).toBe(200);
  },
);

test("whom it is not for is told so in their language", async () => {
  await using web = await served({ door: () => "other-user" });
  const page = await web.get("/", { accept: "text/html", "accept-language": "zh-CN" });
  expect([page.status, (await page.text()).includes("此页面属于他人")]).toEqual([403, true]);
});

test("the token is asked of everybody where there is one", async () => {
  await using web = await served({ token: TOKEN, door: () => "owner" });
  expect((await web.get("/api/status")).status).toBe(401);
});

test.each([
  "//evil.example/",
  "/\\evil.example/",
  "///evil.example/a",
  "/%2Fevil.example/",
  "//evil.example//x",
])("a visit with the token is led to this page alone: %s", async (path) => {
  await using web = await served({ token: TOKEN });
  const { port } = new URL(web.url);
  let said = "";
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(port),
    socket: {
      data: (_, bytes) => void (said += bytes.toString()),
      close: () => resolve(),
      end: () => resolve(),
    },
  });
  socket.write(`GET ${path}?token=${TOKEN} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await promise;
  const location = /^location: (.*)$/im.exec(said)?.[1];
  expect(location && new URL(location, web.url).origin).toBe(web.url);
});

test("guessing is slow, and slows neither who has signed in nor a browser with an old token", async () => {
  await using web = await served({ token: TOKEN });
  const signedIn = await web.get(`/?token=${TOKEN}`);
  const cookies = signedIn.headers.getSetCookie().map((line) => line.split(";")[0]);
  for (let n = 0; n < 50; n++)
    await web.get("/api/status", { cookie: "mcp-proxy-logger-token=of-yesterday" });
  expect((await web.get("/api/status", { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  const statuses: number[] = [];
  for (let n = 0; n < 20; n++)
    statuses.push((await web.get("/api/status", { authorization: `Bearer guess-${n}` })).status);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect(statuses.at(-1)).toBe(429);
  const page = await web.get("/?token=another", { accept: "text/html" });
  expect([page.status, (await page.text()).includes("Too many wrong tokens")]).toEqual([429, true]);
  expect((await web.get("/api/status", { cookie: cookies.join("; ") })).status).toBe(200);
});

test("where other machines are let in, the page answers to addresses, and to no other name", async () => {
  await using web = await served({ isOpen: true, door: () => "allowed" });
  const hosts = ["192.168.1.9:8080", "[fd00::1]", "evil.example"];
  const statuses = hosts.map(async (host) => (await web.get("/api/exchanges", { host })).status);
  expect(await Promise.all(statuses)).toEqual([200, 200, 421]);
});
