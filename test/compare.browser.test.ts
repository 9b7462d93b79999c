/** Two exchanges side by side, in a real browser: marked by keys and buttons, kept in the address, in both languages. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { barriers, shows, visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

describe.skipIf(!executablePath)("two exchanges", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("are marked with x, compared with d, and stand in the address", async () => {
    await using seen = await visit(browser, aDay(20));
    const { page } = seen;
    const row = (n: number) => page.locator("#list .rows .row[aria-rowindex]").nth(n);
    await row(3).waitFor();
    const [first, second] = [await row(3).getAttribute("id"), await row(5).getAttribute("id")];
    await row(5).click();
    await page.locator("article.exchange").waitFor();
    await page.keyboard.press("x");
    await shows(page, ".marks", "Marked: ");
    await row(3).click();
    await page.keyboard.press("x");
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("d");
    const idOf = (name: string | null) => name!.replace("list-row-", "");
    // What came first stands left, in whatever order they were marked.
    await page.waitForURL(`**/diff/${idOf(first)}..${idOf(second)}`);
    await shows(page, ".compare-says", "other message");
    expect(await page.locator(".compare-numbers tbody tr").count()).toBeGreaterThan(5);
    expect(await barriers(page)).toEqual([]);
    await page.locator("[data-lang-switch]").click();
    await page.waitForURL(/lang=zh/);
    await shows(page, ".compare-says", "。");
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    expect(seen.complaints).toEqual([]);
  });

  test("without a mark it is the turn before, by the button too; where there is none, that is said", async () => {
    await using seen = await visit(browser, aDay(20));
    const { page } = seen;
    await page.locator("#list .rows .row").nth(3).waitFor();
    await page.locator("#list .rows .row", { hasText: "Write a haiku" }).first().click();
    await page.locator("article.exchange").waitFor();
    await page.keyboard.press("d");
    await shows(page, "#toasts", "mark another exchange");
    expect(seen.complaints).toEqual([]);
  });
});
