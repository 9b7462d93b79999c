/** What is printed: what was read, in black on white, whole; nothing that hands do. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

/** Brightness of the page and of its words, 0 to 1. */
const INK = `(() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const brightness = (colour) => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((sum, part) => sum + part, 0) / 765;
  };
  const style = getComputedStyle(document.body);
  return [brightness(style.backgroundColor) > 0.9, brightness(style.color) < 0.3];
})()`;

test.skipIf(!executablePath)(
  "an exchange and a list are printed as they are read, also from the dark",
  async () => {
    const browser = await launch();
    const world = aDay(12);
    await using seen = await visit(browser, world, "/", { colorScheme: "dark" });
    const { page, url } = seen;
    await page.locator("#list .rows .row").first().waitFor();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.locator("#list .rows .row").first().isVisible()).toBe(true);
    expect(await page.evaluate<boolean[]>(INK)).toEqual([true, true]);
    const { items } = await world.index.exchanges({ limit: 40 });
    await page.goto(`${url}/llm/${items.find(({ status }) => status === 200)?.id}`);
    await page.locator(".panel-story").waitFor();
    expect(await page.locator("button:visible, #list:visible, #overview:visible").count()).toBe(0);
    expect(await page.locator(".panel-story").isVisible()).toBe(true);
    expect(seen.complaints).toEqual([]);
    await browser.close();
  },
);
