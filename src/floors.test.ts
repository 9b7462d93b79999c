/** The floors of the house: what may import what, and what the pure parts may touch. Reads every file of src. */
import { expect, test } from "bun:test";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";

type Floor = {
  /** Folders that may be imported besides the own one. "*" is everything. */
  readonly imports: readonly string[];
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages a pure floor may use; a floor with this list has no I/O, no clock and no platform. */
  readonly pure?: readonly string[];
};

/** A new folder in src gets a line here, and with it a place in the house. `config` and `main` are files. */
const floors: Record<string, Floor> = {
  fact: { imports: [], pure: ["@sinclair/typebox"] },
  filter: { imports: ["fact"], pure: [] },
  shown: { imports: ["fact", "filter"], pure: [] },
  door: { imports: [] }, // what both ports ask of whoever comes
  capture: { imports: ["fact", "door"] },
  read: {
    imports: ["fact"],
    pure: ["@cfworker/json-schema", "@pydantic/genai-prices", "@sinclair/typebox"],
  },
  journal: { imports: ["fact"] },
  bodies: { imports: ["fact", "journal"] },
  index: { imports: ["fact", "filter"] },
  feed: { imports: ["fact"], types: ["index"] },
  telemetry: { imports: ["fact"], types: ["read"] },
  ship: { imports: ["fact", "journal"], types: ["bodies", "index", "feed"] },
  web: { imports: ["fact", "door", "filter", "shown", "read"], types: ["index", "feed"] },
  observer: {
    imports: "fact door filter read journal bodies index feed telemetry ship web".split(" "),
    types: ["config"],
  },
  mcp: { imports: ["fact", "capture", "journal", "config", "install"] },
  demo: { imports: ["fact", "mcp"] }, // it starts the weather server, as a host does
  team: {
    imports: "fact door read journal bodies index feed telemetry web observer".split(" "),
    types: ["config"],
  },
  commands: { imports: ["*"] },
  upstreams: { imports: ["*"] },
  record: { imports: ["*"] },
  embed: { imports: ["*"] },
  main: { imports: ["*"] },
  cli: { imports: ["*"] },
  config: { imports: ["fact"] },
  install: { imports: [] },
};

const platform = [
  "Bun",
  "process",
  "Buffer",
  "require",
  "fetch",
  "navigator",
  "Worker",
  "WebSocket",
  "WebAssembly",
];
const clock = [
  "Date.now",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "Math.random",
  "crypto",
];
const dom = [
  "document",
  "window",
  "localStorage",
  "sessionStorage",
  "customElements",
  "HTMLElement",
  "DOMParser",
];
const impure = [...platform, ...clock, ...dom];

/** What a pure file may have evaluated with its first use: large tables, bundled for a browser like any import. */
const LATE = /\brequire\("(?:@pydantic\/genai-prices|\.\/schema\/[\d-]+\.json)"\)/g;

/** Tests and their tools: no part of the program, and not published (`files` in package.json). */
const OF_TESTS = /\.test\.|\.testkit\.|\/testkit\/|\/fixtures\//;

const root = import.meta.dir;
const files = (await Array.fromAsync(new Bun.Glob("**/*.{ts,tsx,js}").scan(root)))
  .filter((file) => !OF_TESTS.test(file))
  .sort();

test("every folder of src has its floor", () => {
  const unknown = files.filter((file) => !(folderOf(file) in floors));
  expect(unknown.map((file) => `src/${file}: give "${folderOf(file)}" a line in src/floors.test.ts`)).toEqual(
    [],
  );
});

test("a file imports from its own folder or a lower floor", async () => {
  const broken = await Promise.all(
    files.map(async (file) => crossings(file, await Bun.file(join(root, file)).text())),
  );
  expect(broken.flat()).toEqual([]);
});

test("CONTRIBUTING says the same of every folder", async () => {
  const text = await Bun.file(join(root, "..", "CONTRIBUTING.md")).text();
  const said = [...text.matchAll(/^\| `src\/(\w+)\/` \| ([^|]*) \|/gm)].map(([, folder, imports]) => [
    folder,
    imports,
  ]);
  const files = ["upstreams", "record", "main", "cli", "install"];
  const held = Object.entries(floors)
    .filter(([folder]) => !files.includes(folder))
    .map(([folder, { imports, types = [] }]) => {
      const all = imports.includes("*") ? "everything" : imports.join(" ");
      return [folder, `${all}${types.length > 0 ? ` (${types.join(" ")})` : ""}` || "–"];
    });
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(held));
});

test("nothing of the program needs a tool of the tests", async () => {
  const broken = await Promise.all(
    files.map(async (file) =>
      importsOf(file, await Bun.file(join(root, file)).text())
        .filter(({ path }) => path.startsWith(".") && OF_TESTS.test(path))
        .map(({ path }) => `src/${file} imports ${path}`),
    ),
  );
  expect(broken.flat()).toEqual([]);
});

/** What is started, imported by others, or served to the page as it is (`web/shared-modules.ts`). */
const ENTRIES = /^(?:cli\.ts|embed\/index\.ts|(?:filter|shown)\/)/;

test("every file of the program is used by the program", async () => {
  const used = new Set<string>();
  for (const file of files)
    for (const [, path] of (await Bun.file(join(root, file)).text()).matchAll(
      /["'](\.{1,2}\/[^"'\n]+\.ts)["']/g,
    ))
      used.add(relative(root, join(root, dirname(file), path!)));
  const left = files.filter((file) => !used.has(file) && !ENTRIES.test(file));
  expect(left.map((file) => `src/${file}: nobody needs it; what only tests use is a testkit`)).toEqual([]);
});

test("process.env is read in src/config.ts alone, the DOM in public/ alone, and fact and read are pure", async () => {
  const broken = await Promise.all(
    files.map(async (file) => touches(file, await Bun.file(join(root, file)).text())),
  );
  expect(broken.flat()).toEqual([]);
});

test.skipIf(!files.includes("read/read.ts"))("read is bundled for a browser as it is", async () => {
  const entrypoints = [join(root, "read/read.ts")];
  const built = await Bun.build({ entrypoints, target: "browser", metafile: true, throw: false });
  expect(built.logs.map(String)).toEqual([]);
  const inputs = Object.keys(built.metafile?.inputs ?? {});
  expect(inputs.length).toBeGreaterThan(1);
  expect(inputs.filter((input) => isBuiltin(input) || /^(node|bun):/.test(input))).toEqual([]);
});

test("no file needs itself by way of others, not even for a type", async () => {
  const needed = new Map<string, string[]>();
  for (const file of files) {
    const imports = importsOf(file, await Bun.file(join(root, file)).text());
    const own = imports.filter(({ path }) => path.startsWith("."));
    const near = own.map(({ path }) => relative(root, join(root, dirname(file), path)));
    // The command line is started anew, in a process of its own: nobody imports it.
    needed.set(
      file,
      near.filter((to) => to !== "cli.ts"),
    );
  }
  expect(circles(needed)).toEqual([]);
});

test("a circle of files is found, whoever is asked first", () => {
  const needed = { a: ["b"], b: ["c", "d"], c: ["b"], d: [], e: ["e"], f: ["a"] };
  const expected = [["b", "c"], ["e"]];
  expect(circles(new Map(Object.entries(needed)))).toEqual(expected);
  expect(circles(new Map(Object.entries(needed).toReversed())).toSorted()).toEqual(expected);
});

test("a limit says what it counts", async () => {
  const bare = /^(?:export )?const (MOST|LEAST|LARGEST|LONGEST|SHOWN|REMEMBERED|LIMIT)\b/m;
  const broken = await Promise.all(
    files.map(async (file) => {
      const [, name] = bare.exec(await Bun.file(join(root, file)).text()) ?? [];
      return name ? [`src/${file}: ${name} of what? say the unit: ${name}_BYTES, ${name}_ROWS, …`] : [];
    }),
  );
  expect(broken.flat()).toEqual([]);
});

test("the rules notice what they are for", () => {
  expect(crossings("journal/x.ts", `import { relay } from "../capture/http.ts";`)).toHaveLength(1);
  expect(crossings("feed/x.ts", `import { sqlite } from "../index/sqlite.ts";`)).toHaveLength(1);
  expect(crossings("feed/x.ts", `import type { Index } from "../index/index.ts";`)).toEqual([]);
  expect(crossings("read/x.ts", `const fs = await import("node:fs");`)).toHaveLength(1);
  expect(crossings("read/x.ts", `export * from "elysia";`)).toHaveLength(1);
  expect(crossings("web/x.ts", `import config from "../config.ts";`)).toHaveLength(1);
  expect(touches("read/x.ts", `export const fs = require("node:fs");`)).toHaveLength(1);
  expect(touches("read/x.ts", `export const table = () => require("@pydantic/genai-prices");`)).toEqual([]);
  expect(touches("fact/x.ts", `export const now = () => Date.now();`)).toHaveLength(1);
  expect(touches("read/x.ts", `export const now = () => new Date().toISOString();`)).toHaveLength(1);
  expect(touches("read/x.ts", `export const day = (t: number) => new Date(t); // not Date.now()`)).toEqual(
    [],
  );
  expect(touches("capture/x.ts", "export const key = process.env.KEY;")).toHaveLength(1);
  expect(touches("config.ts", "export const key = process.env.KEY;")).toEqual([]);
  expect(touches("web/x.ts", "document.title = 'x';")).toHaveLength(1);
  expect(
    touches("web/x.ts", "export const title = (document: { title: string }) => document.title;"),
  ).toEqual([]);
});

/** Files that reach themselves, those of one circle together. */
function circles(needed: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = new Map([...needed.keys()].map((file) => [file, reachedFrom(file, needed)]));
  const round = [...reached].filter(([file, others]) => others.has(file));
  const groups = round.map(([file, others]) =>
    [...others].filter((other) => reached.get(other)?.has(file)).toSorted(),
  );
  return groups.filter((group, n) => groups.findIndex((other) => other[0] === group[0]) === n);
}

function reachedFrom(file: string, needed: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const next = [...(needed.get(file) ?? [])];
  for (let to = next.pop(); to !== undefined; to = next.pop()) {
    if (seen.has(to)) continue;
    seen.add(to);
    next.push(...(needed.get(to) ?? []));
  }
  return seen;
}

/** `web/views/list.ts` → `web`, `config.ts` → `config`. */
function folderOf(file: string): string {
  return (file.split("/")[0] ?? file).replace(/\.(ts|tsx|js)$/, "");
}

function crossings(file: string, source: string): string[] {
  const own = folderOf(file);
  const floor = floors[own];
  if (!floor) return [];
  const broken: string[] = [];
  for (const { path, kind } of importsOf(file, source)) {
    if (!path.startsWith(".")) {
      if (!floor.pure || floor.pure.some((name) => path === name || path.startsWith(`${name}/`))) continue;
      broken.push(`src/${file} imports ${path}: ${own}/ is pure, take what it gives as a parameter`);
      continue;
    }
    const target = relative(root, join(root, dirname(file), path));
    const folder = folderOf(target);
    if (target.startsWith("..") || folder === own) continue;
    if (floor.imports.includes("*") || floor.imports.includes(folder)) continue;
    if (floor.types?.includes(folder)) {
      if (kind === "type") continue;
      broken.push(`src/${file} imports ${path}: only types of ${folder}/ (import type), pass the value in`);
      continue;
    }
    broken.push(
      `src/${file} imports ${path}: ${own}/ stands beside or below ${folder}/, pass it in as a parameter`,
    );
  }
  return broken;
}

function loaderOf(file: string): "ts" | "tsx" {
  return file.endsWith(".tsx") ? "tsx" : "ts";
}

type Import = { readonly path: string; readonly kind: "value" | "type" };

/** Values as the transpiler sees them; types, which it drops, from the text. */
function importsOf(file: string, source: string): Import[] {
  const found: Import[] = new Bun.Transpiler({ loader: loaderOf(file) })
    .scanImports(source.replace(/^#!.*/, ""))
    .map(({ path }) => ({ path, kind: "value" as const }));
  const add = (pattern: RegExp, kind: Import["kind"]) => {
    for (const [, path] of source.matchAll(pattern)) {
      if (path !== undefined && !found.some((known) => known.path === path)) found.push({ path, kind });
    }
  };
  add(/\bnew URL\(\s*["']([^"']+\.[tj]sx?)["'],\s*import\.meta\.url/g, "value");
  add(/^\s*(?:import|export)\s[^"'`;()]*?\bfrom\s*["']([^"']+)["']/gm, "type");
  add(/:\s*import\(\s*["']([^"']+)["']\s*\)/g, "type");
  return found;
}

/** The transpiler renames free names only: words in texts, comments and local names stay what they are. */
function touches(file: string, source: string): string[] {
  const floor = floors[folderOf(file)];
  const forbidden = new Map<string, string>();
  for (const name of dom) forbidden.set(name, "the DOM is for public/");
  if (folderOf(file) !== "config") {
    for (const name of ["process.env", "Bun.env", "import.meta.env"]) {
      forbidden.set(name, "the environment is for src/config.ts, take a parameter");
    }
  }
  if (floor?.pure) {
    for (const name of impure)
      forbidden.set(name, `${folderOf(file)}/ is pure, take what it gives as a parameter`);
  }
  const mark = (name: string) => `FORBIDDEN_${name.replaceAll(".", "_")}`;
  const define = Object.fromEntries([...forbidden.keys()].map((name) => [name, mark(name)]));
  if (floor?.pure) define.Date = mark("Date");
  const code = new Bun.Transpiler({ loader: loaderOf(file), define }).transformSync(
    source.replaceAll(LATE, "late"),
  );
  const broken: string[] = [];
  for (const [name, why] of forbidden) {
    if (new RegExp(`\\b${mark(name)}\\b`).test(code)) broken.push(`src/${file} uses ${name}: ${why}`);
  }
  if (
    /\bFORBIDDEN_Date(\(|\.now)|\bnew FORBIDDEN_Date(\(\)|;)/.test(
      code.replaceAll(/new FORBIDDEN_Date\((?!\))/g, ""),
    )
  ) {
    broken.push(`src/${file} uses the clock through Date: take the time as a parameter`);
  }
  return broken;
}
