/** The detail of one exchange in a real browser: nothing is lost, nothing moves under the reader, nothing recorded runs. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { createWeb } from "../src/web/app.ts";
import { believable, chatStream, exchangeOf, type Believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch, leave, newPage } from "./chromium.ts";
import { aDay, words } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;
const ask = (content: unknown) => ({ model: "gpt-4o", stream: true, messages: [{ role: "user", content }] });

describe.skipIf(!executablePath)("the detail", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("a finished answer stays where it is under the reader, whole, and can be copied whole", async () => {
    const world = believable();
    const flight = world.begin({ body: ask("a long one") });
    await using visit = await visited(world, `/llm/${flight.id}`);
    const { page } = visit;
    flight.head(100);
    const paragraphs = Array.from(
      { length: 700 },
      (_, n) => `Paragraph ${n} of a very long answer, **said** in full.\n\n`,
    );
    const pieces = chatStream(paragraphs, { gap: 1 });
    for (const [t, text] of pieces.slice(0, -2)) flight.say(t, text);
    await shows(page, "[data-live-answer]", "Paragraph 699");
    await page.evaluate("document.getElementById('panel').scrollTop = 5000");
    // The head above may grow by a line; what stands in the middle of the panel may not go away.
    const seen = async () => {
      const middle = `document.elementFromPoint(panel.getBoundingClientRect().left + 60, innerHeight / 2)`;
      return await page.evaluate<boolean>(
        `${middle}.closest(".live-parts") !== null && panel.scrollTop > 4900`,
      );
    };
    const before = await seen();
    for (const [t, text] of pieces.slice(-2)) flight.say(t, text);
    flight.end(2000);
    await page.locator('article.exchange[data-state="done"]').waitFor();
    await page.locator("[data-render]").waitFor();
    expect([before, await seen()]).toEqual([true, true]);
    await page.locator(".answer [data-copy-text]").click();
    await shows(page, "#toasts", "copied");
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe(paragraphs.join(""));
    await page.locator("[data-render]").click();
    await shows(page, ".answer strong", "said");
    expect(await page.locator(".answer").textContent()).toContain("Paragraph 699");
    expect(visit.complaints).toEqual([]);
  });

  test("what is shown is what is selected, through an outage too", async () => {
    await using visit = await visited(aDay(6));
    const { page } = visit;
    const rows = page.locator("#list .rows .row:not(.absent)");
    await rows.nth(0).click();
    await page.locator(".turn").first().waitFor();
    await visit.stop();
    await shows(page, ".live", "reconnecting");
    await rows.nth(3).click();
    const id = await rows.nth(3).getAttribute("id");
    await page.locator(`[data-stands="${id?.replace("list-row-", "")}"] [role="status"]`).waitFor();
    expect(await page.locator("article[data-id]").count()).toBe(0);
    await visit.start();
    await page
      .locator(`article[data-id="${id?.replace("list-row-", "")}"] .turn`)
      .first()
      .waitFor();
  });

  test("the other language keeps what is open", async () => {
    await using visit = await visited(aDay(6));
    const { page } = visit;
    await page.locator("#list .rows .row:not(.absent)").nth(1).click();
    await page.locator("#tab-stream").click();
    await page.waitForURL(/\/stream$/);
    const { pathname } = new URL(page.url());
    await page.locator("[data-lang-switch]").click();
    await page.locator('html[lang="zh-CN"] #tab-stream[aria-selected="true"]').waitFor();
    expect(new URL(page.url()).pathname).toBe(pathname);
  });

  test("a stall grows before one's eyes", async () => {
    const world = believable();
    const flight = world.begin({ at: Date.now() - 9_000, body: ask("wait") });
    await using visit = await visited(world, `/llm/${flight.id}/stream`);
    flight.head(100);
    for (const [t, text] of chatStream(words("It begins and then it stops for a while"), { from: 200 }).slice(
      0,
      6,
    ))
      flight.say(t, text);
    const stall = visit.page.locator(".stall:not([hidden])");
    await stall.waitFor();
    const first = await stall.textContent();
    await until(visit.page, `document.querySelector(".stall").textContent !== ${JSON.stringify(first)}`);
    expect(first).toMatch(/^waiting \d/);
  });

  test("a body of megabytes is a tree that loses nothing, is searched, and gives its paths and values", async () => {
    const world = believable();
    const image = "A".repeat(2_400_000);
    const body = {
      model: "m",
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: image } }] }],
      last: "\u4e2d",
    };
    const exchange = exchangeOf({ body, pieces: chatStream(["ok"]) });
    world.keep(exchange);
    await using visit = await visited(world, `/llm/${exchange.id}/request`);
    const { page } = visit;
    await page.locator("#wire-request .line").first().waitFor();
    await page.locator('#wire-request [data-raw="indented"]').click();
    await page.locator("#wire-request .find").fill('"last"');
    await shows(page, "#wire-request .found", "1 of 1");
    await page.locator("#wire-request .line:not([hidden])", { hasText: '"last"' }).dispatchEvent("click");
    await shows(page, "#wire-request .raw-foot code", "$.last");
    await page.locator('#wire-request [data-copy-at="value"]').click();
    await shows(page, "#toasts", "copied");
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe("中");
    await page.locator("#wire-request .find").fill('"url"');
    await shows(page, "#wire-request .found", "1 of 1");
    await page.locator("#wire-request .line:not([hidden])", { hasText: '"url"' }).dispatchEvent("click");
    await shows(page, "#wire-request .raw-foot code", "$.messages[0].content[0].image_url.url");
    await page.locator("#wire-request .find").fill('"messages"');
    await page
      .locator("#wire-request .line:not([hidden])", { hasText: '"messages"' })
      .locator(".fold")
      .dispatchEvent("click");
    await shows(page, "#wire-request .line", "11 lines");
    expect(visit.complaints).toEqual([]);
  });

  test("bytes that are no text are hex, and a picture among them is shown when asked for", async () => {
    const world = believable();
    const png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const content = [{ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }];
    const exchange = exchangeOf({ body: ask(content), responseHeaders: [["content-type", "image/png"]] });
    exchange.response!.pieces.push({ t: 130, bytes: Uint8Array.fromBase64(png) });
    world.keep(exchange);
    await using visit = await visited(world, `/llm/${exchange.id}/response`);
    const { page } = visit;
    await shows(page, '#wire-response [data-raw="hex"][aria-pressed="true"]', "Hex");
    await shows(page, "#wire-response .line", "89 50 4e 47");
    await page.locator("#wire-response [data-show-media]").click();
    await until(page, "document.querySelector('#wire-response img')?.naturalWidth === 1");
    await page.locator("#tab-story").click();
    await page.locator("#panel [data-media]").waitFor();
    expect(await page.locator("#panel img").count()).toBe(0);
    await page.locator("[data-media]").click();
    await until(page, "document.querySelector('#panel img')?.naturalWidth === 1");
    expect([visit.complaints, visit.elsewhere]).toEqual([[], []]);
  });

  test("text, events and time are one selection, stepped by keys", async () => {
    const world = believable();
    const exchange = exchangeOf({ body: ask("go"), pieces: chatStream(words("One two three four")) });
    world.keep(exchange);
    await using visit = await visited(world, `/llm/${exchange.id}/stream`);
    const { page } = visit;
    const piece = () => page.evaluate<string>("[...(CSS.highlights.get('piece') ?? [])].map(String).join()");
    await shows(page, ".stream-text", "One two three four");
    await page.locator(".chunks .rows .row", { hasText: "two" }).click();
    await until(page, "[...(CSS.highlights.get('piece') ?? [])].map(String).join().trim() === 'two'");
    await page.locator("#panel").focus();
    await page.keyboard.press("ArrowRight");
    await until(page, "[...(CSS.highlights.get('piece') ?? [])].map(String).join().trim() === 'three'");
    await page.locator('[data-play="back"]').click();
    await until(page, "[...(CSS.highlights.get('piece') ?? [])].map(String).join().trim() === 'two'");
    await page.locator('[data-play="4"]').click();
    await until(page, "document.querySelector('[data-play=\"4\"]').ariaPressed === 'false'");
    expect(await piece()).toBe("");
    expect(visit.complaints).toEqual([]);
  });

  test("F6 goes around all regions: out of the filter, and out of a list inside of the panel", async () => {
    const world = believable();
    const exchange = exchangeOf({ body: ask("go"), pieces: chatStream(words("One two three four")) });
    world.keep(exchange);
    await using visit = await visited(world, `/llm/${exchange.id}/stream`);
    const { page } = visit;
    await shows(page, ".stream-text", "One two three four");
    await shows(page, "#panel .chunks .rows", "two");
    const once = [
      "#overview [role=slider]",
      "#list",
      "#panel",
      "#panel .grid",
      "footer summary",
      "nav [aria-current]",
      "#filter [name=q]",
    ];
    const around = async (key: string) => {
      await page.locator("#filter [name=q]").focus();
      const regions: string[] = [];
      for (const _ of once) {
        await page.keyboard.press(key);
        regions.push(
          await page.evaluate<string>(
            `${JSON.stringify(once)}.filter((it) => document.activeElement.matches(it)).join()`,
          ),
        );
      }
      return regions;
    };
    expect(await around("F6")).toEqual(once);
    expect(await around("Shift+F6")).toEqual([...once.slice(0, -1).toReversed(), "#filter [name=q]"]);
    expect(visit.complaints).toEqual([]);
  });

  test("hostile Markdown is text: nothing runs, nothing is loaded, no link leads away", async () => {
    const own = "document.title='owned'";
    const corpus = [
      `<script>${own}</script>`,
      `<img src=x onerror="${own}">`,
      `<svg onload="${own}">`,
      `<details open ontoggle="${own}">x</details>`,
      `[click](javascript:${own})`,
      `[click](JaVaScRiPt:${own})`,
      `[click](data:text/html,<script>${own}</script>)`,
      `<javascript:${own}>`,
      `![x](https://example.com/x.png "onerror=${own}")`,
      `![x](javascript:${own})`,
      `![x" onerror="${own}](x)`,
      `[x]: javascript:${own}\n\n[x]`,
      `[a](<"onmouseover=${own}>)`,
      `| <img src=x onerror="${own}"> | b |\n|---|---|\n| \`<script>\` | [c](javascript:1) |`,
      `- [ ] <iframe srcdoc="<script>${own}</script>">`,
      `> <a href="javascript:${own}">x</a>`,
      `# <div hx-get="/api/demo" hx-trigger="load">`,
      "```html\n</pre><script>" + own + "</script>\n```",
      "`` <img src=x onerror=" + own + "> ``",
      `&lt;script&gt;${own}&lt;/script&gt; &#x3c;img src=x onerror=${own}&#x3e;`,
      `<style>*{display:none}</style><link rel=stylesheet href=//example.com/x.css>`,
      `${"[".repeat(3000)}${"*a".repeat(3000)}${">".repeat(3000)}`,
    ];
    const world = believable();
    const text = corpus.join("\n\n");
    const body = {
      model: "m",
      stream: true,
      messages: [
        { role: "system", content: text },
        { role: "user", content: text },
      ],
    };
    const exchange = exchangeOf({ body, pieces: chatStream([text]) });
    world.keep(exchange);
    await using visit = await visited(world, `/llm/${exchange.id}`);
    const { page } = visit;
    await shows(page, ".answer", "owned");
    await page.evaluate("for (const it of document.querySelectorAll('#detail details')) it.open = true");
    await page.locator(".answer .md-table").waitFor();
    expect(
      await page.locator("#panel :is(img, script, iframe, svg:not(.icon), style, link, form, input)").count(),
    ).toBe(0);
    const ways = await page.evaluate<string[]>(
      "[...document.querySelectorAll('#panel .md a')].map((it) => it.protocol)",
    );
    expect(ways.every((it) => it === "https:")).toBe(true);
    expect(await page.locator("#panel .md [hx-get], #panel .md [onerror], #panel .md [style]").count()).toBe(
      0,
    );
    expect(await page.title()).not.toBe("owned");
    await page.locator("[data-source-switch]").first().click();
    await page.locator('[data-source-switch][aria-pressed="true"]').first().waitFor();
    expect(await page.locator(".answer .prose").first().textContent()).toContain(`<script>${own}</script>`);
    expect([visit.complaints, visit.elsewhere]).toEqual([[], []]);
  });
});

/** A page on a dashboard of its own. `complaints`: what the console says; `elsewhere`: requests to other origins. */
async function visited(world: Believable, path = "/") {
  let app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const port = app.server?.port ?? 0;
  const url = `http://127.0.0.1:${port}`;
  if (!browser.isConnected()) browser = await launch();
  const { page, context } = await newPage(browser, {
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (it) => void (it.type() === "error" && complaints.push(it.text())));
  page.on("request", (it) => {
    if (!it.url().startsWith(url) && !/^(?:data|blob):/.test(it.url())) elsewhere.push(it.url());
  });
  await page.goto(url + path);
  return {
    page,
    complaints,
    elsewhere,
    stop: async () => void (await app.stop(true)),
    async start() {
      app = await createWeb(world.sources);
      app.listen({ port, hostname: "127.0.0.1" });
    },
    async [Symbol.asyncDispose]() {
      await leave(context);
      await app.stop(true);
    },
  };
}

/** Polled from here: the page's own policy lets no string be evaluated in it. */
async function until(page: Page, condition: string): Promise<void> {
  while (!(await page.evaluate<boolean>(condition))) await Bun.sleep(20);
}

async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ state: "attached" });
}
