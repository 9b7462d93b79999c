/** The strip above the list in a real browser: it follows the filter, and a stretch of time is chosen by hand or by keys. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { exchangeRow } from "../src/index/contract-rows.testkit.ts";
import { believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { barriers, becomes, shows, visit } from "./visit.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

describe.skipIf(!executablePath)("the overview", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("it says what there is, follows the filter and what comes, and gives a table by model", async () => {
    const world = traffic();
    await using seen = await visit(browser, world);
    const { page } = seen;
    await shows(page, "[data-chart=requests] .what", "120 requests");
    await shows(page, "[data-chart=requests] .what", "12 failed");
    await shows(page, "[data-chart=cost] .what", "$1.20");
    await page.locator(".by-model summary").click();
    await shows(page, ".overview-models tbody tr:first-child", "gpt-5");
    expect(await barriers(page)).toEqual([]);
    await page.locator(".overview-models button", { hasText: "claude" }).click();
    await becomes(page, "document.querySelector('[name=q]').value", "model:claude");
    await shows(page, "[data-chart=requests] .what", "30 requests");
    const row = exchangeRow(121, { model: "claude" });
    world.index.putExchanges([{ row, text: "" }]);
    world.feed.publish({ type: "exchange.close", row, ending: "complete" });
    await shows(page, "[data-chart=requests] .what", "31 requests");
    expect(seen.complaints).toEqual([]);
  });

  test("a stretch is drawn with a pointer, and the whole time comes back", async () => {
    await using seen = await visit(browser, traffic(), "/?q=is:done");
    const { page } = seen;
    await shows(page, "[data-chart=requests] .what", "120 requests");
    const box = (await page.locator("[data-chart=requests]").boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/since/);
    const q = await page.locator("[name=q]").inputValue();
    expect(q).toMatch(/^is:done since:\d{4}-\S+Z until:\d{4}-\S+Z$/);
    await shows(page, "#shown", "of 120");
    await shows(page, "[data-chart=requests] .what", "31 requests");
    await page.locator("[data-do=whole-time]").click();
    await becomes(page, "document.querySelector('[name=q]').value", "is:done");
    await shows(page, "[data-chart=requests] .what", "120 requests");
    expect(seen.complaints).toEqual([]);
  });

  test("it comes with the first exchange", async () => {
    const world = believable();
    await using seen = await visit(browser, world);
    const { page } = seen;
    await shows(page, ".live", "live");
    expect(await page.locator("#overview").isVisible()).toBe(false);
    expect(await barriers(page)).toEqual([]);
    const row = exchangeRow(1);
    world.index.putExchanges([{ row, text: "" }]);
    world.feed.publish({ type: "exchange.close", row, ending: "complete" });
    await shows(page, "[data-chart=requests] .what", "1 request");
    expect(seen.complaints).toEqual([]);
  });

  test("what is in flight is counted, where it fits", async () => {
    const world = believable();
    await using seen = await visit(browser, world);
    const { page } = seen;
    await shows(page, ".live", "live");
    const flight = world.begin({ body: { model: "gpt-5", messages: [{ role: "user", content: "hi" }] } });
    await shows(page, "[data-chart=requests] .what", "1 request 1 in flight");
    await page.locator("[name=q]").fill("model:claude");
    await shows(page, "[data-chart=requests] .what", "0 requests");
    await page.locator("[name=q]").fill("");
    await shows(page, "[data-chart=requests] .what", "1 request 1 in flight");
    flight.head(30);
    flight.end(60);
    await page
      .locator("[data-chart=requests] .what", { hasText: "in flight" })
      .waitFor({ state: "detached" });
    await shows(page, "[data-chart=requests] .what", "1 request");
    expect(seen.complaints).toEqual([]);
  });

  test("keys go through time and say what is there; it folds by a key and stays folded", async () => {
    await using seen = await visit(browser, traffic());
    const { page } = seen;
    await shows(page, "[data-chart=requests] .what", "120 requests");
    await page.locator("[role=slider]").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    expect(await page.locator("[role=slider]").getAttribute("aria-valuetext")).toContain(
      "3 requests, 1 failed",
    );
    await page.keyboard.press("Enter");
    await shows(page, "#shown", "3 of 120");
    await page.locator("#list").focus();
    await page.keyboard.press("o");
    await page.locator("#overview").waitFor({ state: "hidden" });
    await page.reload();
    await shows(page, "#list .rows", "What is the weather?");
    expect(await page.locator("#overview").isVisible()).toBe(false);
    expect(await page.locator("[data-do=overview]").getAttribute("aria-expanded")).toBe("false");
    await page.locator("[data-do=overview]").click();
    await shows(page, "[data-chart=requests] .what", "3 requests");
    expect(seen.complaints).toEqual([]);
  });
});

/** An exchange each second for two minutes, every tenth of which failed, from two models. */
function traffic() {
  const world = believable();
  const rows = Array.from({ length: 120 }, (_, n) =>
    exchangeRow(n, { status: n % 10 === 0 ? 500 : 200, cost: 0.01, model: n % 4 === 0 ? "claude" : "gpt-5" }),
  );
  world.index.putExchanges(rows.map((row) => ({ row, text: "" })));
  return world;
}
