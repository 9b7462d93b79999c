/** The list of MCP sessions, in a real browser: its columns, its orders, and where it stands when a session is open. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import type { SessionRow } from "../src/fact/rows.ts";
import { sessionRow } from "../src/index/contract-rows.testkit.ts";
import { believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { barriers, becomes, counts, shows, visit } from "./visit.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

const ROWS = "#sessions .rows > .row:not([hidden])";

describe.skipIf(!executablePath)("the list of MCP sessions", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("columns say how each session went, are chosen, and are remembered", async () => {
    await using seen = await visit(browser, worldOf(3), "/mcp");
    const { page } = seen;
    await counts(page, ROWS, 3);
    expect(await firstRow(page)).toEqual({
      sign: "open",
      story: "server-2 weather",
      client: "inspector",
      state: "open",
      transport: "stdio",
      revision: "2025-11-25 · with a handshake",
      requests: "1",
      errors: "2",
      problems: "",
      messages: "3",
      total: "2.00 s",
    });
    await page.locator(".popup.columns > summary").click();
    await page.locator("#columns-menu [value=command]").check();
    await page.locator("#columns-menu [value=transport]").uncheck();
    await shows(page, `${ROWS} .c-command`, "bun weather.ts");
    expect(await barriers(page)).toEqual([]);
    await page.reload();
    await shows(page, `${ROWS} .c-command`, "bun weather.ts");
    await shows(page, "#sessions .row.head", "Command");
    expect(await page.locator("#sessions .c-transport").count()).toBe(0);
    expect(seen.complaints).toEqual([]);
  });

  test("a head puts in order by click and by key, also what was not loaded; the address knows it", async () => {
    // The oldest has the most errors: it stands on the second page of those by time.
    const world = worldOf(1_200, (n) => ({ errors: n === 0 ? 5_000 : n, messages: 2_000 - n }));
    await using seen = await visit(browser, world, "/mcp?sort=-errors");
    const { page } = seen;
    await becomes(page, FIRST, "server-0");
    await becomes(page, "document.getElementById('sessions').ariaRowCount", "1201");
    await becomes(page, FIRST, "server-0");
    await page.locator("#sessions .c-messages button").focus();
    await page.keyboard.press("Enter");
    await becomes(page, "new URL(location.href).search", "?sort=-messages");
    expect(await page.locator("#sessions [aria-sort]").getAttribute("aria-sort")).toBe("descending");
    await page.locator("#sessions .c-messages button").click();
    await becomes(page, FIRST, "server-1199");
    await page.locator("#sessions .c-messages button").click();
    await becomes(page, "new URL(location.href).search", "");
    await becomes(page, FIRST, "server-1199");
    await page.locator("#sessions .c-errors button").click();
    await becomes(page, FIRST, "server-0");
    // A row that comes, or changes, goes where it belongs.
    const live = { ...sessionRow(1_300), name: "worse", errors: 6_000 };
    world.index.putSession(live);
    world.feed.publish({ type: "mcp.session", row: live });
    await becomes(page, FIRST, "worse");
    await page.locator("#session-filter").fill("server-7");
    await becomes(page, FIRST, "server-799");
    expect(seen.complaints).toEqual([]);
  });

  test("an open session leaves its list beside it, where it was, and closing gives the width back", async () => {
    await using seen = await visit(browser, worldOf(200), "/mcp?sort=time");
    const { page } = seen;
    await becomes(page, FIRST, "server-0");
    await page.locator("#sessions").focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press("PageDown");
    await page.locator("#session article.session").waitFor();
    await becomes(page, "document.querySelectorAll('#sessions.cards').length", 1);
    const name = await page.locator("#sessions .row[aria-selected=true] .name").textContent();
    expect(await inSight(page, name!)).toBe(true);
    expect(new URL(page.url()).search).toBe("?sort=time");
    await page.locator("#session [data-do=close]").click();
    await becomes(page, "location.pathname + location.search", "/mcp?sort=time");
    await becomes(page, "document.querySelectorAll('#sessions.cards').length", 0);
    await shows(page, `${ROWS} .c-story`, name!);
    expect(await inSight(page, name!)).toBe(true);
    await page.goBack();
    await page.locator("#session article.session").waitFor();
    await page.keyboard.press("Escape");
    await becomes(page, "document.activeElement.id", "sessions");
    await page.keyboard.press("Escape");
    await becomes(page, "location.pathname", "/mcp");
    expect(seen.complaints).toEqual([]);
  });

  test("a phone has rows of two lines, in Chinese too, and nothing scrolls sideways", async () => {
    await using seen = await visit(browser, worldOf(30), "/mcp", {
      locale: "zh-CN",
      viewport: { width: 360, height: 740 },
    });
    const { page } = seen;
    await shows(page, `${ROWS} .what`, "个错误");
    await page.locator("#sessions .row.head").waitFor({ state: "hidden" });
    expect(
      await page.evaluate(
        "document.documentElement.scrollWidth + document.querySelector('#sessions').scrollWidth",
      ),
    ).toBe(720);
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize({ width: 1200, height: 800 });
    await shows(page, "#sessions .row.head", "协议版本与代际");
    await shows(page, `${ROWS} .c-revision`, "有握手");
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });
});

/** The name in the row that stands first. */
const FIRST = `[...document.querySelectorAll("${ROWS}")].toSorted((a, b) => a.ariaRowIndex - b.ariaRowIndex)[0]
  ?.querySelector(".c-story b, .name").textContent`;

async function firstRow(page: Page): Promise<Record<string, string>> {
  return page.evaluate(`Object.fromEntries([...document.querySelectorAll("${ROWS}")]
    .find((row) => row.ariaRowIndex === "2").querySelectorAll("[role=gridcell]").values()
    .filter((cell) => !cell.matches(".c-time"))
    .map((cell) => [cell.className.replace(/^c-| num$/g, ""), cell.textContent.trim()]))`);
}

async function inSight(page: Page, name: string): Promise<boolean> {
  return page.evaluate(`(() => {
    const list = document.getElementById("sessions").getBoundingClientRect();
    const it = [...document.querySelectorAll("${ROWS}")]
      .find((row) => row.querySelector(".c-story b, .name").textContent === ${JSON.stringify(name)})
      ?.getBoundingClientRect();
    return it !== undefined && it.top >= list.top - 1 && it.bottom <= list.bottom + 1;
  })()`);
}

/** Sessions, each a second after the one before. */
function worldOf(many: number, about: (n: number) => Partial<SessionRow> = (n) => ({ errors: n })) {
  const world = believable();
  for (let n = 0; n < many; n++) {
    const row = sessionRow(n, { name: `server-${n}`, ...about(n) });
    world.index.putSession({ ...row, last_at: row.at + 2_000 });
  }
  return world;
}
