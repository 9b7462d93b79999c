/** The messages of an MCP session in a real browser: sections, folds, steps with what they mean, filter with marked hits. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { believable, type Believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { barriers, becomes, counts, shows, visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;
const SESSION = "0192d3c4-busy";

describe.skipIf(!executablePath)("the sequence of a session", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("what is typed before the script of the messages is here is not typed over", async () => {
    await using seen = await visit(browser, aDay(12), "/mcp");
    const { page, url } = seen;
    let letIn = () => {};
    const open = new Promise<void>((resolve) => (letIn = resolve));
    await page.route(/mcp-messages\.js/, async (route) => (await open, await route.continue()));
    await page.goto(`${url}/mcp/0192d3c4-weather`, { waitUntil: "commit" });
    await page.locator("#message-filter").fill("expert:handshake-done");
    letIn();
    await shows(page, "#session [data-found]", "1 of");
    await page.waitForURL(/q=expert/);
    expect(seen.complaints).toEqual([]);
  });

  test("sections, arguments on the request, progress as one bar, what the server asks inside of its call", async () => {
    await using seen = await visit(browser, busy(), `/mcp/${SESSION}`);
    const { page } = seen;
    await shows(page, "#list .rows", "long");
    expect(await rowsOf(page)).toEqual([
      "start",
      "handshake",
      "#0 initialize",
      "#0 initialize",
      "notifications/initialized",
      "inventory",
      "#1 tools/list",
      "#1 tools/list",
      "notifications/tools/list_changed ×4",
      "work",
      "#2 tools/call trigger-sampling",
      "#s0 sampling/createMessage",
      "#s0 sampling/createMessage",
      "notifications/progress trigger-sampling ×4",
      "#2 tools/call trigger-sampling",
      "#3 tools/call nope",
      "#3 tools/call nope",
      "#4 tools/call long",
    ]);
    await shows(page, "#list .row.k-request", '{"city":"Paris"}');
    await shows(page, "#list .row.k-error", "Tool nope not found");
    await shows(page, "#list .row.k-notification", "4/5");
    expect(await barriers(page)).toEqual([]);
    await page.locator("#list .row.section .c-fold").first().click();
    await counts(page, "#list .rows > .row:not([hidden])", 15);
    await page.locator("#list .times", { hasText: "×4" }).last().click();
    await counts(page, "#list .rows > .row:not([hidden])", 18);
    expect(seen.complaints).toEqual([]);
  });

  test("a list has a row for each call with what came of it, which keys open to its messages", async () => {
    await using seen = await visit(browser, busy(), `/mcp/${SESSION}`);
    const { page } = seen;
    await shows(page, "#list .rows", "long");
    await page.locator("#list").focus();
    await page.keyboard.press("v");
    await counts(page, "#list .row.k-result:not([hidden])", 0);
    await shows(page, "#list .row.k-request", '{"city":"Paris"}-32602 Tool nope not found');
    await page.locator("#list .row:not([hidden])", { hasText: "trigger-sampling" }).first().click();
    await shows(page, "#message", "tell me");
    await page.locator("#list").focus();
    await page.keyboard.press("ArrowRight");
    await shows(page, "#list .row.deep-1", "sampling/createMessage");
    await page.keyboard.press("ArrowDown");
    await shows(page, "#message", "sampling/createMessage");
    await page.keyboard.press("ArrowLeft");
    await becomes(
      page,
      "document.querySelector('#list [aria-selected=true] .name').textContent",
      "trigger-sampling",
    );
    await page.keyboard.press("ArrowLeft");
    await counts(page, "#list .row.deep-1:not([hidden])", 0);
    // A message that is hidden is found by its address.
    await page.goto(`${seen.url}/mcp/${SESSION}/15`);
    await shows(page, "#list .row[aria-selected=true]", "notifications/progress");
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });

  test("steps go from message to message and say what each one means", async () => {
    await using seen = await visit(browser, busy(), `/mcp/${SESSION}`);
    const { page } = seen;
    await shows(page, "#list .rows", "long");
    const next = page.locator('[data-step="1"]');
    await next.click();
    await next.click();
    await shows(page, "#message", "initialize");
    await shows(page, ".learn-card", "initialize");
    await becomes(page, "document.querySelector('[data-step-at]').textContent", "2 / 15");
    await next.click();
    await next.click();
    await shows(page, ".learn-card", "notifications/initialized");
    await page.locator('[data-step="-1"]').click();
    await becomes(page, "document.querySelector('[data-step-at]').textContent", "3 / 15");
    expect(seen.complaints).toEqual([]);
  });

  test("the filter speaks the language of filters, stands in the address, marks its hits and goes through them", async () => {
    await using seen = await visit(browser, busy(), `/mcp/${SESSION}`);
    const { page } = seen;
    await shows(page, "#list .rows", "long");
    await page.locator("#message-filter").fill("is:error -from:server");
    await counts(page, "#list .rows > .row:not([hidden])", 1);
    await page.locator("#message-filter").fill("paris");
    await counts(page, "#list .rows > .row:not([hidden])", 1);
    await becomes(page, "CSS.highlights.get('hit')?.size", 1);
    await page.locator("#list .row", { hasText: "nope" }).first().click();
    await shows(page, "#message", "Paris");
    await becomes(page, "CSS.highlights.get('hit')?.size > 1", true);
    await page.locator('[data-hit="1"]').click();
    await becomes(page, "CSS.highlights.get('hit-here')?.size", 1);
    await page.reload();
    await becomes(page, "document.getElementById('message-filter').value", "paris");
    await counts(page, "#list .rows > .row:not([hidden])", 1);
    expect(seen.complaints).toEqual([]);
  });
});

test.skipIf(!executablePath)(
  "what a server paints for a terminal is read, and its logs are no alarm",
  async () => {
    const own = await launch();
    const world = busy();
    const text = "\x1b[1;33mwarn\x1b[0m: port \x1b[32m8080\x1b[0m is taken";
    world.line("everything", SESSION, Date.now() - 1000, { from: "stderr", text });
    await using seen = await visit(own, world, `/mcp/${SESSION}`);
    const { page } = seen;
    await shows(page, "#list .row.k-stderr", "warn: port 8080 is taken");
    expect(await page.locator("#list .row.k-stderr .warn").count()).toBe(0);
    await page.locator("#list .row.k-stderr").click();
    await shows(page, "#message pre .as-yellow.as-bold", "warn");
    await shows(page, "#message pre .as-green", "8080");
    expect(await page.locator("#message pre").textContent()).toBe("warn: port 8080 is taken");
    expect(await barriers(page)).toEqual([]);
    await page.locator("#part-inventory, [href*='part=inventory']").first().click();
    await shows(page, "#part .is-note", "lists changed");
    expect(seen.complaints).toEqual([]);
    await own.close();
  },
);

test.skipIf(!executablePath)(
  "pictures of a result are shown from the recorded bytes, after a click",
  async () => {
    const own = await launch();
    const world = busy();
    const png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const svg = btoa("<svg xmlns='http://www.w3.org/2000/svg' onload='document.title=1'/>");
    const mimeType = `image/png"><img src=x onerror=document.title=1>`;
    const content = [
      { type: "image", data: png, mimeType },
      { type: "image", data: svg, mimeType: "image/svg+xml" },
      { type: "resource", resource: { uri: "x:/", blob: "AAAA", mimeType: "application/zip" } },
    ];
    const message = { jsonrpc: "2.0", id: 4, result: { content } };
    world.line("everything", SESSION, Date.now() - 1000, { from: "server", message });
    await using seen = await visit(own, world, `/mcp/${SESSION}`);
    const { page } = seen;
    await page.locator("#list .row.k-result", { hasText: "#4" }).last().click();
    await counts(page, "#message .media", 3);
    await counts(page, "#message .media button", 2);
    expect(await page.locator("#message img").count()).toBe(0);
    await page.locator("#message .media button").first().click();
    await becomes(page, "document.querySelector('#message .media img')?.naturalWidth", 1);
    await page.locator("#message .media button:not([hidden])").click();
    await page.waitForLoadState("networkidle");
    expect(await page.locator("#message .media img").count()).toBe(1);
    expect(await page.title()).not.toBe("1");
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
    await own.close();
  },
);

test.skipIf(!executablePath)(
  "where there is no session, how to begin stands where they will, and gives way to the first",
  async () => {
    const own = await launch();
    for (const width of [360, 1440]) {
      const world = believable();
      await using seen = await visit(own, world, "/mcp", { viewport: { width, height: 800 } });
      const { page } = seen;
      await shows(page, "#welcome", "No MCP session yet");
      const box = await page.locator("#welcome").boundingBox();
      expect([box?.x, box?.width]).toEqual([0, width]);
      expect(await barriers(page)).toEqual([]);
      world.line("first", "0192d3c4-first", Date.now(), { event: "start", command: ["x"], pid: 1 });
      const row = await world.index.session("0192d3c4-first");
      world.feed.publish({ type: "mcp.session", row: row! });
      await counts(page, "#welcome", 0);
      await page.locator("#sessions .row", { hasText: "first" }).first().waitFor();
      expect(seen.complaints).toEqual([]);
    }
    await own.close();
  },
);

async function rowsOf(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("#list .rows > .row:not([hidden])")]
    .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
    .map((row) => [".c-id", ".c-method", ".times"].map((it) => row.querySelector(it)?.textContent.trim() ?? ""))
    .map((parts) => parts.filter(Boolean).join(" "))`);
}

function busy(): Believable {
  const world = believable();
  const at = Date.now() - 60_000;
  const rpc = { jsonrpc: "2.0" };
  const say = (t: number, from: string, message: object) =>
    world.line("everything", SESSION, at + t, { from, message: { ...rpc, ...message } });
  world.line("everything", SESSION, at, { event: "start", command: ["npx", "everything"], pid: 1 });
  const clientInfo = { name: "claude-code", version: "2.1" };
  const protocolVersion = "2025-11-25";
  const hello = { protocolVersion, capabilities: { sampling: {} }, clientInfo };
  say(1, "client", { id: 0, method: "initialize", params: hello });
  const serverInfo = { name: "everything", version: "1" };
  say(50, "server", { id: 0, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
  say(52, "client", { method: "notifications/initialized" });
  say(60, "client", { id: 1, method: "tools/list" });
  say(70, "server", { id: 1, result: { tools: [{ name: "long", inputSchema: { type: "object" } }] } });
  for (let n = 0; n < 4; n++) say(80 + n, "server", { method: "notifications/tools/list_changed" });
  const call = (name: string, rest: object) => ({ method: "tools/call", params: { name, ...rest } });
  const asked = { arguments: { prompt: "tell me" }, _meta: { progressToken: 2 } };
  say(100, "client", { id: 2, ...call("trigger-sampling", asked) });
  const text = (words: string) => ({ type: "text", text: words });
  const messages = [{ role: "user", content: text("hi") }];
  say(110, "server", { id: 0, method: "sampling/createMessage", params: { messages, maxTokens: 10 } });
  say(300, "client", { id: 0, result: { role: "assistant", model: "m", content: text("sampled") } });
  for (let n = 1; n <= 4; n++)
    say(310 + n * 10, "server", {
      method: "notifications/progress",
      params: { progressToken: 2, progress: n, total: 5 },
    });
  say(400, "server", { id: 2, result: { content: [text("done")] } });
  say(500, "client", { id: 3, ...call("nope", { arguments: { city: "Paris" } }) });
  say(505, "server", { id: 3, error: { code: -32602, message: "Tool nope not found" } });
  say(600, "client", { id: 4, ...call("long", { arguments: {} }) });
  return world;
}
