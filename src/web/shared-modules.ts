/**
 * Pure modules that run on the page as they run here: their types are taken off when they are first asked for, so that
 * there is no build step and no second copy of a meaning.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Elysia } from "elysia";

/** Pure folders of src, whose imports (types apart) stay among them: `floors.test.ts` holds that they are pure. */
const FOLDERS = ["filter", "shown"] as const;

export function sharedModules() {
  const app = new Elysia({ detail: { hide: true } });
  for (const folder of FOLDERS) {
    const path = join(import.meta.dir, "..", folder);
    const names = new Set(readdirSync(path).filter((name) => /^[\w-]+\.ts$/.test(name)));
    const ready = new Map<string, string>();
    app.get(`/public/${folder}/:name`, ({ params: { name }, status }) => {
      if (!names.has(name)) return status(404, { error: `there is no module ${name}` });
      const text = ready.get(name) ?? withoutTypes(readFileSync(join(path, name), "utf8"));
      ready.set(name, text);
      return new Response(text, {
        headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" },
      });
    });
  }
  return app;
}

function withoutTypes(text: string): string {
  return new Bun.Transpiler({ loader: "ts", target: "browser" }).transformSync(text);
}
