/** What teaches, in a real browser: the Learn switch on every kind of selection, by hand and by keys, in both languages. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { believable, exchangeOf } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch, newPage } from "./chromium.ts";
import { startProgram } from "./program.ts";
import { visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;
const axe = await Bun.file(`${import.meta.dir}/../node_modules/axe-core/axe.min.js`).text();
const BARRIERS = `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 160)))`;

describe.skipIf(!executablePath)("learning", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("whatever is selected gets its lines: an event, a message, a header, a field, an arrow; and it is remembered", async () => {
    const world = aDay(12);
    await using visited = await visit(browser, world);
    const { page, url } = visited;
    const { items } = await world.index.exchanges({ limit: 40 });
    const tool = items.find(({ tools }) => tools.length > 0)?.id;
    await page.goto(`${url}/llm/${tool}/stream#event-9`);
    await page.locator('.chunks .row[aria-selected="true"]').waitFor();
    await page.keyboard.press("l");
    await shows(page, ".learn-card", "A call of get_forecast begins");
    await page.keyboard.press("ArrowRight");
    await shows(page, ".learn-card", "which began at event 9. So far they are no JSON");
    await shows(page, ".learn-card", "The same in");
    await page.reload();
    await shows(page, ".learn-card", "What it is");
    await page.locator('[data-panel-tab="story"]').click();
    await page.locator("#message-1").focus();
    await shows(page, ".learn-card", "The conversation begins with this request");
    await page.locator('[data-panel-tab="wire"]').click();
    await page.locator("#panel .term", { hasText: "content-type" }).first().focus();
    await shows(page, ".learn-card", "Bytes do not say what they are");
    expect(await page.locator("#term").isVisible()).toBe(false);
    await page.locator("#wire-tab-request").click();
    await page.locator('#wire-request [data-raw="indented"]').click();
    await page.locator("#wire-request .line", { hasText: '"model"' }).click();
    await shows(page, ".learn-card", "One address serves many models");
    await page.goto(`${url}/mcp/0192d3c4-weather?lang=zh`);
    await page.locator("#session .k-request", { hasText: "get_forecast" }).first().click();
    await shows(page, ".learn-card", "模型在回答中请求了该工具");
    await shows(page, ".learn-card", "此处的应答是第");
    await page.locator(".learn-card .close").click();
    expect(await page.locator(".learn-card").count()).toBe(0);
    expect(visited.complaints).toEqual([]);
  });

  test("a step of the head leads to its event, and rows that are steps say which", async () => {
    const world = aDay(12);
    await using visited = await visit(browser, world);
    const { page, url } = visited;
    const { items } = await world.index.exchanges({ limit: 40 });
    await page.goto(`${url}/llm/${items.find(({ tools }) => tools.length > 0)?.id}`);
    await page.locator(".problem-line summary").click();
    await page.locator(".milestones a", { hasText: "Tool asked" }).click();
    await page.locator('.chunks .row[aria-selected="true"]', { hasText: "get_for" }).waitFor();
    await shows(page, ".chunk .step", "Tool asked");
    await page.goto(`${url}/?q=expert:tool-served`);
    await shows(page, "#list .rows", "tool result");
    await page.goto(`${url}/mcp/0192d3c4-weather`);
    await page.locator("#message-filter").fill("expert:handshake-done");
    await shows(page, "#session [data-found]", "1 of");
    await shows(page, "#session .rows .row:not([hidden]) .step-flag", "Handshake done");
    expect(visited.complaints).toEqual([]);
  });

  test("what is recorded stays text in what is explained of it", async () => {
    const evil = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    const world = believable();
    const call = { index: 0, id: evil, type: "function", function: { name: evil, arguments: "{" } };
    const chunk = { object: evil, choices: [{ index: 0, delta: { tool_calls: [call] } }] };
    const body = {
      model: evil,
      stream: true,
      messages: [{ role: evil, content: evil }],
      [evil]: { [evil]: 1 },
    };
    const exchange = exchangeOf({
      body,
      pieces: [[300, `event: ${evil}\ndata: ${JSON.stringify(chunk)}\n\n`]],
    });
    world.keep(exchange);
    const message = { jsonrpc: "2.0", id: evil, method: evil, params: { name: evil } };
    world.line("evil", "s-evil", Date.now(), { from: "client", message });
    await using visited = await visit(browser, world);
    const { page, url } = visited;
    await page.evaluate(`localStorage.setItem("learn", "on")`);
    await page.goto(`${url}/llm/${exchange.id}/stream#event-0`);
    await shows(page, ".learn-card", "onerror");
    await page.goto(`${url}/llm/${exchange.id}/story`);
    await page.locator(".problem-line summary").click();
    await page.locator("#message-1").focus();
    await shows(page, ".learn-card", "onerror");
    await page.goto(`${url}/mcp/s-evil/0`);
    await shows(page, ".learn-card", "onerror");
    expect(await page.locator("img, iframe, main script").count()).toBe(0);
    expect(await page.title()).not.toBe("owned");
    expect(visited.complaints).toEqual([]);
  });

  test("a lesson is walked by keys, its address holds the step, and what it speaks of is marked and in sight", async () => {
    await using visited = await visit(browser, aDay(2), "/learn");
    const { page, url } = visited;
    await page.locator(".lesson-cards a", { hasText: "A tool call is two requests" }).click();
    await page.locator("main.lesson[data-ready]").waitFor();
    await shows(page, ".told", "Step 1 of 8");
    for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowRight");
    await page.waitForURL(/step=5/);
    await shows(page, ".told article:not([hidden])", "The client calls the MCP server");
    expect(await page.locator("mark.on").allTextContents()).toEqual(['"method":"tools/call"']);
    await page.waitForFunction(IN_SIGHT);
    await page.keyboard.press("ArrowLeft");
    await page.locator(".predict summary", { hasText: "The client" }).click();
    await shows(page, ".predict .right[open]", "by calling an MCP server");
    await page.keyboard.press("End");
    await page.locator(".next-lesson").click();
    await page.waitForURL(/parallel/);
    await page.goto(`${url}/learn/stream?step=4&lang=zh`);
    await shows(page, ".told article:not([hidden])", "首个 token");
    expect(visited.complaints).toEqual([]);
  });

  test("a lesson is played live, without a key, and a broken demo opens at what the linter says", async () => {
    await using program = await startProgram();
    const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(`${program.pageUrl}/learn/cache`);
    await page.locator("main.lesson[data-ready]").waitFor();
    await page.locator("[data-run]").click();
    await page.waitForURL(/\/(llm|run)\//);
    await page.goto(`${program.pageUrl}/learn`);
    await page.locator('[data-run="leaked-thoughts"]').click();
    await page.waitForURL(/\/llm\/.*problems/);
    await shows(page, ".problems", "answer/leaked-thoughts");
    await page.goto(`${program.pageUrl}/learn`);
    await page.locator('[data-run="pollution"]').click();
    await page.waitForURL(/\/mcp\/.*problems/);
    await shows(page, ".problems", "mcp/not-json");
    await context.close();
  });

  test("no barrier that a machine can find, and nothing scrolls sideways", async () => {
    const world = aDay(12);
    const { items } = await world.index.exchanges({ limit: 40 });
    const tool = items.find(({ tools }) => tools.length > 0)?.id;
    const kinds = [
      { width: 1440, height: 900, colorScheme: "light" },
      { width: 1440, height: 900, colorScheme: "dark" },
      { width: 360, height: 740, colorScheme: "light", locale: "zh-CN" },
    ] as const;
    for (const { width, height, ...rest } of kinds) {
      const options = { viewport: { width, height }, bypassCSP: true, ...rest };
      await using visited = await visit(browser, world, "/", options);
      const { page, url } = visited;
      await page.evaluate(`localStorage.setItem("learn", "on")`);
      const views = [
        `/llm/${tool}/story`,
        `/llm/${tool}/stream#event-9`,
        "/mcp/0192d3c4-weather/7",
        "/learn",
        "/learn/stream?step=5",
        "/learn/handshake?step=4",
      ];
      for (const view of views) {
        await page.goto(url + view);
        await page.locator(view.startsWith("/learn") ? "#lesson" : ".learn-card dl").waitFor();
        if (view.includes("/story")) await page.locator(".problem-line summary").click();
        await page.addScriptTag({ content: axe });
        const found = await page.evaluate(BARRIERS);
        const sideways = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect({ view, width, found, sideways }).toEqual({ view, width, found: [], sideways: 0 });
      }
    }
  });
});

const IN_SIGHT = `(() => {
  const [mark, box] = ["mark.on", ".frames"].map((it) => document.querySelector(it).getBoundingClientRect());
  return mark.top >= box.top && mark.bottom <= box.bottom && document.documentElement.scrollTop === 0;
})()`;

async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor();
}
