import { expect, test } from "bun:test";
import { believable } from "../../test/believable.ts";
import { createWeb } from "./app.ts";
import { SHEETS } from "./styles.ts";

async function served() {
  const app = await createWeb(believable().sources);
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.handle(new Request(`http://127.0.0.1${path}`, { headers: { host: "127.0.0.1", ...headers } }));
  return { get, text: async (path: string) => (await get(path)).text() };
}

test("all styles are one file, in their order", async () => {
  const { get, text } = await served();
  const page = await text("/");
  expect(page.match(/<link rel="stylesheet"[^>]*>/g)).toEqual([
    '<link rel="stylesheet" href="/public/styles/all.css" />',
  ]);
  const sheets = await Promise.all(SHEETS.map((name) => text(`/public/styles/${name}.css`)));
  expect(await text("/public/styles/all.css")).toBe(sheets.join("\n"));
  expect((await get("/public/styles/all.css")).headers.get("content-type")).toBe("text/css; charset=utf-8");
});

test("what a view's scripts import is named in its head: all of it, once, and nothing else", async () => {
  const { text } = await served();
  for (const [path, script] of [
    ["/", "llm"],
    ["/mcp", "mcp"],
    ["/runs", "runs"],
  ] as const) {
    const page = await text(path);
    const named = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)"/g)].map(([, href]) => href!);
    const needed = new Set<string>();
    const next = ["/public/app.js", `/public/${script}.js`];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (needed.has(at)) continue;
      needed.add(at);
      const { imports } = new Bun.Transpiler({ loader: "js" }).scan(await text(at));
      for (const { path: to, kind } of imports)
        if (kind === "import-statement") next.push(new URL(to, `http://page${at}`).pathname);
    }
    needed.delete("/public/app.js");
    expect(named.toSorted()).toEqual([...needed].sort());
  }
});

test("scripts and styles that the browser has are not sent again, and others are", async () => {
  const { get } = await served();
  for (const path of ["/public/list.js", "/public/shown/bar.ts", "/public/styles/all.css"]) {
    const first = await get(path);
    const etag = first.headers.get("etag")!;
    const again = await get(path, { "if-none-match": `"other", ${etag}` });
    expect([path, again.status, await again.text(), again.headers.get("etag")]).toEqual([
      path,
      304,
      "",
      etag,
    ]);
    expect((await get(path, { "if-none-match": '"other"' })).status).toBe(200);
  }
});
