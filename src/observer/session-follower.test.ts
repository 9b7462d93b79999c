import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIndex } from "../index/sqlite.ts";
import { sessionList } from "../read/mcp/session-list.ts";
import { followSessions } from "./session-follower.ts";

test("of what is followed, the least recently used goes when all of it is too much, and is read again when it moves", () => {
  const logs = mkdtempSync(join(tmpdir(), "follower-"));
  mkdirSync(join(logs, "mcp_x"));
  const line = (id: string, seq: number) =>
    `${JSON.stringify({ session_id: id, timestamp: "2026-01-01T00:00:00.000Z", seq, from: "server", raw: "{}" })}\n`;
  const paths = ["a", "b", "c"].map((id) => {
    const path = `mcp_x/${id}.jsonl`;
    writeFileSync(join(logs, path), Array.from({ length: 40_000 }, (_, seq) => line(id, seq)).join(""));
    return path;
  });
  const index = openIndex(":memory:");
  // Two of them, of which each line is a problem.
  const most = 50 * 1024 * 1024;
  const quiet = { publish: () => {}, isFollowed: () => false };
  const sessions = followSessions(logs, index, quiet, () => {}, most);
  const taken = (path: string) => {
    let came = sessions.take(path, "quiet");
    while (came === "more") came = sessions.take(path, "quiet");
    return came;
  };
  try {
    expect(paths.map(taken)).toEqual(["end", "end", "end"]);
    expect(paths.map((path) => sessions.follows(path))).toEqual([false, true, true]);
    writeFileSync(join(logs, paths[0]!), line("a", 40_000), { flag: "a" });
    expect(taken(paths[0]!)).toBe("end");
    expect(paths.map((path) => sessions.follows(path))).toEqual([true, false, true]);
    expect(sessions.list("a")?.reader.row().problems).toBe(40_001);
  } finally {
    index.close();
    rmSync(logs, { recursive: true, force: true });
  }
}, 60_000);

test("a call weighs what it holds: ten thousand of them are followed, not a hundred thousand", () => {
  const list = sessionList("s");
  const before = list.weight();
  for (let seq = 0; seq < 200; seq += 2) {
    const message = { jsonrpc: "2.0", id: seq, method: "tools/call", params: { name: "t", arguments: {} } };
    const answer = { jsonrpc: "2.0", id: seq, result: { content: [] } };
    list.add({ session_id: "s", seq, from: "client", direction: "request", message }, seq);
    list.add(
      { session_id: "s", seq: seq + 1, from: "server", direction: "response", message: answer },
      seq + 1,
    );
  }
  const calls = list.weight() - before;
  for (let seq = 200; seq < 300; seq++) list.add({ session_id: "s", seq, from: "stderr", text: "x" }, seq);
  const said = list.weight() - before - calls;
  expect(calls).toBeGreaterThan(100 * 3_000);
  expect(said).toBe(100 * 100);
});
