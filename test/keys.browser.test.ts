/** What web pages can do to the two ports, in a real browser: none spends a key, and none reads what another was answered. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { BROWSER_TEST, executablePath, launch, newPage } from "./chromium.ts";
import { type Program, startProgram, until, type Upstream, upstream } from "./program.ts";

setDefaultTimeout(BROWSER_TEST);

const PAGE = `<!doctype html><title>before</title><script>document.title = "it ran"; fetch("/@own/v1/x");
fetch("/@own/v1/x", { method: "POST", body: "x" }); new WebSocket("/@own/v1/live");</script>`;

let browser: Browser;
let program: Program;
/** Has a key of ours, and is what all of them are after. */
let own: Upstream;
/** Sends pages through the proxy. */
let hostile: Upstream;
/** Sites of their own, on other ports and names of this machine. */
let site: Upstream;
beforeAll(async () => {
  if (!executablePath) return;
  browser = await launch(["host-resolver-rules=MAP evil.example 127.0.0.1"]);
  own = upstream(() =>
    Response.json({ secret: "an answer" }, { headers: { "access-control-allow-origin": "*" } }),
  );
  const html = (text: string) => new Response(text, { headers: { "content-type": "text/html" } });
  hostile = upstream(() => html(PAGE));
  site = upstream(() => html("<!doctype html><title>a site</title>"));
  const keyed = own.url.replace("http://", "http://me:the-key-of-the-owner@");
  const named = new URL(site.url).port;
  const owned = ["--upstream", `own=${keyed}`, "--mcp", `keyed=${own.url}/mcp?api_key=the-key-of-the-owner`];
  const others = ["--upstream", `hostile=${hostile.url}`, "--mcp", `hostile=${hostile.url}`];
  program = await startProgram([...owned, ...others, "--allow-origin", `http://127.0.0.1:${named}`]);
});
afterEach(() => void ((own?.requests as unknown[]) && ((own.requests as unknown[]).length = 0)));
afterAll(async () => {
  await browser?.close();
  for (const one of [program, own, hostile, site]) await one?.[Symbol.asyncDispose]();
});

const spent = () =>
  own.requests.filter((it) => JSON.stringify([it.path, ...it.headers]).match(/the-key|bWU6dGhl/));
const proxy = (host = "localhost") => program.proxyUrl.replace("127.0.0.1", host);
const at = (host: string) => site.url.replace("127.0.0.1", host);

async function visiting<T>(url: string, visit: (page: Page) => Promise<T>): Promise<T> {
  const { page, context } = await newPage(browser);
  await page.goto(url).catch(() => null);
  const result = await visit(page);
  await context.close();
  return result;
}

/** All ways in which a page can ask; resolves with what it could read, when each was answered or refused. */
const ask = (base: string) => `(async (base) => {
  const asked = (path, init = {}) => fetch(base + path, init).then((answer) => answer.text(), () => "");
  const image = (path, referrerPolicy) =>
    new Promise((resolve) => {
      const it = Object.assign(new Image(), { referrerPolicy, src: base + path });
      it.onload = it.onerror = () => resolve("");
    });
  const socket = (path) =>
    new Promise((resolve) => {
      const it = new WebSocket(base.replace("http", "ws") + path);
      it.onopen = it.onerror = it.onclose = () => resolve("");
    });
  const plain = { method: "POST", body: "{}", headers: { "content-type": "text/plain" } };
  const answers = await Promise.all([
    asked("/@own/v1/x"),
    asked("/@own/v1/y", plain),
    asked("/@own/v1/z", { mode: "no-cors" }),
    asked("/@mcp/keyed", plain),
    image("/@own/v1/a.png", "unsafe-url"),
    image("/@own/v1/b.png", "no-referrer"),
    socket("/@own/v1/live"),
  ]);
  return answers.join("");
})(${JSON.stringify(base)})`;

test.skipIf(!executablePath).each(["localhost", "app.localhost", "evil.example"])(
  "a page of http://%s:PORT spends no key, however it asks",
  async (host) => {
    await visiting(at(host), async (page) => {
      for (const name of ["localhost", "127.0.0.1"]) await page.evaluate(ask(proxy(name)));
    });
    expect(own.requests.length).toBeGreaterThan(0);
    expect(spent()).toEqual([]);
  },
);

test.skipIf(!executablePath)("a page of one's own that was named spends it", async () => {
  const heard = await visiting(at("127.0.0.1"), (page) => page.evaluate<string>(ask(proxy())));
  expect(heard).toContain("an answer");
  expect(new Set(spent().map(({ path }) => path.replace(/\?.*/, "")))).toContain("/v1/x");
});

test.skipIf(!executablePath).each(["/@hostile/page.html", "/@mcp/hostile/page.html"])(
  "a page that an upstream sends is shown and does not run: %s",
  async (path) => {
    const shown = await visiting(proxy() + path, async (page) => {
      await page.waitForLoadState("networkidle");
      return page.title();
    });
    expect(shown).toBe("before");
    const framed = await visiting(at("localhost"), async (page) => {
      const frame = `<iframe src="${proxy()}${path}"></iframe><object data="${proxy()}${path}"></object>`;
      await page.evaluate(`void (document.body.innerHTML = ${JSON.stringify(frame)})`);
      await page.waitForLoadState("networkidle");
      return Promise.all(page.frames().map((one) => one.title()));
    });
    expect(framed).not.toContain("it ran");
    expect(own.requests.length).toBe(0);
  },
);

test.skipIf(!executablePath)(
  "a name that a page has made mean this machine is refused on both ports",
  async () => {
    const statuses: (number | undefined)[] = [];
    const { page, context } = await newPage(browser);
    for (const url of [
      `${proxy("evil.example")}/@own/v1/x`,
      program.pageUrl.replace("127.0.0.1", "evil.example"),
    ])
      statuses.push((await page.goto(url))?.status());
    await context.close();
    expect(statuses).toEqual([403, 421]);
    expect(own.requests).toEqual([]);
  },
);

test.skipIf(!executablePath)(
  "the page opens with nothing to type, and its token goes to no upstream",
  async () => {
    expect(await visiting(program.pageUrl, (page) => page.title())).toContain("MCP Proxy Logger");
    const token = "a-token-of-my-own";
    await using guarded = await startProgram(["--token", token, "--upstream", `own=${own.url}`]);
    const { page, context } = await newPage(browser);
    const { origin, searchParams } = new URL(guarded.pageUrl);
    expect([searchParams.get("token"), (await page.goto(origin))?.status()]).toEqual([token, 401]);
    await page.getByRole("textbox").or(page.locator("input[type=password]")).first().fill(token);
    await page.getByRole("button").first().click();
    await page.waitForURL((url) => !url.search.includes("token"));
    expect((await context.cookies()).map(({ name }) => name).sort()).toEqual([
      "mcp-proxy-logger-token",
      "mcp-proxy-logger-visitor",
    ]);
    await page.goto(`${guarded.proxyUrl}/@own/v1/x`);
    await until(() => own.requests.length > 0);
    expect(JSON.stringify(own.requests.map(({ headers }) => [...headers]))).not.toMatch(/a-token|visitor/);
    await context.close();
  },
);
