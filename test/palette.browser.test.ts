/** The palette, what is pressed with fingers, what is taken back, in a real browser. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { barriers, becomes, counts, shows, visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;
const CHOSEN = "document.querySelector('#palette-list [aria-selected=true] .name')?.textContent";

describe.skipIf(!executablePath)("the palette", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("everything is found by its name, chosen with keys, and the focus comes back", async () => {
    await using seen = await visit(browser, aDay(12));
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    await page.locator("#list").focus();
    await page.keyboard.press("Control+k");
    await page.locator("#palette [role=combobox]").waitFor();
    await shows(page, "#palette-list", "Runs");
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.type("density: comp");
    await becomes(page, CHOSEN, "Density: Compact");
    await page.keyboard.press("ArrowDown");
    await becomes(page, CHOSEN, "Density: Compact");
    await page.keyboard.press("Enter");
    await becomes(page, "document.documentElement.dataset.density", "compact");
    await counts(page, "#palette", 0);
    await becomes(page, "document.activeElement.id", "list");
    await page.locator('[data-do="palette"]').click();
    await page.locator("#palette [role=combobox]").waitFor();
    await page.keyboard.type("errors");
    await becomes(page, CHOSEN, "errors");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=is/);
    expect(seen.complaints).toEqual([]);
  });

  test("it looks into the record: an exchange by its words, in Chinese too, a session by its name", async () => {
    await using seen = await visit(browser, aDay(12), "/mcp", { locale: "zh-CN" });
    const { page } = seen;
    await shows(page, "#sessions", "weather");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("weath");
    await shows(page, "#palette-list [role=group]", "MCP 会话");
    await page.locator("#palette [role=combobox]").fill("总结一下");
    await shows(page, "#palette-list .option", "总结一下这段 SSE 协议");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/llm\//);
    await shows(page, "#detail", "总结一下这段 SSE 协议");
    await page.keyboard.press("Control+k");
    await page.locator("#palette").waitFor();
    await page.keyboard.press("Escape");
    await counts(page, "#palette", 0);
    expect(seen.complaints).toEqual([]);
  });

  test("pause and follow are buttons that show how they stand; a filter that was cleared comes back", async () => {
    await using seen = await visit(browser, aDay(60), "/?q=is:error");
    const { page, world } = seen;
    await shows(page, "#shown", "of 61");
    await shows(page, ".live", "live");
    await page.locator('[data-do="clear-filter"]').first().click();
    await becomes(page, "document.querySelector('[name=q]').value", "");
    await page.locator(".toast .undo").click();
    await becomes(page, "document.querySelector('[name=q]').value", "is:error");
    await page.locator('[data-do="clear-filter"]').first().click();
    await becomes(page, "document.querySelector('#filter [data-do=follow]').ariaPressed", "true");
    await page.locator("#list").focus();
    await page.keyboard.press("Home");
    await becomes(page, "document.querySelector('#filter [data-do=follow]').ariaPressed", "false");
    await page.locator('#filter [data-do="follow"]').click();
    await becomes(page, "document.querySelector('#filter [data-do=follow]').ariaPressed", "true");
    await page.locator('[data-do="pause"]').click();
    await shows(page, ".live", "paused");
    world.begin({ body: { model: "m", messages: [{ role: "user", content: "while paused" }] } });
    await page.locator('[data-do="pause"]').click();
    await shows(page, "#list .rows", "while paused");
    expect(seen.complaints).toEqual([]);
  });

  test("a cell is looked for with Alt and left out with Shift too; hits in what is open are gone through", async () => {
    await using seen = await visit(browser, aDay(12));
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    const q = "document.querySelector('[name=q]').value";
    await page
      .locator("#list .c-status", { hasText: "429" })
      .first()
      .click({ modifiers: ["Alt"] });
    await becomes(page, q, "status:429");
    await page
      .locator("#list .rows .c-model")
      .first()
      .click({ modifiers: ["Alt", "Shift"] });
    await page.waitForURL(/-model/);
    await page.locator("[name=q]").fill("haiku");
    await page.keyboard.press("Enter");
    await page.locator("#list .rows .row:not([hidden])").first().click();
    await shows(page, "#detail", "haiku");
    await becomes(page, "document.querySelector('#filter .hit-steps').hidden", false);
    await page.locator("#list").focus();
    await page.keyboard.press("n");
    await becomes(page, "CSS.highlights.get('hit-here')?.size", 1);
    expect(seen.complaints).toEqual([]);
  });

  test("sessions are filtered by their names and by how they went", async () => {
    const world = aDay(2);
    await using seen = await visit(browser, world, "/mcp");
    const { page } = seen;
    await shows(page, "#sessions", "weather");
    await page.locator("#session-filter").fill("is:error weath");
    await counts(page, "#sessions .rows > .row:not([hidden])", 1);
    await page.locator("#session-filter").fill("is:closed");
    await counts(page, "#sessions .rows > .row:not([hidden])", 0);
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });

  test("F6 goes round all regions and comes back", async () => {
    await using seen = await visit(browser, aDay(12));
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    await page.locator("#list .rows .row", { hasText: "tool result" }).click();
    await page.locator("#panel").waitFor();
    await page.locator("header.bar nav a").first().focus();
    const places: string[] = [];
    for (let n = 0; n < 6; n++) {
      await page.keyboard.press("F6");
      places.push(
        await page.evaluate<string>(
          "document.activeElement.name || document.activeElement.id || document.activeElement.role || document.activeElement.tagName",
        ),
      );
    }
    expect(places).toEqual(["q", "slider", "list", "panel", "SUMMARY", "A"]);
    await page.keyboard.press("Shift+F6");
    await becomes(page, "document.activeElement.tagName", "SUMMARY");
  });

  test("under a finger nothing is smaller than 44 pixels; on a phone a bar goes through the list", async () => {
    await using seen = await visit(browser, aDay(12), "/", {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    expect(await page.evaluate(SMALL)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    await page.locator("#list .rows .row", { hasText: "tool result" }).tap();
    await shows(page, "#detail", "umbrella");
    await page.locator('.phone-bar [data-do="prev"]').tap();
    await shows(page, "#detail .turn.role-user", "Fix the failing test");
    expect(await page.evaluate(SMALL)).toEqual([]);
    await page.locator('.phone-bar [data-do="close"]').tap();
    await page.locator("#list").waitFor({ state: "visible" });
    await page.locator(".popup.columns > summary").tap();
    await page.locator("#columns-menu [name=group][value=conversation]").waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });
});

/** Buttons, chips, tabs and rows in sight that a finger misses. */
const SMALL = `[...document.querySelectorAll("button, a.button, .tabs a, [role=tab], #list .row:not([hidden])")]
  .filter((it) => it.offsetParent !== null && it.checkVisibility())
  .filter((it) => !it.closest(".turn, .row.head, footer, .facts"))
  .map((it) => [it.textContent.trim().slice(0, 20) || it.className, it.getBoundingClientRect()])
  .filter(([, { width, height }]) => height > 0 && height < 43.5)
  .map(([name, { height }]) => name + " " + Math.round(height))`;
