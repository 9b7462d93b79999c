/** Stars outlive the program and the index, are said in what is published, and are heeded when old records go. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionRow } from "../fact/rows.ts";
import type { News } from "../feed/feed.ts";
import { createFeed } from "../feed/ring.ts";
import { exchangeRow, idOf, runRow, sessionRow } from "../index/contract-rows.testkit.ts";
import { openIndex } from "../index/sqlite.ts";
import { STARS_FILE, writeStar } from "../journal/stars.ts";
import { startRetentionTimer } from "./retention-timer.ts";
import { keepStars } from "./stars.ts";

let logs = "";
beforeEach(() => void (logs = fs.mkdtempSync(join(tmpdir(), "starred-"))));
afterEach(() => fs.rmSync(logs, { recursive: true }));

function opened(index = openIndex(":memory:")) {
  const told: News[] = [];
  const warned: string[] = [];
  const ring = createFeed({ ring: 10, queue: 10 });
  const { stars, feed } = keepStars({
    logDir: logs,
    index: () => index,
    feed: { ...ring, publish: (news) => void told.push(news) },
    warn: (message) => void warned.push(message),
  });
  stars.look();
  return { index, stars, feed, told, warned };
}

test("a star is told once, and is there in another program and in an index that was made anew", async () => {
  const { stars, told, index } = opened();
  stars.set({ of: "exchange", id: idOf(1) }, "given");
  stars.set({ of: "exchange", id: idOf(1) }, "given");
  expect(told).toEqual([{ type: "star", of: "exchange", id: idOf(1), starred: true }]);
  index.close();
  const later = opened();
  later.index.putExchanges([{ row: exchangeRow(1), text: "" }]);
  expect((await later.index.exchange(idOf(1)))?.starred).toBe(true);
  later.index.putStars([]);
  later.stars.again();
  expect((await later.index.exchange(idOf(1)))?.starred).toBe(true);
  later.stars.set({ of: "exchange", id: idOf(1) }, "taken");
  expect((await later.index.exchange(idOf(1)))?.starred).toBeUndefined();
  later.index.close();
});

test("what another program has starred is told here, and a file that cannot be read costs no star", async () => {
  const { stars, told, warned, index } = opened();
  writeStar(logs, { of: "run", id: "r" }, "given", 1);
  stars.look();
  stars.look();
  expect(told).toEqual([{ type: "star", of: "run", id: "r", starred: true }]);
  expect(await index.stars()).toEqual([{ of: "run", id: "r" }]);
  const file = join(logs, STARS_FILE);
  fs.rmSync(file);
  fs.mkdirSync(file);
  expect(() => stars.set({ of: "run", id: "other" }, "given")).toThrow(`${STARS_FILE} cannot be written`);
  expect(warned).toEqual([]);
  index.close();
});

test("rows that are published say their star", () => {
  const { stars, feed, told, index } = opened();
  stars.set({ of: "session", id: "s1" }, "given");
  stars.set({ of: "run", id: "r1" }, "given");
  told.length = 0;
  feed.publish({ type: "mcp.session", row: sessionRow(1) });
  feed.publish({ type: "run.row", row: runRow("r1") });
  feed.publish({ type: "run.row", row: runRow("r2") });
  feed.publish({ type: "exchange.close", row: exchangeRow(1), ending: "complete" });
  expect(told.map((news) => ("row" in news ? (news.row as SessionRow).starred : null))).toEqual([
    true,
    true,
    undefined,
    undefined,
  ]);
  expect(stars.said([exchangeRow(1)])).toEqual([exchangeRow(1)]);
  index.close();
});

test("when old records go, what is starred stays, what belongs to a starred run too", async () => {
  const { stars, index } = opened();
  fs.mkdirSync(join(logs, "llm_proxy"));
  fs.mkdirSync(join(logs, "mcp_x"));
  const hourAgo = Date.now() - 3_600_000;
  const file = (path: string) => {
    fs.writeFileSync(join(logs, path), "{}");
    fs.utimesSync(join(logs, path), hourAgo / 1_000, hourAgo / 1_000);
    return { path, mtime: 1, size: 1 };
  };
  for (const [n, run] of [
    [1, null],
    [2, "kept"],
    [3, "other"],
  ] as const)
    index.putExchanges([{ row: exchangeRow(n, { run }), text: "", file: file(`llm_proxy/${n}.json`) }]);
  for (const n of [4, 5]) index.putSession({ ...sessionRow(n), state: "closed" }, file(`mcp_x/s${n}.jsonl`));
  stars.set({ of: "exchange", id: idOf(1) }, "given");
  stars.set({ of: "run", id: "kept" }, "given");
  stars.set({ of: "session", id: "s5" }, "given");
  const said: string[] = [];
  const keeper = startRetentionTimer({
    logs,
    limits: { maxAgeMs: 1, maxBytes: null, maxCount: null },
    index,
    isStarred: stars.keeps,
    onMessage: (message) => void said.push(message),
  });
  while (said.length === 0) await Bun.sleep(2);
  keeper.close();
  expect([
    fs.readdirSync(join(logs, "llm_proxy")).sort(),
    fs.readdirSync(join(logs, "mcp_x")),
    said.length,
  ]).toEqual([["1.json", "2.json"], ["s5.jsonl"], 1]);
  index.close();
});
