import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ExchangeRow } from "../fact/rows.ts";
import { parseFilter, textsOf } from "./filter.ts";
import { inEnglish } from "./in-english.ts";
import { fits, like } from "./fits.ts";
import { runSentence } from "./run-sentence.ts";
import { mistake, sentence } from "./sentence.ts";

const NOW = Date.UTC(2026, 0, 31, 12);

const row: ExchangeRow = {
  id: "0198",
  at: NOW - 60_000,
  state: "done",
  wire: "http",
  upstream: "anthropic",
  method: "POST",
  path: "/v1/messages?beta=true",
  target: "https://api.anthropic.com/v1/messages?beta=true",
  status: 429,
  ending: "complete",
  error: "slow down",
  dialect: "anthropic-messages",
  provider: "anthropic",
  model: "claude-sonnet-4-5",
  streamed: true,
  ttfb_ms: 90,
  ttft_ms: 2_400,
  duration_ms: 3_000,
  tokens_in: 9_000,
  tokens_out: 2_000,
  tokens_cached: 0,
  cost: 0.02,
  bytes_in: 10,
  bytes_out: 20,
  asked: "Weather in Paris?",
  answered: "→ get_forecast",
  tools: ["get_forecast"],
  client: "claude-code 2.1.332",
  has: ["tool_call", "thinking"],
  problems: 1,
  rules: ["answer/cut"],
  expert: ["chat", "warn", "first-token"],
  conversation: "c1",
  turn: 1,
  parent: null,
  run: null,
};

test("every kind of term means what it says", () => {
  const said: [string, "yes" | "no" | "unknown"][] = [
    ["", "yes"],
    ["model:claude*", "yes"],
    ["MODEL:Claude-Sonnet-4-5", "yes"],
    ["model:claude", "no"],
    ["-model:gpt*", "yes"],
    ["model:gpt*|claude*", "yes"],
    ["模型：claude*", "yes"],
    ["api:anthropic-messages upstream:anthropic", "yes"],
    ["client:claude-code", "yes"],
    ['client:"claude-code 2.1.332"', "yes"],
    ["client:codex", "no"],
    ["status:429 status:4xx status:>=400 status:400..499 -status:200", "yes"],
    ["status:complete", "yes"],
    ["status:client-gone", "no"],
    ["ttft:>2s ttft:<=2400ms ttft:2s..3s", "yes"],
    ["ttft:<2s", "no"],
    ["tokens:>10k in:9k out:<2.5k cached:0", "yes"],
    ["cost:>0.01 cost:<$0.03", "yes"],
    ["tool:get_* has:tool_call has:thinking -has:image has:problem -has:cache", "yes"],
    ["problem:* problem:answer/*", "yes"],
    ["problem:tools/*", "no"],
    ["expert:chat expert:warn|error expert:first-token -expert:note 要点:first-*", "yes"],
    ["expert:error", "no"],
    ["is:error is:slow is:done -is:streaming", "yes"],
    ["since:10m until:30s", "yes"],
    ["since:2026-01-31T11:58 until:2026-02-01", "yes"],
    ["since:30s", "no"],
    ['paris "weather in"', "yes"],
    ["kingfisher", "unknown"],
    ["-paris", "no"],
    ["-kingfisher", "unknown"],
    ["model:gpt* kingfisher", "no"],
    ["path:/v1/messages", "yes"],
    ["conv:c1 id:0198", "yes"],
  ];
  expect(said.map(([typed]) => [typed, fits(row, parseFilter(typed), NOW)])).toEqual(said);
});

test("a word that is no field is text, and what a field cannot be is told and filters nothing", () => {
  const { terms } = parseFilter('https://x.test foo:bar "a b" ttft:soon model:');
  expect(
    terms.map((term) => (term.kind === "text" ? term.text : `${term.kind} ${term.start}-${term.end}`)),
  ).toEqual(["https://x.test", "foo:bar", "a b", "wrong 29-38"]);
  const wrong = terms.find((term) => term.kind === "wrong")!;
  expect(mistake(wrong, "en")).toBe("ttft:soon cannot be read; for example: ttft:>2s ttft:100ms..500ms");
  expect(fits(row, { terms: [wrong] }, NOW)).toBe("yes");
  expect(textsOf({ terms })).toHaveLength(3);
});

test("a filter says what it means", () => {
  const filter = parseFilter('model:claude* status:>=400 -has:image since:10m is:slow "fix it"');
  expect(sentence(filter, "en")).toBe(
    "shows exchanges whose model is claude*, and whose status is at least 400, and without an image, and that came later than 10 minutes ago, and that are slow, and with the words “fix it”",
  );
  expect(sentence(filter, "zh")).toBe(
    "显示模型为claude*，且状态为不小于 400，且没有图片，且晚于 10 分钟前，且是慢请求，且含有“fix it”的请求",
  );
  expect(sentence(parseFilter("  "), "en")).toBe("");
});

test("runs have fields of their own, and a filter of runs says what is asked of their requests", () => {
  const filter = parseFilter("state:waiting server:weather cost:>0.1 status:5xx paris -has:image", "runs");
  expect(runSentence(filter, "en")).toBe(
    "shows runs that are waiting for the model or the host, and whose MCP server is weather, and whose cost is more than $0.1, and with a request whose status is from 500 to 599 and with the words “paris”, and without a request with an image",
  );
  expect(runSentence(filter, "zh")).toBe(
    "显示是在等待模型或宿主，且 MCP 服务为weather，且费用为大于 $0.1，且其中一个请求状态为500 到 599、含有“paris”，且没有请求有图片的运行",
  );
  const [term] = parseFilter("state:waiting").terms;
  expect(term?.kind === "wrong" && mistake(term, "en")).toBe("state: filters the list of runs alone");
  const [other] = parseFilter("state:lost", "runs").terms;
  expect(other?.kind === "wrong" && mistake(other, "en", "runs")).toStartWith(
    "state:lost cannot be read; for example: state:running state:waiting",
  );
});

test("whatever is typed is read, at a cost of its length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (typed) => {
      const filter = parseFilter(typed);
      for (const { start, end } of filter.terms) expect(start < end && end <= typed.length).toBe(true);
      fits(row, filter, NOW);
      runSentence(parseFilter(typed, "runs"), "en");
      sentence(filter, "zh");
    }),
  );
  const { terms } = parseFilter(`model:${"*a".repeat(50_000)}`);
  expect(terms[0]!.end).toBe(2_000);
});

test("a star stands for any characters", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "B", "*", "."), { maxLength: 6 }),
      fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 }),
      (letters, text) => {
        const pattern = letters.join("");
        const expression = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "is");
        expect(like(text, pattern)).toBe(expression.test(text));
      },
    ),
  );
});

test("an address has the names of fields in English, and values, words and phrases as they were typed", () => {
  for (const [typed, said] of [
    ["模型：claude* -状态:>=400 天气", "model:claude* -status:>=400 天气"],
    ['"模型：x" 耗时：>2s', '"模型：x" total:>2s'],
    ["dialect:openai-chat", "api:openai-chat"],
    ["备注：x a:b http://x", "备注：x a:b http://x"],
    ['"begun 模型：', '"begun 模型：'],
  ] as const)
    expect(inEnglish(typed)).toBe(said);
});
