import { afterAll, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fact, Open } from "../fact/fact.ts";
import { appendSession, folderName, openSessionFile, type SessionFileOptions } from "./session-file.ts";
import { SessionLine } from "../fact/session-format.ts";

const logDir = mkdtempSync(join(tmpdir(), "session-file-"));
afterAll(() => rmSync(logDir, { recursive: true }));

const id = () => Bun.randomUUIDv7();
const plain = { logDir, mask: (text: string) => text, versions: { recorder: "0" } };
const opened = (name: string): Open => ({
  fact: "open",
  id: id(),
  at: Date.UTC(2026, 10, 23, 8, 42, 0, 5),
  wire: "stdio",
  method: "",
  path: "",
  upstream: name,
  target: "node server.js --api-key SECRET",
  headers: [],
  process: { pid: 7, command: ["node", "server.js", "--api-key", "SECRET"], cwd: "/home/me" },
});
const bytes = (from: "client" | "server" | "stderr", data: string | Uint8Array, t = 1.5): Fact => ({
  fact: "bytes",
  id: "",
  t,
  from,
  bytes: typeof data === "string" ? new TextEncoder().encode(data) : data,
});
const closed: Fact = {
  fact: "close",
  id: "",
  t: 9,
  ending: "complete",
  error: null,
  exit: { code: 3, signal: null },
};

async function recorded(facts: Fact[], options: Partial<SessionFileOptions> = {}) {
  const file = openSessionFile(opened("weather"), { ...plain, ...options });
  for (const fact of facts) file.tell(fact);
  await file.close();
  const text = readFileSync(file.path, "utf8");
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) expect([...Value.Errors(SessionLine, line)]).toEqual([]);
  expect(lines.map((line) => line["seq"])).toEqual(lines.map((_, n) => n + 1));
  return { text, lines, path: file.path };
}

/** What is particular to a line. */
const body = (line: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(line).filter(([key]) => !COMMON.includes(key)));
const COMMON = ["session_id", "timestamp", "seq", "t_ms"];

test("a session is a file of its lines, in order, from start to exit", async () => {
  const { lines, path } = await recorded([
    bytes("client", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n{"jsonrpc":"2.0","me', 1),
    bytes("stderr", "ready\n", 2),
    bytes("client", 'thod":"notifications/initialized"}\r\n', 3),
    bytes("server", '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}\nhello from console.log\n', 4.25),
    bytes("server", Uint8Array.of(0xff, 0x0a), 5),
    closed,
  ]);
  expect(path).toMatch(/mcp_weather\/2026-11-23T08-42-00-005Z_[0-9a-f-]{36}\.jsonl$/);
  expect(lines[4]).toMatchObject({ timestamp: "2026-11-23T08:42:00.009Z", t_ms: 4.25, seq: 5 });
  expect(lines.map(body)).toEqual([
    {
      event: "start",
      format: 1,
      name: "weather",
      transport: "stdio",
      target: "node server.js --api-key '***'",
      command: ["node", "server.js", "--api-key", "***"],
      pid: 7,
      cwd: "/home/me",
      versions: { recorder: "0" },
      recorder: { machine: expect.any(String), pid: process.pid, born: expect.anything() },
    },
    { direction: "request", from: "client", message: { jsonrpc: "2.0", id: 1, method: "tools/list" } },
    { from: "stderr", text: "ready" },
    {
      direction: "notification",
      from: "client",
      message: { jsonrpc: "2.0", method: "notifications/initialized" },
      eol: "crlf",
    },
    { direction: "response", from: "server", message: { jsonrpc: "2.0", id: 1, result: { tools: [] } } },
    { from: "server", raw: "hello from console.log" },
    { from: "server", raw: "/w==", base64: true },
    { event: "exit", ending: "complete", error: null, code: 3, signal: null },
  ]);
});

test("the text of a message stands in the file as it came", async () => {
  const message = '{"jsonrpc":"2.0", "id":9007199254740993, "result":{"a":1.0,"b":1e2,"c":"\\u0041"}}';
  const { text } = await recorded([bytes("server", `${message}\n`)]);
  expect(text).toContain(`"message":${message}}\n`);
});

test("a batch becomes a line for each message; a list of anything else stays raw", async () => {
  const { lines } = await recorded([
    bytes("client", '[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","method":"b"}]\n[1]\n[]\n'),
  ]);
  expect(lines.slice(1).map(body)).toEqual([
    {
      direction: "request",
      from: "client",
      message: { jsonrpc: "2.0", id: 1, method: "a" },
      batch: { index: 0, size: 2 },
    },
    {
      direction: "notification",
      from: "client",
      message: { jsonrpc: "2.0", method: "b" },
      batch: { index: 1, size: 2 },
    },
    { from: "client", raw: "[1]" },
    { from: "client", raw: "[]" },
  ]);
});

test("elements of a batch stand in the file as they came too", async () => {
  const [one, two] = [
    '{"jsonrpc":"2.0","id":9007199254740993,"method":"a"}',
    '{"jsonrpc":"2.0","id":2,"result":{"price":1.10}}',
  ];
  const { text } = await recorded([bytes("client", `[${one}, ${two}]\n`)]);
  expect(text).toContain(`"message":${one}}\n`);
  expect(text).toContain(`"message":${two}}\n`);
});

test("credentials are masked before anything is written", async () => {
  const mask = (text: string) => text.replaceAll("SECRET", "***");
  const { text } = await recorded(
    [
      bytes("client", '{"jsonrpc":"2.0","id":"SECRET","method":"x"}\nSECRET\n'),
      bytes("stderr", "using SECRET\n"),
      bytes("server", '[{"jsonrpc":"2.0","id":1,"result":"SECRET"}]\n'),
    ],
    { mask },
  );
  expect(text).not.toContain("SECRET");
  expect(text.match(/\*\*\*/g)).toHaveLength(6);
});

test("a line over the limit is cut in the record and says so", async () => {
  const { lines } = await recorded(
    [bytes("server", `{"jsonrpc":"2.0","id":1,"result":"${"x".repeat(99)}"}\n`)],
    {
      lineLimit: 20,
    },
  );
  expect(lines[1]).toMatchObject({ raw: '{"jsonrpc":"2.0","id', truncated: { bytes: 135 } });
});

test("a disk that comes back gets what fitted in the queue and one line about what did not", async () => {
  const blocked = join(logDir, "blocked");
  writeFileSync(blocked, "a file where the folder should be");
  const file = openSessionFile(opened("weather"), { ...plain, logDir: blocked, queueLimit: 1500 });
  for (let n = 0; n < 20; n++) file.tell(bytes("server", `{"jsonrpc":"2.0","id":${n},"result":{}}\n`));
  await new Promise((next) => setImmediate(next));
  await new Promise((next) => setImmediate(next));
  rmSync(blocked);
  file.tell(closed);
  expect(await file.close()).toEqual({ lost: 0 });
  const lines = readFileSync(file.path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const kept = lines.filter((line) => line.direction === "response").length;
  expect(kept).toBeGreaterThan(0);
  const gap = lines.find((line) => line.event === "gap");
  expect(gap.why).toStartWith(`${21 - kept} lines were not kept: `);
  expect(lines.map((line) => line.seq)).toEqual(lines.map((line) => line.seq).sort((a, b) => a - b));
});

test("a disk that never comes back is given up on, and the loss is counted", async () => {
  const blocked = join(logDir, "never");
  writeFileSync(blocked, "");
  const file = openSessionFile(opened("weather"), { ...plain, logDir: blocked });
  file.tell(bytes("server", "one\ntwo\n"));
  expect(await file.close(10)).toEqual({ lost: 3 });
});

test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "a folder that may not be written does not throw",
  async () => {
    const closedDir = mkdtempSync(join(logDir, "ro-"));
    chmodSync(closedDir, 0o500);
    const file = openSessionFile(opened("weather"), { ...plain, logDir: closedDir });
    expect(await file.close(10)).toEqual({ lost: 1 });
  },
);

test("a file that is deleted while the session runs is begun again", async () => {
  const file = openSessionFile(opened("weather"), plain);
  while (!existsSync(file.path)) await new Promise((next) => setImmediate(next));
  rmSync(file.path);
  file.tell(closed);
  await file.close();
  expect(JSON.parse(readFileSync(file.path, "utf8"))).toMatchObject({ seq: 2, event: "exit" });
});

test("a name becomes a folder of its own, whatever is in it", () => {
  expect(
    ["weather", "mcp/docs", "../../etc", "a b:c", "", ".hidden", "天气", "x".repeat(99)].map(folderName),
  ).toEqual(["weather", "docs", "etc", "a-b-c", "server", "hidden", "天气", "x".repeat(64)]);
});

test.skipIf(process.platform !== "linux")("a session to which nothing comes holds no file open", async () => {
  const lines = appendSession({ id: "s", at: 1.7e12, upstream: "quiet" }, { logDir });
  const held = () =>
    readdirSync("/proc/self/fd").some((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === lines.path;
      } catch {
        return false; // closed since it was listed
      }
    });
  for (const n of [1, 2]) {
    lines.append(n, { event: "gap", lost: n, why: "a test" });
    const written = () =>
      existsSync(lines.path) ? readFileSync(lines.path, "utf8").split("\n").length - 1 : 0;
    while (written() < n || held()) await Bun.sleep(20);
  }
  await lines.close();
  expect(readFileSync(lines.path, "utf8").trimEnd().split("\n")).toHaveLength(2);
});

test("a long line is looked through in parts, with turns for others, and a flood says that it is one", async () => {
  const spin = () => {
    for (const until = performance.now() + 0.3; performance.now() < until;);
  };
  let isMasking = false;
  const mask = Object.assign((text: string) => text, {
    inParts: function* (text: string) {
      isMasking = true;
      for (let n = 0; n < 50; n++) {
        spin();
        yield;
      }
      isMasking = false;
      return text.replaceAll("x", "y");
    },
  });
  const file = openSessionFile(opened("long"), { ...plain, mask });
  const line = { jsonrpc: "2.0", method: "x".repeat(10_000) };
  file.tell(bytes("server", `${JSON.stringify(line)}\n`));
  let turns = 0;
  for (let seen = false; !seen || isMasking; seen ||= isMasking) {
    await new Promise((next) => setImmediate(next));
    if (isMasking) turns++;
  }
  expect(turns).toBeGreaterThan(10);
  expect(file.isCrowded()).toBe(false);
  for (let n = 0; n < 50_000; n++) file.tell(bytes("server", "x"));
  expect(file.isCrowded()).toBe(true);
  await file.close();
  expect(file.isCrowded()).toBe(false);
  expect(readFileSync(file.path, "utf8")).toContain(`"method":"${"y".repeat(10_000)}"`);
});
