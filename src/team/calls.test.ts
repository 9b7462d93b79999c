/** MCP requests as a team's page counts them, of lines and sessions as recorders tell them. */
import { expect, test } from "bun:test";
import type { ShownLine } from "../fact/live.ts";
import type { Frame } from "../fact/frame.ts";
import { sessionRow } from "../index/contract-rows.testkit.ts";
import type { SpanCall } from "../telemetry/telemetry.ts";
import { callsOf } from "./calls.ts";

const answer = (about: Partial<ShownLine> = {}): Frame => ({
  type: "mcp.message",
  seq: 1,
  row: {
    session_id: "s1",
    seq: 3,
    at: 1_700_000_000_500,
    from: "server",
    kind: "result",
    id: "2",
    method: "tools/call",
    name: "get_weather",
    note: null,
    ms: 40,
    state: "ok",
    of: 2,
    progress: null,
    problems: 0,
    milestone: null,
    level: null,
    ...about,
  },
});
const told = (about = {}): Frame => ({ type: "mcp.session", seq: 0, row: sessionRow(1, about) });

function listening(known: Record<string, ReturnType<typeof sessionRow>> = {}) {
  const calls: SpanCall[] = [];
  const ended: string[] = [];
  const asked: string[] = [];
  const book = callsOf({
    session: async (id) => (asked.push(id), known[id] ?? null),
    call: (one) => void calls.push(one),
    ended: ({ id, ms }) => void ended.push(`${id} ${ms}`),
  });
  return { ...book, calls, ended, asked };
}

test("an answer says what became of its request, in the name of its session's server", () => {
  const page = listening();
  for (const frame of [
    told({ transport: "http" }),
    answer(),
    answer({ of: 4, state: "tool-error" }),
    answer({
      of: 6,
      kind: "error",
      state: "error",
      note: "-32601 no such method",
      method: "x/y",
      name: null,
    }),
    told({ state: "closed", last_at: sessionRow(1).at + 7 }),
  ])
    page.hear(frame);
  expect(
    page.calls.map(({ key, server, method, tool, outcome, errorType, transport, ms }) => [
      [key, server, method, tool],
      [outcome, errorType, transport, ms],
    ]),
  ).toEqual([
    [
      ["s1/2", "weather", "tools/call", "get_weather"],
      ["ok", null, "tcp", 40],
    ],
    [
      ["s1/4", "weather", "tools/call", "get_weather"],
      ["tool-error", "tool_error", "tcp", 40],
    ],
    [
      ["s1/6", "weather", "x/y", null],
      ["error", "-32601", "tcp", 40],
    ],
  ]);
  expect(page.ended).toEqual(["s1 7"]);
});

test("an answer of a session that began earlier waits for its row, which is asked for once", async () => {
  const page = listening({ s1: sessionRow(1) });
  for (const of of [2, 4]) page.hear(answer({ of }));
  await Bun.sleep(0);
  expect([page.calls.map(({ key }) => key), page.asked]).toEqual([["s1/2", "s1/4"], ["s1"]]);
  const later = listening();
  later.hear(answer());
  await Bun.sleep(0);
  expect(later.calls).toEqual([]);
  later.hear(told());
  expect(later.calls.length).toBe(1);
});

test("what is no answer, or is written by somebody who does not know how, is not counted", () => {
  const page = listening();
  page.hear(told());
  for (const about of [
    { kind: "request" as const, state: "pending" as const },
    { kind: "notification" as const },
    { of: null },
    { method: 7 as never },
    { state: "excellent" as never },
    { ms: "long" as never },
  ])
    page.hear(answer(about));
  expect(page.calls).toEqual([]);
});
