import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../../fact/exchange.ts";
import { read } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";
import { ownAnswer } from "../own-answer.ts";
import { explanations } from "./explain.ts";

type Body = Record<string, unknown>;
const user = { role: "user", content: "Hi" };
const weather = {
  type: "function",
  function: {
    name: "weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const call = (args: string, name = "weather") => ({
  id: "c1",
  type: "function",
  function: { name, arguments: args },
});
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function chat(
  body: Body = {},
  message: Body = { content: "Hello" },
  choice: Body = {},
  more: Body = {},
): Recording {
  const answer = {
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop", ...choice }],
    ...more,
  };
  return {
    request: {
      method: "POST",
      path: "/v1/chat/completions",
      host: "api.openai.com",
      body: { model: "gpt-5", messages: [user], ...body },
    },
    response: { status: 200, body: JSON.stringify(answer) },
  };
}

function stream(events: string): Recording {
  const recording = chat({ stream: true });
  return {
    ...recording,
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body: events },
  };
}

/** A stream that thought and spoke, and how its last event tells it. */
function responses(last: Body): Recording {
  const event = (type: string, more: Body) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const body = [
    event("response.created", { response: { id: "r", status: "in_progress", output: [] } }),
    event("response.reasoning_summary_text.delta", { output_index: 0, item_id: "t", delta: "Hm." }),
    event("response.output_text.delta", { output_index: 1, item_id: "m", delta: "Yes" }),
    event("response.completed", { response: { id: "r", status: "completed", ...last } }),
  ].join("");
  return {
    request: { method: "POST", path: "/v1/responses", body: { model: "gpt-5", stream: true, input: "Hi" } },
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
  };
}

const chunk = (delta: Body, finish_reason: string | null = null, index = 0) =>
  `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index, delta, finish_reason }] })}\n\n`;
/** A stream that the client leaves. */
const left = (events: string): Exchange => {
  const exchange = exchangeOf(stream(events));
  return { ...exchange, close: { t: 200, ending: "client-gone", error: null } };
};
const tried = (method: string, path: string): Recording => ({
  request: { method, path, body: null },
  response: { status: 404, body: '{"error":{"message":"not here"}}' },
});
const lone = (count: number) => Array(count).fill({ role: "tool", tool_call_id: "x", content: "a" });
const ending = (close: Partial<NonNullable<Exchange["close"]>>): Exchange => {
  const exchange = exchangeOf(chat());
  return { ...exchange, close: { t: 1, ending: "complete", error: null, ...close } };
};
/** What the proxy says where no upstream's answer came. */
const ours = (cause: string, how: Partial<NonNullable<Exchange["close"]>> = {}): Exchange => {
  const message = `no answer from http://127.0.0.1:9/v1: told by the test (${cause}); is it running?`;
  const error = { message: `MCP Proxy Logger: ${message}`, type: "proxy_error", code: 502, cause };
  const headers = { "content-type": "application/json", "x-proxy-error": "mcp-proxy-logger" };
  const exchange = exchangeOf({
    ...chat(),
    response: { status: 502, headers, body: JSON.stringify({ error }) },
  });
  return { ...exchange, close: { t: 1, ending: "upstream-error", error: message, ...how } };
};
const image = (url: string) =>
  chat({ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] });
const results = (id: string) => [
  user,
  { role: "assistant", tool_calls: [call('{"city":"x"}')] },
  { role: "tool", tool_call_id: id, content: "ok" },
  user,
];
const dated = {
  type: "json_schema",
  json_schema: { name: "d", schema: { properties: { due: { type: "string", format: "date-time" } } } },
};
const format = {
  type: "json_schema",
  json_schema: { name: "n", schema: { type: "object", required: ["a"] } },
};

function gemini(parts: Body[], candidate: Body = {}): Recording {
  const candidates = [{ content: { role: "model", parts }, finishReason: "STOP", index: 0, ...candidate }];
  return {
    request: {
      method: "POST",
      path: "/v1beta/models/gemini-3-flash:generateContent",
      body: { contents: [] },
    },
    response: { status: 200, body: JSON.stringify({ candidates }) },
  };
}

const geminiStream: Recording = {
  request: { method: "POST", path: "/v1beta/models/gemini-3-flash:streamGenerateContent", body: {} },
  response: { status: 200, body: `[${gemini([{ text: "a" }]).response.body}]` },
};

const begun = { type: "message_start", message: { type: "message", role: "assistant", content: [] } };
const start = (index: number) => ({
  type: "content_block_start",
  index,
  content_block: { type: "text", text: "" },
});
const piece = (text: string) => ({
  type: "content_block_delta",
  index: 0,
  delta: { type: "text_delta", text },
});
const toolStart = {
  type: "content_block_start",
  index: 0,
  content_block: { type: "tool_use", id: "t", name: "weather", input: {} },
};
const toolPiece = (partial_json: string) => ({
  type: "content_block_delta",
  index: 0,
  delta: { type: "input_json_delta", partial_json },
});
const stop = { type: "content_block_stop", index: 0 };
const ended = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } };
const over = { type: "message_stop" };

function claude(stream: Body[]): Recording {
  const body = stream.map((event) => `event: ${event["type"]}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  return {
    request: { method: "POST", path: "/v1/messages", body: { stream: true, messages: [user] } },
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
  };
}

/** The binary answer of our own recording. */
function binary(): Uint8Array {
  const path = join(import.meta.dir, "../fixtures/bedrock-converse/stream-hello.json");
  const { response } = JSON.parse(readFileSync(path, "utf8")) as Recording;
  return Uint8Array.from(atob(response.body), (char) => char.charCodeAt(0));
}

function converse(bytes: Uint8Array): Recording {
  return {
    request: { method: "POST", path: "/model/m/converse-stream", body: { messages: [] } },
    response: {
      status: 200,
      headers: { "content-type": "application/vnd.amazon.eventstream" },
      body: btoa(String.fromCharCode(...bytes)),
      body_encoding: "base64",
    },
  };
}

/** For each rule one exchange that breaks it and one that nearly does. */
const cases: Record<string, { bad: Recording | Exchange; good: Recording | Exchange }> = {
  "request/rejected": {
    bad: {
      ...chat(),
      response: { status: 404, body: '{"error":{"type":"x","message":"The model `m` does not exist"}}' },
    },
    good: chat(),
  },
  "schema/format": {
    bad: chat({ response_format: dated }, { content: '{"due":"soon"}' }),
    good: chat({ response_format: dated }, { content: '{"due":"2026-11-28T18:00:00Z"}' }),
  },
  "request/prewarm": {
    bad: {
      request: { method: "POST", path: "/v1/responses", body: { model: "m", input: [], generate: false } },
      response: { status: 200, body: '{"object":"response","status":"completed","output":[]}' },
    },
    good: responses({}),
  },
  "request/deprecated": { bad: chat({ max_tokens: 5 }), good: chat({ max_completion_tokens: 5 }) },
  "transfer/client-gone": {
    bad: left(chunk({ content: "Hel" })),
    good: left(chunk({ content: "Hello" }) + chunk({}, "stop")),
  },
  "transfer/client-left": {
    bad: left(chunk({ content: "Hello" }) + chunk({}, "stop")),
    good: left(chunk({ content: "Hel" })),
  },
  "request/probe-failed": { bad: tried("GET", "/v1/models"), good: tried("GET", "/v1/files/f-1") },
  "answer/empty": { bad: stream("data: [DONE]\n\n"), good: stream(chunk({ content: "x" }, "stop")) },
  "answer/leaked-call": {
    bad: chat({}, { content: 'I look.\n<tool_call>\n{"name": "weather"}' }),
    good: chat({}, { content: "Models write `<tool_call>` before a call:\n```\n<tool_call>\n```" }),
  },
  "answer/leaked-thoughts": {
    bad: chat({}, { content: "<think>It rains.</think>It rains." }),
    good: chat({}, { content: "The tag <think> begins a thought." }),
  },
  "finish/not-normal": {
    bad: chat({}, {}, { finish_reason: "abort" }),
    good: chat({}, {}, { finish_reason: "eos" }),
  },
  "transfer/upstream-error": { bad: ending({ ending: "upstream-error", error: "reset" }), good: ending({}) },
  "transfer/refused": { bad: { ...ending({ ending: "refused" }), response: null }, good: ending({}) },
  "transfer/unreachable": { bad: ours("ECONNREFUSED"), good: ours("ECONNRESET") },
  "transfer/interrupted": { bad: ending({ ending: "interrupted" }), good: ending({}) },
  "record/gap": {
    bad: { ...ending({}), gaps: [{ t: 1, from: "server", lost: 5, why: "disk full" }] },
    good: ending({}),
  },
  "record/too-deep": {
    bad: chat({ metadata: JSON.parse(`${"[".repeat(600)}${"]".repeat(600)}`) }),
    good: chat({ metadata: JSON.parse(`${"[".repeat(400)}${"]".repeat(400)}`) }),
  },
  "answer/not-json": {
    bad: {
      ...chat(),
      response: { status: 200, headers: { "content-type": "application/json" }, body: "<html>" },
    },
    good: { ...chat(), response: { status: 404, headers: { "content-type": "text/html" }, body: "<html>" } },
  },
  "answer/not-the-json-asked": {
    bad: chat({ response_format: { type: "json_object" } }),
    good: chat({ response_format: { type: "text" } }),
  },
  "answer/not-the-schema-asked": {
    bad: chat({ response_format: format }, { content: '{"b":1}' }),
    good: chat({ response_format: format }, { content: '{"a":1}' }),
  },
  "finish/length": { bad: chat({}, { content: "Hel" }, { finish_reason: "length" }), good: chat() },
  "finish/content-filter": {
    bad: chat({}, { content: "" }, { finish_reason: "content_filter" }),
    good: chat(),
  },
  "tool/same-name": { bad: chat({ tools: [weather, weather] }), good: chat({ tools: [weather] }) },
  "tool/bad-name": {
    bad: chat({ tools: [{ type: "function", function: { name: "get weather!" } }] }),
    good: chat({ tools: [weather] }),
  },
  "tool/unknown": {
    bad: chat({ tools: [weather] }, { tool_calls: [call("{}", "time")] }),
    good: chat({ tools: [weather] }, { tool_calls: [call('{"city":"x"}')] }),
  },
  "tool/arguments-not-json": {
    bad: chat({ tools: [weather] }, { tool_calls: [call('{"city":')] }),
    good: chat(
      { tools: [{ type: "custom", custom: { name: "weather" } }] },
      { tool_calls: [call("sunny { day")] },
    ),
  },
  "tool/arguments-mismatch": {
    bad: chat({ tools: [weather] }, { tool_calls: [call('{"city":5}')] }),
    good: chat({ tools: [weather] }, { tool_calls: [call('{"city":"5"}')] }),
  },
  "tool/result-without-call": {
    bad: chat({ messages: results("c2") }),
    good: chat({ messages: results("c1") }),
  },
  "tool/call-without-result": {
    bad: chat({ messages: results("c2") }),
    good: chat({ messages: results("c1") }),
  },
  "usage/does-not-add-up": {
    bad: chat({}, {}, {}, { usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 99 } }),
    // xAI's total counts reasoning beside the completion.
    good: chat(
      {},
      {},
      {},
      {
        usage: {
          prompt_tokens: 10,
          completion_tokens: 5,
          total_tokens: 18,
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
    ),
  },
  "media/empty": { bad: image("data:image/png;base64,"), good: image(`data:image/png;base64,${PNG}`) },
  "media/not-base64": { bad: image("data:image/png;base64,@@@@"), good: image("https://example.com/a.png") },
  "media/not-an-image": {
    bad: image(`data:image/png;base64,${btoa("hello there")}`),
    good: image(`data:image/png;base64,${PNG}`),
  },
  "media/wrong-type": {
    bad: image(`data:image/jpeg;base64,${PNG}`),
    good: image(`data:image/png;base64,${PNG}`),
  },
  "stream/no-terminator": {
    bad: stream(chunk({ content: "Hel" })),
    // Some servers leave out [DONE]; a finish_reason is an end as well.
    good: stream(chunk({ content: "Hello" }) + chunk({}, "stop")),
  },
  "stream/error-event": {
    bad: stream(`${chunk({ content: "Hel" })}data: {"error":{"message":"overloaded"}}\n\n`),
    good: stream(`${chunk({ content: "the word error" }, "stop")}data: [DONE]\n\n`),
  },
  "stream/index-gap": {
    bad: stream(chunk({ content: "a" }, "stop", 0) + chunk({ content: "b" }, "stop", 2)),
    good: stream(chunk({ content: "a" }, "stop", 1) + chunk({ content: "b" }, "stop", 0)),
  },
  "stream/not-json": {
    bad: stream(`data: {oops\n\n${chunk({ content: "a" }, "stop")}`),
    good: stream(`: comment\n\n${chunk({}, "stop")}data: [DONE]\n\n`),
  },
  "stream/packed-events": {
    bad: stream(`${chunk({ content: "a" }).trimEnd()}\n${chunk({}, "stop")}`),
    good: stream(`${chunk({ content: "a" })}${chunk({}, "stop")}data: [DONE]\n\n`),
  },
  "stream/cut": {
    bad: stream(`${chunk({ content: "a" }, "stop")}data: {"choi`),
    good: stream(`${chunk({ content: "a" }, "stop")}data: [DONE]`),
  },
  "stream/no-final-blank-line": {
    bad: stream(chunk({ content: "a" }, "stop").trimEnd()),
    good: stream(chunk({ content: "a" }, "stop")),
  },
  "finish/malformed-call": {
    bad: gemini([{ text: "a" }], { finishReason: "MALFORMED_FUNCTION_CALL" }),
    good: gemini([{ functionCall: { name: "weather", args: {} } }]),
  },
  "gemini/prompt-blocked": {
    bad: { ...gemini([]), response: { status: 200, body: '{"promptFeedback":{"blockReason":"SAFETY"}}' } },
    good: gemini([{ text: "a" }], { safetyRatings: [] }),
  },
  "stream/array-not-closed": {
    bad: { ...geminiStream, response: { status: 200, body: geminiStream.response.body.slice(0, -1) } },
    good: geminiStream,
  },
  "stream/bad-checksum": { bad: converse(binary().with(-1, 0)), good: converse(binary()) },
  "stream/bad-length": { bad: converse(binary().with(3, 0)), good: converse(binary()) },
  "stream/block-not-closed": {
    bad: claude([begun, start(0), piece("a"), ended, over]),
    // After an error nothing more was due.
    good: claude([begun, start(0), piece("a"), { type: "error", error: { type: "overloaded_error" } }]),
  },
  "stream/delta-without-start": {
    bad: claude([begun, piece("a"), ended, over]),
    good: claude([begun, start(0), piece("a"), stop, ended, over]),
  },
  "stream/order": {
    bad: claude([begun, start(0), stop, piece("a"), ended, over]),
    good: claude([begun, start(0), { type: "ping" }, piece("a"), stop, ended, over, { type: "ping" }]),
  },
  "stream/unknown-event": {
    bad: claude([begun, { type: "weather_report" }, ended, over]),
    good: claude([begun, { type: "ping" }, ended, over]),
  },
  "usage/cache-missed": {
    bad: chat(
      {},
      {},
      {},
      { prompt_cache_diagnostics: { type: "cache_miss", reason: "tools_changed", cache_missed_tokens: 9 } },
    ),
    good: chat({}, {}, {}, { prompt_cache_diagnostics: { type: "cache_hit" } }),
  },
  "stream/left-out": {
    bad: responses({
      output: [{ type: "message", id: "m", content: [{ type: "output_text", text: "Yes" }] }],
    }),
    good: responses({ output: [] }),
  },
  "stream/more": {
    bad: claude([begun, ...Array.from({ length: 60 }, () => ({ type: "weather_report" })), ended, over]),
    good: claude([begun, { type: "weather_report" }, ended, over]),
  },
  "tool/arguments-cut": {
    bad: claude([begun, toolStart, toolPiece('{"city":"Os'), ended, over]),
    good: claude([begun, toolStart, toolPiece('{"city":"Os'), toolPiece('lo"}'), stop, ended, over]),
  },
  "reader/more": {
    bad: chat({ messages: lone(51) }),
    good: chat({ messages: lone(50) }),
  },
  "stream/too-many-events": {
    bad: stream(`${": a\n\n".repeat(100_000)}${chunk({}, "stop")}`),
    good: stream(`${": a\n\n".repeat(99_999)}${chunk({}, "stop")}`),
  },
  "stream/unknown-field": {
    bad: stream(`level: 3\n${chunk({}, "stop")}`),
    good: stream(`id: 3\n${chunk({}, "stop")}`),
  },
};

describe("rules", () => {
  for (const [rule, { bad, good }] of Object.entries(cases)) {
    test(`${rule} is found where it is broken, and only there`, () => {
      expect(rulesIn(bad)).toContain(rule);
      expect(rulesIn(good)).not.toContain(rule);
    });
  }

  test("every rule has its two exchanges", () => {
    // No exchange is known in which a reader of ours fails; such a one would become a test of that reader.
    const without = Object.keys(explanations).filter((rule) => !(rule in cases));
    expect(without).toEqual(["reader/failed"]);
  });

  test("an exchange in order has no problem at all", () => {
    expect(
      rulesIn(
        chat(
          { tools: [weather] },
          { tool_calls: [call('{"city":"Paris"}')] },
          { finish_reason: "tool_calls" },
        ),
      ),
    ).toEqual([]);
    expect(rulesIn(stream(`${chunk({ content: "Hello" })}${chunk({}, "stop")}data: [DONE]\n\n`))).toEqual([]);
  });

  test("a rejected request says in plain words what to do", () => {
    const { bad } = cases["request/rejected"] as { bad: Recording };
    const [problem] = read(exchangeOf(bad)).problems;
    expect(problem?.what).toBe(
      "404 x: The model `m` does not exist. The model's name (or the deployment) is wrong, or this key may not use it.",
    );
  });

  test("Google's schemas, with types in capitals or as numbers, are understood", () => {
    for (const type of ["OBJECT", 6]) {
      const tools = [
        {
          functionDeclarations: [
            {
              name: "weather",
              parameters: { type, properties: { city: { type: type === 6 ? 1 : "STRING" } } },
            },
          ],
        },
      ];
      const parts = [{ functionCall: { name: "weather", args: { city: "Paris" } } }];
      const recording: Recording = {
        request: {
          method: "POST",
          path: "/v1beta/models/gemini-2.5-flash:generateContent",
          body: { contents: [], tools },
        },
        response: {
          status: 200,
          body: JSON.stringify({ candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }] }),
        },
      };
      expect(rulesIn(recording)).toEqual([]);
    }
  });

  test("a result is joined with its call by name where one of them has no id", () => {
    const history = (call: Body, response: Body) => ({
      ...gemini([{ text: "Sunny." }]),
      request: {
        method: "POST",
        path: "/v1beta/models/gemini-3-flash:generateContent",
        body: {
          contents: [
            { role: "user", parts: [{ text: "Weather?" }] },
            { role: "model", parts: [{ functionCall: { name: "weather", args: {}, ...call } }] },
            { role: "user", parts: [{ functionResponse: { name: "weather", response: {}, ...response } }] },
            { role: "user", parts: [{ text: "Well?" }] },
          ],
        },
      },
    });
    expect(rulesIn(history({ id: "c1" }, {}))).toEqual([]);
    expect(rulesIn(history({}, { id: "c1" }))).toEqual([]);
    expect(rulesIn(history({ id: "c1" }, { id: "c2" }))).toEqual([
      "tool/result-without-call",
      "tool/call-without-result",
    ]);
  });

  test("every rule has its explanation in both languages", () => {
    const named = new Set(
      sources(join(import.meta.dir, "..")).flatMap((text) =>
        [...text.matchAll(RULE)].map(([, rule]) => rule ?? ""),
      ),
    );
    expect([...named].filter((rule) => !(rule in explanations))).toEqual([]);
    for (const { en, zh } of Object.values(explanations))
      expect([en.length > 5, /\p{Script=Han}/u.test(zh)]).toEqual([true, true]);
  });
});

const RULE =
  /"((?:request|transfer|record|answer|finish|tool|usage|media|stream|reader|gemini|anthropic|cohere|bedrock|ollama)\/[a-z-]*[a-z])"/g;

function rulesIn(given: Recording | Exchange): string[] {
  const { problems, notes = [] } = read("wire" in given ? given : exchangeOf(given));
  return [...problems, ...notes].map(({ rule }) => rule);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["mcp", "glossary", "fixtures"].includes(entry.name) ? [] : sources(path);
    return entry.name.endsWith(".ts") && !entry.name.includes(".test.") ? [readFileSync(path, "utf8")] : [];
  });
}

describe("an answer of the proxy's own", () => {
  const told = (exchange: Exchange) => read(exchange).problems.map(({ rule, what }) => `${rule}: ${what}`);

  test("is explained by why there is no other, and never as a gateway's or an API's", () => {
    expect(told(ours("ECONNREFUSED"))).toEqual([
      expect.stringContaining(
        "transfer/unreachable: nothing listens at the API's address: no answer from http://127",
      ),
    ]);
    expect(told(ours("ENOTFOUND"))).toEqual([
      expect.stringContaining("transfer/unreachable: the API could not be reached: "),
    ]);
    expect(told(ours("ECONNRESET"))).toEqual([
      expect.stringContaining("transfer/upstream-error: the API gave no answer that could be passed on: "),
    ]);
  });

  test("is not unreachable where the request was sent to nobody", () => {
    const error = 'no upstream is called "nosuch"; see `bun run status`';
    expect(told(ours("", { ending: "refused", error }))).toEqual([
      `transfer/refused: this proxy answered by itself and sent the request to nobody: ${error}`,
    ]);
  });

  test("is one by its ending: an API's own 502 with our header is the API's", () => {
    expect(told(ours("ECONNREFUSED", { ending: "complete", error: null }))).toEqual([
      expect.stringContaining("request/rejected: 502"),
    ]);
    expect(ownAnswer(ours("", { ending: "refused", error: 'no upstream is called "x"' }))?.why).toBe(
      "unknown-upstream",
    );
    expect(ownAnswer(ours("", { ending: "refused", error: "bare LF" }))?.why).toBe("refused");
  });
});
