/** Codex as it was recorded: a whole run on a WebSocket for each of its agents, and the MCP calls that it led to. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Exchange } from "../../fact/exchange.ts";
import type { Ending, Open } from "../../fact/fact.ts";
import { look } from "../look.ts";
import { read } from "../read.ts";
import { factsOf, responsesIn } from "../socket/split.testkit.ts";
import { story } from "../story.ts";
import { threadKeys } from "../thread.ts";
import { modelEvidence } from "./from-exchange.ts";
import { sessionFold } from "./from-session.ts";
import { told, type Piece } from "./written.testkit.ts";

type Socket = {
  id: string;
  at: string;
  path: string;
  headers: Record<string, string>;
  messages: { t_ms: number; from: "client" | "server"; text: string }[];
  end: { ending: Ending; error: string | null };
};

async function recorded(name: string) {
  const { sockets, sessions } = (await Bun.file(
    join(import.meta.dir, "fixtures", `${name}.json`),
  ).json()) as {
    sockets: Socket[];
    sessions: unknown[][];
  };
  const exchanges = sockets.flatMap(responses);
  return { exchanges, pieces: [...exchanges.map(evidence), ...sessions.flatMap(served)] };
}

function responses({ id, at, path, headers, messages, end }: Socket): Exchange[] {
  const open: Open = {
    fact: "open",
    id,
    at: Date.parse(at),
    wire: "websocket",
    method: "GET",
    path,
    upstream: "openai",
    target: `https://api.openai.com${path}`,
    headers: Object.entries(headers),
  };
  const lines = messages.map(({ t_ms, from, text }) => [t_ms, from, text] as const);
  return responsesIn(factsOf(open, lines, end));
}

function evidence(exchange: Exchange): Piece {
  const seen = look(exchange);
  const reading = read(exchange, seen);
  return { kind: "model", it: modelEvidence(exchange, seen, reading, threadKeys(reading, exchange, seen))! };
}

function served(lines: unknown[]): Piece[] {
  const fold = sessionFold("weather");
  const calls = new Map(lines.flatMap((line) => fold.add(line).calls).map((call) => [call.key, call]));
  return [
    { kind: "session", it: fold.session()! },
    ...[...calls.values()].map((it): Piece => ({ kind: "served", it: { ...it } })),
  ];
}

/** What the list says of each: its number on its socket, what was asked, what was answered, tools it brought and calls. */
function rowOf(exchange: Exchange): string {
  const reading = read(exchange);
  const { asked, answered } = story(reading, exchange);
  const { ttft_ms } = reading.timing;
  return [
    exchange.part?.n,
    asked.slice(0, 34),
    "→",
    answered.slice(0, 34),
    `| ${reading.tools.length} tools`,
    ttft_ms === null ? "no token" : ttft_ms < (exchange.close?.t ?? 0) ? "in time" : "late",
    exchange.close?.ending,
    ...reading.problems.map(({ rule }) => rule),
  ].join(" ");
}

function stepsIn(pieces: readonly Piece[]): string[] {
  const { steps, ties } = told(pieces);
  return [...steps.values()]
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(({ kind, name, state, certainty, rule, ties: own, lane }) => {
      const confirmed = own.every((key) => ties.get(key)?.confirmed);
      const tie = own.length > 0 ? `${certainty} ${rule} ×${own.length}${confirmed ? " seen" : ""}` : "";
      return `${kind} ${name} ${state} ${lane.length > 30 ? "sub-agent" : lane} ${tie}`.trim();
    });
}

test("called by name: a row for each response, each call tied by its id", async () => {
  const { exchanges, pieces } = await recorded("codex-sockets");
  expect(exchanges.map(rowOf)).toEqual([
    "1 prewarm (generate: false) →  | 18 tools no token complete request/prewarm",
    "2 What will the weather be in Paris? → Let me look. → get_forecast(locati | 18 tools in time complete",
    "3 ↩ get_forecast: Wall time: 0.0331  → One more. → get_forecast(location: | 18 tools in time complete",
    "4 ↩ get_forecast: Wall time: 0.0083  → Paris will be mild, 18 degrees. Do | 18 tools in time complete",
  ]);
  expect(stepsIn(pieces)).toEqual([
    "model gpt-5.1 ok main",
    "model gpt-5.1 ok main",
    "tool mcp__weather.get_forecast served server weather exact codex-call-id ×1 seen",
    "model gpt-5.1 ok main",
    "tool mcp__weather.get_forecast served server weather exact codex-call-id ×1 seen",
    "model gpt-5.1 ok main",
  ]);
  expect(told(pieces).runs.size).toBe(1);
});

test("code mode with a sub-agent: its socket is its own, scripts are tied to all calls that they made", async () => {
  const { exchanges, pieces } = await recorded("codex-sockets-agents");
  expect(exchanges.map(rowOf)).toEqual([
    "1 prewarm (generate: false) →  | 0 tools no token complete request/prewarm",
    "2 What will the weather be in Paris? → spawn_agent(task_name:helper,messa | 12 tools in time complete",
    "3 ↩ spawn_agent: task_name: /main/he → wait_agent(timeout_ms:10000) | 0 tools in time complete",
    "4 Message Type: FINAL_ANSWER Task na → All is known. | 0 tools in time complete",
    "1 prewarm (generate: false) →  | 0 tools no token complete request/prewarm",
    "2 Message Type: NEW_TASK Task name:  → Child looks. → exec(const a = awai | 10 tools in time complete",
    "3 ↩ exec: Script completed Wall time → Oslo is fine. Report done. | 0 tools in time complete",
  ]);
  expect(stepsIn(pieces)).toEqual([
    "model gpt-6.2-sol ok main",
    "model gpt-6.2-sol ok main",
    "tool collaboration.spawn_agent host host",
    "model gpt-6.2-sol ok sub-agent",
    "model gpt-6.2-sol ok main",
    "model gpt-6.2-sol ok sub-agent",
    "tool collaboration.wait_agent host host",
    "tool functions.exec served server weather exact codex-item-id ×1 seen",
    "model gpt-6.2-sol ok sub-agent",
    "model gpt-6.2-sol ok main",
  ]);
  expect(told(pieces).runs.size).toBe(1);
});
