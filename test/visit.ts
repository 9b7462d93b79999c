/** A visit to the page in a browser: what a test of the page begins with. */
import { expect } from "bun:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { createWeb } from "../src/web/app.ts";
import type { Believable } from "./believable.ts";
import { leave, newPage } from "./chromium.ts";

export async function visit(
  browser: Browser,
  world: Believable,
  path = "/",
  options: BrowserContextOptions = {},
) {
  const app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server?.port}`;
  const { page, context } = await newPage(browser, { viewport: { width: 1440, height: 900 }, ...options });
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (it) => {
    if (it.type() === "error" || it.type() === "warning") complaints.push(it.text());
  });
  await page.goto(url + path);
  return {
    page,
    world,
    url,
    complaints,
    async [Symbol.asyncDispose]() {
      await leave(context);
      await app.stop(true);
    },
  };
}

export async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ state: "attached" });
}

/** The page draws in its next frame. */
export async function counts(page: Page, selector: string, count: number): Promise<void> {
  await until(() => page.locator(selector).count(), count);
}

/** Waits until what is asked for is as it should be. */
export async function becomes(page: Page, script: string, wanted: unknown): Promise<void> {
  await until(() => page.evaluate(script), wanted);
}

/** What never becomes so fails with what it is instead. */
async function until(ask: () => Promise<unknown>, wanted: unknown): Promise<void> {
  let now = await ask();
  for (let n = 0; n < MOST_LOOKS && !Bun.deepEquals(now, wanted); n++) {
    await Bun.sleep(PAUSE_MS);
    now = await ask();
  }
  expect(now).toEqual(wanted);
}

const PAUSE_MS = 20;
/** A minute and more. */
const MOST_LOOKS = Number(process.env["LOOKS"] ?? 3_000);

const AXE = `${import.meta.dir}/../node_modules/axe-core/axe.min.js`;
const BARRIERS = `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map((it) => it.target.join(" ")).join(", ")))`;

/** What stands in somebody's way, by the rules of WCAG. */
export async function barriers(page: Page): Promise<string[]> {
  // The page's own policy lets no script of elsewhere in: this one is evaluated as the debugger does.
  await page.evaluate(await Bun.file(AXE).text());
  return page.evaluate<string[]>(BARRIERS);
}
