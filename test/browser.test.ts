/** A newcomer opens the page in a real browser and presses the one button that is there. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import axe, { type AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { BROWSER_TEST, executablePath, launch, newPage } from "./chromium.ts";
import { startProgram } from "./program.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;
beforeAll(async () => {
  if (executablePath) browser = await launch();
});
afterAll(() => browser?.close());

test.skipIf(!executablePath)(
  "the demo tells its steps, ends on the run that it made with three things pointed at, and fills both tabs",
  async () => {
    await using program = await startProgram();
    const { page, context } = await newPage(browser, { viewport: { width: 1280, height: 800 } });
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));

    await page.goto(program.pageUrl);
    await page.locator("[data-do=demo]").first().click();
    await page.locator(".tour-steps", { hasText: "The agent starts its MCP server: weather" }).waitFor();
    await page.waitForURL(/\/run\/.+step=/);
    for (const title of [
      "Both wires on one clock",
      "A tool call is two requests",
      "Asked, sent, answered, seen",
    ]) {
      await page.getByRole("dialog", { name: title }).waitFor();
      await page.locator(".tour-foot button:focus").press("Enter");
    }
    await page.locator(".tour-card").waitFor({ state: "detached" });
    await page.reload();
    await page.locator("#list .row[aria-selected=true]").waitFor();
    await page.locator("#list .rows .row", { hasText: "get_forecast" }).nth(2).waitFor();
    expect(await page.locator(".tour-card").count()).toBe(0);
    await page.goto(program.pageUrl);
    await page.getByText("429").first().waitFor();
    // The first rows stand in the HTML: they can be seen a moment before they can be clicked.
    await page.locator(".live[data-live=live]").waitFor();
    await page.getByText("What will the weather").first().click();
    await page.waitForURL(/\/llm\/[0-9a-f-]{36}/);
    await page.getByText("get_forecast").first().waitFor();
    await page.getByText("429").first().waitFor();
    await page.goto(`${program.pageUrl}/mcp`);
    await page.getByText("tools/call").or(page.getByText("weather")).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  },
);

test.skipIf(!executablePath)(
  "on a phone nothing is wider than the screen, and axe finds nothing, light or dark",
  async () => {
    await using program = await startProgram();
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, context } = await newPage(browser, {
        colorScheme,
        viewport: { width: 360, height: 740 },
        bypassCSP: true,
      });
      await page.goto(program.pageUrl);
      await page.getByRole("button").first().waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      await page.addScriptTag({ content: axe.source });
      const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
      const found = await page.evaluate<AxeResults>(`axe.run({ runOnly: ${JSON.stringify(tags)} })`);
      expect(
        found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      ).toEqual([]);
      await context.close();
    }
  },
);

test.skipIf(!executablePath)("the tour ends with Esc, and is not begun again by another page", async () => {
  await using program = await startProgram();
  const { page, context } = await newPage(browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${program.pageUrl}/?lang=zh`);
  await page.locator("[data-do=demo]").first().click();
  const card = page.getByRole("dialog", { name: "演示" });
  await card.waitFor();
  await card.locator("button").press("Escape");
  await card.waitFor({ state: "detached" });
  await page.getByText("429").first().waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
  await page.reload();
  await page.locator("#list .row").first().waitFor();
  expect(await page.locator(".tour-card").count()).toBe(0);
  await context.close();
});

test.skipIf(!executablePath)("the page is live however late the extension for sockets comes", async () => {
  await using program = await startProgram();
  const { page, context } = await newPage(browser, { bypassCSP: true });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/hx-ws.js", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(program.pageUrl, { waitUntil: "commit" });
  // By then htmx has begun without it.
  await page.waitForFunction("window.htmx && new Promise((done) => setTimeout(done, 0, true))");
  release();
  await page.locator(".live[data-live=live]").waitFor();
  await context.close();
});
