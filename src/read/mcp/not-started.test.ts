/** Why a server said nothing: told once, with what there is to tell; and silence where nobody wanted anything. */
import { expect, test } from "bun:test";
import { readSession } from "./session.ts";
import { ask, handshake, lines } from "./written.testkit.ts";

const hello = handshake.slice(0, 1);
const start = (target: string) => ({ event: "start", transport: "stdio", target });
const words = (...all: string[]) => all.map((text) => ({ from: "stderr", text }));
const exit = (more: object) => ({ event: "exit", ending: "complete", error: null, ...more });

function told(...session: Parameters<typeof lines>) {
  const { problems, session: row, counts } = readSession(lines(...session));
  const found = problems.map(({ rule, what }) => `${rule}: ${what}`);
  return { found, errors: row.errors, pending: counts.pending };
}

test("what could not be started says so in the tap's own sentence", () => {
  const error = "cannot start x: there is no such program in PATH (/bin)";
  const refused = { event: "exit", ending: "refused", error, code: 127, signal: null };
  expect(told(start("x"), ...hello, refused)).toEqual({
    found: [`mcp/not-started: ${error}`],
    errors: 1,
    pending: 0,
  });
});

test("a crash is told with its code or signal, its time and its last words", () => {
  const session = [start("node a.js"), ...hello, ...words("one", "two", "KEY is not set", "at main")];
  expect(told(...session, exit({ code: 1, signal: null })).found).toEqual([
    'mcp/not-started: "node a.js" ended with 1 before the handshake, 60 ms after its start; last on stderr: two · KEY is not set · at main',
  ]);
  expect(told(start("a"), ...hello, exit({ code: null, signal: "SIGSEGV" })).found).toEqual([
    'mcp/not-started: "a" was ended by SIGSEGV before the handshake, 20 ms after its start; nothing on stderr',
  ]);
});

test("a host that gave up is no crash, and a launcher may have been fetching", () => {
  const host = { stdin_ended_ms: 30_000, signal: "SIGTERM", signal_ms: 30_500 };
  const ended = exit({ code: null, signal: "SIGTERM", host });
  expect(told(start("npx -y server"), ...hello, { ...ended, t_ms: 30_510 }).found).toEqual([
    'mcp/not-started: "npx -y server" said nothing, and the host gave up before the handshake (sent SIGTERM), 30.5 s after its start; nothing on stderr; it may still have been fetching its package: run the command once in a terminal',
  ]);
});

test("a server that spoke, one that nobody asked, and a killed recorder are no failed starts", () => {
  const crash = exit({ code: 1, signal: null });
  const after = told(start("a"), ...handshake, ["client", ask(1, "ping")], crash);
  expect(after.found).toEqual([
    "mcp/unanswered: ping has no answer: the server ended with 1 before the answer came",
  ]);
  expect(told(start("a"), exit({ code: 0, signal: null, host: { stdin_ended_ms: 5 } })).found).toEqual([]);
  const killed = { event: "exit", ending: "interrupted", error: "the recorder was killed" };
  expect(told(start("a"), ...hello, killed).found.map((it) => it.split(":")[0])).toEqual(["mcp/unanswered"]);
});
