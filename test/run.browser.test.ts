/** Runs and the list of many rows in a real browser, on the real program. Skipped where there is no chromium. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { exchangeRow } from "../src/index/contract-rows.testkit.ts";
import { createWeb } from "../src/web/app.ts";
import { believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch, newPage } from "./chromium.ts";
import { getJson, run, startProgram, until, type Program } from "./program.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

describe.skipIf(!executablePath)("runs and rows", () => {
  let program: Program;
  beforeAll(async () => {
    browser = await launch();
    program = await startProgram();
    await run(["demo", "en", program.proxyUrl, "--log-dir", program.logDir]);
    await until(async () => (await getJson(`${program.pageUrl}/api/runs`)).items[0]?.tool_calls === 3);
  });
  afterAll(async () => {
    await browser?.close();
    await program?.[Symbol.asyncDispose]();
  });

  test("the demo is one run: its tool call is tied, and opens to both wires", async () => {
    const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    await page.goto(`${program.pageUrl}/runs`);
    const bar = page.locator("#list .rows .row", { hasText: "3 tools" }).locator(".c-bar");
    expect(await bar.getAttribute("title")).toMatch(/^model .+ · MCP servers .+ · host or person .+$/);
    for (const of of ["model", "tool"])
      expect(Number(await bar.locator(`rect.of-${of}`).getAttribute("width"))).toBeGreaterThan(0);
    await page.locator("#list .rows .row", { hasText: "3 tools" }).click();
    await page.waitForURL(/\/run\/[\w-]+$/);
    await page.locator("#detail h2", { hasText: "How the context grew" }).waitFor();
    const tool = page.locator("#list .rows .row", { hasText: "get_forecast" }).filter({ hasText: "served" });
    await tool.first().click();
    await page.waitForURL(/step=/);
    for (const title of ["The model asked", "The host sent", "The server answered", "The model saw"])
      await page.locator("#detail h3", { hasText: title }).waitFor();
    await page.locator("#detail .tie", { hasText: "name+arguments+order" }).waitFor();
    const address = page.url();
    await page.goto(address);
    await page.locator('#list .row[aria-selected="true"]', { hasText: "get_forecast" }).waitFor();
    await page.locator("#lanes").focus();
    await page.keyboard.press("+");
    await page.waitForURL(/from=\d+&to=\d+/);
    await page.keyboard.press("0");
    await page.waitForURL((url) => !url.search.includes("from="));
    await page.locator("#detail a", { hasText: "MCP" }).first().click();
    await page.waitForURL(/\/mcp\//);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("runs are filtered by what they are and sorted by what they took, and the address holds both", async () => {
    const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    const rows = page.locator("#list .rows .row");
    await page.goto(`${program.pageUrl}/runs`);
    await rows.first().waitFor();
    const input = page.locator("#filter input[name=q]");
    await input.click();
    await input.pressSequentially("server:we");
    await page.locator("#completions [role=option]", { hasText: "server:weather" }).click();
    await page.locator("#meaning", { hasText: "shows runs whose MCP server is weather" }).waitFor();
    await page.waitForURL(/q=server%3Aweather/);
    await rows.filter({ hasText: "weather" }).first().waitFor();
    await page.locator("#list .head button", { hasText: "Cost" }).click();
    await page.waitForURL(/sort=-cost/);
    await page.locator('#list .head [aria-sort="descending"]', { hasText: "Cost" }).waitFor();
    await page.reload();
    await page.locator("#list .rows .row", { hasText: "weather" }).first().waitFor();
    expect(await input.inputValue()).toBe("server:weather");
    await input.fill("state:running -server:weather nowhere");
    await page.locator("#none-fit").waitFor();
    await page.locator("#none-fit button").click();
    await rows.first().waitFor();
    await context.close();
  });

  test("one key goes from a call of the model to its MCP message and back, with what each side knows", async () => {
    const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    const { items } = await getJson(`${program.pageUrl}/api/runs`);
    const { steps } = await getJson(`${program.pageUrl}/api/runs/${items[0].id}`);
    const call = steps.find(({ kind }: { kind: string }) => kind === "tool");
    await page.goto(`${program.pageUrl}/llm/${call.exchange}`);
    await page.locator("#panel .given-by summary").click();
    await page.locator("#panel .given-place", { hasText: "structuredContent" }).waitFor();
    await page.keyboard.press("m");
    await page.waitForURL(/\/mcp\/[\w-]+\/\d+$/);
    await page.locator("#message .asked-by", { hasText: /asked by turn \d of “Hello!”/ }).waitFor();
    await page.locator("#sessions .row[aria-selected=true]").waitFor();
    await page.keyboard.press("m");
    await page.waitForURL(new RegExp(`/llm/${call.exchange}#call-0$`));
    await page.locator("#call-0", { hasText: "get_forecast" }).waitFor();
    await context.close();
  });

  test("no barrier that a machine can find in runs, one run, one step and hosts, light, dark and narrow", async () => {
    const axe = await Bun.file(`${import.meta.dir}/../node_modules/axe-core/axe.min.js`).text();
    const [{ id }] = (await getJson(`${program.pageUrl}/api/runs`)).items;
    const { steps } = await getJson(`${program.pageUrl}/api/runs/${id}`);
    const call = steps.find(({ kind }: { kind: string }) => kind === "tool");
    const step = `/run/${id}?step=${encodeURIComponent(call.id)}`;
    const run = `/run/${id}`;
    const all = ["/runs", run, step, "/hosts", `/llm/${call.exchange}/context`];
    for (const [width, colorScheme, paths] of [
      [1440, "light", all],
      [1440, "dark", [run, "/hosts"]],
      [360, "light", ["/runs", run]],
    ] as const) {
      const { page, context } = await newPage(browser, {
        colorScheme,
        viewport: { width, height: 800 },
        bypassCSP: true,
      });
      for (const path of paths) {
        await page.goto(program.pageUrl + path);
        const shown = page.locator("#list .rows .row, .host-card, .run-step, .treemap");
        await shown.filter({ visible: true }).first().waitFor();
        await page.addScriptTag({ content: axe });
        const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
          "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })",
        );
        const said = found.violations.map(({ id: rule, nodes }) => `${path} ${rule} ${nodes[0]?.html}`);
        expect(said).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      }
      await context.close();
    }
  });

  test("a list of thousands knows every row: its ends, its counts, an old address, any order", async () => {
    const world = believable();
    const many = 3_000;
    const row = (n: number) =>
      exchangeRow(n, {
        id: `0192d3c4-0000-7000-8000-${String(n).padStart(12, "0")}`,
        asked: `question ${n}`,
        status: n % 10 ? 200 : 429,
        cost: n / 1000,
      });
    world.index.putExchanges(
      Array.from({ length: many }, (_, n) => ({ row: row(n), text: `question ${n}` })),
    );
    const app = await createWeb(world.sources);
    app.listen({ port: 0, hostname: "127.0.0.1" });
    const url = `http://127.0.0.1:${app.server?.port}`;
    const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    const shows = (text: string) =>
      page.locator("#list .rows .row:not([hidden])", { hasText: text }).first().waitFor();
    await page.goto(url);
    await shows("question 2999");
    expect(await page.locator("#list").getAttribute("aria-rowcount")).toBe("3001");
    await page.locator("#list").focus();
    await page.keyboard.press("Home");
    await shows("question 0");
    await page.keyboard.press("End");
    await shows("question 2999");
    await page.goto(`${url}/?q=is:error`);
    await page.locator("#shown", { hasText: "300 of" }).waitFor();
    await page.locator("#meaning", { hasText: "that are failed" }).waitFor();
    await page.goto(`${url}/?sort=-cost`);
    await shows("question 2999");
    await page.locator('[data-by="cost"]').click();
    await page.waitForURL(/sort=cost$/);
    await shows("question 0");
    await page.goto(`${url}/llm/${row(1234).id}`);
    await shows("question 1234");
    await context.close();
    await app.stop(true);
  });
});
