/**
 * The page's scripts: those of `public/`, and pure modules of `src/` that run on the page as they run here. Types are taken off
 * when a file is first asked for, and comments and white space with them (a third of what a browser would load), so that there is no build
 * step and no second copy of a meaning.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Elysia } from "elysia";
import { answerWith, keptText, type KeptText } from "./kept-text.ts";

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
  let kept: KeptText | null = null;
  return app.get(HTMX, ({ request }) => answerWith((kept ??= keptText(htmx(), JAVASCRIPT)), request));
}

/**
 * htmx and its socket, in one file: htmx begins a moment after it has run, and an extension that comes later than that is
 * not asked (htmx 4.0.1: then the page never connects).
 */
export const HTMX = "/public/vendor/htmx-with-ws.js";

function htmx(): string {
  return ["htmx.min.js", "hx-ws.js"]
    .map((name) => readFileSync(join(PUBLIC, "vendor", name), "utf8"))
    .join("\n;\n");
}

function serve(app: Elysia, at: string, folder: string, loader: "ts" | "js"): void {
  const shape = new RegExp(`^[\\w-]+\\.${loader}$`);
  const names = new Set(readdirSync(folder).filter((name) => shape.test(name)));
  const ready = new Map<string, KeptText>();
  app.get(`${at}/:name`, ({ request, params: { name }, status }) => {
    if (!names.has(name)) return status(404, { error: `there is no module ${name}` });
    const kept =
      ready.get(name) ?? keptText(bare(readFileSync(join(folder, name), "utf8"), loader), JAVASCRIPT);
    ready.set(name, kept);
    return answerWith(kept, request);
  });
}

const JAVASCRIPT = "text/javascript; charset=utf-8";

/**
 * What a module imports before it runs, and so on: a browser that is told of all of them at once need not find them one
 * behind the other. Addresses from the root.
 */
export function importsOf(...modules: readonly string[]): string[] {
  const found = new Set<string>();
  const next = modules.map((name) => `/public/${name}.js`);
  for (let path = next.shift(); path !== undefined; path = next.shift()) {
    if (found.has(path)) continue;
    found.add(path);
    const isPure = path.endsWith(".ts");
    const file = isPure
      ? join(SRC, path.slice("/public/".length))
      : join(PUBLIC, path.slice("/public/".length));
    const { imports } = new Bun.Transpiler({ loader: isPure ? "ts" : "js" }).scan(readFileSync(file, "utf8"));
    for (const { path: to, kind } of imports)
      if (kind === "import-statement") next.push(new URL(to, `http://page${path}`).pathname);
  }
  return [...found];
}

function bare(text: string, loader: "ts" | "js"): string {
  return new Bun.Transpiler({ loader, target: "browser", minifyWhitespace: true }).transformSync(text);
}
