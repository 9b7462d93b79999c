/** Random rows and filters about the same few values, so that they meet: for holding an index to what `fits` says. */
import fc from "fast-check";
import type { ExchangeRow } from "../fact/rows.ts";
import { HAS, IS } from "./fields.ts";

const names = ["gpt-5", "GPT-5-mini", "claude_x", "100%", "a*b", ""];
const numbers = fc.option(fc.constantFrom(0, 1, 500, 2_000, 2_001, 20_001), { nil: null });

/** What a test gives to `exchangeRow`. */
export const anyRow: fc.Arbitrary<Partial<ExchangeRow>> = fc.record({
  model: fc.option(fc.constantFrom(...names), { nil: null }),
  dialect: fc.constantFrom("openai-chat", "gemini", null),
  provider: fc.constantFrom("openai", null),
  upstream: fc.constantFrom("openai", "Ollama"),
  client: fc.constantFrom("claude-code 2.1", "curl", null),
  status: fc.constantFrom(200, 204, 404, 429, 500, null),
  ending: fc.constantFrom("complete", "client-gone", "refused"),
  method: fc.constantFrom("GET", "POST"),
  path: fc.constantFrom("/v1/a", "/v1/a?b=1", "/"),
  ttft_ms: numbers,
  duration_ms: numbers,
  tokens_in: numbers,
  tokens_out: numbers,
  tokens_cached: numbers,
  cost: fc.constantFrom(0, 0.01, 0.5, null),
  tools: fc.subarray(["get_weather", "Bash", "a_b"]),
  has: fc.subarray(["tool_call", "image", "thinking"]),
  rules: fc.subarray(["answer/cut", "tools/twice", "request/probe-failed"]),
  expert: fc.subarray(["chat", "note", "warn", "error", "first-token", "cache-hit"]),
  problems: fc.constantFrom(0, 1),
  conversation: fc.constantFrom("c1", null),
  origin: fc.constantFrom(
    { project: "team", recorder: "laptop", user: "ann", host: "h1" },
    { project: "team", recorder: "ci_1", user: null, host: null },
    undefined,
  ),
  wire: fc.constantFrom("http", "websocket"),
  socket: fc.constantFrom("s1", undefined),
  starred: fc.constantFrom(true as const, undefined),
});

const text = fc.constantFrom(
  "gpt*",
  "gpt-5",
  "CLAUDE_X",
  "claude-x",
  "100%",
  "*",
  "*a*b",
  "openai",
  "curl",
  "claude-code",
  "get_*",
  "/v1/a",
  "c1",
  "answer/*",
  "post",
  "laptop",
  "ci_*",
  "ann",
  "websocket",
  "s*",
);
export const numberTerm = fc.constantFrom(
  ">0",
  ">=500",
  "<2001",
  "500",
  "1..2001",
  "..500",
  "!=500",
  ">2s",
  "<0.02",
  "0",
);

/** Fields alone: words of bodies are the index's own affair. */
const term = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.oneof(
      fc.tuple(
        fc.constantFrom(
          "model",
          "api",
          "provider",
          "upstream",
          "client",
          "method",
          "path",
          "tool",
          "problem",
          "conv",
          "id",
          "run",
          "recorder",
          "user",
          "host",
          "wire",
          "socket",
        ),
        text,
      ),
      fc.tuple(fc.constantFrom("ttft", "total", "tokens", "in", "out", "cached", "cost"), numberTerm),
      fc.tuple(
        fc.constant("status"),
        fc.constantFrom("200", "4xx", ">=400", "!=200", "client-gone", "complete|500", "*"),
      ),
      fc.tuple(fc.constant("is"), fc.constantFrom(...IS)),
      fc.tuple(fc.constant("has"), fc.constantFrom(...HAS)),
      fc.tuple(fc.constant("expert"), fc.constantFrom("chat", "note", "warn", "error|chat", "cache-hit")),
      fc.tuple(fc.constantFrom("since", "until"), fc.constantFrom("30s", "1m", "5s", "2023-11-14T22:13:40")),
    ),
  )
  .map(([not, [name, value]]) => `${not}${name}:${value}`);

export const anyFilter: fc.Arbitrary<string> = fc
  .array(term, { minLength: 1, maxLength: 4 })
  .map((terms) => terms.join(" "));
