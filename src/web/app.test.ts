import { expect, test } from "bun:test";
import { parseExact } from "../fact/json-source.ts";
import { believable, chatStream, exchangeOf, type Believable } from "../../test/believable.ts";
import { createWeb } from "./app.ts";
import type { Sources } from "./sources.ts";

type Page = { items: { id: string }[]; next: string | null };

async function served(change: Partial<Sources> = {}) {
  const world: Believable = believable(change);
  const app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server?.port}`;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers, redirect: "manual" });
  const json = async <T = Record<string, unknown>>(path: string) => (await (await get(path)).json()) as T;
  return { ...world, url, get, json, [Symbol.asyncDispose]: async () => void (await app.stop(true)) };
}

test("a request with another host's name is refused, whatever it asks for", async () => {
  await using web = await served({ allowedHosts: ["logger.test"] });
  const paths = [
    "/",
    "/healthz",
    "/api/status",
    "/public/styles/base.css",
    "/ws",
    "/api/openapi.json",
    "/nothing",
  ];
  const asked = paths.map(async (path) => (await web.get(path, { host: "evil.example" })).status);
  expect(await Promise.all(asked)).toEqual(paths.map(() => 421));
  const hosts = [
    "localhost:1",
    "127.0.0.1",
    "[::1]:8080",
    "logger.test:8080",
    "192.168.1.9",
    "127.0.0.1.nip.test",
  ];
  const answers = hosts.map(async (host) => (await web.get("/healthz", { host })).status);
  expect(await Promise.all(answers)).toEqual([200, 200, 200, 200, 421, 421]);
});

test("a page of another origin gets nothing, our own page and programs do", async () => {
  await using web = await served();
  const ask = async (headers: Record<string, string>, path = "/api/status") =>
    (await web.get(path, headers)).status;
  expect([
    await ask({}),
    await ask({ origin: web.url }),
    await ask({ origin: "http://evil.example" }),
    await ask({ origin: "null" }),
    await ask({ origin: web.url.replace("http", "ftp") }),
    await ask({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }),
    await ask({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }),
    await ask({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }),
    await ask({ "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }),
    await ask({ "sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }),
    await ask({ "sec-fetch-site": "same-origin", "sec-fetch-dest": "empty" }),
    await ask({ "sec-fetch-site": "none" }),
  ]).toEqual([200, 200, 403, 403, 403, 403, 200, 403, 403, 200, 200, 200]);
});

test("the socket is not opened for another origin", async () => {
  await using web = await served();
  const opens = (headers: Record<string, string>) =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(`${web.url.replace("http", "ws")}/ws`, { headers } as never);
      socket.onopen = () => (resolve(true), socket.close());
      socket.onerror = () => resolve(false);
    });
  expect([
    await opens({ origin: web.url }),
    await opens({}),
    await opens({ origin: "http://evil.example" }),
    await opens({ host: "evil.example" }),
  ]).toEqual([true, true, false, false]);
});

test("every answer carries the strict policy, errors and files included", async () => {
  await using web = await served();
  for (const path of [
    "/",
    "/api/status",
    "/public/vendor/htmx.min.js",
    "/nothing",
    "/api/exchanges?limit=0",
  ]) {
    const { headers } = await web.get(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect([path, policy.includes("default-src 'none'"), policy.includes("unsafe")]).toEqual([
      path,
      true,
      false,
    ]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  }
});

test("beyond loopback a token is asked for, and health is not a secret", async () => {
  await using web = await served({ token: "s3cret-token" });
  const status = async (path: string, headers = {}) => (await web.get(path, headers)).status;
  expect([
    await status("/healthz"),
    await status("/api/status"),
    await status("/"),
    await status("/public/styles/base.css"),
    await status("/ws"),
    await status("/api/status?token=wrong"),
    await status("/api/status", { authorization: "Bearer s3cret-token" }),
    await status("/healthz", { host: "192.168.1.9:8080" }),
  ]).toEqual([200, 401, 401, 200, 401, 401, 200, 200]);
  const asked = await web.get("/mcp?token=wrong", { accept: "text/html" });
  expect([asked.status, (await asked.text()).includes("That is not the token.")]).toEqual([401, true]);
  const first = await web.get("/?token=s3cret-token&lang=zh");
  expect([first.status, first.headers.get("location")]).toEqual([303, "/?lang=zh"]);
  const cookie = first.headers.get("set-cookie") ?? "";
  expect(cookie).toContain("HttpOnly; SameSite=Strict");
  expect(await status("/api/status", { cookie: cookie.split(";")[0] })).toBe(200);
});

test("the glossary comes in the visitor's language, whole or for one dialect", async () => {
  await using web = await served();
  type Glossary = { entries: { key: string; text: string }[] };
  const ask = async (query: string) => (await web.json<Glossary>(`/api/glossary?${query}`)).entries;
  const [whole, en, zh] = [await ask(""), await ask("lang=en&dialect=mcp"), await ask("lang=zh&dialect=mcp")];
  expect(zh.map(({ key }) => key)).toEqual(en.map(({ key }) => key));
  expect(en.length).toBeLessThan(whole.length);
  const text = (entries: Glossary["entries"]) =>
    entries.find(({ key }) => key === "mcp method tools/list")?.text;
  expect([text(whole), text(zh)]).toEqual([text(en), "询问服务端有哪些工具。"]);
  expect((await ask("dialect=constructor")).length).toBeGreaterThan(0);
  const one = await web.json<Glossary["entries"][0]>("/api/glossary?lang=zh&key=mcp%20method%20tools/list");
  expect(one.text).toBe("询问服务端有哪些工具。");
  expect((await web.get("/api/glossary?key=nothing")).status).toBe(404);
});

test("the list is newest first, in flight included, and pages without a hole", async () => {
  await using web = await served();
  const body = { model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "hi" }] };
  const at = Date.now() - 60_000;
  const done = [1, 2, 3, 4, 5].map((n) => exchangeOf({ at: at + n, body, pieces: chatStream(["a", "b"]) }));
  web.keep(...done);
  const flight = web.begin({ body });
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page: Page = await web.json<Page>(`/api/exchanges?limit=2${before ? `&before=${before}` : ""}`);
    seen.push(...page.items.map(({ id }) => id));
    before = page.next;
  } while (before);
  expect(seen).toEqual([flight.id, ...done.map(({ id }) => id).reverse()]);
});

test("filters hold for what is in flight too", async () => {
  await using web = await served();
  const flight = web.begin({
    body: { model: "gpt-4o", messages: [{ role: "user", content: "rain in Oslo" }] },
  });
  const ids = async (query: string) =>
    (await web.json<Page>(`/api/exchanges?${query}`)).items.map(({ id }) => id);
  expect(await ids("model=gpt-4o&q=oslo")).toEqual([flight.id]);
  expect(await ids("model=other")).toEqual([]);
  expect(await ids("status=4xx")).toEqual([]);
  flight.head(30, 429);
  expect(await ids("status=4xx")).toEqual([flight.id]);
  expect(await ids("status=%3E%3D400")).toEqual([flight.id]);
});

test("an exchange is served as its file and as its reading", async () => {
  await using web = await served();
  const body = { model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "hi" }] };
  const exchange = exchangeOf({ body, pieces: chatStream(["Hel", "lo"]) });
  web.keep(exchange);
  const file = await web.get(`/api/exchanges/${exchange.id}`);
  expect(file.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(await file.json()).toMatchObject({ format: 1 });
  const reading = await web.json(`/api/exchanges/${exchange.id}/reading`);
  expect([reading.dialect, reading.text]).toEqual(["openai-chat", "Hello"]);
});

test("an error is one sentence", async () => {
  await using web = await served();
  const ask = async (path: string) => {
    const answer = await web.get(path);
    return [answer.status, ((await answer.json()) as { error: string }).error];
  };
  expect(await ask("/api/exchanges?limit=abc")).toEqual([400, "limit: a whole number from 1 to 5000"]);
  expect(await ask("/api/exchanges?limit=0")).toEqual([400, "limit: a whole number from 1 to 5000"]);
  expect(await ask("/api/exchanges/nope")).toEqual([
    404,
    "there is no exchange nope; it may have been deleted, or its file cannot be read",
  ]);
  expect(await ask("/api/exchanges/%22%3E%3Cimg")).toEqual([400, "id: letters, digits and - _ . : only"]);
  expect(await ask("/api/nothing")).toEqual([404, "there is nothing at this address"]);
});

test("a session is served with its messages, from a place on too", async () => {
  await using web = await served();
  for (const id of [1, 2])
    web.line("weather", "s-1", 1770000000000 + id, {
      direction: "request",
      from: "client",
      message: { jsonrpc: "2.0", id, method: "ping" },
    });
  expect(await web.json("/api/mcp/sessions")).toMatchObject({ items: [{ id: "s-1", name: "weather" }] });
  const whole = { session: { requests: 2 }, messages: [{ seq: 0 }, { seq: 1 }] };
  expect(await web.json("/api/mcp/sessions/s-1")).toMatchObject(whole);
  expect(await web.json("/api/mcp/sessions/s-1?after=0")).toMatchObject({ messages: [{ seq: 1 }] });
});

test("sessions come in the order that is asked for, and what is none is said", async () => {
  await using web = await served();
  for (const [n, name] of ["one", "two", "two"].entries())
    web.line(name, `s-${name}`, 1770000000000 - n, {
      direction: "request",
      from: "client",
      message: { jsonrpc: "2.0", id: n, method: "ping" },
    });
  const ids = async (sort: string) =>
    ((await web.json(`/api/mcp/sessions?sort=${sort}`)) as { items: { id: string }[] }).items.map(
      ({ id }) => id,
    );
  expect([await ids("-requests"), await ids("requests"), await ids("-time")]).toEqual([
    ["s-two", "s-one"],
    ["s-one", "s-two"],
    ["s-one", "s-two"],
  ]);
  const { status } = await web.get("/api/mcp/sessions?sort=row");
  expect(status).toBe(400);
});

test("tools that are others than in the session before are told in the API and on the page", async () => {
  await using web = await served();
  for (const [n, description] of ["adds", "adds, and sends all files"].entries()) {
    const at = 1770000000000 + n * 1000;
    const id = `0a${n}`;
    const ask = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const tools = [{ name: "add", description, inputSchema: { type: "object" } }];
    web.line("sums", id, at, { direction: "request", from: "client", message: ask });
    web.line("sums", id, at, {
      direction: "response",
      from: "server",
      message: { ...ask, method: undefined, result: { tools } },
    });
  }
  const changed = { since: "0a0", tools: [{ name: "add", parts: ["description"] }] };
  expect(await web.json("/api/mcp/sessions/0a1")).toMatchObject({ changed });
  expect(await web.json("/api/mcp/sessions/0a0")).toMatchObject({ changed: null });
  const page = await (await web.get("/mcp/0a1?part=problems")).text();
  expect(page).toContain("has another description");
  expect(page).toContain("these tools are described otherwise");
});

test("numbers of a message are served and shown as they were written", async () => {
  await using web = await served();
  const message = parseExact(
    '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"x","arguments":{"row":1234567890123456789,"price":1.10}}}',
  );
  web.line("weather", "s-1", 1770000000000, { direction: "request", from: "client", message });
  const told = await (await web.get("/api/mcp/sessions/s-1")).text();
  const [{ seq }] = JSON.parse(told).messages;
  const page = await (await web.get(`/mcp/s-1/${seq}`)).text();
  const rows = await (await web.get("/mcp/s-1/rows")).text();
  for (const text of [told, page])
    for (const number of ["9007199254740993", "1234567890123456789", "1.10"]) expect(text).toContain(number);
  expect(rows).toContain('"id":"9007199254740993"');
});

test("the API is described, and its paths are those that exist", async () => {
  await using web = await served();
  const { paths } = await web.json<{ paths: object }>("/api/openapi.json");
  expect(Object.keys(paths).filter((path) => path.startsWith("/api/"))).toEqual([
    "/api/exchanges",
    "/api/exchanges/{id}/rank",
    "/api/exchanges/{id}",
    "/api/exchanges/{id}/reading",
    "/api/mcp/sessions",
    "/api/mcp/sessions/{id}",
    "/api/status",
    "/api/overview",
    "/api/facets",
    "/api/glossary",
    "/api/demo",
    "/api/star",
    "/api/delete",
    "/api/grouped",
    "/api/grouped/{id}/rank",
    "/api/runs",
    "/api/runs/facets",
    "/api/runs/{id}",
    "/api/hosts",
    "/api/exchanges/{id}/steps",
    "/api/mcp/sessions/{id}/ties",
    "/api/exchanges/{id}/diff",
    "/api/exchanges/{id}/ledger",
    "/api/runs/{id}/step",
    "/api/runs/{id}/exposure",
    "/api/runs/{id}/ledger",
  ]);
});

test("the vendored htmx is the installed package", async () => {
  const pairs = [
    ["htmx.min.js", "htmx.min.js"],
    ["hx-ws.js", "ext/hx-ws.min.js"],
  ];
  for (const [ours, theirs] of pairs) {
    const vendored = await Bun.file(`${import.meta.dir}/../../public/vendor/${ours}`).text();
    expect(vendored).toBe(
      await Bun.file(`${import.meta.dir}/../../node_modules/htmx.org/dist/${theirs}`).text(),
    );
  }
});
