import { expect, test } from "bun:test";
import { addFact, type Exchange } from "../fact/exchange.ts";
import type { Fact } from "../fact/fact.ts";
import { explanations } from "../read/problems/explain.ts";
import { believable, chatStream, exchangeOf, type Spec } from "../../test/believable.ts";
import { weatherSession } from "../../test/world.ts";
import { indentedLines } from "../shown/indent.ts";
import { createWeb } from "./app.ts";
import { dangers, EVIL, hostile } from "./hostile.testkit.ts";
import { panels } from "./panels.ts";

async function pages(world = believable()) {
  const app = await createWeb(world.sources);
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await app.handle(
      new Request(`http://localhost${path}`, { headers: { host: "localhost", ...headers } }),
    );
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return { world, get };
}

test("an exchange that is hostile in every field is text in every panel, whole page and fragment", async () => {
  const { world, get } = await pages();
  const exchange = exchangeOf(hostile());
  world.keep(exchange);
  for (const { name } of panels)
    for (const headers of [{}, { "hx-request": "true" }] as Record<string, string>[]) {
      const page = await get(`/llm/${exchange.id}/${name}`, headers);
      expect([name, page.status, dangers(page.text)]).toEqual([name, 200, []]);
    }
  const list = await get("/");
  expect(dangers(list.text)).toEqual([]);
  expect(dangers((await get(`/llm/${exchange.id}?q=${encodeURIComponent(EVIL)}&lang=zh`)).text)).toEqual([]);
});

test("an answer of more events than are read says in both languages that it is of the first ones", async () => {
  const { world, get } = await pages();
  const exchange = exchangeOf({ body: { stream: true }, pieces: [[9, ": a\n\n".repeat(100_005)]] });
  world.keep(exchange);
  const of = async (panel: string, lang: string) =>
    (await get(`/llm/${exchange.id}/${panel}?lang=${lang}`, { "hx-request": "true" })).text;
  for (const panel of ["answer", "timeline"]) {
    expect(await of(panel, "en")).toMatch(/first 100,?000 of 100,?005 events/);
    expect(await of(panel, "zh")).toMatch(/前 100,?000 个事件.*（共 100,?005 个/);
  }
  const { en, zh } = explanations["stream/too-many-events"]!;
  const [said, said_zh] = [await of("problems", "en"), await of("problems", "zh")];
  expect(said).toContain("the first 100000 of 100005 events were read");
  expect([said.includes(en), said.includes(zh)]).toEqual([true, false]);
  expect([said_zh.includes(en), said_zh.includes(zh)]).toEqual([false, true]);
});

test("trailers stand behind the headers of their side, in both languages, where there are any", async () => {
  const { world, get } = await pages();
  const exchange = exchangeOf(hostile());
  world.keep(exchange);
  const of = async (lang: string) =>
    (await get(`/llm/${exchange.id}/headers?lang=${lang}`, { "hx-request": "true" })).text;
  expect([await of("en"), await of("zh")].join()).not.toMatch(/trailers|尾部字段/);
  exchange.request.trailers = [["X-Sum", "1"]];
  exchange.response!.trailers = [[EVIL, EVIL]];
  const page = await of("en");
  const places = ["Request headers", "Request trailers", "X-Sum", "Response headers", "Response trailers"];
  const found = places.map((word) => page.indexOf(word));
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect([found.includes(-1), dangers(page)]).toEqual([false, []]);
  expect(await of("zh")).toMatch(/请求尾部字段[^]*响应尾部字段/);
});

test("the check above would see an attack", () => {
  expect(dangers(`<p>${EVIL}</p><a href="javascript:x">`).length).toBe(4);
});

test("a hostile MCP session is text in every part", async () => {
  const { world, get } = await pages();
  const rpc = { jsonrpc: "2.0" };
  world.line(EVIL, "s-evil", Date.now(), { event: "start", command: [EVIL] });
  const info = { name: EVIL, title: EVIL, version: EVIL };
  const init = { protocolVersion: EVIL, capabilities: { [EVIL]: {} }, clientInfo: info };
  world.line(EVIL, "s-evil", Date.now(), {
    from: "client",
    message: { ...rpc, id: EVIL, method: "initialize", params: init },
  });
  world.line(EVIL, "s-evil", Date.now(), {
    from: "server",
    message: { ...rpc, id: EVIL, result: { protocolVersion: EVIL, capabilities: {}, serverInfo: info } },
  });
  world.line(EVIL, "s-evil", Date.now(), {
    from: "client",
    message: { ...rpc, id: 2, method: "tools/list" },
  });
  world.line(EVIL, "s-evil", Date.now(), {
    from: "server",
    message: {
      ...rpc,
      id: 2,
      result: { tools: [{ name: EVIL, description: EVIL, inputSchema: {}, annotations: { [EVIL]: true } }] },
    },
  });
  world.line(EVIL, "s-evil", Date.now(), { from: "server", raw: EVIL });
  world.line(EVIL, "s-evil", Date.now(), { from: "stderr", text: EVIL });
  const paths = [
    "/mcp",
    "/mcp/s-evil",
    "/mcp/s-evil?part=inventory",
    "/mcp/s-evil?part=problems",
    "/mcp/s-evil/head",
  ];
  for (const path of [...paths, ...[0, 1, 2, 3, 4, 5, 6].map((seq) => `/mcp/s-evil/${seq}`)]) {
    const page = await get(path);
    expect([path, page.status, dangers(page.text)]).toEqual([path, 200, []]);
  }
});

test("recorded bodies are served as text that nothing runs", async () => {
  const { world, get } = await pages();
  const exchange = exchangeOf({
    ...hostile(),
    responseHeaders: [["content-type", "text/html"]],
    pieces: [[3, EVIL]],
  });
  world.keep(exchange);
  const { headers, text } = await get(`/llm/${exchange.id}/body/response`);
  expect([headers.get("content-type"), headers.get("content-security-policy"), text]).toEqual([
    "text/plain; charset=utf-8",
    "default-src 'none'; sandbox",
    EVIL,
  ]);
});

test("the skip link leads to a list that is there, in every view", async () => {
  const { world, get } = await pages();
  const exchange = exchangeOf({ body: { model: "gpt-4o-mini" } });
  world.keep(exchange);
  const start = { event: "start", name: "notes", transport: "stdio", target: "notes" };
  world.line("notes", "s-notes", Date.now(), start);
  const paths = [
    "/",
    `/llm/${exchange.id}`,
    "/runs",
    "/mcp",
    "/mcp/nobody",
    "/mcp/s-notes",
    "/mcp/s-notes?part=problems",
  ];
  for (const path of paths) {
    const { text } = await get(path);
    const goal = /class="skip" href="#([^"]+)"/.exec(text)?.[1];
    expect([path, goal !== undefined && text.includes(`id="${goal}"`)]).toEqual([path, true]);
  }
});

test("an address answers with the page, and with its fragment when htmx asks", async () => {
  const { world, get } = await pages();
  const body = { model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "hi" }] };
  const exchange = exchangeOf({ body, pieces: chatStream(["Hel", "lo"]) });
  world.keep(exchange);
  const whole = await get(`/llm/${exchange.id}/answer`);
  const part = await get(`/llm/${exchange.id}/answer`, { "hx-request": "true" });
  expect([whole.text.startsWith("<!doctype html>"), part.text.startsWith("<article")]).toEqual([true, true]);
  expect([whole.text.includes("Hello"), part.text.includes("Hello")]).toEqual([true, true]);
  expect(part.headers.get("vary")).toContain("HX-Request");
});

test("a long past is folded and comes in steps; what is new in this turn is marked", async () => {
  const { world, get } = await pages();
  const messages = Array.from({ length: 81 }, (_, n) => ({
    role: n % 2 ? "assistant" : "user",
    content: `word ${n}.`,
  }));
  const exchange = exchangeOf({ body: { model: "m", stream: true, messages }, pieces: chatStream(["ok"]) });
  world.keep(exchange);
  const words = async (path: string) => {
    const { text } = await get(path, { "hx-request": "true" });
    return [
      text.match(/word \d+/g)?.length,
      /older\?to=(\d+)/.exec(text)?.[1],
      text.includes("new in this turn"),
    ];
  };
  expect(await words(`/llm/${exchange.id}`)).toEqual([2, "79", true]);
  expect(await words(`/llm/${exchange.id}/older?to=79`)).toEqual([30, "49", false]);
  expect(await words(`/llm/${exchange.id}/older?to=19`)).toEqual([19, undefined, false]);
});

test("a short past stands open whole, and what is wrong stands at its place too", async () => {
  const { world, get } = await pages();
  const messages = [1, 2, 3, 4, 5].map((n) => ({
    role: n % 2 ? "user" : "assistant",
    content: `word ${n}.`,
  }));
  const pieces = chatStream(["ok"]);
  pieces.splice(1, 0, [310, "data: {oops\n\n"]);
  const exchange = exchangeOf({ body: { model: "m", stream: true, messages }, pieces });
  world.keep(exchange);
  const { text } = await get(`/llm/${exchange.id}`, { "hx-request": "true" });
  expect([text.match(/word \d/g)?.length, text.includes("older?to=")]).toEqual([5, false]);
  const stream = (await get(`/llm/${exchange.id}/stream`, { "hx-request": "true" })).text;
  expect(stream).toMatch(/data-problems="\[\[1,&quot;warning&quot;,/);
  expect(stream).toMatch(/<details\s+class="problem-line warn"/);
});

test("what happened is counted in the head, level by level, and leads to its place", async () => {
  const { world, get } = await pages();
  const pieces = chatStream(["Hel", "lo"]);
  pieces.splice(1, 0, [310, "data: {oops\n\n"]);
  const body = { model: "m", stream: true, messages: [{ role: "user", content: "hi" }] };
  const exchange = exchangeOf({ body, pieces });
  world.keep(exchange);
  const ask = async (lang: string) => (await get(`/llm/${exchange.id}/stream?lang=${lang}`)).text;
  const text = await ask("en");
  const levels = [...text.matchAll(/<b class="level-(\w+)">([^<]*)</g)].map(([, level, words]) => [
    level,
    words,
  ]);
  expect(levels).toEqual([
    ["chat", "2 milestones"],
    ["warn", "1 warning"],
  ]);
  expect(text).toContain(`href="/llm/${exchange.id}/stream#event-2" data-place="event-2">First token</a>`);
  expect(text).toContain('data-milestones="[[2,&quot;First token&quot;],');
  expect(await ask("zh")).toContain("2 个要点");
});

test("an error is said once, with the wait that it asks for", async () => {
  const { world, get } = await pages();
  const error = { type: "rate_limit_error", message: "Slow down, please." };
  const headers: Spec["responseHeaders"] = [
    ["content-type", "application/json"],
    ["retry-after", "17"],
  ];
  const body = { model: "m", messages: [{ role: "user", content: "hi" }] };
  const pieces: Spec["pieces"] = [[5, JSON.stringify({ error })]];
  const exchange = exchangeOf({ body, status: 429, responseHeaders: headers, pieces });
  world.keep(exchange);
  const { text } = await get(`/llm/${exchange.id}`, { "hx-request": "true" });
  const shown = text.replace(/<ul class="problems">[^]*?<\/ul>/, "");
  expect(shown.match(/Slow down, please\./g)?.length).toBe(1);
  expect(shown).toContain("wait 17 s");
});

test("what is not there says so with 404, in both languages", async () => {
  const { get } = await pages();
  expect((await get("/llm/nope")).status).toBe(404);
  expect((await get("/llm/nope?lang=zh")).text).toContain("没有这个编号的交互");
  expect((await get("/mcp/nope")).status).toBe(404);
  expect((await get("/mcp/nope/3")).status).toBe(404);
});

test("an exchange grows: its answer so far, and events from a number on", async () => {
  const { world, get } = await pages();
  const flight = world.begin({
    body: { model: "m", stream: true, messages: [{ role: "user", content: "hi" }] },
  });
  const live = async (from: number) => JSON.parse((await get(`/llm/${flight.id}/events?from=${from}`)).text);
  expect(await live(0)).toMatchObject({ state: "waiting", parts: [], events: [] });
  flight.head(100);
  const pieces = chatStream(["Hel", "lo"]);
  for (const [t, text] of pieces.slice(0, 2)) flight.say(t, text);
  expect(await live(0)).toMatchObject({ state: "streaming", parts: [{ type: "text", text: "Hel" }] });
  for (const [t, text] of pieces.slice(2)) flight.say(t, text);
  flight.end(900);
  const over = await live(2);
  expect(over).toMatchObject({ state: "done", total: 900, parts: [{ type: "text", text: "Hello" }] });
  expect(over.events[0].slice(0, 2)).toEqual([2, 350]);
});

test("MCP rows know what they answer, how long it took and what went wrong", async () => {
  const { world, get } = await pages();
  weatherSession(world, 1770000000000, "s-1");
  const { rows } = JSON.parse((await get("/mcp/s-1/rows")).text);
  const brief = rows.map((row: Record<string, unknown>) => [
    row.kind,
    row.method,
    row.name,
    row.state,
    row.ms,
    row.of,
  ]);
  expect(brief).toEqual([
    ["event", "start", null, null, null, null],
    ["request", "initialize", null, "ok", 57, null],
    ["result", "initialize", null, "ok", 57, 1],
    ["notification", "notifications/initialized", null, null, null, null],
    ["request", "tools/list", null, "ok", 4, null],
    ["result", "tools/list", null, "ok", 4, 4],
    ["stderr", null, null, null, null, null],
    ["request", "tools/call", "get_forecast", "ok", 460, null],
    ["notification", "notifications/progress", "get_forecast", null, null, 7],
    ["notification", "notifications/progress", "get_forecast", null, null, 7],
    ["notification", "notifications/progress", "get_forecast", null, null, 7],
    ["result", "tools/call", "get_forecast", "ok", 460, 7],
    ["raw", null, null, null, null, null],
    ["request", "tools/call", "get_weather", "tool-error", 40, null],
    ["result", "tools/call", "get_weather", "tool-error", 40, 13],
    ["request", "tools/call", "nope", "error", 3, null],
    ["error", "tools/call", "nope", "error", 3, 15],
    ["request", "roots/list", null, "ok", 3, null],
    ["result", "roots/list", null, "ok", 3, 17],
    ["request", "tools/call", "get_forecast", "cancelled", 1500, null],
    ["notification", "notifications/cancelled", "get_forecast", null, null, 19],
    ["request", "tools/call", "get_weather", "pending", null, null],
  ]);
});

test("an answer that comes later changes the row of its request", async () => {
  const { world, get } = await pages();
  weatherSession(world, 1770000000000, "s-1");
  const rows = async (from: number) => JSON.parse((await get(`/mcp/s-1/rows?from=${from}`)).text);
  const last = (await rows(-1)).rows.at(-1);
  const result = { content: [{ type: "text", text: "18 °C" }] };
  world.line("weather", "s-1", 1770000008000, { from: "server", message: { jsonrpc: "2.0", id: 6, result } });
  const { rows: fresh, changed } = await rows(last.seq);
  expect(changed).toMatchObject([{ seq: last.seq, state: "ok", ms: 1000 }]);
  expect(fresh).toMatchObject([{ kind: "result", of: last.seq, note: "18 °C" }]);
});

test("files that cannot be read are named on the page", async () => {
  const { world, get } = await pages();
  world.index.putUnreadable({ path: "llm_proxy/x.json", why: "cut off in the middle", mtime: 1, size: 1 });
  const { text } = await get("/");
  expect(text).toContain("1 file could not be read:");
  expect(text).toContain("cut off in the middle");
});

test("warnings, what was not kept and whether keys are masked are said in the visitor's language", async () => {
  const why = "the record keeps 10 bytes of a body; everything passed";
  const warnings = [
    "LOG_SECRETS is set: keys are written to the log folder as they are",
    "the log folder cannot be written (ENOSPC: no space left): 3 exchanges wait; traffic is not affected",
    "something new",
  ];
  const world = believable();
  const status = { ...(await world.sources.status()), warnings };
  const about = { ...world.sources.about, masked: false };
  const { get } = await pages({ ...world, sources: { ...world.sources, status: async () => status, about } });
  const exchange = exchangeOf({ body: { model: "m", messages: [] }, pieces: chatStream(["ok"]) });
  exchange.gaps.push({ t: 3, from: "server", lost: 512, why });
  world.keep(exchange);
  const { text } = await get(`/llm/${exchange.id}?lang=en`);
  for (const said of [...warnings, `512 bytes from the server passed and are not in the record: ${why}`])
    expect(text).toContain(said);
  expect(text).not.toContain("keys are masked");
  const { text: chinese } = await get(`/llm/${exchange.id}/headers?lang=zh`);
  for (const said of [
    "密钥会原样写入日志目录",
    "日志目录无法写入（ENOSPC",
    "something new",
    "512 字节已通过",
  ])
    expect(chinese).toContain(said);
});

test("the list has two addresses", async () => {
  const { get } = await pages();
  const { status, headers } = await get("/llm?q=rain");
  expect([status, headers.get("location")]).toEqual([302, "/?q=rain"]);
});

test("the status line lists every upstream's address", async () => {
  const { get } = await pages();
  const { text } = await get("/");
  expect(text).toContain("http://127.0.0.1:8000/@anthropic");
  expect(text).toContain("https://api.anthropic.com");
});

test("scripts stay small, and nothing is loaded from elsewhere", async () => {
  const { get } = await pages();
  /** What a browser loads for these, with what they import at once. */
  async function loadedFor(...paths: string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      if (found.has(path)) continue;
      const { text } = await get(path);
      found.set(path, Bun.gzipSync(text).byteLength);
      const { imports } = new Bun.Transpiler({ loader: "js" }).scan(path.includes("/vendor/") ? "" : text);
      for (const { path: to } of imports.filter(({ kind }) => kind === "import-statement"))
        paths.push(new URL(to, `http://page${path}`).pathname);
    }
    return found;
  }
  const sum = (all: Iterable<number>) => [...all].reduce((total, size) => total + size, 0);
  const htmx = "/public/vendor/htmx-with-ws.js";
  const vendor = [htmx, "/public/theme.js"];
  /** What every view loads by itself, once its rows stand. */
  const soon = ["/public/keys.js", "/public/palette.js"];
  /** Each view, and what it loads when somebody opens an exchange, filters, asks for a name. */
  const views: [first: string, later: string[]][] = [
    [
      "llm",
      [
        "opened",
        "stream",
        "viewer",
        "filter-line",
        "filter-fit",
        "view-menu",
        "overview-strip",
        "overview",
        "cell-filter",
        "groups-list",
        "keeping",
        "hits",
        "terms",
        "across",
        "learn",
        "next-theme",
      ],
    ],
    // Whose past is too long to be there at once.
    ["llm", ["print-earlier"]],
    ["mcp", ["mcp-messages", "keeping", "trash", "show-media", "terms", "learn"]],
    ["runs", ["keeping", "trash", "filter-line", "filter/run-sentence.ts", "terms", "learn"]],
    ["run", ["copy-as", "terms", "learn", "tour"]],
    ["lesson", ["terms", "learn"]],
  ];
  const all = new Set<string>();
  for (const [view, later] of views) {
    const first = await loadedFor("/public/app.js", `/public/${view}.js`, ...soon, ...vendor);
    const whole = await loadedFor(
      ...first.keys(),
      ...later.map((name) => `/public/${name.includes(".") ? name : `${name}.js`}`),
    );
    expect([view, sum(first.values()) < 45 * 1024]).toEqual([view, true]);
    expect([view, sum(whole.values()) - sum(first.values()) < 45 * 1024]).toEqual([view, true]);
    for (const path of whole.keys()) all.add(path);
  }
  const both = (await get(htmx)).text;
  for (const path of ["/public/vendor/htmx.min.js", "/public/vendor/hx-ws.js"]) {
    expect(both).toContain((await get(path)).text);
    all.add(path);
  }
  const root = `${import.meta.dir}/../../public`;
  const ours = (await Array.fromAsync(new Bun.Glob("**/*.js").scan(root))).map((file) => `/public/${file}`);
  expect(ours.filter((path) => !all.has(path))).toEqual([]);
  const { text } = await get("/");
  expect(text.match(/(?:src|href)="(?:https?:)?\/\//g)).toBeNull();
});

test("a socket's messages: who said what, binary as base64, a line for each, and how it was closed", async () => {
  const { world, get } = await pages();
  const bytes = (text: string) => new TextEncoder().encode(text);
  const id = "0192d3c4-0000-7000-8000-00000000000a";
  const say = { fact: "bytes", id, frame: "text" } as const;
  const [path, target] = ["/v1/realtime?model=gpt-realtime", "wss://api.openai.com/v1/realtime"];
  const way = { method: "GET", upstream: "openai", path, target, headers: [] };
  const facts: Fact[] = [
    { fact: "open", id, at: 1770000000000, wire: "websocket", ...way },
    { fact: "head", id, t: 5, status: 101, headers: [] },
    { ...say, t: 10, from: "client", bytes: bytes('{"type":"response.create"}') },
    { ...say, t: 11, from: "client", bytes: new Uint8Array([0, 255]), frame: "binary" },
    { ...say, t: 20, from: "server", bytes: bytes('{"type":"response.done"}') },
    {
      fact: "close",
      id,
      t: 30,
      ending: "complete",
      error: null,
      socket: { code: 4001, reason: "enough", from: "client" },
    },
  ];
  let exchange: Exchange | undefined;
  for (const fact of facts) exchange = addFact(exchange, fact);
  if (exchange) world.keep(exchange);
  const { events } = JSON.parse((await get(`/llm/${id}/events`)).text) as { events: unknown[][] };
  expect(events.map((event) => [event[4], event[10], event[11]])).toEqual([
    ["response.create", '{"type":"response.create"}', "client"],
    ["binary", "AP8=", "client"],
    ["response.done", '{"type":"response.done"}', "server"],
  ]);
  expect((await get(`/llm/${id}/body/request`)).text).toBe('{"type":"response.create"}\nAP8=');
  expect(indentedLines((await get(`/llm/${id}/body/request`)).text)).toStartWith(
    '{\n  "type": "response.create"\n}\n',
  );
  const { text } = await get(`/llm/${id}/raw`);
  for (const said of ["4001 enough", "by the client", "Messages of the server"]) expect(text).toContain(said);
});
