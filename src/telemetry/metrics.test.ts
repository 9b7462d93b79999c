import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ExchangeRow } from "../fact/rows.ts";
import { type Sample, readExposition } from "./exposition.testkit.ts";
import { figures, row } from "./rows.testkit.ts";
import { createTelemetry, pagesAt, type SpanCall } from "./telemetry.ts";

function counting(version: "1.41" | "1.42" | "0.1" = "1.42", startedAt = 0) {
  const now = () => 1_800_000_000_000;
  return createTelemetry({
    semconv: version,
    startedAt,
    now,
    figures: async () => figures(),
    hash: (text) => text,
    pages: () => pagesAt(null),
    spans: null,
  });
}

async function scraped(telemetry: ReturnType<typeof counting>, accept: string | null = null) {
  const { body } = await telemetry.exposition(accept);
  return readExposition(body).samples;
}

const named = (samples: readonly Sample[], name: string) => samples.filter((one) => one.name === name);
const sumOf = (samples: readonly Sample[], name: string, labels: Record<string, string> = {}) =>
  named(samples, name)
    .filter((one) => Object.entries(labels).every(([label, value]) => one.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);

const OPENMETRICS = "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.3";

const hostile = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 50 }),
  fc.constantFrom('"', "\\", "\n", '"} 1\nevil 2\n#', "a\\\n", "\ud800", "\r", "other", "", "__proto__"),
);
const call: SpanCall = {
  key: "s/1",
  at: 5,
  server: "weather",
  method: "tools/call",
  tool: "get_forecast",
  outcome: "ok",
  errorType: null,
  transport: "pipe",
  revision: "2025-11-25",
  ms: 250,
  session: "s",
  seq: 1,
  answer: 2,
  id: "1",
  subject: "get_forecast",
  code: null,
  message: null,
  traceparent: null,
  target: null,
};

const someRow = fc.record({
  model: fc.option(hostile),
  upstream: hostile,
  client: fc.option(hostile),
  dialect: fc.constantFrom("openai-chat", "anthropic-messages", "gemini", "mcp", "raw", null),
  status: fc.constantFrom(200, 204, 404, 429, 503, null),
  ending: fc.constantFrom("complete", "client-gone", "upstream-error", "refused", "interrupted"),
  error: fc.option(hostile),
  ttft_ms: fc.option(fc.integer({ min: 0, max: 200_000 })),
  duration_ms: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
  tokens_in: fc.option(fc.nat(1_000_000)),
  tokens_out: fc.option(fc.nat(1_000_000)),
  streamed: fc.boolean(),
  rules: fc.array(hostile, { maxLength: 3 }),
});
const someRows = fc
  .array(someRow, { maxLength: 60 })
  .map((all) => all.map((fields, n) => row({ ...(fields as Partial<ExchangeRow>), id: `x${n}` })));

test("whatever strangers call things, the text can be read back, in both formats", async () => {
  await fc.assert(
    fc.asyncProperty(someRows, hostile, hostile, async (rows, server, tool) => {
      const telemetry = counting();
      for (const one of rows) telemetry.exchange(one);
      telemetry.call({ ...call, server, tool });
      for (const accept of [null, OPENMETRICS]) {
        const { body, contentType } = await telemetry.exposition(accept);
        expect(contentType.startsWith(accept ? "application/openmetrics-text" : "text/plain")).toBe(true);
        expect(body.isWellFormed()).toBe(true);
        const { samples } = readExposition(body);
        const keys = samples.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()]));
        expect(new Set(keys).size).toBe(keys.length);
        expect(body.endsWith("# EOF\n")).toBe(accept !== null);
      }
    }),
    { numRuns: 60 },
  );
});

test("counters and histograms add up to the rows", async () => {
  await fc.assert(
    fc.asyncProperty(someRows, fc.constantFrom("1.41", "1.42", "0.1"), async (rows, version) => {
      const telemetry = counting(version as "1.41");
      for (const one of rows) telemetry.exchange(one);
      for (const one of rows) telemetry.exchange(one); // told again: a file of it, a pack with it
      const samples = await scraped(telemetry);
      const sum = (of: (one: ExchangeRow) => number | null) =>
        rows.reduce((so, one) => so + (of(one) ?? 0), 0);
      const calls = rows.filter(({ dialect }) => dialect !== null && dialect !== "mcp" && dialect !== "raw");
      expect(sumOf(samples, "mcp_proxy_logger_exchanges_total")).toBe(rows.length);
      expect(sumOf(samples, "mcp_proxy_logger_tokens_total", { type: "input" })).toBe(
        sum((one) => one.tokens_in),
      );
      expect(sumOf(samples, "mcp_proxy_logger_time_to_first_token_seconds_count")).toBe(
        rows.filter(({ ttft_ms }) => ttft_ms !== null).length,
      );
      const timed = calls.filter(({ duration_ms }) => duration_ms !== null);
      const duration = "gen_ai_client_operation_duration_seconds";
      expect(sumOf(samples, `${duration}_count`)).toBe(timed.length);
      expect(sumOf(samples, `${duration}_bucket`, { le: "+Inf" })).toBe(timed.length);
      expect(sumOf(samples, `${duration}_bucket`, { le: "10.24" })).toBe(
        timed.filter(({ duration_ms }) => duration_ms! <= 10_240).length,
      );
      expect(sumOf(samples, `${duration}_sum`)).toBeCloseTo(
        timed.reduce((so, { duration_ms }) => so + duration_ms! / 1000, 0),
        6,
      );
      const input = calls.reduce((so, { tokens_in }) => so + (tokens_in ?? 0), 0);
      const told =
        version === "0.1"
          ? sumOf(samples, "gen_ai_client_inference_usage_input_tokens_total")
          : sumOf(samples, "gen_ai_client_token_usage_sum", { gen_ai_token_type: "input" });
      expect(told).toBe(input);
    }),
    { numRuns: 60 },
  );
});

test("what was said on a socket is counted at its responses, not once more at the socket", async () => {
  const telemetry = counting();
  const onSocket = { wire: "websocket", tokens_in: 5 } as const;
  telemetry.exchange(row({ id: "r1", ...onSocket, socket: "s", n: 1 }));
  telemetry.exchange(row({ id: "r2", ...onSocket, socket: "s", n: 2 }));
  telemetry.exchange(row({ id: "s", wire: "websocket", responses: 2 }));
  const samples = await scraped(telemetry);
  expect(sumOf(samples, "mcp_proxy_logger_exchanges_total")).toBe(2);
  expect(sumOf(samples, "mcp_proxy_logger_tokens_total", { type: "input" })).toBe(10);
});

test("strangers' names do not fill the memory: each label has a bound, the rest is `other`, with the reason", async () => {
  const telemetry = counting();
  for (let n = 0; n < 5_000; n++) {
    const fields = {
      id: `m${n}`,
      model: `model-${n}`,
      client: `client-${n % 700}`,
      upstream: `up-${n % 300}`,
    };
    telemetry.exchange(row({ ...fields, rules: [`rule/${n}`] }));
    telemetry.call({ ...call, key: `s/${n}`, server: `server-${n % 900}`, tool: `tool-${n}` });
  }
  const { body } = await telemetry.exposition(null);
  const { samples } = readExposition(body);
  const values = (label: string) => new Set(samples.flatMap(({ labels }) => labels[label] ?? []));
  expect([values("model").size, values("upstream").size, values("client").size]).toEqual([61, 41, 41]);
  expect([values("tool").size, values("server").size, values("rule").size]).toEqual([151, 41, 301]);
  expect(body.split("\n").length).toBeLessThan(40_000);
  const over = named(samples, "mcp_proxy_logger_label_overflow_total");
  expect(over.find(({ labels }) => labels["label"] === "model")).toEqual({
    name: "mcp_proxy_logger_label_overflow_total",
    labels: { label: "model", reason: "more than 60 values" },
    value: 4_940,
  });
  expect(sumOf(samples, "mcp_proxy_logger_exchanges_total")).toBe(5_000);
  expect(sumOf(samples, "mcp_proxy_logger_mcp_calls_total")).toBe(5_000);
});

test("combinations of labels have a bound too, and nothing is lost by it", async () => {
  const telemetry = counting();
  for (let n = 0; n < 3_000; n++)
    telemetry.exchange(
      row({
        id: `c${n}`,
        model: `m${n % 50}`,
        client: `c${n % 37}`,
        upstream: `u${n % 31}`,
        duration_ms: 1000,
      }),
    );
  const samples = await scraped(telemetry);
  const counts = named(samples, "gen_ai_client_operation_duration_seconds_count");
  expect(counts.length).toBe(401);
  expect(sumOf(samples, "gen_ai_client_operation_duration_seconds_count")).toBe(3_000);
  const reason = named(samples, "mcp_proxy_logger_label_overflow_total").map(
    ({ labels }) => labels["reason"],
  );
  expect(reason).toContain("more than 400 combinations");
});

test("a credential that somebody uses as a name is no label", async () => {
  const telemetry = counting();
  const key = "sk-proj-Zq3vX8mK2nB7wL5tR9yU4cE6aH1dF0gJ";
  telemetry.exchange(row({ model: key, client: `curl ${key}`, upstream: key, error_type: key }));
  telemetry.call({ ...call, server: key, tool: key });
  const { body } = await telemetry.exposition(null);
  expect(body).not.toContain(key.slice(8, 30));
});

test("what ended before the program began is not counted, and what is told very late is not counted twice", async () => {
  const telemetry = counting("1.42", 1_000_000);
  telemetry.exchange(row({ id: "old", at: 10, duration_ms: 5 }));
  telemetry.exchange(row({ id: "across", at: 999_000, duration_ms: 2_000 }));
  const samples = await scraped(telemetry);
  expect(sumOf(samples, "mcp_proxy_logger_exchanges_total")).toBe(1);
});

test("errors are counted by what they are", async () => {
  const telemetry = counting();
  const kinds: [Partial<ExchangeRow>, string | null][] = [
    [{}, null],
    [{ status: 429, error: "slow down", error_type: "rate_limit_error" }, "4xx"],
    [{ status: 503 }, "5xx"],
    [{ ending: "refused", status: null, error: "cannot reach it" }, "refused"],
    [{ ending: "client-gone", error: "the client hung up" }, "client-gone"],
    [{ ending: "client-gone" }, null],
    [{ error: "overloaded", error_type: "overloaded_error" }, "answer"],
  ];
  for (const [n, [fields]] of kinds.entries()) telemetry.exchange(row({ ...fields, id: `e${n}` }));
  const samples = await scraped(telemetry);
  const errors = named(samples, "mcp_proxy_logger_errors_total");
  expect(errors.map(({ labels }) => labels["kind"]).sort()).toEqual(
    kinds.flatMap(([, kind]) => kind ?? []).sort(),
  );
  const types = named(samples, "gen_ai_client_operation_duration_seconds_count").map(
    ({ labels }) => labels["error_type"] ?? "",
  );
  expect(types.sort()).toEqual(["", "503", "client-gone", "overloaded_error", "rate_limit_error", "refused"]);
});

test.skipIf(!Bun.which("promtool"))("promtool (when installed) finds nothing wrong with it", async () => {
  const telemetry = counting();
  telemetry.exchange(row({ ttft_ms: 120, tokens_in: 10, tokens_out: 5, cost: 0.01, rules: ["usage/none"] }));
  telemetry.exchange(row({ id: "2", status: 500, error: "no" }));
  telemetry.call(call);
  telemetry.problem("mcp", "jsonrpc/id", "s/1", 5);
  const { body } = await telemetry.exposition(null);
  const check = Bun.spawn(["promtool", "check", "metrics"], {
    stdin: new Blob([body]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = (await new Response(check.stdout).text()) + (await new Response(check.stderr).text());
  expect([said, await check.exited]).toEqual(["", 0]);
});
