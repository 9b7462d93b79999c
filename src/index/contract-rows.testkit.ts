/** Rows for the suites: give them what the test is about. */
import { NOTHING_OF_A_STEP } from "../fact/no-step.ts";
import type { ExchangeRow, RunRow, SessionRow, StepRow } from "../fact/rows.ts";
import { filterOf } from "../filter/filter.ts";
import type { ExchangeQuery, FileAt } from "./index.ts";

/** A question as the API gets it. */
export type Asked = Pick<Partial<ExchangeQuery>, "limit" | "before" | "now"> & {
  q?: string;
  dialect?: string;
  model?: string;
  upstream?: string;
  status?: string;
  conversation?: string;
};

export function asking({ limit = 100, before, now, ...said }: Asked): ExchangeQuery {
  return {
    limit,
    ...(before !== undefined && { before }),
    ...(now !== undefined && { now }),
    filter: filterOf(said),
  };
}

export const idOf = (n: number): string => `0000000${n < 10 ? "0" : ""}${n}`.slice(-8);

export const fileAt = (path: string): FileAt => ({
  path,
  mtime: 1_700_000_000_000.5,
  size: 100,
});
export const fileOf = (row: ExchangeRow): FileAt => fileAt(`llm_proxy/${row.id}.json`);

/** A row of the second `n` of time; give it what the test is about. */
export function exchangeRow(n: number, about: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    id: idOf(n),
    at: 1_700_000_000_000 + n * 1000,
    state: "done",
    wire: "http",
    upstream: "openrouter",
    method: "POST",
    path: "/v1/chat/completions",
    target: "https://openrouter.ai/api/v1/chat/completions",
    status: 200,
    ending: "complete",
    error: null,
    dialect: "openai-chat",
    provider: "openrouter",
    model: "gpt-5",
    streamed: true,
    ttfb_ms: 100,
    ttft_ms: 120,
    duration_ms: 900,
    tokens_in: 10,
    tokens_out: 20,
    tokens_cached: 0,
    cost: null,
    bytes_in: 1_000,
    bytes_out: 2_000,
    asked: "What is the weather?",
    answered: "Sunny.",
    tools: [],
    client: null,
    has: [],
    rules: [],
    expert: [],
    run: null,
    problems: 0,
    conversation: null,
    turn: null,
    parent: null,
    ...about,
  };
}

export function sessionRow(n: number, about: Partial<SessionRow> = {}): SessionRow {
  return {
    id: `s${n}`,
    name: "weather",
    at: 1_700_000_000_000 + n * 1000,
    last_at: 1_700_000_000_000 + n * 1000,
    state: "open",
    transport: "stdio",
    command: "bun weather.ts",
    era: "legacy",
    revision: "2025-11-25",
    client: "inspector",
    server: "weather",
    messages: 3,
    requests: 1,
    errors: 0,
    problems: 0,
    ...about,
  };
}

export function runRow(id: string, about: Partial<RunRow> = {}): RunRow {
  return {
    id,
    at: 5,
    last_at: 5,
    title: id,
    agent: null,
    run: null,
    models: [],
    sessions: [],
    servers: [],
    model_calls: 1,
    tool_calls: 0,
    agents: 0,
    tokens_in: 0,
    tokens_out: 0,
    tokens_cached: 0,
    cost: 0,
    errors: 0,
    problems: 0,
    ties: { exact: 0, inferred: 0, ambiguous: 0 },
    state: "done",
    state_of: null,
    state_since: 5,
    ...about,
  };
}

export function stepRow(id: string, of: string, about: Partial<StepRow> = {}): StepRow {
  return {
    ...NOTHING_OF_A_STEP,
    id,
    run: of,
    kind: "model",
    at: 5,
    ended: 6,
    lane: "main",
    name: "m",
    asked: "",
    answered: "",
    state: "ok",
    ties: [],
    attempts: [],
    problems: [],
    ...about,
  };
}
