import { describe, expect, test } from "bun:test";
import type { Standing } from "../door/sender.ts";
import { createRig, type Rig, type RigOptions } from "./testkit/rig.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/** What the client is told; the upstream says 200. `asked`: what the upstream heard, null when nobody asked it. */
async function ask(
  rig: Rig,
  path: string,
  headers: readonly string[] = [],
): Promise<{ status: string; asked: string | null }> {
  const client = await rig.client();
  const taken = rig.taken();
  client.say(`GET ${path} HTTP/1.1\r\n${["Host: localhost", ...headers].join("\r\n")}\r\n\r\n`);
  await Promise.race([
    client.hears("\r\n\r\n"),
    rig.upstream().then(async (upstream) => {
      await upstream.hears("\r\n\r\n");
      asked = upstream.text;
      upstream.say(OK);
      await client.hears("\r\n\r\n");
    }),
  ]);
  if (rig.taken() === taken) asked = null;
  return { status: client.text.split(" ")[1] ?? "", asked };
}
let asked: string | null = null;

const beside = (standing: Standing, more: RigOptions = {}) => createRig({ standing, ...more });

describe("a request from another machine", () => {
  test.each([
    ["a server of this machine", {}, "/v1/x"],
    ["an MCP server", { prefix: "/@mcp/a" }, "/@mcp/a"],
  ] as const)("does not reach %s", async (what, options, path) => {
    await using rig = await beside("other-machine", options);
    const answer = await ask(rig, path);
    expect(answer).toEqual({ status: "403", asked: null });
    const [refused] = await rig.ended();
    expect(refused?.close?.error).toContain(what);
  });

  test.each([
    ["in the path", `/@token:${TOKEN}/v1/x?y`, []],
    ["in the header for proxies", "/v1/x?y", [`Proxy-Authorization: Bearer ${TOKEN}`]],
    ["as a proxy's password", "/v1/x?y", [`Proxy-Authorization: Basic ${btoa(`me:${TOKEN}`)}`]],
    ["in a header of our own", "/v1/x?y", [`X-Proxy-Token: ${TOKEN}`]],
    ["where a client keeps its key", "/v1/x?y", [`Authorization: Bearer ${TOKEN}`]],
    ["where another client keeps its key", "/v1/x?y", [`x-api-key: ${TOKEN}`]],
  ])("that says the token %s is let in, and the token goes nowhere", async (_, path, headers) => {
    await using rig = await beside("other-machine", { token: TOKEN, upstream: { key: "sk-ours" } });
    const answer = await ask(rig, path, headers);
    expect(answer).toEqual({
      status: "200",
      asked: `GET /v1/x?y HTTP/1.1\r\nHost: ${rig.host}\r\nAuthorization: Bearer sk-ours\r\n\r\n`,
    });
    const facts = JSON.stringify(await rig.ended());
    expect(facts.replaceAll("Proxy-Authorization", "").split(TOKEN).length - 1).toBeLessThanOrEqual(
      headers.some((header) => header.includes("Bearer") && header.startsWith("Proxy")) ? 1 : 0,
    );
  });

  test("may guess a token a few times", async () => {
    await using rig = await beside("other-machine", { token: TOKEN });
    const statuses: string[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await ask(rig, `/@token:guess${n}/v1/x`)).status);
    expect(statuses).toEqual([...Array<string>(10).fill("401"), "429", "429"]);
    // A right one is no luck either.
    expect((await ask(rig, `/@token:${TOKEN}/v1/x`)).status).toBe("429");
    expect(rig.taken()).toBe(0);
  });
});

test("another user of this machine is not let in, unless the token is said", async () => {
  await using rig = await beside("other-user", { token: TOKEN });
  expect(await ask(rig, "/v1/x", ["Authorization: Bearer sk-theirs"])).toEqual({
    status: "403",
    asked: null,
  });
  expect((await ask(rig, `/@token:${TOKEN}/v1/x`)).status).toBe("200");
});

test("where users cannot be told apart, a token that was given is asked of everybody", async () => {
  await using open = await beside("this-machine");
  expect((await ask(open, "/v1/x")).status).toBe("200");
  await using rig = await beside("this-machine", { token: TOKEN });
  expect(await ask(rig, "/v1/x")).toEqual({ status: "401", asked: null });
  expect((await ask(rig, "/v1/x", [`X-Proxy-Token: ${TOKEN}`])).status).toBe("200");
});

test("who is known says no token, and a wrong one does not matter", async () => {
  await using rig = await beside("owner", { token: TOKEN });
  const answer = await ask(rig, "/@token:old/v1/x");
  expect(answer.asked).toStartWith("GET /v1/x HTTP/1.1\r\n");
});

test.each([
  "evil.example",
  "evil.example:8000",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "localhost@evil.example",
  "192.168.1.9",
  "0.0.0.0",
  "[fd00::1]",
  "",
  "evil/x",
  "evil:80:80",
  "evil.",
])("a request that was sent to the host %p is refused, whatever it asks for", async (host) => {
  await using rig = await createRig();
  const client = await rig.client();
  client.say(`GET /v1/x HTTP/1.1\r\nHost: ${host}\r\nSec-Fetch-Site: same-origin\r\n\r\n`);
  expect(await client.hears("--allow-host")).toStartWith("HTTP/1.1 403 ");
  expect(rig.taken()).toBe(0);
});

test("a name of the local network gets no key and no MCP server", async () => {
  await using rig = await createRig({ upstream: { key: "sk-ours" } });
  const named = await rig.exchange("GET /v1/x HTTP/1.1\r\nHost: logger:8000\r\n\r\n");
  expect(named.upstream.text).toBe(`GET /v1/x HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
  for (const sign of [
    "User-Agent: Mozilla/5.0",
    "Origin: http://logger:8000",
    "Sec-Fetch-Site: same-origin",
  ]) {
    const page = await rig.client();
    page.say(`GET /v1/x HTTP/1.1\r\nHost: logger:8000\r\n${sign}\r\n\r\n`);
    expect(await page.hears("--allow-host")).toStartWith("HTTP/1.1 403 ");
  }
  await using mcp = await createRig({ prefix: "/@mcp/a" });
  const client = await mcp.client();
  client.say("GET /@mcp/a HTTP/1.1\r\nHost: logger:8000\r\n\r\n");
  expect(await client.hears("--allow-host")).toStartWith("HTTP/1.1 403 ");
});

test("the page's own cookie is no upstream's", async () => {
  await using rig = await createRig();
  const own = `mcp-proxy-logger-token=${TOKEN}`;
  const { asked: alone } = await ask(rig, "/", [`Cookie: ${own}`]);
  expect(alone).not.toContain("ookie");
  const { asked: among } = await ask(rig, "/", [`cookie: a=1; ${own}; b=mcp-proxy-logger-token=x`]);
  expect(among).toContain("\r\ncookie: a=1; b=mcp-proxy-logger-token=x\r\n");
});

describe("a page that asks for a server whose address holds a key", () => {
  const keyed = () =>
    createRig({
      prefix: "/@mcp/a",
      upstream: { name: "mcp/a" },
      base: "/mcp?api_key=K",
      allowedOrigins: ["http://mine"],
    });
  test.each([
    "Origin: https://evil.example",
    "Origin: http://localhost:3000",
    "Sec-Fetch-Site: cross-site",
    "Referer: http://x/",
  ])("is refused: %s", async (header) => {
    await using rig = await keyed();
    expect(await ask(rig, "/@mcp/a", [header])).toEqual({ status: "403", asked: null });
  });
  test("is let in when it is one's own, and a program with a key of its own too", async () => {
    await using rig = await keyed();
    for (const header of ["Origin: http://mine", "Authorization: Bearer own"])
      expect((await ask(rig, "/@mcp/a", [header])).asked).toStartWith("GET /mcp?api_key=K HTTP/1.1\r\n");
  });
});

describe("a request whose target says to whom it goes", () => {
  test.each([
    ["http://evil.example", "403", null],
    ["https://localhost@evil.example", "403", null],
    ["http://localhost:9", "200", "GET /v1/x HTTP/1.1"],
  ])("is for %s, whatever its Host says", async (origin, status, line) => {
    await using rig = await createRig({ upstream: { key: "sk-ours" } });
    const answer = await ask(rig, `${origin}/v1/x`);
    expect([answer.status, answer.asked?.split("\r\n")[0] ?? null]).toEqual([status, line]);
  });

  test("keeps the password that stands in it out of the record", async () => {
    await using rig = await createRig({ upstream: { key: "sk-ours" } });
    expect((await ask(rig, "http://me:hunter2hunter2@localhost:9/v1/x")).status).toBe("200");
    expect(JSON.stringify(await rig.ended())).not.toContain("hunter2");
  });

  test("is not for us because its Host says so of another", async () => {
    await using rig = await createRig({ upstream: { key: "sk-ours" } });
    const client = await rig.client();
    client.say("GET http://[::1]:8000/v1/x HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    const upstream = await rig.upstream();
    expect(await upstream.hears("\r\n\r\n")).toContain(`Host: ${rig.host}`);
    upstream.say(OK);
    await client.hears("\r\n\r\n");
  });
});
