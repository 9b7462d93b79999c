/** Much at once: what the page draws and asks is counted, since what a machine takes for it says little. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Request } from "playwright-core";
import { exchangeRow } from "../src/index/contract-rows.testkit.ts";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { counts, shows, visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

/** Counts how often a row element became another exchange. */
const WATCH = `{
  globalThis.written = 0;
  const rows = document.querySelector("#list .rows");
  new MutationObserver((all) => (globalThis.written += all.length))
    .observe(rows, { subtree: true, attributeFilter: ["id"] });
}`;

describe.skipIf(!executablePath)("a flood", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("of 3,000 frames writes only the rows in sight, some times, and asks nothing for them", async () => {
    await using seen = await visit(browser, aDay(40));
    const { page, world } = seen;
    await counts(page, "#list .first-rows", 0);
    await page.locator("#list .rows .row").nth(5).waitFor();
    await page.waitForLoadState("networkidle");
    await page.evaluate(WATCH);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    for (let n = 0; n < 1000; n++) {
      // The feed of the tests lets nobody be behind by more than 1,000 frames.
      if (n % 250 === 249)
        await page.locator("#list .rows .row", { hasText: `number ${n - 1} of` }).waitFor();
      const row = exchangeRow(1000 + n, { at: Date.now() + n, asked: `number ${n} of the flood` });
      world.feed.publish({ type: "exchange.open", row: { ...row, state: "waiting", status: null } });
      world.feed.publish({ type: "exchange.head", row: { ...row, state: "streaming" }, headers: [] });
      world.feed.publish({ type: "exchange.close", row, ending: "complete" });
    }
    await page.locator("#list .rows .row", { hasText: "number 999 of the flood" }).waitFor();
    const inSight = await page.locator("#list .rows .row").count();
    const written = await page.evaluate<number>("written");
    // Twelve messages of 256 frames at most: drawn once each if the page is as quick as that.
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(inSight * 13);
    // What the strip and the line below say is asked again once in a while, the rows never.
    expect(asked.filter((path) => path !== "/status" && path !== "/api/overview")).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });

  test("a key that is quicker than the exchange is meant for that exchange", async () => {
    await using seen = await visit(browser, aDay(40));
    const { page } = seen;
    await counts(page, "#list .first-rows", 0);
    const rows = page.locator("#list .rows .row");
    await rows.nth(6).waitFor();
    await rows.nth(6).click();
    await page.locator("article.exchange").waitFor();
    const before = page.url();
    let letIn = () => {};
    const open = new Promise<void>((resolve) => (letIn = resolve));
    await page.route(/\/llm\/[^/]+(\/story)?$/, async (route) => (await open, await route.continue()));
    const selected = '#list .row[aria-selected="true"]';
    const former = await page.locator(selected).getAttribute("id");
    await page.keyboard.press("k");
    const chosen = await page.locator(`${selected}:not(#${former})`).getAttribute("id");
    await page.keyboard.press("t");
    letIn();
    await page.waitForURL(`**/llm/${chosen!.replace("list-row-", "")}/stream`);
    expect(page.url()).not.toBe(`${before}/stream`);
    await page.locator('#tab-stream[aria-selected="true"]').waitFor();
    expect(seen.complaints).toEqual([]);
  });

  test("typing asks one question at a time, and the last word is what the list shows", async () => {
    await using seen = await visit(browser, aDay(40));
    const { page } = seen;
    await counts(page, "#list .first-rows", 0);
    let now = 0;
    let most = 0;
    let all = 0;
    await page.route(/\/api\/exchanges\?/, async (route) => {
      all += 1;
      most = Math.max(most, ++now);
      await route.continue();
    });
    const over = (request: Request) => {
      if (request.url().includes("/api/exchanges?")) now -= 1;
    };
    page.on("requestfinished", over).on("requestfailed", over);
    const typed = "model:gpt* status:200";
    await page.locator("#filter input[name=q]").pressSequentially(typed);
    const answer = await fetch(`${seen.url}/api/exchanges?q=${encodeURIComponent(typed)}`);
    const { total } = (await answer.json()) as { total: number };
    await shows(page, "#shown", `${total} of `);
    await page.waitForLoadState("networkidle");
    // A second one may go where the first was not answered for long; the first is given up for it.
    expect([most <= 2, all <= typed.length]).toEqual([true, true]);
    expect(seen.complaints).toEqual([]);
  });

  test("a question that is answered no more is given up for the next one", async () => {
    await using seen = await visit(browser, aDay(40));
    const { page } = seen;
    await counts(page, "#list .first-rows", 0);
    const first = "model:gpt*";
    // Nobody ever answers it.
    await page.route(
      `**/api/exchanges?*q=${new URLSearchParams({ q: first }).toString().slice(2)}`,
      () => {},
    );
    const sent = page.waitForRequest((request) => new URL(request.url()).searchParams.get("q") === first);
    const givenUp = page.waitForEvent("requestfailed");
    const input = page.locator("#filter input[name=q]");
    await input.fill(first);
    await sent;
    await input.fill("status:200");
    const { total } = (await (await fetch(`${seen.url}/api/exchanges?q=status:200`)).json()) as {
      total: number;
    };
    await shows(page, "#shown", `${total} of `);
    expect(new URL((await givenUp).url()).searchParams.get("q")).toBe(first);
    expect(seen.complaints).toEqual([]);
  });
});
