/** What is counted and what becomes a span is pure; only `send/` has a clock, a network and a package of somebody else's. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const IMPURE = [
  "Bun",
  "process",
  "fetch",
  "setTimeout",
  "setInterval",
  "performance",
  "crypto",
  "Math.random",
];
const MARK = "FORBIDDEN_NAME";
const files = [...new Bun.Glob("**/*.ts").scanSync(import.meta.dir)].filter(
  (file) => !/\.test(?:kit)?\./.test(file) && !file.startsWith("send/"),
);

function touches(source: string): boolean {
  const define = Object.fromEntries([...IMPURE, "Date.now"].map((name) => [name, MARK]));
  const transpiler = new Bun.Transpiler({ loader: "ts", define });
  const isForeign = ({ path }: { path: string }) => !path.startsWith(".") || path.includes("send/");
  return transpiler.transformSync(source).includes(MARK) || transpiler.scanImports(source).some(isForeign);
}

test("nothing but send/ has a clock, a network or a package", async () => {
  expect(files.length).toBeGreaterThan(15);
  const texts = await Promise.all(files.map((file) => Bun.file(join(import.meta.dir, file)).text()));
  expect(files.filter((_, n) => touches(texts[n]!))).toEqual([]);
});

test("the rule notices what it is for", () => {
  const broken = [
    "export const now = () => Date.now();",
    "export const ask = () => fetch('http://x');",
    "import { gzip } from 'node:zlib'; gzip;",
    "import { createOutbox } from './send/outbox.ts'; createOutbox;",
  ];
  expect(broken.map(touches)).toEqual([true, true, true, true]);
  expect(touches("export const name = 'process.cpu'; // not Bun")).toBe(false);
});
