/** A session that is read whole has the rows that somebody who followed it was told of. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { lineOf } from "./line.ts";
import { recordedLines } from "./recording.testkit.ts";
import { readSession } from "./session.ts";
import { sessionList } from "./session-list.ts";
import { rowsSince, type Whole } from "./whole-rows.testkit.ts";

const folder = new URL("../fixtures/mcp/", import.meta.url);

async function recorded(name: string): Promise<Record<string, unknown>[]> {
  const lines = recordedLines(name, await Bun.file(new URL(name, folder)).text());
  return lines.map((line, seq) => ({ ...(line as object), seq }));
}

const wholeOf = (fields: readonly Record<string, unknown>[]): Whole => ({
  row: { id: "s" },
  lines: fields.map((line, seq) => lineOf(line, seq)),
  reading: readSession(fields),
});

describe("the rows of a whole session", () => {
  for (const name of readdirSync(folder).filter((file) => /\.jsonl?$/.test(file)))
    test(name, async () => {
      const fields = await recorded(name);
      const list = sessionList("s");
      for (const [seq, line] of fields.entries()) list.add(line, seq);
      const { rows } = list.news();
      expect(rowsSince(wholeOf(fields), -1)).toEqual({ rows, changed: [] });
    });

  test("after a line are those behind it, and the requests before it that they go on with", async () => {
    const fields = await recorded("stdio-legacy-sdk1.jsonl");
    const whole = wholeOf(fields);
    const call = whole.reading.calls.find(({ answer_seq, seq }) => answer_seq !== null && answer_seq > seq)!;
    const { rows, changed } = rowsSince(whole, call.seq);
    expect(rows.map(({ seq }) => seq)).toEqual(fields.map((_, seq) => seq).slice(call.seq + 1));
    expect(changed.map(({ seq }) => seq)).toContain(call.seq);
  });
});

test("a storm of progress is looked at line by line: each progress of a call once", () => {
  const most = 2_000;
  const line = (seq: number, from: string, message: object) => ({
    seq,
    from,
    message: { jsonrpc: "2.0", ...message },
  });
  const params = { name: "x", _meta: { progressToken: 1 } };
  const progress = (n: number) => ({
    method: "notifications/progress",
    params: { progressToken: 1, progress: n },
  });
  const whole = wholeOf([
    line(0, "client", { id: 1, method: "tools/call", params }),
    ...Array.from({ length: most }, (_, n) => line(n + 1, "server", progress(n))),
  ]);
  let looks = 0;
  for (const call of whole.reading.calls)
    call.progress = new Proxy(call.progress, {
      get(target, key) {
        if (/^\d+$/.test(String(key))) looks += 1;
        return Reflect.get(target, key);
      },
    });
  expect(rowsSince(whole, -1).rows).toHaveLength(most + 1);
  // A look by halves at where a line stands is 11 of 2,000.
  expect(looks).toBeLessThan(most * 20);
});
