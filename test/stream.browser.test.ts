/** The stream of an answer in a real browser: figures that grow with a silence, an address for each event, keys that copy. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { BROWSER_TEST, executablePath, launch, newPage } from "./chromium.ts";
import { delta, pushed, startProgram, upstream } from "./program.ts";
import { becomes, visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

/** Milliseconds, as `1.20 s` or `340 ms` say them. */
const TOLD = (what: string) => `(() => {
  const [, n, unit] = /([\\d.]+) (ms|s)/.exec(document.querySelector('[data-live="${what}"]')?.textContent) ?? [];
  return Number(n) * (unit === "s" ? 1000 : 1);
})()`;

describe.skipIf(!executablePath)("the stream", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("a silence that lasts is told while it lasts, and at the end as long as it was", async () => {
    const answer = pushed();
    await using slow = upstream(() => answer.response());
    await using program = await startProgram(["--target-url", slow.url]);
    const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hi" }] });
    const asked = fetch(`${program.proxyUrl}/v1/chat/completions`, { method: "POST", body });
    await page.goto(program.pageUrl);
    await page.locator("#list .rows .row").first().click();
    answer.push(delta("one"));
    answer.push(delta(" two"));
    await page.locator("#tab-stream").click();
    await page.locator(".chunks .rows .row", { hasText: "two" }).waitFor();
    await becomes(page, `${TOLD("gap")} > 1500 && ${TOLD("total")} > ${TOLD("gap")}`, true);
    answer.push(delta("", "stop"));
    answer.push("data: [DONE]\n\n");
    answer.end();
    await (await asked).text();
    await page.locator('article.exchange[data-state="done"]').waitFor();
    await becomes(page, `${TOLD("gap")} > 1500 && ${TOLD("total")} > ${TOLD("gap")}`, true);
    const before = await page.locator(".timing").textContent();
    await page.reload();
    await page.locator(".chunks .rows .row").first().waitFor();
    expect(await page.locator(".timing").textContent()).toBe(before);
    await context.close();
  });

  test("an event that is chosen is in the address, and the address opens it", async () => {
    const world = aDay(12);
    await using seen = await visit(browser, world);
    const { page, url } = seen;
    const { items } = await world.index.exchanges({ limit: 40 });
    await page.goto(`${url}/llm/${items.find(({ tools }) => tools.length > 0)?.id}/stream`);
    await page.locator(".chunks .rows .row").nth(4).click();
    await becomes(page, "location.hash", "#event-4");
    await page.keyboard.press("ArrowRight");
    await becomes(page, "location.hash", "#event-5");
    await page.reload();
    await page.locator('.chunks .row[aria-selected="true"][data-n="5"]').waitFor();
    expect(seen.complaints).toEqual([]);
  });

  test("y copies the address, and with a letter what is open as a command, a program, a file", async () => {
    const world = aDay(12);
    await using seen = await visit(browser, world, "/", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { page, url } = seen;
    const { items } = await world.index.exchanges({ limit: 40 });
    const id = items.find(({ status }) => status === 200)?.id;
    await page.goto(`${url}/llm/${id}`);
    await page.locator(".copy-as").waitFor();
    await page.locator("#list .rows .row").first().waitFor();
    const held = "navigator.clipboard.readText()";
    for (const [keys, begins] of [
      ["y", "http://127.0.0.1"],
      ["yc", "curl"],
      ["yp", "import"],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await becomes(page, `${held}.then((text) => text.slice(0, ${begins.length}))`, begins);
    }
    await page.keyboard.press("Shift");
    await page.locator('#tab-story[aria-selected="true"]').waitFor();
    expect(seen.complaints).toEqual([]);
  });
});
