import { expect, test } from "bun:test";
import type { ThreadKeys, ThreadLookup } from "../fact/thread.ts";
import type { FiledEntry } from "../index/index.ts";
import { Pending } from "./pending.ts";

const NO_KEYS: ThreadKeys = { header: null, response_id: null, previous: null, whole: null, prefixes: [] };

function entry(id: string, at: number, keys: Partial<ThreadKeys>): FiledEntry {
  const row = { id, at, conversation: "c", turn: at } as FiledEntry["row"];
  return { row, text: "", file: { path: id, mtime: 0, size: 0 }, keys: { ...NO_KEYS, ...keys } };
}

/** An index that knows these texts whole. */
function knowing(...known: string[]): ThreadLookup & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    byHeader: () => null,
    continuing: () => null,
    byResponse: () => null,
    byWhole(wholes) {
      asked.push([...wholes]);
      const found = wholes.find((whole) => known.includes(whole));
      return found === undefined ? null : { id: `indexed ${found}`, conversation: "c", turn: 1 };
    },
  };
}

test("the latest that came before the one that asks is found, by each of its keys", () => {
  const pending = new Pending();
  pending.add(entry("a", 1, { header: "h", response_id: "r" }));
  pending.add(entry("b", 3, { header: "h", response_id: "r" }));
  pending.add(entry("late", 9, { header: "h", response_id: "r" }));
  const lookup = pending.lookup({ id: "new", at: 5 }, knowing());
  expect(lookup.byHeader("h")).toEqual({ id: "b", conversation: "c", turn: 3 });
  expect(lookup.byResponse("r")?.id).toBe("b");
  expect(lookup.byHeader("another")).toBeNull();
  expect(pending.lookup({ id: "b", at: 3 }, knowing()).byHeader("h")?.id).toBe("a");
});

test("the longest beginning counts, whether it waits or is in the index", () => {
  const pending = new Pending();
  pending.add(entry("a", 1, { whole: "middle" }));
  const now = { id: "new", at: 5 };
  const index = knowing("short");
  expect(pending.lookup(now, index).byWhole(["long", "middle", "short"])?.id).toBe("a");
  expect(index.asked).toEqual([["long"]]);
  expect(pending.lookup(now, knowing("long")).byWhole(["long", "middle"])?.id).toBe("indexed long");
  expect(pending.lookup(now, knowing("short")).byWhole(["x", "short"])?.id).toBe("indexed short");
});

test("what is taken is found by nobody any more", () => {
  const pending = new Pending();
  pending.add(entry("a", 1, { header: "h" }));
  expect(pending.take().map(({ row }) => row.id)).toEqual(["a"]);
  expect(pending.size).toBe(0);
  expect(pending.lookup({ id: "b", at: 2 }, knowing()).byHeader("h")).toBeNull();
});
