/** What the documents name is there: files, folders, scripts, names of the code. Whoever moves one corrects them in the same commit. */
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { scripts } from "../package.json";

const root = join(import.meta.dir, "..");
const DOCUMENTS = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
const documents = [
  ...DOCUMENTS,
  ...(await Array.fromAsync(new Bun.Glob("{docs,examples,bench}/**/*.md").scan(root))).filter(
    (path) => !path.includes("node_modules"),
  ),
];
const sources = (
  await Array.fromAsync(new Bun.Glob("{src,public,test,bench,scripts,examples}/**/*").scan(root))
).filter((path) => !path.includes("node_modules"));
const names = new Set(sources.map((path) => basename(path)));

/** Where a path in a document may begin. */
function isThere(path: string, from: string): boolean {
  if (path.includes("*")) return sources.some((one) => new Bun.Glob(`**/${path}`).match(one));
  return [".", "src", "src/capture", dirname(from)].some((folder) => existsSync(join(root, folder, path)));
}

test("every file and folder of ours that a document names exists", async () => {
  const lost: string[] = [];
  for (const document of documents) {
    const text = await Bun.file(join(root, document)).text();
    for (const [, said] of text.matchAll(/`([\w.*{}-]+(?:\/[\w.*{}-]+)*\/?)`/g)) {
      const path = said!;
      const isFile = /\.(?:ts|js|sh|css)$/.test(path);
      const isFolder = /^(?:src|public|test|bench|scripts|examples|docs)\//.test(path);
      if (!isFile && !isFolder) continue;
      if (
        isFile && !path.includes("/")
          ? !names.has(path) && !isThere(path, document)
          : !isThere(path, document)
      )
        lost.push(`${document}: ${path}`);
    }
  }
  expect(lost).toEqual([]);
});

/** What stands for many names, and what others call something of theirs. */
const NO_NAME = ["onX", "dangerouslySetInnerHTML"];

test("every function, type and constant that a document names is in the code", async () => {
  const written = sources.filter((path) => /\.(?:ts|js)$/.test(path) && path !== "test/docs.test.ts");
  const code = [...written, "docker-compose.yml"];
  const text = (await Promise.all(code.map((path) => Bun.file(join(root, path)).text()))).join("\n");
  const known = new Set([...text.matchAll(/[\w$]+/g)].map(([word]) => word));
  const lost: string[] = [];
  let named = 0;
  for (const document of documents) {
    const prose = (await Bun.file(join(root, document)).text()).replaceAll(/```[^]*?```/g, "");
    for (const [, name] of prose.matchAll(
      /`([a-z]+[A-Z]\w*|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|\w+(?=\([\w, {}"]*\)`))/g,
    )) {
      named++;
      if (!known.has(name!) && !NO_NAME.includes(name!)) lost.push(`${document}: ${name}`);
    }
  }
  expect(named).toBeGreaterThan(60);
  expect(lost).toEqual([]);
});

test("every link between documents leads somewhere", async () => {
  const lost: string[] = [];
  for (const document of documents) {
    const text = await Bun.file(join(root, document)).text();
    for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g))
      if (!existsSync(join(root, dirname(document), target!))) lost.push(`${document}: ${target}`);
  }
  expect(lost).toEqual([]);
});

test("every script that a document says to run is in package.json", async () => {
  const lost: string[] = [];
  for (const document of documents) {
    const text = await Bun.file(join(root, document)).text();
    for (const [, name] of text.matchAll(/\bbun run ([a-z][\w-]*)(?![\w./-])/g))
      if (!(name! in scripts)) lost.push(`${document}: bun run ${name}`);
  }
  expect(lost).toEqual([]);
});
