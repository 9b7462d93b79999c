import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionRow } from "../fact/rows.ts";
import { openIndex } from "../index/sqlite.ts";
import { startRetentionTimer } from "./retention-timer.ts";

test("beyond the count the oldest are deleted, but no session that is open", async () => {
  const logs = fs.mkdtempSync(join(tmpdir(), "keeper-"));
  fs.mkdirSync(join(logs, "mcp_x"));
  const index = openIndex(":memory:");
  const hourAgo = Date.now() - 3_600_000;
  for (const [id, state] of [
    ["open", "open"],
    ["closed", "closed"],
  ] as const) {
    const path = `mcp_x/${id}.jsonl`;
    fs.writeFileSync(join(logs, path), "{}\n");
    fs.utimesSync(join(logs, path), hourAgo / 1_000, hourAgo / 1_000);
    index.putSession({ id, state, name: "x", at: hourAgo, last_at: hourAgo } as SessionRow, {
      path,
      mtime: 1,
      size: 1,
    });
  }
  const said: string[] = [];
  const limits = { maxAgeMs: null, maxBytes: null, maxCount: 0 };
  const keeper = startRetentionTimer({
    logs,
    limits,
    index,
    isStarred: () => false,
    onMessage: (message) => said.push(message),
  });
  while (said.length === 0) await Bun.sleep(2);
  keeper.close();
  expect(fs.readdirSync(join(logs, "mcp_x"))).toEqual(["open.jsonl"]);
  expect(said).toEqual([expect.stringContaining("1 old records")]);
  index.close();
  fs.rmSync(logs, { recursive: true });
});
