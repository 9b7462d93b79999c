import { afterAll, afterEach, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLines } from "./line-writer.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "line-writer-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const spies: { mockRestore(): void }[] = [];
afterEach(() => spies.splice(0).forEach((spy) => spy.mockRestore()));

let count = 0;
const newPath = () => join(folder, `${count++}`, "a.jsonl");
const nothing = () => "{}";

test("a process that is busy itself while it leaves loses nothing: only the disk's own time counts", async () => {
  const path = newPath();
  const lines = openLines(path, nothing);
  lines.append("x".repeat(3_000_000));
  const closing = lines.close(0);
  const busyUntil = performance.now() + 2_500;
  while (performance.now() < busyUntil);
  expect(await closing).toEqual({ lost: 0 });
  expect(fs.statSync(path).size).toBe(3_000_001);
});

test("a disk that answers nothing at all is not waited for, and what it did not take is counted", async () => {
  const write = spyOn(fs, "write") as unknown as {
    mockImplementation(f: unknown): void;
    mockRestore(): void;
  };
  write.mockImplementation(() => {});
  spies.push(write);
  const lines = openLines(newPath(), nothing);
  lines.append("a");
  lines.append("b");
  expect(await lines.close(0)).toEqual({ lost: 2 });
});

test("a line that is longer than all that may wait is taken when nothing else waits", async () => {
  const path = newPath();
  const lines = openLines(path, ({ lines: lost }) => `lost ${lost}`, 1_000);
  lines.append("x".repeat(5_000));
  lines.append("y");
  await lines.close();
  expect(fs.readFileSync(path, "utf8")).toBe(`${"x".repeat(5_000)}\nlost 1\n`);
});

test("many lines wait as bytes, in few blocks, and are written in their order", async () => {
  const path = newPath();
  const lines = openLines(path, nothing);
  const all = Array.from({ length: 50_000 }, (_, n) => `${n} 世`.padEnd(n % 300, "x"));
  for (const line of all) lines.append(line);
  expect(lines.waiting()).toBe(Buffer.byteLength(all.join("\n")) + 1);
  await lines.close();
  expect(lines.waiting()).toBe(0);
  expect(fs.readFileSync(path, "utf8")).toBe(`${all.join("\n")}\n`);
});
