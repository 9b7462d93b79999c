/** The version of Bun is pinned in package.json; everything else that names it says the same. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const { packageManager } = await Bun.file(join(root, "package.json")).json();
const pinned = packageManager.replace("bun@", "");

test.each([
  ["Dockerfile", /BUN_VERSION=([\d.]+\d)/g],
  ["README.md", /bun@([\d.]+\d)/g],
  ["README.zh-CN.md", /bun@([\d.]+\d)/g],
  ["CONTRIBUTING.md", /bun@([\d.]+\d)/g],
])("%s names the pinned version of Bun", async (name, pattern) => {
  const file = Bun.file(join(root, name));
  const named = (await file.exists())
    ? [...(await file.text()).matchAll(pattern)].map(([, version]) => version)
    : [];
  expect(named.filter((version) => version !== pinned)).toEqual([]);
});
