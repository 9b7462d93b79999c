/** A batch that is far too large: the relay goes on, and the session says what is not in it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { McpSessions } from "./mcp-sessions.ts";

test("a batch of more messages than a session takes: the first ones, and a gap that says where the others are", async () => {
  const logDir = mkdtempSync(join(tmpdir(), "mcp-relay-"));
  const relay = new McpSessions({ logDir, mask: (text) => text, versions: {} });
  const id = "x";
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const note = { jsonrpc: "2.0", method: "a" };
  const path = "/@mcp/notes";
  const ask = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const open = { at: 1.7e12, wire: "http", method: "POST", path, upstream: "mcp/notes" } as const;
  relay.tell({ fact: "open", id, ...open, target: "http://notes/", headers: [] });
  relay.tell({ fact: "bytes", id, t: 1, from: "client", bytes: bytes(ask) });
  relay.tell({ fact: "head", id, t: 2, status: 200, headers: [["content-type", "application/json"]] });
  relay.tell({ fact: "bytes", id, t: 3, from: "server", bytes: bytes(Array(900_000).fill(note)) });
  relay.tell({ fact: "close", id, t: 4, ending: "complete", error: null });
  await relay.stop();
  const [name = ""] = readdirSync(join(logDir, "mcp_notes"));
  const lines = readFileSync(join(logDir, "mcp_notes", name), "utf8")
    .trimEnd()
    .split("\n");
  const [start, asked, ...rest] = lines.map((line) => JSON.parse(line));
  const [gap, close, exit] = rest.splice(100_000);
  expect([start.event, asked.message, rest.every(({ message }) => message?.method === "a")]).toEqual([
    "start",
    ask,
    true,
  ]);
  expect([gap.event, gap.why, close.event, exit.event]).toEqual([
    "gap",
    expect.stringContaining("the exchange x has all of them"),
    "close",
    "exit",
  ]);
  rmSync(logDir, { recursive: true, force: true });
});
