import { expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fact } from "../fact/fact.ts";
import { encodeFacts } from "../fact/line.ts";
import { Spool } from "./spool.ts";

function folder() {
  const path = mkdtempSync(join(tmpdir(), "spool-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const head = (id: string): Fact => ({ fact: "head", id, t: 1, status: 200, headers: [] });
const append = (spool: Spool, ...facts: Fact[]) => spool.append(encodeFacts(facts), facts);
const files = (logs: string) => readdirSync(join(logs, "spool"));

test("what a process left behind is given back to its next life, torn end and all", () => {
  using logs = folder();
  const first = new Spool(logs.path, "first");
  append(first, head("a"), head("b"));
  appendFileSync(join(logs.path, "spool", files(logs.path)[0]!), new Uint8Array([9, 0, 0, 0, 1]));
  const second = new Spool(logs.path, "second");
  const left = [...second.leftovers()];
  expect(left.map(({ facts, torn }) => ({ facts, torn }))).toEqual([
    { facts: [head("a"), head("b")], torn: 5 },
  ]);
  left[0]!.done();
  expect(files(logs.path)).toEqual([]);
});

test("a file goes when the last of its exchanges has one of its own", () => {
  using logs = folder();
  const spool = new Spool(logs.path, "x");
  append(spool, head("a"), head("b"));
  spool.finished("a");
  spool.heartbeat();
  expect(files(logs.path)).toHaveLength(1);
  spool.finished("b");
  spool.heartbeat();
  expect(files(logs.path)).toEqual([]);
  append(spool, head("c"));
  spool.finished("c");
  spool.close();
  expect(files(logs.path)).toEqual([]);
});

test("the file of another program that lives is left alone; that of a dead one is not", () => {
  using logs = folder();
  append(new Spool(logs.path, "x"), head("a"));
  const [name] = files(logs.path);
  const parts = name!.split("_");
  const other = [parts[0], String(process.ppid), ...parts.slice(2)].join("_");
  renameSync(join(logs.path, "spool", name!), join(logs.path, "spool", other));
  expect([...new Spool(logs.path, "y").leftovers()]).toEqual([]);
  const old = new Date(Date.now() - 3_600_000);
  utimesSync(join(logs.path, "spool", other), old, old);
  expect([...new Spool(logs.path, "y").leftovers()]).toHaveLength(1);
});

test("a folder that is taken away is made again", () => {
  using logs = folder();
  const spool = new Spool(logs.path, "x");
  append(spool, head("a"));
  rmSync(logs.path, { recursive: true });
  spool.heartbeat();
  append(spool, head("b"));
  expect(files(logs.path)).toHaveLength(1);
});
