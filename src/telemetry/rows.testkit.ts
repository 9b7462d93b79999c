/** Rows as the observer publishes them, and figures of a program that has nothing to tell. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { Figures } from "./telemetry.ts";

export function row(fields: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    id: "1",
    at: 1_000,
    state: "done",
    wire: "http",
    upstream: "openai",
    method: "POST",
    path: "/@openai/v1/chat/completions",
    target: "https://api.openai.com/v1/chat/completions",
    status: 200,
    ending: "complete",
    error: null,
    dialect: "openai-chat",
    provider: "openai",
    model: "gpt-5-mini",
    streamed: true,
    ttfb_ms: 80,
    ttft_ms: null,
    duration_ms: 900,
    tokens_in: null,
    tokens_out: null,
    tokens_cached: null,
    cost: null,
    bytes_in: 10,
    bytes_out: 20,
    asked: "",
    answered: "",
    tools: [],
    client: "curl 8.5.0",
    has: [],
    problems: 0,
    rules: [],
    expert: [],
    conversation: null,
    turn: null,
    parent: null,
    run: null,
    ...fields,
  };
}

export function figures(): Figures {
  return {
    own: {
      inFlight: 0,
      waiting: 0,
      backlog: 0,
      exchanges: 0,
      sessions: 0,
      unreadable: 0,
      lostBytes: { "disk refused": 0 },
      lostExchanges: {},
      faults: {},
      added: { buckets: [3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], sum: 0.0004, count: 4 },
    },
    process: { version: "0.1.0", bun: "1.4.5", startedAt: 500, memory: 1000, cpu: 0.5 },
    shipping: { waiting: 3, oldestMs: 1500, shipped: 10, errors: 1, heldBack: 0 },
    sending: { waiting: 2, items: [{ signal: "traces", outcome: "sent", count: 5 }] },
  };
}
