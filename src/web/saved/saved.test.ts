/** A saved file holds all that is known of one exchange, session or run, and does nothing by itself. */
import { expect, test } from "bun:test";
import { believable, chatStream, exchangeOf } from "../../../test/believable.ts";
import { weatherSession } from "../../../test/world.ts";
import { createWeb } from "../app.ts";
import { dangers, EVIL, hostile } from "../hostile.testkit.ts";

async function saved(world = believable()) {
  const app = await createWeb(world.sources);
  const get = async (path: string) => {
    const answer = await app.handle(
      new Request(`http://localhost${path}`, { headers: { host: "localhost" } }),
    );
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return { world, get };
}

/** What would ask for anything, or do anything, when the file is opened or something in it is clicked. */
function lively(page: string): string[] {
  const found: string[] = [];
  void new HTMLRewriter()
    .on("script, link, button, input, form, iframe, canvas", { element: (it) => void found.push(it.tagName) })
    .on("*", {
      element(it) {
        for (const [name, value] of it.attributes)
          // The sources of the rules are addresses of documents, to be followed by whoever wants.
          if (/^(src|href|hx-.*|on.*)$/.test(name) && !/^(#|https:\/\/)/.test(value))
            found.push(`${name}=${value}`);
      },
    })
    .transform(page);
  return found;
}

function folded(page: string): number {
  let n = 0;
  void new HTMLRewriter()
    .on("details", { element: (it) => void (it.hasAttribute("open") || n++) })
    .transform(page);
  return n;
}

test("an exchange is one file with its whole story, its events, its headers and both bodies", async () => {
  const { world, get } = await saved();
  const messages = Array.from({ length: 41 }, (_, n) => ({
    role: n % 2 === 0 ? "user" : "assistant",
    content: `word${n} `.repeat(300),
  }));
  const exchange = exchangeOf({
    body: { model: "gpt-4o", stream: true, messages },
    pieces: chatStream(["Good ", "bye"]),
  });
  world.keep(exchange);
  const { status, headers, text } = await get(`/llm/${exchange.id}/save`);
  expect(status).toBe(200);
  expect(headers.get("content-disposition")).toBe(`attachment; filename="exchange-${exchange.id}.html"`);
  expect(headers.get("content-security-policy")).toContain("sandbox");
  expect([lively(text), folded(text)]).toEqual([[], 0]);
  expect(text).toContain(`http-equiv="content-security-policy"`);
  expect(text).toContain(".saved .kept");
  for (const [n] of messages.entries()) expect(text).toContain(`word${n} `.repeat(300).trim());
  expect(text.split('<tr class="lane-').length - 1).toBe(6);
  expect(text).toContain("Good bye");
  expect(text).toContain("content-type");
});

test("it is in the reader's language", async () => {
  const { world, get } = await saved();
  const exchange = exchangeOf({ pieces: chatStream(["ok"]) });
  world.keep(exchange);
  const { text } = await get(`/llm/${exchange.id}/save?lang=zh`);
  expect(text).toContain('<html lang="zh-CN">');
  expect(text).toContain("由 MCP Proxy Logger");
});

test("a hostile exchange is text in it", async () => {
  const { world, get } = await saved();
  const exchange = exchangeOf(hostile());
  world.keep(exchange);
  const { text } = await get(`/llm/${exchange.id}/save`);
  expect(text).toContain("alert(1)");
  expect(text).not.toContain(EVIL);
  expect([lively(text), dangers(text).filter((it) => it !== "style=element")]).toEqual([[], []]);
});

test("an MCP session is one file with every line and what its server offers", async () => {
  const world = believable();
  weatherSession(world, 1770000000000, "s-1");
  const { get } = await saved(world);
  const { status, headers, text } = await get("/mcp/s-1/save");
  expect(status).toBe(200);
  expect(headers.get("content-disposition")).toContain("session-s-1.html");
  const lines = await world.sources.index.messages("s-1");
  expect(text.split('<li class="kept-line').length - 1).toBe(lines.items.length);
  expect(text).toContain("get_forecast");
  expect([lively(text), folded(text)]).toEqual([[], 0]);
});

test("what is not there is said", async () => {
  const { get } = await saved();
  for (const path of ["/llm/nothing/save", "/mcp/nothing/save", "/run/nothing/save"]) {
    const { status, text } = await get(path);
    expect([path, status, JSON.parse(text).error]).toEqual([path, 404, expect.stringContaining("no such")]);
  }
});
