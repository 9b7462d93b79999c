import { filterOf } from "../filter/filter.ts";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { Database } from "bun:sqlite";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { indexContract } from "./contract.testkit.ts";
import { exchangeRow, idOf } from "./contract-rows.testkit.ts";
import { groupedContract } from "./grouped-contract.testkit.ts";
import type { Index, LocalIndex } from "./index.ts";
import { localContract } from "./local-contract.testkit.ts";
import { runsContract } from "./runs-contract.testkit.ts";
import { overviewContract } from "./overview-contract.testkit.ts";
import { openIndex } from "./sqlite.ts";

const ways: [string, () => Index & LocalIndex][] = [
  ["the index in memory", () => openIndex(":memory:")],
  ["the index in a file", inFile],
];
for (const [name, open] of ways) {
  localContract(`${name}, beside its files`, open);
  const opened = () => {
    const index = open();
    return { index, writer: index, close: () => index.close() };
  };
  indexContract(name, opened);
  groupedContract(name, opened);
  overviewContract(name, opened);
  runsContract(name, opened);
}

function inFile(): Index & LocalIndex {
  const folder = mkdtempSync(join(tmpdir(), "index-"));
  const index = openIndex(join(folder, "deep", "index.sqlite"));
  return {
    ...index,
    close() {
      index.close();
      rmSync(folder, { recursive: true });
    },
  };
}

test("however exchanges change their runs, a list in groups has each run once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(5), fc.option(fc.constantFrom("a", "b", "c"))), { maxLength: 14 }),
      async (moves) => {
        const index = openIndex(":memory:");
        index.putExchanges([0, 1, 2, 3, 4, 5].map((n) => ({ row: exchangeRow(n), text: "" })));
        const now = new Map<string, string | null>();
        for (const [n, run] of moves) {
          now.set(idOf(n), run);
          index.settled([], [{ source: idOf(n), part: "", kind: "model", run }]);
        }
        const fold = { folded: "these", ids: [] } as const;
        const asked = { by: "run", order: "newest last", fold, calls: [], from: 0, limit: 100 } as const;
        const { items } = await index.grouped(asked);
        const found = items.flatMap((it) => (it.kind === "exchange" ? [it.row.id] : []));
        const runOf = (id: string) => now.get(id) ?? id;
        const all = [0, 1, 2, 3, 4, 5].map(idOf);
        const first = (id: string) => all.findIndex((other) => runOf(other) === runOf(id));
        expect(found).toEqual(all.toSorted((a, b) => first(a) - first(b)));
        index.close();
      },
    ),
    { numRuns: 200 },
  );
});

const one = (n: number) => ({
  row: exchangeRow(n),
  text: "words",
  file: { path: `llm_proxy/${n}.json`, mtime: 1, size: 2 },
});

function temporary() {
  const folder = mkdtempSync(join(tmpdir(), "index-"));
  return {
    path: join(folder, "index.sqlite"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test("what was put is there after a restart", async () => {
  using at = temporary();
  const first = openIndex(at.path);
  first.putExchanges([one(1)]);
  first.close();
  const second = openIndex(at.path);
  expect((await second.exchanges({ limit: 1, filter: filterOf({ q: "words" }) })).items).toEqual([
    exchangeRow(1),
  ]);
  second.close();
});

test("a file that is no database, one of another program and one of another version are made again", async () => {
  using at = temporary();
  const foreign = (statements: string[]) => {
    const db = new Database(at.path, { create: true });
    for (const statement of statements) db.run(statement);
    db.close();
  };
  const spoil = [
    () =>
      writeFileSync(at.path, "this is not a database, but it is longer than the header of one ".repeat(20)),
    () => foreign(["create table theirs (a)"]),
    () => foreign(["pragma user_version = 999"]),
  ];
  for (const spoiled of spoil) {
    rmSync(at.path, { force: true });
    spoiled();
    const index = openIndex(at.path);
    index.putExchanges([one(1)]);
    expect((await index.counts()).exchanges).toBe(1);
    index.close();
  }
});

test.skipIf(process.platform === "win32")("a pipe where the index should be is not waited for", async () => {
  using folder = temporary();
  Bun.spawnSync(["mkfifo", folder.path]);
  const index = openIndex(folder.path);
  expect((await index.counts()).exchanges).toBe(0);
  index.close();
});

test("a file that breaks while it is in use is made again, and somebody is told to fill it", async () => {
  using at = temporary();
  const filled = openIndex(at.path);
  filled.putExchanges(Array.from({ length: 500 }, (_, n) => one(n)));
  filled.close();
  const bytes = readFileSync(at.path);
  writeFileSync(at.path, bytes.fill(0x5a, Math.floor(bytes.length / 2)));
  let told = 0;
  const index = openIndex(at.path, () => told++);
  expect((await index.exchanges({ limit: 10 })).items).toEqual([]);
  index.putExchanges([one(1)]);
  expect([(await index.counts()).exchanges, told]).toEqual([1, 1]);
  index.close();
});

test("two programs write to one index", async () => {
  using at = temporary();
  const [first, second] = [openIndex(at.path), openIndex(at.path)];
  first.putExchanges([one(1)]);
  second.putExchanges([one(2)]);
  expect((await first.counts()).exchanges).toBe(2);
  first.close();
  second.close();
});

test("its files are their owner's alone, whatever the umask", () => {
  const before = process.umask(0);
  const folder = mkdtempSync(join(tmpdir(), "index-private-"));
  try {
    const index = openIndex(join(folder, "index.sqlite"));
    index.putUnreadable({ path: "llm_proxy/a.json", mtime: 1, size: 1, why: "x" });
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    expect(Object.fromEntries(modes)).toEqual({
      "index.sqlite": 0o600,
      "index.sqlite-shm": 0o600,
      "index.sqlite-wal": 0o600,
    });
    index.close();
  } finally {
    process.umask(before);
    rmSync(folder, { recursive: true });
  }
});
