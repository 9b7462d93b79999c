/** The page in a real browser. Skipped, with a word about it, where there is no chromium. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { createWeb } from "../src/web/app.ts";
import { believable, chatStream, exchangeOf, type Believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch, leave, newPage } from "./chromium.ts";
import { aDay, words } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

describe.skipIf(!executablePath)("the page", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("a request is on the list when it comes, grows while it streams, and is done when it ends", async () => {
    await using visit = await visited(aDay(30));
    const { page, world } = visit;
    await shows(page, "#list .rows", "tool result");
    const body = {
      model: "gpt-4o",
      stream: true,
      messages: [{ role: "user", content: "How do streams grow?" }],
    };
    const flight = world.begin({ body });
    const row = page.locator("#list .rows .row", { hasText: "How do streams grow?" });
    await row.waitFor();
    expect(await row.locator(".c-status").textContent()).toBe("waiting");
    await row.click();
    await shows(page, "#detail .turn.role-user", "How do streams grow?");
    flight.head(120);
    const pieces = chatStream(words("They grow piece by piece, as you see."), { model: "gpt-4o" });
    for (const [t, text] of pieces.slice(0, 4)) flight.say(t, text);
    await shows(page, "[data-live-answer]", "They grow piece");
    for (const [t, text] of pieces.slice(4)) flight.say(t, text);
    flight.end(900);
    await shows(page, "#detail .answer", "put together from");
    await shows(page, "#detail .answer .md", "They grow piece by piece, as you see.");
    expect(await row.locator(".c-status").textContent()).toBe("200");
    expect(visit.complaints).toEqual([]);
  });

  test("every view has an address: panels, back, reload", async () => {
    await using visit = await visited(aDay(12));
    const { page, url } = visit;
    await page.locator("#list .rows .row", { hasText: "tool result" }).click();
    await page.locator('[data-panel-tab="stream"]').click();
    await page.waitForURL(/\/llm\/[\w-]+\/stream$/);
    await page.locator(".chunks .rows .row").first().waitFor();
    await page.locator('[data-panel-tab="wire"]').click();
    await page.locator("#wire-tab-response").click();
    await shows(page, '[data-side="response"] .lines', "chat.completion.chunk");
    await page.goBack();
    await page.waitForURL(/\/stream$/);
    await page.locator(".chunks .rows .row").first().waitFor();
    const address = page.url();
    await page.goto(url);
    await page.goto(address);
    await page.locator('[data-panel-tab="stream"][aria-selected="true"]').waitFor();
    await page.locator('#list .row[aria-selected="true"]').waitFor();
    expect(visit.complaints).toEqual([]);
  });

  test("everything goes by keys, and letters can be switched off", async () => {
    await using visit = await visited(aDay(12));
    const { page } = visit;
    await shows(page, "#list .rows", "tool result");
    await shows(page, ".live", "live");
    await page.keyboard.press("k");
    await shows(page, "#detail .answer", "Yes: on Saturday");
    await page.keyboard.press("k");
    await shows(page, "#detail .turn.role-user", "Fix the failing test");
    await page.keyboard.press("4");
    await shows(page, "#panel", "Request headers");
    await page.keyboard.press("j");
    await shows(page, "#panel", "Request headers");
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/$/);
    await page.keyboard.press("/");
    await page.keyboard.type("haiku");
    await shows(page, "#shown", "of 13");
    await page.waitForFunction("location.search === '?q=haiku'");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.locator("#help label").click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("k");
    await counts(page, "main[data-open]", 0);
    expect(visit.complaints).toEqual([]);
  });

  test("what is read does not move: new rows wait behind a pill until they are asked for", async () => {
    await using visit = await visited(aDay(120));
    const { page, world } = visit;
    await shows(page, "#list .rows", "tool result");
    await page.locator("#list").hover();
    const seen = () => page.evaluate<string[]>(PLACES);
    const newest = (await seen()).at(-1)?.split(" ")[0] ?? "";
    await page.mouse.wheel(0, -2000);
    // Until the newest row is far away and the list stands still: a wheel glides.
    for (let last = ""; ; await page.evaluate(FRAME)) {
      const now = (await seen()).join();
      if (now === last && !now.includes(newest)) break;
      last = now;
    }
    const before = await seen();
    for (const n of [1, 2, 3])
      world.begin({ body: { model: "m", messages: [{ role: "user", content: `late ${n}` }] } });
    await shows(page, "#follow-pill", "3 new");
    expect(await seen()).toEqual(before);
    await page.locator("#follow-pill").click();
    await shows(page, "#list", "late 3");
    expect(await page.locator("#follow-pill").isVisible()).toBe(false);
  });

  test("a restart of the dashboard is survived: the page comes back and misses nothing", async () => {
    const world = aDay(5);
    await using visit = await visited(world);
    const { page } = visit;
    await shows(page, ".live", "live");
    await visit.stop();
    await shows(page, ".live", "reconnecting");
    world.keep(whileAway());
    world.feed.publish({ type: "resync", from: 0 });
    await visit.start();
    await shows(page, "#list", "while you were away");
    await shows(page, ".live", "live");
  });

  test("a page that lost a script, or the list, to a restart gets it when the dashboard is back", async () => {
    const world = aDay(5);
    await using visit = await visited(world, "/healthz");
    const { page, url } = visit;
    for (const lost of [
      "**/public/viewer.js",
      "**/public/llm.js",
      "**/public/vendor/htmx-with-ws.js",
      "**/api/exchanges?*",
    ]) {
      await page.route(lost, (route) => route.abort("connectionrefused"), { times: 1 });
      await page.goto(url);
      await shows(page, "#list .rows", "tool result");
      await shows(page, ".live", "live");
    }
    // The socket is back and says so; only the question that it brings about is lost.
    await page.route("**/api/exchanges?*", (route) => route.abort("connectionreset"), { times: 1 });
    world.keep(whileAway());
    world.feed.publish({ type: "resync", from: 0 });
    await shows(page, "#list", "while you were away");
  });

  test("hostile recordings stay text: nothing runs, nothing is loaded", async () => {
    const evil = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    const world = believable();
    const body = { model: evil, stream: true, messages: [{ role: "user", content: evil }] };
    world.keep(
      exchangeOf({ body, path: `/v1/chat/completions?${evil}`, pieces: chatStream([evil], { model: evil }) }),
    );
    const info = { name: evil, version: evil };
    const message = { jsonrpc: "2.0", id: evil, method: "initialize", params: { clientInfo: info } };
    world.line(evil, "s-evil", Date.now(), { from: "client", message });
    world.line(evil, "s-evil", Date.now(), { from: "stderr", text: evil });
    await using visit = await visited(world);
    const { page, url } = visit;
    await page.locator("#list .rows .row").first().click();
    for (const panel of ["story", "stream", "context", "wire"]) {
      await page.locator(`[data-panel-tab="${panel}"]`).click();
      await page.locator(`#panel.panel-${panel}`).waitFor();
    }
    for (const part of ["request", "response"]) {
      await page.locator(`#wire-tab-${part}`).click();
      for (const mode of ["indented", "hex", "exact"])
        await page.locator(`#wire-${part} [data-raw="${mode}"]`).click();
    }
    await page.locator('[data-panel-tab="story"]').click();
    const flight = world.begin({ body });
    await page.locator("#list .rows .row.is-flying").click();
    flight.head(3);
    for (const [t, text] of chatStream([evil])) flight.say(t, text);
    await shows(page, "[data-live-answer]", "onerror");
    await page.goto(`${url}/mcp/s-evil/0`);
    await shows(page, "#message", "onerror");
    expect(await page.locator("img, iframe, main script").count()).toBe(0);
    expect(await page.title()).not.toBe("owned");
    expect(visit.complaints).toEqual([]);
    expect(visit.elsewhere).toEqual([]);
  });

  test("a name explains itself to the pointer, to the keyboard and in the visitor's language", async () => {
    await using visit = await visited(aDay(12), "/?lang=zh");
    const { page, url, world } = visit;
    const [row] = (await world.index.exchanges({ limit: 1 })).items;
    const entry = page.locator("#term");
    await page.goto(`${url}/llm/${row?.id}/request`);
    await page.locator('[data-side="request"] .line').first().waitFor();
    await page.locator('[data-side="request"] [data-raw="indented"]').click();
    await page.locator(".lines .term", { hasText: "model" }).hover();
    await shows(page, "#term p", "模型");
    await page.keyboard.press("Escape");
    await entry.waitFor({ state: "hidden" });
    expect(page.url()).toContain(row?.id ?? "none");
    await page.goto(`${url}/llm/${row?.id}/headers?lang=en`);
    await page.locator("#panel .term", { hasText: "content-type" }).first().focus();
    await shows(page, "#term p", "format of the body");
    await page.keyboard.press("Enter");
    await entry.locator("a:focus").waitFor();
    await page.keyboard.press("Escape");
    await entry.waitFor({ state: "hidden" });
    expect(await page.locator("#panel .term:focus").textContent()).toBe("content-type");
    await page.goto(`${url}/llm/${row?.id}/timeline`);
    await page.locator(".chunks .rows .row").first().click();
    await page.locator(".chunk .term").focus();
    await shows(page, "#term p", "One piece of the answer");
    await page.goto(`${url}/mcp/0192d3c4-weather/7`);
    await page.locator("#message h2 .term").focus();
    await shows(page, "#term b", "tools/call");
    expect(visit.complaints).toEqual([]);
  });

  test("MCP: a call is pending until its answer comes, and both name the tool", async () => {
    await using visit = await visited(aDay(2), "/mcp");
    const { page, world } = visit;
    await page.locator("#sessions .rows .row").click();
    const pending = page.locator("#session .k-request", { hasText: "get_weather" }).last();
    await shows(page, "#session .k-request.s-pending", "get_weather");
    const result = { content: [{ type: "text", text: "18 °C in Tokyo" }] };
    world.line("weather", "0192d3c4-weather", Date.now(), {
      from: "server",
      message: { jsonrpc: "2.0", id: 6, result },
    });
    await shows(page, "#session", "18 °C in Tokyo");
    await pending.locator(".c-state", { hasText: "ok" }).waitFor();
    await page.locator("#session .k-result", { hasText: "18 °C" }).click();
    await shows(page, "#message pre", "18 °C in Tokyo");
    await counts(page, "#session .mate", 2);
    expect(visit.complaints).toEqual([]);
  });

  test("an empty page teaches, in Chinese too, and gives way to the first request", async () => {
    const world = believable({
      runDemo: async () =>
        void world.begin({ body: { model: "m", messages: [{ role: "user", content: "演示" }] } }),
    });
    await using visit = await visited(world, "/", { locale: "zh-CN" });
    const { page } = visit;
    await shows(page, "#welcome", "还没有任何流量");
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
    await page.locator("#welcome .primary").click();
    await shows(page, "#list", "演示");
    await counts(page, "#welcome", 0);
    await page.locator("[data-lang-switch]").click();
    await shows(page, "#list", "Model");
    expect(visit.complaints).toEqual([]);
  });

  test("no barrier that a machine can find, in both themes, wide and narrow, and nothing scrolls sideways", async () => {
    const axe = await Bun.file(`${import.meta.dir}/../node_modules/axe-core/axe.min.js`).text();
    const world = aDay(40);
    const { items } = await world.index.exchanges({ limit: 40 });
    const tool = items.find(({ tools }) => tools.length > 0)?.id;
    const failed = items.find(({ status }) => status === 429)?.id;
    const panels = ["conversation", "answer", "timeline", "tools", "usage", "headers", "raw"].map(
      (it) => `/llm/${tool}/${it}`,
    );
    const session = "/mcp/0192d3c4-weather";
    const wide = [
      ...panels,
      "/",
      "/?welcome",
      `/llm/${failed}/problems`,
      "/mcp",
      session,
      `${session}/7`,
      `${session}?part=inventory`,
      `${session}?part=problems`,
    ];
    const some = [
      "/",
      `/llm/${tool}/conversation`,
      `/llm/${tool}/timeline`,
      `/llm/${failed}/problems`,
      session,
    ];
    const kinds = [
      { width: 1440, height: 900, colorScheme: "light", views: wide },
      { width: 1440, height: 900, colorScheme: "dark", views: some },
      { width: 390, height: 844, colorScheme: "light", views: some },
    ] as const;
    for (const { width, height, colorScheme, views } of kinds) {
      await using visit = await visited(world, "/", {
        viewport: { width, height },
        colorScheme,
        bypassCSP: true,
      });
      for (const view of views) {
        await visit.page.goto(visit.url + view);
        await shows(visit.page, ".live", width > 700 ? "live" : "");
        await visit.page.addScriptTag({ content: axe });
        const found = await visit.page.evaluate(BARRIERS);
        const sideways = await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect({ view, width, colorScheme, found, sideways }).toEqual({
          view,
          width,
          colorScheme,
          found: [],
          sideways: 0,
        });
      }
    }
  });
});

const whileAway = () =>
  exchangeOf({
    body: { model: "m", messages: [{ role: "user", content: "while you were away" }] },
    pieces: chatStream(["ok"]),
  });

// What runs in the page is text here: its globals are not ours.
const PLACES = `[...document.querySelectorAll("#list .rows > .row:not([hidden])")]
  .map((row) => row.id + " " + Math.round(row.getBoundingClientRect().top)).sort()`;

const FRAME = "new Promise(requestAnimationFrame)";

const BARRIERS = `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 160)))`;

/** A page on a dashboard of its own. `complaints`: what the console says; `elsewhere`: requests to other origins. */
async function visited(world: Believable, path = "/", options: BrowserContextOptions = {}) {
  let app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const port = app.server?.port ?? 0;
  const url = `http://127.0.0.1:${port}`;
  // One that died (memory) takes its test with it, not all that follow.
  if (!browser.isConnected()) browser = await launch();
  const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 }, ...options });
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (it) => {
    if (it.type() === "error" || it.type() === "warning") complaints.push(it.text());
  });
  page.on("request", (it) => {
    if (!it.url().startsWith(url) && !it.url().startsWith("data:")) elsewhere.push(it.url());
  });
  await page.goto(url + path);
  return {
    page,
    world,
    url,
    complaints,
    elsewhere,
    stop: async () => void (await app.stop(true)),
    async start() {
      app = await createWeb(world.sources);
      app.listen({ port, hostname: "127.0.0.1" });
    },
    async [Symbol.asyncDispose]() {
      await leave(context);
      await app.stop(true);
    },
  };
}

async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ state: "attached" });
}

/** The page draws in its next frame. */
async function counts(page: Page, selector: string, count: number): Promise<void> {
  while ((await page.locator(selector).count()) !== count) await Bun.sleep(10);
}
