/** What is thrown away is deleted, wherever it lies; what goes on is kept, and says why. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExchangeRow, Star } from "../fact/rows.ts";
import type { News } from "../feed/feed.ts";
import { exchangeRow, idOf, sessionRow } from "../index/contract-rows.testkit.ts";
import { openIndex } from "../index/sqlite.ts";
import { PACKS, stampOf } from "../journal/files.ts";
import { packed, writePack } from "../journal/pack-file.ts";
import { deletingFrom } from "./deleting.ts";

let logs = "";
let index: ReturnType<typeof openIndex>;
let told: News[];
let untold: [Star, string][];
let flying: Set<string>;
beforeEach(() => {
  logs = fs.mkdtempSync(join(tmpdir(), "thrown-"));
  fs.mkdirSync(join(logs, PACKS), { recursive: true });
  fs.mkdirSync(join(logs, "mcp_x"));
  index = openIndex(":memory:");
  [told, untold, flying] = [[], [], new Set()];
});
afterEach(() => {
  index.close();
  fs.rmSync(logs, { recursive: true });
});

const remove = (things: Star[]) =>
  deletingFrom({
    logs,
    index: () => index,
    feed: { publish: (news) => void told.push(news) },
    stars: { set: (star, how) => void untold.push([star, how]) },
    isGoingOn: (id) => flying.has(id),
    known: () => {},
  })(things);

function file(path: string) {
  fs.writeFileSync(join(logs, path), "{}");
  return { path, ...stampOf(join(logs, path))! };
}

function put(n: number, about: Partial<ExchangeRow> = {}) {
  index.putExchanges([{ row: exchangeRow(n, about), text: "", file: file(`llm_proxy/${n}.json`) }]);
}

const left = () =>
  fs
    .readdirSync(join(logs, "llm_proxy"))
    .filter((name) => name.endsWith(".json"))
    .sort();

test("files go, with their stars; what goes on, and what nobody knows, is kept", async () => {
  for (const n of [1, 2, 3]) put(n);
  index.putSession({ ...sessionRow(1), state: "closed" }, file("mcp_x/1.jsonl"));
  index.putSession({ ...sessionRow(2), state: "open" }, file("mcp_x/2.jsonl"));
  flying.add(idOf(2));
  const things: Star[] = [
    { of: "exchange", id: idOf(1) },
    { of: "exchange", id: idOf(2) },
    { of: "exchange", id: "unknown" },
    { of: "session", id: "s1" },
    { of: "session", id: "s2" },
  ];
  expect(await remove(things)).toEqual({
    deleted: 2,
    kept: [
      { of: "exchange", id: idOf(2), why: "goes-on" },
      { of: "exchange", id: "unknown", why: "gone" },
      { of: "session", id: "s2", why: "goes-on" },
    ],
  });
  expect([left(), fs.readdirSync(join(logs, "mcp_x"))]).toEqual([["2.json", "3.json"], ["2.jsonl"]]);
  expect(untold.map(([{ id }, how]) => `${id} ${how}`)).toEqual([`${idOf(1)} taken`, "s1 taken"]);
});

test("with a run go its exchanges and no others, with a socket its responses", async () => {
  put(1, { run: "r" });
  put(2, { run: "r" });
  put(3, { run: "R" });
  put(4, { wire: "websocket" });
  put(5, { wire: "websocket", socket: idOf(4) });
  put(6);
  expect(await remove([{ of: "run", id: "r" }])).toEqual({ deleted: 2, kept: [] });
  expect(left()).toEqual(["3.json", "4.json", "5.json", "6.json"]);
  expect(await remove([{ of: "exchange", id: idOf(4) }])).toEqual({ deleted: 2, kept: [] });
  expect(left()).toEqual(["3.json", "6.json"]);
});

test("out of a pack: the others are found under their new numbers, and the page is told; a pack that has changed stays", async () => {
  const path = `${PACKS}/p.json.zst`;
  const pack = fs.openSync(join(logs, path), "w");
  writePack(
    pack,
    [1, 2, 3].map((n) => ({ name: `${n}.json`, bytes: Buffer.from(`{"n":${n}}`) })),
  );
  fs.closeSync(pack);
  const stamp = stampOf(join(logs, path))!;
  index.putExchanges(
    [1, 2, 3].map((n) => ({ row: exchangeRow(n), text: "", file: { path: `${path}#${n - 1}`, ...stamp } })),
  );
  expect(
    await Promise.all([
      remove([{ of: "exchange", id: idOf(1) }]),
      index.exchanges({ limit: 1 }).then(() => null),
    ]),
  ).toEqual([{ deleted: 1, kept: [] }, null]);
  expect(told).toEqual([{ type: "exchange.gone", ids: [idOf(1)] }]);
  const at = index.fileOf(idOf(3))!;
  expect(at).toEqual({ path: `${path}#1`, ...stampOf(join(logs, path))! });
  expect([...packed(join(logs, path))].map(({ name }) => name)).toEqual(["2.json", "3.json"]);
  fs.utimesSync(join(logs, path), 1, 1);
  expect((await remove([{ of: "exchange", id: idOf(2) }])).kept[0]?.why).toBe("its pack has just changed");
});
