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
  relay.tell({ fact: "bytes", id, t: 3, from: "server", bytes: bytes(Array(250_000).fill(note)) });
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

/** A relay with a folder of its own, and an exchange that is told to it whole. */
function relaying() {
  const logDir = mkdtempSync(join(tmpdir(), "mcp-relay-"));
  const relay = new McpSessions({ logDir, mask: (text) => text, versions: {} });
  let count = 0;
  return {
    relay,
    exchange(message: object, status: number, session: string | null, at = 1.7e12) {
      const id = `x${count++}`;
      const headers: [string, string][] = session === null ? [] : [["mcp-session-id", session]];
      const bytes = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
      const open = { at, wire: "http", method: "POST", path: "/@mcp/a", upstream: "mcp/a" } as const;
      relay.tell({ fact: "open", id, ...open, target: "http://a/", headers });
      relay.tell({ fact: "bytes", id, t: 1, from: "client", bytes });
      relay.tell({ fact: "head", id, t: 2, status, headers: [] });
      relay.tell({ fact: "close", id, t: 3, ending: "complete", error: null });
    },
    async files() {
      await relay.stop();
      const folder = join(logDir, "mcp_a");
      const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
      rmSync(logDir, { recursive: true, force: true });
      return texts.map((text) =>
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line)),
      );
    },
  };
}

test("a client that goes on with a session that the server has forgotten is one story", async () => {
  const { exchange, files } = relaying();
  for (let id = 1; id < 4; id++) exchange({ id, method: "tools/list" }, 404, "of-yesterday", 1.7e12 + id);
  const all = await files();
  expect(all.map((lines) => lines.filter((line) => line.message).length)).toEqual([3]);
  expect(all[0]?.find((line) => line.event === "close")).toMatchObject({ status: 404, stale: true });
  expect(all[0]?.filter((line) => line.event === "exit")).toHaveLength(1);
});

test("a session that is quiet for long has ended; who comes back by its id goes on with it, once", async () => {
  const { relay, exchange, files } = relaying();
  exchange({ id: 1, method: "ping" }, 200, "s");
  relay.sweep(1.7e12 + 29 * 60_000);
  relay.sweep(1.7e12 + 31 * 60_000);
  relay.sweep(1.7e12 + 62 * 60_000);
  exchange({ id: 2, method: "ping" }, 200, "s", 1.7e12 + 70 * 60_000);
  const all = await files();
  expect(all.map((lines) => lines.map((line) => line.event ?? line.message.id))).toEqual([
    ["start", 1, "close", "exit", 2, "close", "exit"],
  ]);
  expect(all[0]?.[3]).toMatchObject({ ending: "complete", error: "nothing was said for 30 minutes" });
});
