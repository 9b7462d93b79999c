import { afterEach, beforeEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packExchanges } from "./pack.ts";
import { type Limits, retain } from "./retention.ts";

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const none: Limits = { maxAgeMs: null, maxBytes: null, maxCount: null };
let logs: string;
beforeEach(() => {
  logs = fs.mkdtempSync(join(tmpdir(), "retention-"));
});
afterEach(() => fs.rmSync(logs, { recursive: true }));

/** A file of 100 bytes that was written so many hours ago. */
function write(path: string, hours: number): void {
  fs.mkdirSync(dirname(join(logs, path)), { recursive: true });
  fs.writeFileSync(join(logs, path), "x".repeat(100));
  const seconds = (NOW - hours * HOUR) / 1_000;
  fs.utimesSync(join(logs, path), seconds, seconds);
}

const left = () =>
  (fs.readdirSync(logs, { recursive: true }) as string[])
    .filter((path) => fs.statSync(join(logs, path)).isFile())
    .map((path) => path.replace(/^.*\//, ""))
    .sort();
const run = (limits: Partial<Limits>, keep: (path: string) => boolean = () => false) =>
  retain({ logs, limits: { ...none, ...limits }, now: NOW, keep });

function someFiles(): void {
  for (const n of [1, 2, 3]) write(`llm_proxy/${n}.json`, n);
  write("mcp_x/4.jsonl", 4);
}

test("nothing is deleted unless a limit is set", async () => {
  someFiles();
  expect(await run({})).toEqual({ files: 0, records: 0, bytes: 0 });
  expect(left()).toHaveLength(4);
});

test("by age, by size and by count the oldest go first, of every kind", async () => {
  someFiles();
  expect(await run({ maxAgeMs: 3.5 * HOUR })).toEqual({ files: 1, records: 1, bytes: 100 });
  expect(left()).toEqual(["1.json", "2.json", "3.json"]);
  await run({ maxBytes: 200 });
  expect(left()).toEqual(["1.json", "2.json"]);
  await run({ maxCount: 1 });
  expect(left()).toEqual(["1.json"]);
  await run({ maxCount: 1, maxBytes: 100, maxAgeMs: HOUR });
  expect(left()).toEqual(["1.json"]);
});

test("what is kept on purpose counts, and stays; the next oldest goes", async () => {
  someFiles();
  await run({ maxCount: 2 }, (path) => path === "mcp_x/4.jsonl");
  expect(left()).toEqual(["1.json", "4.jsonl"]);
});

test("what was just written, and what is not ours, stays", async () => {
  write("llm_proxy/now.json", 0);
  for (const path of [
    "llm_proxy/notes.txt",
    "llm_proxy/x.json.tmp",
    "spool/a.json",
    "index.sqlite",
    "other/b.json",
  ]) {
    write(path, 99);
  }
  expect(await run({ maxCount: 0, maxAgeMs: HOUR })).toEqual({ files: 0, records: 0, bytes: 0 });
});

test("a pack is as old as its youngest exchange and counts as many", async () => {
  someFiles();
  packExchanges({ logs, before: NOW });
  expect(left()).toEqual(["1.json.zst", "4.jsonl"]);
  await run({ maxAgeMs: 1.5 * HOUR });
  expect(left()).toEqual(["1.json.zst"]);
  expect(await run({ maxCount: 2 })).toMatchObject({ files: 1, records: 3 });
});
