import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fact } from "../fact/fact.ts";
import { decodeFacts, encodeFacts } from "../fact/line.ts";
import { leftovers } from "./leftovers.ts";
import { Spool } from "./spool.ts";

function folder() {
  const path = mkdtempSync(join(tmpdir(), "spool-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const open = (id: string): Fact => ({
  fact: "open",
  id,
  at: 1,
  wire: "http",
  method: "GET",
  path: "/",
  upstream: "",
  target: "",
  headers: [],
});
const append = (spool: Spool, ...ids: string[]) =>
  spool.append({ seq: 1, parts: encodeFacts(ids.map(open)), opened: ids });
const files = (logs: string) => (existsSync(join(logs, "spool")) ? readdirSync(join(logs, "spool")) : []);

const deaf = { written() {}, refused() {} };

test("what a process left behind is found in its next life", async () => {
  using logs = folder();
  const first = new Spool(logs.path, "first", deaf);
  append(first, "a", "b");
  await first.settled();
  expect(leftovers(logs.path, "first")).toEqual([]);
  const [[left]] = leftovers(logs.path, "second") as [[string]];
  expect(decodeFacts(readFileSync(left)).facts).toEqual([open("a"), open("b")]);
});

test("a file goes when the last of its exchanges has one of its own", async () => {
  using logs = folder();
  const spool = new Spool(logs.path, "x", deaf);
  append(spool, "a", "b");
  await spool.settled();
  spool.finished(["a"]);
  await spool.close();
  expect(files(logs.path)).toHaveLength(1);

  using other = folder();
  const done = new Spool(other.path, "x", deaf);
  append(done, "a", "b");
  await done.settled();
  done.finished(["a", "b"]);
  await done.close();
  // The program may end with the next line.
  expect(files(other.path)).toEqual([]);
});

test("a file that is on its way out when the spool is closed is gone when it is closed", async () => {
  using logs = folder();
  const spool = new Spool(logs.path, "x", deaf);
  append(spool, "a");
  await spool.settled();
  const large = { seq: 2, parts: [new Uint8Array(17 * 1024 * 1024)], opened: ["b"] };
  spool.append(large);
  append(spool, "c");
  await spool.settled();
  expect(files(logs.path)).toHaveLength(2);
  // The first file is over: it begins to go now.
  spool.finished(["a", "b"]);
  spool.finished(["c"]);
  await spool.close();
  expect(files(logs.path)).toEqual([]);
});

test("a disk that refuses costs nobody anything, and the spool goes on when it takes again", async () => {
  using logs = folder();
  // A file where the folder should be: nothing can be made below it, by nobody.
  await Bun.write(join(logs.path, "spool"), "in the way");
  const told: string[] = [];
  const spool = new Spool(logs.path, "x", {
    written: ({ at }) => told.push(`written at ${at}`),
    refused: ({ opened }) => told.push(`refused ${opened}`),
  });
  append(spool, "a");
  await spool.settled();
  expect(spool.trouble).not.toBeNull();
  rmSync(join(logs.path, "spool"));
  append(spool, "b");
  await spool.settled();
  expect([spool.trouble, files(logs.path).length, told]).toEqual([null, 1, ["refused a", "written at 0"]]);
});
