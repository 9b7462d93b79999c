/** What a start loads: the files that both threads import before anything passes or anybody looks. Counted, not timed. */
import { expect, test } from "bun:test";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dir, "..");

/** Everything that these import, and what that imports; not what is imported while they run. */
async function loadedBy(
  ...entries: string[]
): Promise<{ packages: string[]; files: string[]; builtins: Set<string> }> {
  const found = new Set<string>();
  const builtins = new Set<string>();
  const next = entries.map((entry) => join(root, entry));
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (!/\.(ts|m?js|cjs)$/.test(file)) continue;
    const loader = file.endsWith(".ts") ? "ts" : "js";
    const text = (await Bun.file(file).text()).replace(/^#!.*/, "");
    for (const { path, kind } of new Bun.Transpiler({ loader }).scanImports(text)) {
      if (kind !== "import-statement") continue;
      if (/^(node|bun):|^bun$/.test(path)) {
        builtins.add(path);
        continue;
      }
      const to = Bun.resolveSync(path, dirname(file));
      if (to.startsWith("/")) next.push(to);
    }
  }
  const names = [...found].map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? null);
  return {
    builtins,
    packages: [...new Set(names.filter((name) => name !== null))].sort(),
    files: [...found].filter((file) => !file.includes("node_modules")).map((file) => relative(root, file)),
  };
}

test("the thread of the traffic starts with nothing but its own files and the schemas of the settings", async () => {
  const { packages, builtins } = await loadedBy("src/cli.ts", "src/commands/start.ts");
  expect(packages).toEqual(["@sinclair/typebox"]);
  expect(builtins).not.toContain("node:http2");
});

test("the other thread starts without prices, Markdown, the API's description, SDKs and what is sent to collectors", async () => {
  const { packages } = await loadedBy("src/observer/worker.ts");
  expect(packages).toEqual([
    "@cfworker/json-schema",
    "@elysiajs/static",
    "@sinclair/typebox",
    "cookie",
    "elysia",
    "exact-mirror",
    "fast-decode-uri-component",
    "memoirist",
  ]);
});

test("no view but the list, no glossary and no lesson is loaded before somebody looks at one", async () => {
  const { files } = await loadedBy("src/observer/worker.ts");
  const late =
    /^src\/(read\/(glossary|learn|copy-as)|web\/(panels|saved\/\w+(?<!routes)\.ts|learn\/lessons|(mcp\/\w+|detail|terms|markdown)\.ts))/;
  expect(files.filter((file) => late.test(file))).toEqual([]);
});
