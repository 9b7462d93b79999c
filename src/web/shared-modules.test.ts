import { expect, test } from "bun:test";
import { sharedModules } from "./shared-modules.ts";

test("a pure module is served as a script that a browser takes, and nothing else of src is", async () => {
  const app = sharedModules();
  const ask = (path: string) => app.handle(new Request(`http://localhost${path}`));
  const response = await ask("/public/filter/filter.ts");
  const text = await response.text();
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(text).toContain('from "./value.ts"');
  expect(new Bun.Transpiler({ loader: "js" }).scan(text).exports).toContain("parseFilter");
  for (const path of ["filter.test.ts", "..%2fconfig.ts", "nothing.ts", "__proto__"])
    expect((await ask(`/public/filter/${path}`)).status).toBe(404);
});
