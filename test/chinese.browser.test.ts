/** Every view in Chinese, with all that opens in it: no English is left but what was recorded and what has no other name. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { shows, visit } from "./visit.ts";
import { aDay } from "./world.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

/** Names of products, of protocols and of their parts, which are said so in Chinese too. */
const NAMES =
  /^(?:MCP Proxy Logger|LLM API|JSON API|OpenAPI|JSON|MCP|TTFT|Anthropic|OpenAI|Gemini|OpenRouter|cURL|curl|HTTPie|Python|TypeScript|Claude Code|Codex|English|token|tokens|stdio|stderr|stdout|text|API|POST|text, tool|cohere|ollama|notes\.txt|event-stream; charset|(?:chat\.)?completion\.chunk|Unexpected identifier|upstream NAME|openai-\w+|anthropic-\w+|gemini-\w+|gemini|bedrock-\w+|cohere-\w+|mistral)$/;

describe.skipIf(!executablePath)("in Chinese", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("no view has English of ours", async () => {
    const world = aDay(24);
    const failed = { event: "exit", ending: "refused", error: NOT_THERE, code: 127, signal: null };
    world.line("ghost", "0192d3c4-ghost", Date.now() - 900, { event: "start", command: ["ghost"], pid: 1 });
    world.line("ghost", "0192d3c4-ghost", Date.now() - 800, failed);
    await using seen = await visit(browser, world, "/", { locale: "zh-CN" });
    const { page, url } = seen;
    const { items } = await world.index.exchanges({ limit: 40 });
    const recorded = await everythingRecorded(url, items);
    const one = (fits: (row: (typeof items)[number]) => boolean) => items.find(fits)?.id;
    const tool = one(({ tools }) => tools.length > 0);
    const views: [path: string, open?: (page: Page) => Promise<void>][] = [
      ["/", async () => page.locator('[data-do="help"]').click()],
      ["/", async () => page.keyboard.press("Control+k")],
      ["/", async () => page.locator(".popup.columns > summary").click()],
      [
        "/",
        async () => page.locator("#filter input[name=q]").fill("model:gpt* status:>=400 -tool:x nonsense:"),
      ],
      ["/?group=conversation"],
      ["/?welcome"],
      ...["story", "stream", "context", "wire"].map((panel): [string] => [`/llm/${tool}/${panel}`]),
      [`/llm/${tool}/story`, async () => page.locator(".copy-as > summary").click()],
      [`/llm/${one(({ status }) => status === 429)}`],
      [`/llm/${one(({ ending }) => ending === "refused")}`],
      [`/llm/${one(({ ending }) => ending === "client-gone")}`],
      ["/mcp"],
      ["/mcp/0192d3c4-weather"],
      ["/mcp/0192d3c4-weather/7"],
      ["/mcp/0192d3c4-weather?part=inventory"],
      ["/mcp/0192d3c4-weather?part=problems"],
      ["/mcp/0192d3c4-ghost"],
      ["/runs"],
      ["/hosts"],
      ["/learn"],
      ["/learn/stream?step=4"],
      ["/learn/handshake?step=4"],
      ["/no-such-page"],
    ];
    await page.evaluate(`localStorage.setItem("learn", "on")`);
    const found: string[] = [];
    for (const [path, open] of views) {
      await page.goto(url + path);
      await page.waitForLoadState("networkidle");
      await page.evaluate(
        `document.querySelectorAll("details:not([name])").forEach((it) => (it.open = true))`,
      );
      await open?.(page);
      for (const said of await page.evaluate<string[]>(SAID))
        for (const run of runsIn(said)) if (!recorded.includes(run)) found.push(`${path}: ${run}`);
    }
    expect([...new Set(found)]).toEqual([]);
    await page.goto(`${url}/mcp/0192d3c4-ghost`);
    await shows(page, "#session-head .trouble", "没有启动成功");
    await shows(page, "#session-head .trouble", "PATH（/bin）中没有该程序");
  });

  test("a filter that is typed in Chinese has an address that is the same in every language", async () => {
    await using seen = await visit(browser, aDay(12), "/", { locale: "zh-CN" });
    const { page } = seen;
    await page.locator("#list .rows .row").first().waitFor();
    await page.locator("#filter input[name=q]").fill("模型：gpt* -状态:>=400 天气");
    await page.waitForURL((url) => url.searchParams.get("q") === "model:gpt* -status:>=400 天气");
    expect(await page.locator("#filter input[name=q]").inputValue()).toBe("模型：gpt* -状态:>=400 天气");
    await page.reload();
    await shows(page, "#meaning", "模型");
    expect(seen.complaints).toEqual([]);
  });
});

const NOT_THERE =
  "cannot start ghost: there is no such program in PATH (/bin); a host that was started from the desktop has another PATH than your terminal";

/** Two words of Latin letters and more in a row, or one that stands alone. */
function runsIn(said: string): string[] {
  // What a filter is written in is the same in every language.
  const text = said
    .replace(/(?:^| )-?[a-z]+:[^\s"]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const runs = text.match(/[A-Za-z][A-Za-z'’-]+(?:[ ,.;]+[A-Za-z][A-Za-z'’-]+)+|^[A-Za-z'’-]{3,}$/g) ?? [];
  return runs.filter((run) => !NAMES.test(run));
}

/** Texts in sight and in the names of things, but for code, keys, names that explain themselves and what says that it is English. */
const SAID = `(() => {
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    const element = node.nodeType === 3 ? node.parentElement : node;
    if (element.closest("script, style, template, code, pre, kbd, .term, .code, .frames, [lang=en]")) continue;
    if (node.nodeType === 3) said.push(node.textContent);
    else
      for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-valuetext"])
        if (element.hasAttribute(name)) said.push(element.getAttribute(name));
  }
  return said;
})()`;

/** As one text: what passed and what is read of it, but for the program's own sentences. */
async function everythingRecorded(
  url: string,
  rows: readonly { id: string; asked: string; answered: string }[],
) {
  const ask = async (path: string) => (await fetch(url + path)).json() as Promise<Record<string, unknown>>;
  const readings = await Promise.all(rows.map(({ id }) => ask(`/api/exchanges/${id}/reading`)));
  const { unreadable: _, warnings: __, ...status } = await ask("/api/status");
  const session = await ask("/api/mcp/sessions/0192d3c4-weather");
  const read = readings.map(({ problems: _own, notes: _also, ...reading }) => reading);
  const all = [read, status, session, rows.map(({ asked, answered }) => [asked, answered]), "ghost"];
  return stringsIn(all).join("\n").replace(/\s+/g, " ");
}

/** Names and texts of a value, however deep. */
function stringsIn(value: unknown): string[] {
  const all: string[] = [];
  JSON.stringify(value, (name, it: unknown) => {
    all.push(name);
    if (typeof it === "string") all.push(it);
    return it;
  });
  return all;
}
