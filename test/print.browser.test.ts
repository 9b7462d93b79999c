/** What is printed: what was read, in black on white, whole; nothing that hands do. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { believable, chatStream, exchangeOf } from "./believable.ts";
import { becomes, visit } from "./visit.ts";
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

test.skipIf(!executablePath)(
  "earlier messages that come on demand are printed, and what is left out is counted",
  async () => {
    const browser = await launch();
    const world = believable();
    const talk = (length: number) =>
      exchangeOf({
        body: {
          model: "m",
          stream: true,
          messages: Array.from({ length }, (_, n) => ({
            role: n % 2 ? "assistant" : "user",
            content: `word ${n}.`,
          })),
        },
        pieces: chatStream(["ok"]),
      });
    const [some, many] = [talk(101), talk(1_501)];
    world.keep(some, many);
    await using seen = await visit(browser, world, `/llm/${some.id}`);
    const { page, url } = seen;
    const messages = `document.querySelectorAll("#detail .turn.role-user, #detail .turn.role-assistant").length`;
    // The listener comes with the exchange's scripts.
    await becomes(
      page,
      `(dispatchEvent(new Event("beforeprint")), document.querySelectorAll("#detail .older").length)`,
      0,
    );
    await page.emulateMedia({ media: "print" });
    const words = await page.locator("#detail .conversation").innerText();
    expect([0, 50, 100].map((n) => words.includes(`word ${n}.`))).toEqual([true, true, true]);
    expect(await page.locator(".on-paper").count()).toBe(0);
    await page.emulateMedia({ media: "screen" });
    await page.goto(`${url}/llm/${many.id}`);
    await page.locator("#detail .older button").waitFor();
    expect(await page.locator(".on-paper").isVisible()).toBe(false);
    await becomes(
      page,
      `(${messages} < 1000 && dispatchEvent(new Event("beforeprint")), ${messages} > 1000)`,
      true,
    );
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".on-paper").innerText()).toBe("299 earlier messages are left out here.");
    expect(await page.locator("button:visible").count()).toBe(0);
    // What came goes on by hand where it ended.
    await page.emulateMedia({ media: "screen" });
    await page.locator("#detail .older button").click();
    await becomes(page, `document.querySelector(".on-paper").textContent.includes("269")`, true);
    expect(seen.complaints.filter((each) => !each.includes("Synchronous XMLHttpRequest"))).toEqual([]);
    await browser.close();
  },
);
