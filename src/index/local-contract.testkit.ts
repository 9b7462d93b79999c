/** The contract of an index that stands beside its files, as a suite: on top of what `contract.testkit.ts` holds every index to. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ExchangeRow } from "../fact/rows.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import {
  asking,
  exchangeRow,
  fileAt,
  fileOf,
  idOf,
  sessionRow,
  type Asked,
} from "./contract-rows.testkit.ts";
import type { Index, LocalIndex } from "./index.ts";

export function localContract(name: string, open: () => Index & LocalIndex): void {
  describe(name, () => {
    let index: Index & LocalIndex;
    beforeEach(() => {
      index = open();
    });
    afterEach(() => index.close());

    const put = (row: ExchangeRow, text = "", file = fileOf(row)) =>
      index.putExchanges([{ row, text, file }]);
    const ids = async (query: Asked) => (await index.exchanges(asking(query))).items.map((row) => row.id);
    const found = (q: string) => ids({ q });

    test("of a pack that was written anew what stays has its new place, and the rest is gone", async () => {
      const pack = { path: "llm_proxy/packed/p.json.zst", mtime: 1, size: 9 };
      const entries = [0, 1, 2].map((n) => ({
        row: exchangeRow(n + 1, { model: `m${n}` }),
        text: `word${n}`,
        file: { ...pack, path: `${pack.path}#${n}` },
      }));
      index.putExchanges(entries);
      const now = { path: pack.path, mtime: 2, size: 7 };
      expect(
        index.repacked(
          now,
          new Map([
            [0, 0],
            [2, 1],
          ]),
        ),
      ).toEqual([idOf(2)]);
      expect([index.fileOf(idOf(1)), index.fileOf(idOf(3)), index.fileOf(idOf(2))]).toEqual([
        { ...now, path: `${pack.path}#0` },
        { ...now, path: `${pack.path}#1` },
        null,
      ]);
      expect([await found("word1"), await found("word2"), await ids({})]).toEqual([
        [],
        [idOf(3)],
        [idOf(3), idOf(1)],
      ]);
      expect((await index.facets()).model.map(({ value }) => value)).toEqual(["m0", "m2"]);
      expect(index.repacked({ path: "unknown", mtime: 1, size: 1 }, new Map())).toEqual([]);
    });

    test("knows where each stands", () => {
      const file = {
        path: "llm_proxy/a.json",
        mtime: 1_700_000_000_123.456,
        size: 12,
      };
      put(exchangeRow(1), "", file);
      index.putSession(sessionRow(1), fileAt("mcp/1.jsonl"));
      expect([index.fileOf(idOf(1)), index.fileOf("s1"), index.fileOf("unknown")]).toEqual([
        file,
        fileAt("mcp/1.jsonl"),
        null,
      ]);
      expect(index.rowsIn(file.path)).toEqual({
        exchanges: [exchangeRow(1)],
        sessions: [],
      });
      expect(index.rowsIn("mcp/1.jsonl")).toEqual({
        exchanges: [],
        sessions: [sessionRow(1)],
      });
      expect(index.rowsIn("unknown")).toEqual({ exchanges: [], sessions: [] });
    });

    test("a page goes on where it was although its last row is gone", async () => {
      const at = 1_700_000_000_000;
      const rows = [0, 1, 2, 3].map((n) => exchangeRow(n, { id: v7(at + n, n), at: at + n }));
      for (const row of rows) put(row);
      const next = (await index.exchanges({ limit: 2 })).next;
      expect(next).toBe(rows[2]?.id ?? "");
      index.forget(fileOf(rows[2] as ExchangeRow).path);
      expect(await ids({ before: next ?? "" })).toEqual([rows[1], rows[0]].map((row) => row?.id ?? ""));
    });

    test("what happened in one millisecond is told apart by the ids", async () => {
      const at = 1_700_000_000_000;
      const keys = { ...NO_KEYS, header: "x:1" };
      // Two ids of one slot, and one behind them: each is found by the next, whatever place it got.
      const ids = [0x7b6, 0x7b7, 0x7b8].map((n) => v7(at, n));
      for (const [n, id] of ids.entries()) {
        const row = exchangeRow(n, { id, at, turn: n + 1, parent: n === 1 ? (ids[0] ?? null) : null });
        index.putExchanges([{ row, text: "", file: fileOf(row), keys }]);
      }
      const before = (n: number) => index.threads({ at, id: ids[n] ?? "" });
      expect([0, 1, 2].map((n) => before(n).byHeader("x:1")?.id ?? null)).toEqual([
        null,
        ids[0] ?? null,
        ids[1] ?? null,
      ]);
      const later = index.threads({ at: at + 1, id: "" });
      expect([later.byHeader("x:1")?.id, later.continuing("x:1")?.id]).toEqual([ids[2], ids[1]]);
    });

    test("finds the exchange that another one continues, only among those before it", async () => {
      const keyed = (n: number, keys: Partial<ThreadKeys>, about: Partial<ExchangeRow> = {}) => {
        const row = exchangeRow(n, about);
        index.putExchanges([{ row, text: "", file: fileOf(row), keys: { ...NO_KEYS, ...keys } }]);
      };
      keyed(1, { whole: "w", header: "x:1" }, { conversation: "c", turn: 4 });
      keyed(2, { whole: "w", response_id: "resp" });
      const lookup = index.threads(exchangeRow(3));
      expect([lookup.byWhole(["w"]), lookup.byHeader("x:1"), lookup.byResponse("resp")]).toEqual([
        { id: idOf(2), conversation: idOf(2), turn: 1 },
        { id: idOf(1), conversation: "c", turn: 4 },
        { id: idOf(2), conversation: idOf(2), turn: 1 },
      ]);
      expect([lookup.byWhole(["x:1"]), lookup.byHeader("w")]).toEqual([null, null]);
      expect(index.threads(exchangeRow(2)).byWhole(["w"])?.id).toBe(idOf(1));
      keyed(3, { whole: "v" });
      const later = index.threads(exchangeRow(4));
      expect(later.byWhole([])).toBeNull();
      expect(later.byWhole(["a", "b", "w", "v"])?.id).toBe(idOf(2));
      expect(later.byWhole(["a", "v", "w"])?.id).toBe(idOf(3));
      index.forget(fileOf(exchangeRow(2)).path);
      expect(lookup.byWhole(["w"])?.id).toBe(idOf(1));
    });

    test("threads are resolved again in the order of time, in slices", async () => {
      for (const n of [3, 1, 2]) {
        const row = exchangeRow(n);
        const keys = { ...NO_KEYS, whole: `w${n}`, prefixes: [`w${n - 1}`] };
        index.putExchanges([{ row, text: "", file: fileOf(row), keys }]);
      }
      put(exchangeRow(4));
      const resolve: Parameters<LocalIndex["rethread"]>[2] = (id, keys, lookup) => {
        const parent = lookup.byWhole(keys.prefixes);
        if (!parent) return { conversation: id, turn: 1, parent: null };
        return {
          conversation: parent.conversation,
          turn: parent.turn + 1,
          parent: parent.id,
        };
      };
      const first = index.rethread(null, 2, resolve);
      expect(first.changed).toBe(2);
      expect(index.rethread(first.next, 2, resolve)).toEqual({
        next: null,
        changed: 1,
      });
      expect(index.rethread(null, 100, resolve)).toEqual({
        next: null,
        changed: 0,
      });
      const rows = (await index.exchanges({ limit: 9 })).items;
      expect(rows.map(({ conversation, turn, parent }) => [conversation, turn, parent])).toEqual([
        [null, null, null],
        [idOf(1), 3, idOf(2)],
        [idOf(1), 2, idOf(1)],
        [idOf(1), 1, null],
      ]);
      expect(await ids({ conversation: idOf(1) })).toEqual([3, 2, 1].map(idOf));
    });

    test("slices come to an end also among many of one moment, whose ids tell no time", () => {
      for (let n = 0; n < 7; n++) {
        const row = { ...exchangeRow(1), id: `copied-${n}` };
        index.putExchanges([{ row, text: "", file: fileOf(row), keys: { ...NO_KEYS, whole: `w${n}` } }]);
      }
      const seen: string[] = [];
      const resolve: Parameters<LocalIndex["rethread"]>[2] = (id) => {
        seen.push(id);
        return null;
      };
      for (let after: { at: number; id: string } | null = null, slices = 0; slices < 9; slices++) {
        const { next }: ReturnType<LocalIndex["rethread"]> = index.rethread(after, 2, resolve);
        after = next;
        if (!next) break;
      }
      expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `copied-${n}`));
    });

    test("forgets all that came from a file, and nothing else", async () => {
      put(exchangeRow(1), "words");
      put(exchangeRow(2), "words");
      index.putSession(sessionRow(1), fileAt("mcp/1.jsonl"));
      index.putMessages([{ session_id: "s1", seq: 0, at: 0, line: {} }]);
      expect(index.forget(fileOf(exchangeRow(1)).path)).toEqual([idOf(1)]);
      expect(index.forget("mcp/1.jsonl")).toEqual(["s1"]);
      expect(index.forget("unknown")).toEqual([]);
      expect(await found("words")).toEqual([idOf(2)]);
      expect([...index.files().keys()]).toEqual([fileOf(exchangeRow(2)).path]);
      expect(await index.counts()).toEqual({
        exchanges: 1,
        sessions: 0,
        messages: 0,
      });
    });

    test("an exchange in two files survives the loss of one: the other has to be taken in again", async () => {
      put(exchangeRow(1), "", fileAt("llm_proxy/a.json"));
      put(exchangeRow(1), "", fileAt("llm_proxy/copy.json"));
      expect([...index.files().keys()].toSorted()).toEqual(["llm_proxy/a.json", "llm_proxy/copy.json"]);
      expect(index.file("llm_proxy/a.json")?.ids).toEqual([]);
      expect(index.forget("llm_proxy/a.json")).toEqual([]);
      put(exchangeRow(1), "", fileAt("llm_proxy/a.json"));
      expect(index.forget("llm_proxy/a.json")).toEqual([idOf(1)]);
      expect(index.again()).toEqual(["llm_proxy/copy.json"]);
      put(exchangeRow(1), "", fileAt("llm_proxy/copy.json"));
      expect(index.again()).toEqual([]);
    });

    test("says of each file what it holds", async () => {
      put(exchangeRow(1), "", fileAt("llm_proxy/a.json"));
      index.putSession(sessionRow(1), fileAt("mcp/1.jsonl"));
      const { mtime, size } = fileAt("");
      expect(index.file("llm_proxy/a.json")).toEqual({
        mtime,
        size,
        ids: [idOf(1)],
      });
      expect(index.file("mcp/1.jsonl")).toEqual({ mtime, size, ids: ["s1"] });
      expect(index.file("unknown")).toBeNull();
      expect([...index.files().keys()]).toEqual(["llm_proxy/a.json", "mcp/1.jsonl"]);
      expect([...index.files("", 1).keys()]).toEqual(["llm_proxy/a.json"]);
      expect([...index.files("llm_proxy/a.json", 9).keys()]).toEqual(["mcp/1.jsonl"]);
    });

    test("many exchanges stand in one packed file and are forgotten with it", async () => {
      const pack = { path: "llm_proxy/packed/x.json.zst", mtime: 5, size: 6 };
      for (const n of [1, 2]) put(exchangeRow(n), "", { ...pack, path: `${pack.path}#${n}00` });
      expect(index.fileOf(idOf(2))).toEqual({
        ...pack,
        path: `${pack.path}#200`,
      });
      expect(index.files()).toEqual(new Map([[pack.path, { mtime: 5, size: 6 }]]));
      expect(index.forget(pack.path).toSorted()).toEqual([idOf(1), idOf(2)]);
    });

    test("a file that could not be read is known, named, and forgotten when it can be", async () => {
      const file = fileAt("llm_proxy/bad.json");
      index.putUnreadable({ ...file, why: "not JSON" });
      expect(await index.unreadable()).toEqual([{ path: file.path, why: "not JSON" }]);
      expect(index.file(file.path)).toEqual({
        mtime: file.mtime,
        size: file.size,
        ids: [],
      });
      put(exchangeRow(1), "", file);
      expect(await index.unreadable()).toEqual([]);
      index.putUnreadable({ ...file, why: "a part is broken" });
      expect([(await index.unreadable()).length, await index.exchange(idOf(1))]).toEqual([1, exchangeRow(1)]);
      index.forget(file.path);
      expect(await index.unreadable()).toEqual([]);
    });
  });
}

const NO_KEYS: ThreadKeys = {
  header: null,
  response_id: null,
  previous: null,
  whole: null,
  prefixes: [],
};

const v7 = (at: number, n: number): string => {
  const hex = at.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${n.toString(16).padStart(3, "0")}-8000-000000000000`;
};
