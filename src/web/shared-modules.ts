/**
 * The page's scripts: those of `public/`, and pure modules of `src/` that run on the page as they run here. Types are taken off
 * when a file is first asked for, and comments and white space with them (a third of what a browser would load), so that there is no build
 * step and no second copy of a meaning.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Elysia } from "elysia";

/** Pure folders of src, whose imports (types apart) stay among them: `floors.test.ts` holds that they are pure. */
const FOLDERS = ["filter", "shown"] as const;

const SRC = join(import.meta.dir, "..");
const PUBLIC = join(SRC, "../public");

/** Of `public/`; what stands in its folders is served as it is. */
export const SCRIPT = /^(?:.*[\\/]public[\\/])?[\w-]+\.js$/;

export function sharedModules() {
  const app = new Elysia({ detail: { hide: true } });
  for (const folder of FOLDERS) serve(app, `/public/${folder}`, join(SRC, folder), "ts");
  serve(app, "/public", PUBLIC, "js");
  return app;
}

function serve(app: Elysia, at: string, folder: string, loader: "ts" | "js"): void {
  const shape = new RegExp(`^[\\w-]+\\.${loader}$`);
  const names = new Set(readdirSync(folder).filter((name) => shape.test(name)));
  const ready = new Map<string, string>();
  app.get(`${at}/:name`, ({ params: { name }, status }) => {
    if (!names.has(name)) return status(404, { error: `there is no module ${name}` });
    const text = ready.get(name) ?? bare(readFileSync(join(folder, name), "utf8"), loader);
    ready.set(name, text);
    return new Response(text, {
      headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" },
    });
  });
}

function bare(text: string, loader: "ts" | "js"): string {
  return new Bun.Transpiler({ loader, target: "browser", minifyWhitespace: true }).transformSync(text);
}
