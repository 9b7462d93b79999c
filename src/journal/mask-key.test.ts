import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { maskFor } from "./mask-key.ts";

const folder = () => {
  const logs = mkdtempSync(join(tmpdir(), "mask-key-"));
  return { logs, path: join(logs, ".mask-key"), [Symbol.dispose]: () => rmSync(logs, { recursive: true }) };
};

test("the same folder gives the same mask again, another one another", () => {
  using one = folder();
  using other = folder();
  const mask = maskFor(one.logs).secret("sk-proj-abcdefghijklmnop");
  expect(maskFor(one.logs).secret("sk-proj-abcdefghijklmnop")).toBe(mask);
  expect(maskFor(other.logs).secret("sk-proj-abcdefghijklmnop")).not.toBe(mask);
});

test.skipIf(process.platform === "win32").each([
  ["a pipe", (path: string) => void Bun.spawnSync(["mkfifo", path])],
  ["a link to a device", (path: string) => symlinkSync("/dev/zero", path)],
  ["a file that is no key", (path: string) => writeFileSync(path, Buffer.alloc(100_000))],
])("%s in its place is not waited for, and not read", (_, make) => {
  using some = folder();
  make(some.path);
  const once = maskFor(some.logs).secret("sk-proj-abcdefghijklmnop");
  expect(maskFor(some.logs).secret("sk-proj-abcdefghijklmnop")).not.toBe(once);
});
