/** What servers that speak OpenAI's chat add to it, leave out of it and repeat in it. */
import { expect, test } from "bun:test";
import { assembled, read } from "../read.ts";
import { exchangeOf } from "../recording.ts";

type Json = Record<string, unknown>;
const REQUEST = { model: "asked", stream: true, messages: [{ role: "user", content: "Hi" }] };

function stream(...events: (Json | string)[]) {
  const body = events
    .map((event) => (typeof event === "string" ? event : `data: ${JSON.stringify(event)}\n\n`))
    .join("");
  const request = { method: "POST", path: "/v1/chat/completions", host: "model.example", body: REQUEST };
  return exchangeOf({
    request,
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
  });
}

const chunk = (delta: Json, more: Json = {}): Json => ({
  id: "c-1",
  object: "chat.completion.chunk",
  created: 7,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: null }],
  ...more,
});
const end: Json = { ...chunk({}), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const DONE = "data: [DONE]\n\n";
const rules = (exchange: ReturnType<typeof stream>) => read(exchange).problems.map(({ rule }) => rule);

test("empty fields in later chunks take nothing away", () => {
  const empty = {
    id: "",
    object: "",
    created: 0,
    model: "",
    choices: [{ index: 0, finish_reason: "", delta: { role: "", content: null } }],
  };
  const exchange = stream(
    chunk({ role: "assistant", content: "Tide" }),
    empty,
    end,
    { ...empty, usage: {} },
    DONE,
  );
  expect(assembled(exchange)).toEqual({
    id: "c-1",
    object: "chat.completion",
    created: 7,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: "Tide" }, finish_reason: "stop" }],
    usage: {},
  });
});

test("counts that are all zero, or null, do not replace those that came", () => {
  const usage = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 };
  const zero = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, details: { cached_tokens: 0 } };
  const exchange = stream(
    chunk({ content: "x" }),
    { ...end, usage },
    chunk({}, { usage: zero }),
    chunk({}, { usage: null }),
    DONE,
  );
  expect(read(exchange).usage).toMatchObject({ input: 4, output: 2, total: 6 });
});

test("a whole message after its pieces adds only what they lacked", () => {
  const call = { id: "t", type: "function", function: { name: "now", arguments: "{}" } };
  const message = { role: "assistant", content: "Hello", tool_calls: [call] };
  const exchange = stream(chunk({ content: "Hel" }), chunk({ content: "lo" }), {
    ...chunk({}),
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: "tool_calls" }],
  });
  const { text, tool_calls, finish_reason } = read(exchange);
  expect([text, tool_calls, finish_reason]).toEqual([
    "Hello",
    [{ id: "t", name: "now", arguments: "{}" }],
    "tool_calls",
  ]);
});

test("a whole message without pieces is the answer; wholes that grow are not added to each other", () => {
  const whole = (content: string): Json => ({
    ...chunk({}),
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: null }],
  });
  expect(read(stream(whole("Low tide"), DONE)).text).toBe("Low tide");
  expect(read(stream(whole("Low"), whole("Low tide"), whole("Low tide at six"), DONE)).text).toBe(
    "Low tide at six",
  );
  expect(read(stream(whole("Low"), whole(" tide"), DONE)).text).toBe("Low tide");
});

test("events of nobody's are told and are no part of the answer", () => {
  const exchange = stream(
    chunk({ content: "a" }),
    `event: step.done\ndata: {"step":"look","secret":1}\n\n`,
    ": hi\n\n",
    "event: ping\ndata: {}\n\n",
    end,
    DONE,
  );
  expect(rules(exchange)).toEqual(["stream/unknown-event"]);
  expect(JSON.stringify(assembled(exchange))).not.toContain("secret");
});

test("an error is found in every form, with [DONE] behind it and without", () => {
  const forms: [string | Json, Json][] = [
    [{ error: { message: "full", type: "busy", code: 503 } }, { message: "full", type: "busy", status: 503 }],
    [{ error: "full" }, { message: "full" }],
    [
      { object: "error", message: "full", code: 429 },
      { message: "full", status: 429 },
    ],
    [{ type: "error", message: "full" }, { message: "full" }],
    [
      { code: "Busy.Algo", message: "full", request_id: "r" },
      { message: "full", type: "Busy.Algo" },
    ],
    [{ detail: "full" }, { message: "full" }],
    [{ detail: [{ loc: ["body"], msg: "full" }] }, {}],
    [{ detail: { error: "full" } }, { message: "full" }],
    [{ success: false, errors: ["full"] }, { message: "full" }],
    [{ fault: { faultstring: "full", detail: { errorcode: "spike" } } }, { message: "full", type: "spike" }],
    [{ base_resp: { status_code: 1004, status_msg: "full" } }, { message: "full" }],
    [{ error_code: 17, error_msg: "full" }, { message: "full" }],
    [
      { statusCode: 429, message: "full" },
      { message: "full", status: 429 },
    ],
    [`event: error\ndata: {"message":"full"}\n\n`, { message: "full" }],
    [`event: error\ndata: full\n\n`, { message: "full" }],
    [`event: error\ndata: "full"\n\n`, { message: "full" }],
  ];
  for (const [form, error] of forms)
    for (const tail of [[], [DONE]]) {
      const exchange = stream(chunk({ content: "Hel" }), form, ...tail);
      const reading = read(exchange);
      expect([form, reading.text, reading.error]).toMatchObject([form, "Hel", error]);
      expect(rules(exchange)).toEqual(["stream/error-event"]);
    }
});

test("events without a blank line between them are read, and told once", () => {
  const [a, b, last] = [chunk({ content: "Hel" }), chunk({ content: "lo" }), end].map(
    (event) => `data: ${JSON.stringify(event)}`,
  );
  const forms = [
    `${a}\n${b}\n${last}\ndata: [DONE]`,
    `${a}\n${b}\n\n${last}\n\n${DONE}`,
    `${a}${b?.slice("data: ".length)}\n\n${last}\n\ndata: [done]\n\n`,
    [a, b, last, "data: [DONE]"].map((it) => `data: ${it}\n\n`).join(""),
  ];
  for (const body of forms) {
    const reading = read(stream(body));
    expect([body, reading.text, reading.finish_reason]).toEqual([body, "Hello", "stop"]);
    const told = reading.problems.filter(({ rule }) => rule !== "stream/no-final-blank-line");
    expect(told.map(({ rule }) => rule)).toEqual(["stream/packed-events"]);
  }
  expect(rules(stream(`data: {"a":1} and words\n\n`, chunk({ content: "x" }), end))).toEqual([
    "stream/not-json",
  ]);
});

test("what only looks like an error is none", () => {
  for (const more of [
    { error: null },
    { error: {} },
    { error: false },
    { error: "" },
    { message: "all is well", code: 0 },
  ])
    expect(read(stream(chunk({ content: "x" }, more), end, DONE)).error).toBeNull();
});

test("a last delta that is the whole text once more is not said twice; a short word may be", () => {
  const last = (content: string) => ({
    ...end,
    choices: [{ index: 0, delta: { content }, finish_reason: "stop" }],
  });
  const whole = "High tide is at six.";
  expect(
    read(stream(chunk({ content: "High tide " }), chunk({ content: "is at six." }), last(whole), DONE)).text,
  ).toBe(whole);
  expect(read(stream(chunk({ content: "no" }), last("no"), DONE)).text).toBe("nono");
});

test("words in the place of an event are the error; other words are told as no JSON", () => {
  for (const words of [
    "[ERROR] the tide took it",
    "Error: the tide took it",
    "upstream error: the tide took it",
  ]) {
    const { error, text, problems } = read(stream(chunk({ content: "Hel" }), `data: ${words}\n\n`));
    expect([text, error?.message]).toEqual(["Hel", words.replace("[ERROR] ", "")]);
    expect(problems.map(({ rule }) => rule)).toEqual(["stream/error-event"]);
  }
  expect(rules(stream(chunk({ content: "Hel" }), "data: still here\n\n", end, DONE))).toEqual([
    "stream/not-json",
  ]);
});

test("an answer of status 200 that is nothing but an error is the error", () => {
  const answered = (body: Json) => {
    const request = { method: "POST", path: "/v1/chat/completions", body: { ...REQUEST, stream: false } };
    return read(exchangeOf({ request, response: { status: 200, body: JSON.stringify(body) } }));
  };
  for (const body of [
    { code: "Busy", message: "full" },
    { detail: "full" },
    { object: "error", message: "full" },
    { error: "full" },
  ]) {
    const { error, problems } = answered(body);
    expect([error?.message, problems.map(({ rule }) => rule)]).toEqual(["full", []]);
  }
});

test("choices stand in the order of their numbers, streamed or not", () => {
  const choices = [1, 0].map((index) => ({ index, message: { content: `${index}` }, finish_reason: "stop" }));
  const request = { method: "POST", path: "/v1/chat/completions", body: REQUEST };
  const { text, answer } = read(
    exchangeOf({ request, response: { status: 200, body: JSON.stringify({ choices }) } }),
  );
  expect([text, answer.choices.length]).toEqual(["0", 2]);
});
