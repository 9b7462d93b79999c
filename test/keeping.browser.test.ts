/** What is kept and what goes, in a real browser: stars on every list, and what is thrown away, taken back or gone. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
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
    const world = starry();
    const { items } = await world.index.sessions({ limit: 9 });
    for (const row of items) world.index.putSession({ ...row, era: "legacy" });
    await using seen = await visit(browser, world, "/mcp", { locale: "zh-CN" });
    const { page } = seen;
    await shows(page, "#sessions", "weather");
    await page.keyboard.press("j");
    await shows(page, "#session .star-button", "");
    await page.locator("#session .star-button").click();
    await shows(page, "#sessions .row.starred", "已加星标");
    await shows(page, "#toasts", "清理旧记录时会保留");
    await page.locator("#session-filter").fill("is:starred");
    await counts(page, "#sessions .rows > .row:not([hidden])", 1);
    await page.locator("#session-filter").fill("era:有握手");
    await shows(page, "#sessions .rows > .row:not([hidden])", "有握手");
    await page.locator("#session-filter").fill("era:stateless");
    await counts(page, "#sessions .rows > .row:not([hidden])", 0);
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

/** A day from which things can be deleted; what was asked to be deleted. */
function deletable(): { world: Believable; deleted: string[] } {
  const world = aDay(12);
  const deleted: string[] = [];
  Object.assign(world.sources, {
    async remove(things: readonly Star[]) {
      for (const { of, id } of things) deleted.push(`${of} ${id}`);
      world.feed.publish({ type: "exchange.gone", ids: things.map(({ id }) => id) });
      return { deleted: things.length, kept: [] };
    },
  });
  return { world, deleted };
}

const STRUCK = `[...document.querySelectorAll('.grid .rows > .row:not([hidden])')]
  .filter((row) => getComputedStyle(row.children[1]).textDecorationLine === 'line-through').length`;

describe.skipIf(!executablePath)("the trash", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  /** Nothing is over before the test says so. */
  async function stopClock(page: Page): Promise<void> {
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 1_000);
  }

  /** Nearly all of the time goes by at once, the rest by itself: what is told at its end stands for seconds only. */
  async function timeIsOver(page: Page, said: string): Promise<void> {
    await page.clock.runFor(4_000);
    const told = shows(page, "#toasts", said);
    await page.clock.resume();
    await told;
  }

  const chosen = (page: Page) =>
    page.evaluate<string>("document.querySelector('#list .row[aria-selected=true]').key");

  test("what is thrown away is struck through and taken back by a key or a button: nothing is deleted", async () => {
    const { world, deleted } = deletable();
    await using seen = await visit(browser, world);
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    await page.keyboard.press("k");
    await page.keyboard.press("k");
    await shows(page, "#list .row[aria-selected=true]", "");
    const first = await chosen(page);
    await stopClock(page);
    await page.keyboard.press("Delete");
    await shows(page, "#toasts", "1 record goes into the trash");
    await becomes(page, STRUCK, 1);
    await page.clock.runFor(100);
    expect(await chosen(page)).not.toBe(first);
    await page.keyboard.press("Control+z");
    await becomes(page, STRUCK, 0);
    await shows(page, "#toasts", "Nothing was deleted");
    await page.keyboard.press("Delete");
    await becomes(page, STRUCK, 1);
    await page.locator("#toasts .undo").press("Enter");
    await becomes(page, STRUCK, 0);
    await page.clock.runFor(20_000);
    expect(deleted).toEqual([]);
    await page.keyboard.press("Delete");
    await becomes(page, STRUCK, 1);
    await page.clock.resume();
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });

  test("it goes when the time is over, also when the page is loaded again meanwhile", async () => {
    const { world, deleted } = deletable();
    await using seen = await visit(browser, world);
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    await page.keyboard.press("k");
    await shows(page, "#list .row[aria-selected=true]", "");
    const id = await chosen(page);
    await stopClock(page);
    await page.keyboard.press("Delete");
    await becomes(page, STRUCK, 1);
    await page.clock.runFor(9_000);
    expect(deleted).toEqual([]);
    await page.reload();
    await page.clock.runFor(500);
    await shows(page, "#toasts", "1 record goes into the trash");
    await becomes(page, STRUCK, 1);
    await timeIsOver(page, "1 record was deleted for good");
    expect(deleted).toEqual([`exchange ${id}`]);
    await counts(page, `[id="list-row-${id}"]:not([hidden])`, 0);
    expect(await page.evaluate("localStorage.getItem('trash')")).toBeNull();
    expect(seen.complaints).toEqual([]);
  });

  test("what is marked goes together, and what is marked stands in the address", async () => {
    const { world, deleted } = deletable();
    await using seen = await visit(browser, world);
    const { page } = seen;
    await shows(page, "#list .rows", "tool result");
    await page.keyboard.press("k");
    await shows(page, "#list .row[aria-selected=true]", "");
    await page.keyboard.press("x");
    await page.keyboard.press("k");
    await page.keyboard.press("x");
    await shows(page, ".marks", "·");
    const marked = new URL(page.url()).searchParams.get("marks")?.split(",") ?? [];
    expect(marked).toHaveLength(2);
    await page.locator("#filter input").fill("-nothing");
    await page.waitForURL(/q=-nothing/);
    await page.reload();
    await shows(page, ".marks", "·");
    expect(new URL(page.url()).searchParams.get("marks")?.split(",")).toEqual(marked);
    await stopClock(page);
    await page.locator("#list").focus();
    await page.keyboard.press("Delete");
    await becomes(page, STRUCK, 2);
    await page.clock.runFor(4_000);
    await timeIsOver(page, "2 records were deleted for good");
    expect(deleted.toSorted()).toEqual(marked.map((id) => `exchange ${id}`).toSorted());
  });

  test("a session goes from its list and its page, in Chinese; a page that only reads says so", async () => {
    const { world, deleted } = deletable();
    await using seen = await visit(browser, world, "/mcp", { locale: "zh-CN" });
    const { page } = seen;
    await shows(page, "#sessions", "weather");
    await page.keyboard.press("j");
    await shows(page, "#session .trash-button", "");
    const before = await page.locator("#sessions .rows > .row:not([hidden])").count();
    await stopClock(page);
    await page.locator("#session .trash-button").click();
    await shows(page, "#toasts", "1 条记录已放入回收站");
    await becomes(page, STRUCK, 1);
    await page.clock.runFor(4_000);
    await timeIsOver(page, "已永久删除 1 条记录");
    await counts(page, "#sessions .rows > .row:not([hidden])", before - 1);
    await counts(page, "article.session", 0);
    expect(deleted).toHaveLength(1);
    expect(seen.complaints).toEqual([]);
    await using other = await visit(browser, aDay(12));
    await shows(other.page, "#list .rows", "tool result");
    await other.page.keyboard.press("k");
    await shows(other.page, "#list .row[aria-selected=true]", "");
    await stopClock(other.page);
    await other.page.keyboard.press("Delete");
    await becomes(other.page, STRUCK, 1);
    await other.page.clock.runFor(4_000);
    await timeIsOver(other.page, "This page only reads");
    await becomes(other.page, STRUCK, 0);
  });
});

describe.skipIf(!executablePath)("what is beside the row that is read", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("is here before it is asked for: a key opens it without a question to the server, there and back", async () => {
    await using seen = await visit(browser, aDay(12));
    const { page } = seen;
    const asked: string[] = [];
    page.on("request", (request) => {
      const [, tab, id = "", panel] = new URL(request.url()).pathname.split("/");
      if (tab === "llm" && panel !== "marks") asked.push(id);
    });
    await shows(page, "#list .rows", "tool result");
    const open = async (key: string) => {
      const before = await page.evaluate<string>(
        "document.querySelector('article.exchange')?.dataset.id ?? ''",
      );
      await page.keyboard.press(key);
      await becomes(
        page,
        `![undefined, '${before}'].includes(document.querySelector('article.exchange')?.dataset.id)`,
        true,
      );
      return page.evaluate<string>("document.querySelector('article.exchange').dataset.id");
    };
    const times = (id: string) => asked.filter((one) => one === id).length;
    /** The row above the chosen one, once it was asked for. */
    const above = async () => {
      const id = await page.evaluate<string>(`(() => {
        const rows = [...document.querySelectorAll('#list .rows > .row:not([hidden])')].sort((a, b) => a.n - b.n);
        return rows[rows.findIndex((row) => row.ariaSelected === 'true') - 1].key;
      })()`);
      for (let n = 0; n < 3_000 && times(id) === 0; n++) await Bun.sleep(20);
      return id;
    };
    await open("k");
    const second = await above();
    expect([await open("k"), times(second)]).toEqual([second, 1]);
    const third = await above();
    expect([await open("k"), times(third)]).toEqual([third, 1]);
    await above();
    expect([await open("j"), times(second)]).toEqual([second, 1]);
    expect([await open("k"), times(third)]).toEqual([third, 1]);
    expect(seen.complaints).toEqual([]);
  });

  test("is not asked for while the page is hidden", async () => {
    await using seen = await visit(browser, aDay(12));
    const { page } = seen;
    const asked: string[] = [];
    page.on("request", (request) => {
      if (/\/llm\/[^/]+(\/story)?$/.test(request.url())) asked.push(request.url());
    });
    await shows(page, "#list .rows", "tool result");
    await page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })");
    await page.clock.install();
    await page.keyboard.press("k");
    await shows(page, "article.exchange", "");
    await page.clock.runFor(2_000);
    expect(asked).toHaveLength(1);
  });
});
