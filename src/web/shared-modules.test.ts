import { expect, test } from "bun:test";
import { sharedModules } from "./shared-modules.ts";

test("a pure module is served as a script that a browser takes, and nothing else of src is", async () => {
  const app = sharedModules();
  const ask = (path: string) => app.handle(new Request(`http://localhost${path}`));
  const response = await ask("/public/filter/filter.ts");
  const text = await response.text();
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(text).toMatch(/from ?"\.\/value\.ts"/);
  expect(new Bun.Transpiler({ loader: "js" }).scan(text).exports).toContain("parseFilter");
  for (const path of ["filter.test.ts", "..%2fconfig.ts", "nothing.ts", "__proto__"])
    expect((await ask(`/public/filter/${path}`)).status).toBe(404);
});

test("a script of the page comes without its comments and types, and does what is written", async () => {
  const app = sharedModules();
  const ask = (path: string) => app.handle(new Request(`http://localhost${path}`));
  const text = await (await ask("/public/list.js")).text();
  const written = await Bun.file(`${import.meta.dir}/../../public/list.js`).text();
  expect(text).not.toMatch(/@param|^\s*\/\//m);
  const { exports, imports } = new Bun.Transpiler({ loader: "js" }).scan(text);
  const asWritten = new Bun.Transpiler({ loader: "js" }).scan(written);
  expect([exports, imports]).toEqual([asWritten.exports, asWritten.imports]);
  for (const path of ["tsconfig.json", "nothing.js", "..%2fpackage.js", "vendor%2fhtmx.min.js"])
    expect((await ask(`/public/${path}`)).status).toBe(404);
});
