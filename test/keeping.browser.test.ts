/** What is kept and what goes, in a real browser: stars on every list, by key, button and palette. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import type { Star } from "../src/fact/rows.ts";
import type { Believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { barriers, becomes, counts, shows, visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

/** A day whose stars are kept. */
function starry(): Believable {
  const world = aDay(12);
  let all: Star[] = [];
  Object.assign(world.sources, {
    star({ of, id }: Star, how: "given" | "taken") {
      all = all.filter((one) => one.id !== id || one.of !== of);
      if (how === "given") all.push({ of, id });
      world.index.putStars(all);
      world.feed.publish({ type: "star", of, id, starred: how === "given" });
    },
  });
  return world;
}

const PRESSED = "document.querySelector('.star-button')?.ariaPressed";

describe.skipIf(!executablePath)("stars", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("a key stars what is chosen, here and in every window; a filter finds it; a reload keeps it", async () => {
    await using seen = await visit(browser, starry());
    const { page, url } = seen;
    const other = await page.context().newPage();
    await other.goto(url);
    for (const one of [page, other]) await shows(one, "#list .rows", "tool result");
    await page.keyboard.press("k");
    await shows(page, "#detail .star-button", "");
    await page.keyboard.press("s");
    await counts(page, "#list .row.starred:not([hidden])", 1);
    await becomes(page, PRESSED, "true");
    await shows(page, "#toasts", "Starred");
    await shows(page, "#list .row.starred .c-sign .unseen", "starred");
    await counts(other, "#list .row.starred:not([hidden])", 1);
    expect(await barriers(page)).toEqual([]);
    await other.goto(`${url}/?q=is:starred`);
    await counts(other, "#list .rows > .row:not([hidden])", 1);
    await shows(other, "#meaning", "that are starred");
    await page.reload();
    await counts(page, "#list .row.starred:not([hidden])", 1);
    await becomes(page, PRESSED, "true");
    await page.locator("#detail .star-button").click();
    await becomes(page, PRESSED, "false");
    await counts(page, "#list .row.starred:not([hidden])", 0);
    await counts(other, "#list .rows > .row:not([hidden])", 0);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("star");
    await shows(page, "#palette-list .option", "Star");
    expect(seen.complaints).toEqual([]);
  });

  test("sessions have stars of their own, in Chinese too", async () => {
    await using seen = await visit(browser, starry(), "/mcp", { locale: "zh-CN" });
    const { page } = seen;
    await shows(page, "#sessions", "weather");
    await page.keyboard.press("j");
    await shows(page, "#session .star-button", "");
    await page.locator("#session .star-button").click();
    await shows(page, "#sessions .row.starred", "已加星标");
    await shows(page, "#toasts", "清理旧记录时会保留");
    await page.locator("#session-filter").fill("is:starred");
    await counts(page, "#sessions .rows > .row:not([hidden])", 1);
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });

  test("a page that only reads says where stars are given", async () => {
    await using seen = await visit(browser, aDay(12));
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    await page.keyboard.press("k");
    await shows(page, "#detail .star-button", "");
    await page.keyboard.press("s");
    await shows(page, "#toasts", "This page only reads");
    await becomes(page, PRESSED, "false");
  });
});
