import { expect, test } from "bun:test";
import { RecentMap } from "./recent-map.ts";

test("what was set last is known, and never more than `most`", () => {
  const lately = new RecentMap<number>(100);
  for (let n = 0; n < 1_000; n++) {
    lately.set(`path ${n}`, n);
    for (let back = Math.max(0, n - 49); back <= n; back++) expect(lately.get(`path ${back}`)).toBe(back);
  }
  const known = Array.from({ length: 1_000 }, (_, n) => lately.get(`path ${n}`)).filter(
    (n) => n !== undefined,
  );
  expect(known.length).toBeLessThanOrEqual(100);
});

test("a newer value counts, and what is deleted is gone from both halves", () => {
  const lately = new RecentMap<string>(4);
  lately.set("a", "old");
  for (const path of ["b", "c", "a"]) lately.set(path, "new");
  expect(lately.get("a")).toBe("new");
  lately.delete("a");
  expect(lately.get("a")).toBeUndefined();
  lately.clear();
  expect(["b", "c"].map((path) => lately.get(path))).toEqual([undefined, undefined]);
});
