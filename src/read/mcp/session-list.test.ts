/** What the list of a session's messages is told, put together, is what it shows of the whole session. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import type { ShownLine } from "../../fact/live.ts";
import { recordedLines } from "./recording.testkit.ts";
import { readSession } from "./session.ts";
import { sessionList } from "./session-list.ts";

const folder = new URL("../fixtures/mcp/", import.meta.url);
type Fields = Record<string, unknown>;

/** Told in batches of this size, as a page keeps it. */
function told(lines: readonly Fields[], batch: number) {
  const list = sessionList("s");
  const rows = new Map<number, ShownLine>();
  let changes = 0;
  for (let from = 0; from < lines.length; from += batch) {
    for (const [n, line] of lines.slice(from, from + batch).entries()) list.add(line, from + n);
    const news = list.news();
    changes += news.changed.length;
    for (const row of [...news.rows, ...news.changed]) rows.set(row.seq, row);
  }
  return { list, rows: [...rows.values()], changes };
}

describe("rows that were told equal the rows of the whole", () => {
  for (const name of readdirSync(folder).filter((file) => /\.jsonl?$/.test(file)))
    test(name, async () => {
      const lines = recordedLines(name, await Bun.file(new URL(name, folder)).text()) as Fields[];
      const whole = told(lines, lines.length);
      expect(whole.changes).toBe(0);
      for (const batch of [1, 2, 7]) expect(askedIn(told(lines, batch).rows)).toEqual(askedIn(whole.rows));
      const again = lines.map((line, n) => whole.list.shown(line, n));
      expect(again).toEqual(whole.rows);
      const { counts, problems, inventory } = readSession(lines.map((line, seq) => ({ ...line, seq })));
      expect(whole.list.reader.head()).toMatchObject({
        messages: counts.messages,
        requests: counts.requests,
        pending: counts.pending,
        errors: counts.errors + counts.tool_errors,
        problems: problems.length,
        offers: inventory.tools.length + inventory.prompts.length + inventory.resources.length,
        stderr: counts.stderr,
        pollution: counts.pollution,
      });
    });
});

/** Of an answer the state is told when it comes; of a request always the last one. */
function askedIn(rows: readonly ShownLine[]): ShownLine[] {
  return rows.map((row) => (row.kind === "request" ? row : { ...row, state: null, problems: 0 }));
}

test("a line has the number of its place, whatever it says itself", () => {
  const line = (id: number) => ({
    session_id: "s",
    seq: 1,
    from: "client",
    direction: "request",
    message: { jsonrpc: "2.0", id, method: "ping" },
  });
  const list = sessionList("s");
  for (const n of [1, 2, 3]) list.add(line(n), n);
  expect(list.news().rows.map(({ seq, id }) => [seq, id])).toEqual([
    [1, "1"],
    [2, "2"],
    [3, "3"],
  ]);
});

test("a session without an end is read for so many lines, and counted and listed for all of them", () => {
  const list = sessionList("s");
  const line = (seq: number) => ({
    session_id: "s",
    timestamp: "2026-01-01T00:00:00.000Z",
    seq,
    direction: "request",
    from: "client",
    message: { jsonrpc: "2.0", id: seq, method: "tools/call", params: { name: "t" } },
  });
  let rows = 0;
  for (let seq = 1; seq <= 60_000; seq++) {
    list.add(line(seq), seq);
    rows += list.news().rows.length;
  }
  const { problems } = list.reader.row();
  expect([rows, list.reader.row().messages]).toEqual([60_000, 60_000]);
  expect(list.reader.problems().filter(({ rule }) => rule === "reader/failed")).toMatchObject([
    { seq: 50_001, what: expect.stringContaining("50000th line") },
  ]);
  list.add(
    { session_id: "s", timestamp: "2026-01-01T00:00:00.000Z", seq: 60_001, from: "server", raw: "x" },
    60_001,
  );
  expect(list.reader.row().problems).toBe(problems);
  expect([list.reader.callAt(50_000) !== null, list.reader.callAt(50_002)]).toEqual([true, null]);
});
