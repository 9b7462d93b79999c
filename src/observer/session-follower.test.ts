import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIndex } from "../index/sqlite.ts";
import { followSessions } from "./session-follower.ts";

test("of what is followed, the least recently used goes when all of it has too many lines, and is read again when it moves", () => {
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
  const sessions = followSessions(logs, index, { publish: () => {}, isFollowed: () => false });
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
