/** The list in groups, in a real browser: every row is known, folds hold, keys go everywhere. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import type { ExchangeRow, RunRow, StepRow } from "../src/fact/rows.ts";
import { exchangeRow } from "../src/index/contract-rows.testkit.ts";
import { toolStepRow } from "../src/index/grouped-contract.testkit.ts";
import { believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { barriers, becomes, counts, shows, visit } from "./visit.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

describe.skipIf(!executablePath)("the list in groups", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("conversations stand together under heads with their sums; one key goes through the ways", async () => {
    await using seen = await visit(browser, traffic(6));
    const { page } = seen;
    await shows(page, "#list .rows", "question 5");
    await page.keyboard.press("v");
    await counts(page, "#list .row.group:not([hidden])", 2);
    expect(await rowsOf(page)).toEqual([
      "group question 0 3 turns",
      "question 0",
      "question 2",
      "question 4",
      "group question 1 3 turns",
      "question 1",
      "question 3",
      "question 5",
    ]);
    expect(new URL(page.url()).search).toBe("?group=conversation");
    await page.reload();
    await counts(page, "#list .row.group:not([hidden])", 2);
    await page.keyboard.press("v");
    await shows(page, "#list .row.group", "3 model calls");
    await page.keyboard.press("v");
    await counts(page, "#list .row.group:not([hidden])", 0);
    expect(await page.locator("#list").getAttribute("role")).toBe("grid");
    expect(seen.complaints).toEqual([]);
  });

  test("arrows fold and open a group, and the calls under the exchange that asked for them", async () => {
    await using seen = await visit(browser, traffic(6), "/?group=run");
    const { page } = seen;
    await shows(page, "#list .rows", "question 5");
    await page.locator("#list").focus();
    await page.keyboard.press("Home");
    await becomes(page, "document.querySelector('#list [aria-selected=true]')?.ariaLevel", "1");
    await page.keyboard.press("ArrowLeft");
    await becomes(page, "document.getElementById('list').ariaRowCount", "6");
    expect((await rowsOf(page))[0]).toBe("group question 0 3 model calls");
    await page.keyboard.press(" ");
    await becomes(page, "document.getElementById('list').ariaRowCount", "9");
    await page.keyboard.press("ArrowDown");
    await shows(page, "#list .row[aria-selected=true]", "2 calls");
    await page.keyboard.press("ArrowRight");
    await counts(page, "#list .row.of-call:not([hidden])", 2);
    expect((await rowsOf(page)).slice(0, 5)).toEqual([
      "group question 0 3 model calls",
      "question 0",
      "get_weather",
      "get_weather",
      "question 2",
    ]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowLeft");
    await shows(page, "#list .row[aria-selected=true]", "question 0");
    await page.keyboard.press("ArrowLeft");
    await counts(page, "#list .row.of-call:not([hidden])", 0);
    expect(await barriers(page)).toEqual([]);
  });

  test("20,000 rows: the scroll bar, both ends, a deep link into a folded group know all of them", async () => {
    const world = traffic(20_000, 10);
    const deep = idAt(7_000);
    await using seen = await visit(browser, world, `/llm/${deep}?group=conversation`);
    const { page } = seen;
    await shows(page, "#list .row[aria-selected=true]", "question 7000");
    await becomes(page, "document.getElementById('list').ariaRowCount", String(20_000 + 2_000 + 1));
    await page.locator("#list").focus();
    await page.keyboard.press("Home");
    await shows(page, "#list .row[aria-selected=true]", "question 0");
    await page.keyboard.press("End");
    await shows(page, "#list .row[aria-selected=true]", "question 19999");
    await page.locator(".popup.columns > summary").click();
    await page.locator("#columns-menu [name=fold]").check();
    await becomes(page, "document.getElementById('list').ariaRowCount", "2001");
    await page.goto(`${seen.url}/llm/${deep}?group=conversation`);
    await shows(page, "#list .row[aria-selected=true]", "question 7000");
    await becomes(page, "document.getElementById('list').ariaRowCount", String(2_000 + 10 + 1));
  });

  for (const group of ["none", "conversation"])
    test(`where a chosen row stands may be told late (groups: ${group}): it comes into sight`, async () => {
      const world = traffic(3_000, 10);
      await using seen = await visit(browser, world, `/llm/${idAt(2_900)}?group=${group}`);
      const { page, url } = seen;
      let letIn = () => {};
      const drawn = new Promise<void>((resolve) => (letIn = resolve));
      await page.route(/\/rank/, async (route) => (await drawn, await route.continue()));
      await page.goto(`${url}/llm/${idAt(1_000)}?group=${group}`);
      // Everything else has come, and stands still.
      await becomes(page, FIRST_DRAWN, true);
      letIn();
      await shows(page, "#list .row[aria-selected=true]", "question 1000");
    });

  test("what comes live goes to its group; the list does not move under the reader", async () => {
    const world = traffic(600, 6);
    await using seen = await visit(browser, world, "/?group=conversation");
    const { page } = seen;
    await shows(page, "#list .rows", "question 599");
    await page.locator("#list").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("PageDown");
    await becomes(page, "document.querySelectorAll('#list .row.absent:not([hidden])').length", 0);
    await becomes(page, "document.querySelector('#list .row[aria-selected=true]')?.ariaRowIndex > 40", true);
    const top = () => page.evaluate<string>(TOP);
    const before = await top();
    const row = rowAt(600, { conversation: "conversation 0", asked: "a late turn" });
    world.index.putExchanges([{ row, text: "" }]);
    world.feed.publish({ type: "exchange.close", row, ending: "complete" });
    await becomes(page, "document.getElementById('list').ariaRowCount", String(600 + 100 + 2));
    expect(await top()).toBe(before);
    await page.keyboard.press("Home");
    await shows(page, "#list .row.group", "7 turns");
    await shows(page, "#list .rows", "a late turn");
  });
});

test.skipIf(!executablePath)(
  "columns of runs are chosen as those of exchanges are, and stay chosen",
  async () => {
    const own = await launch();
    const world = believable();
    await world.index.putRuns({
      runs: [aRun()],
      steps: [],
      ties: [],
      gone: { runs: [], steps: [], ties: [] },
    });
    await using seen = await visit(own, world, "/runs");
    const { page } = seen;
    await shows(page, "#list .rows .c-story", "Fix the test");
    expect(await page.locator("#list .rows .c-models").count()).toBe(0);
    await page.locator(".popup.columns > summary").click();
    await page.locator("#columns-menu [value=models]").check();
    await page.locator("#columns-menu [value=calls]").uncheck();
    await shows(page, "#list .rows .c-models", "gpt-5");
    await page.reload();
    await shows(page, "#list .rows .c-models", "gpt-5");
    expect(await page.locator("#list .rows .c-calls").count()).toBe(0);
    await shows(page, "#list .row.head", "Models");
    expect(await barriers(page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
    await own.close();
  },
);

function aRun(): RunRow {
  const now = Date.now();
  return {
    id: "run-a",
    at: now - 5000,
    last_at: now - 1000,
    title: "Fix the test",
    agent: "agent",
    run: null,
    models: ["gpt-5"],
    sessions: [],
    servers: ["weather"],
    model_calls: 2,
    tool_calls: 1,
    agents: 0,
    tokens_in: 10,
    tokens_out: 5,
    tokens_cached: 0,
    cost: 0.5,
    errors: 0,
    problems: 0,
    ties: { exact: 0, inferred: 0, ambiguous: 0 },
    state: "done",
    state_of: null,
    state_since: now - 1000,
  };
}

/** The rows at the beginning are drawn, and a frame has gone by since. */
const FIRST_DRAWN = `new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)).then(() => {
  const rows = [...document.querySelectorAll("#list .rows > .row:not([hidden])")];
  return rows.length > 0 && rows.every((row) => row.item !== undefined);
})`;

/** The first whole row in sight. */
const TOP = `new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)).then(() => {
  const grid = document.getElementById("list");
  const edge = grid.getBoundingClientRect().top + grid.querySelector(".row.head").offsetHeight;
  return [...grid.querySelectorAll(".rows > .row:not([hidden])")]
    .map((row) => [row.getBoundingClientRect().top, row.querySelector(".asked").textContent])
    .filter(([top]) => top >= edge - 1)
    .sort((a, b) => a[0] - b[0])[0]?.[1];
})`;

async function rowsOf(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("#list .rows > .row:not([hidden])")]
    .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
    .map((row) => [
      row.classList.contains("group") ? "group" : "",
      row.querySelector(".asked").textContent,
      row.classList.contains("group") ? row.querySelector(".tools").textContent : "",
    ].join(" ").trim())`);
}

const idAt = (n: number) => `01920000-0000-7000-8000-${String(n).padStart(12, "0")}`;

function rowAt(n: number, about: Partial<ExchangeRow> = {}): ExchangeRow {
  return exchangeRow(n, { id: idAt(n), asked: `question ${n}`, answered: "an answer", ...about });
}

/** Turns of conversations that go on beside each other; each is a run, the first turn of the first asked for two calls. */
function traffic(count: number, turns = count / 2) {
  const world = believable();
  const groups = Math.ceil(count / turns);
  const rows = Array.from({ length: count }, (_, n) =>
    rowAt(n, { conversation: `conversation ${n % groups}`, run: `run-${n % groups}` }),
  );
  world.index.putExchanges(rows.map((row) => ({ row, text: "" })));
  const steps: StepRow[] = [1, 2].map((n) =>
    toolStepRow(`${idAt(0)}#${n}`, { run: "run-0", exchange: idAt(0), at: n, asked: "" }),
  );
  void world.index.putRuns({ runs: [], steps, ties: [], gone: { runs: [], steps: [], ties: [] } });
  return world;
}
