import { expect, test } from "bun:test";
import { EACH } from "./run-sources.ts";
import { openDatabase } from "./schema.ts";

test("runs in the order of time are read from the end of each table, and sorted nowhere", () => {
  const db = openDatabase(":memory:");
  for (const source of EACH)
    for (const where of ["", "where r.place < 5"]) {
      const sql = `select r.id from ${source} ${where} order by r.place desc limit 3`;
      const steps = db
        .query<{ detail: string }, [number, string, number]>(`explain query plan ${sql}`)
        .all(0, "[]", 0);
      expect(steps.map(({ detail }) => detail)).toEqual([
        expect.stringMatching(
          where === "" ? /^SCAN (runs|exchanges)$/ : /^SEARCH (runs|exchanges) USING INTEGER PRIMARY KEY/,
        ),
      ]);
    }
  db.close();
});
