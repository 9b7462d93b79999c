/** What is told of answers that are no answers, or that came in another dress than their names say. */
import { describe, expect, test } from "bun:test";
import { read } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";

type Json = Record<string, unknown>;
const EVENTS = { "content-type": "text/event-stream" };

function asked(
  path: string,
  body: unknown,
  response: Partial<Recording["response"]>,
  headers: Record<string, string> = {},
) {
  return exchangeOf({
    request: { method: body === null ? "GET" : "POST", path, host: "model.example", headers, body },
    response: { status: 200, body: "", ...response },
  });
}

const CHAT: Json = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const chat = (response: Partial<Recording["response"]>, more: Json = {}) =>
  asked("/v1/chat/completions", { ...CHAT, ...more }, response);
const rules = (exchange: ReturnType<typeof asked>) => read(exchange).problems.map(({ rule }) => rule);
const told = (exchange: ReturnType<typeof asked>) =>
  read(exchange)
    .problems.map(({ what }) => what)
    .join("\n");
const data = (...events: Json[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
const said = (content: string, finish_reason: string | null = "stop") => ({
  id: "c",
  object: "chat.completion.chunk",
  model: "m",
  choices: [{ index: 0, delta: { content }, finish_reason }],
});

/** Each API with a request of its own. */
const APIS: Record<string, [path: string, body: Json]> = {
  "openai-chat": ["/v1/chat/completions", CHAT],
  "openai-responses": ["/v1/responses", { model: "m", input: "Hi" }],
  "openai-completions": ["/v1/completions", { model: "m", prompt: "Hi" }],
  "anthropic-messages": ["/v1/messages", { ...CHAT, max_tokens: 9 }],
  gemini: ["/v1beta/models/m:generateContent", { contents: [{ role: "user", parts: [{ text: "Hi" }] }] }],
  "gemini-interactions": ["/v1beta/interactions", { model: "m", input: "Hi" }],
  cohere: ["/v2/chat", CHAT],
  "mistral-conversations": ["/v1/conversations", { model: "m", inputs: "Hi" }],
  ollama: ["/api/chat", CHAT],
  "bedrock-converse": ["/model/m/converse", { messages: [{ role: "user", content: [{ text: "Hi" }] }] }],
};

describe("silence", () => {
  for (const [dialect, [path, body]] of Object.entries(APIS)) {
    test(`${dialect}: an answer with nothing in it is told, in every form of nothing`, () => {
      const forms: Record<string, Partial<Recording["response"]>> = {
        "no bytes": { headers: EVENTS },
        "only comments": { headers: EVENTS, body: ": waiting\n\n: waiting\n\n" },
        "only the end mark": { headers: EVENTS, body: "data: [DONE]\n\n" },
        "no body": {},
        "an empty object": { body: "{}" },
        null: { body: "null" },
        "an empty list": { body: "[]" },
      };
      for (const [form, response] of Object.entries(forms)) {
        const reading = read(asked(path, { ...body, stream: true }, response));
        expect([form, reading.dialect, reading.problems.map(({ rule }) => rule)]).toEqual([
          form,
          dialect,
          expect.arrayContaining(["answer/empty"]),
        ]);
      }
    });

    test(`${dialect}: a web page with 200 is named for what it is`, () => {
      const page = "<!DOCTYPE html><html><title>Sign in</title></html>";
      for (const headers of [
        { "content-type": "text/html" },
        EVENTS,
        { "content-type": "application/json" },
      ]) {
        const exchange = asked(path, { ...body, stream: true }, { headers, body: page });
        expect(rules(exchange)).toContain("answer/not-json");
        expect(rules(exchange)).not.toContain("answer/empty");
        expect(told(exchange)).toContain("base URL");
      }
    });
  }

  test("an answer that ended well and says nothing is told; thoughts alone are nothing", () => {
    const message = (more: Json) => ({
      choices: [{ index: 0, message: { role: "assistant", ...more }, finish_reason: "stop" }],
    });
    for (const more of [
      { content: "" },
      { content: null },
      { content: "  \n" },
      { content: "", reasoning_content: "Hm." },
    ])
      expect(rules(chat({ body: JSON.stringify(message(more)) }))).toEqual(["answer/empty"]);
    const empty = { content: [], stop_reason: "end_turn", role: "assistant", type: "message" };
    expect(rules(asked(...APIS["anthropic-messages"]!, { body: JSON.stringify(empty) }))).toEqual([
      "answer/empty",
    ]);
  });

  test("nothing is told where nothing was due: a limit, a warm-up, a job in the background, HEAD", () => {
    const length = { choices: [{ index: 0, message: { content: "" }, finish_reason: "length" }] };
    expect(rules(chat({ body: JSON.stringify(length) }))).toEqual(["finish/length"]);
    const load = { model: "m", created_at: "", response: "", done: true, done_reason: "load" };
    expect(rules(asked("/api/generate", { model: "m" }, { body: JSON.stringify(load) }))).toEqual([]);
    const queued = { object: "response", status: "queued", output: [] };
    expect(
      rules(asked("/v1/responses", { input: "Hi", background: true }, { body: JSON.stringify(queued) })),
    ).toEqual([]);
    const head = chat({});
    expect(rules({ ...head, method: "HEAD" })).toEqual([]);
  });
});

describe("leaks", () => {
  const answered = (content: string) =>
    rules(
      chat({
        body: JSON.stringify({ choices: [{ index: 0, message: { content }, finish_reason: "stop" }] }),
      }),
    );

  test("calls that the server left in the text are a note, wherever they begin", () => {
    for (const text of [
      'I look.<tool_call>{"name":"tide","arguments":{}}</tool_call>',
      "I look.<|tool_calls_section_begin|><|tool_call_begin|>functions.tide:0",
      "<function=tide><parameter=port>Ems</parameter></function>",
      '[TOOL_CALLS][{"name":"tide"}]',
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function",
      '<function_calls>\n<invoke name="tide">',
      "<tool_call>tide\n<arg_key>port</arg_key>\n<arg_value>Ems</arg_value>\n</tool_call>",
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="tide">',
      "<start_function_call>call:tide{port:Ems}<end_function_call>",
      "<|tool_call_start|>[tide(port='Ems')]<|tool_call_end|>",
      "<|start|>assistant to=functions.tide<|channel|>commentary json<|message|>{}",
      '<TOOLCALL>[{"name":"tide"}]</TOOLCALL>',
    ])
      expect([text, answered(text)]).toEqual([text, ["answer/leaked-call"]]);
  });

  test("so are thoughts, with their opening mark or without; what only speaks of marks is none", () => {
    for (const text of [
      "<think>The moon.</think>Six.",
      "The moon is full.\n</think>\n\nSix.",
      "<thinking>Hm",
      "<reasoning>The moon.</reasoning>\nSix.",
      "analysisThe user asks for the tide.assistantfinalSix.",
      "<|channel>thought\nThe moon.<channel|>Six.",
      "[THINK]The moon.[/THINK]Six.",
    ])
      expect([text, answered(text)]).toEqual([text, ["answer/leaked-thoughts"]]);
    for (const text of [
      "Write `<tool_call>{}` yourself.",
      "```\n<tool_call>{}</tool_call>\n```\nis how it looks.",
      "The tag <think> opens, </think> closes.",
      "A <tool_call> tag holds JSON.",
      "<reasoning> is a tag of some models.",
      "analysis is what the assistant does; its final answer comes behind it.",
    ])
      expect([text, answered(text)]).toEqual([text, []]);
  });
});

describe("ends", () => {
  test("what is no good end is told in the provider's own words", () => {
    const ends: [Json, string][] = [
      [{ finish_reason: "insufficient_system_resource" }, "insufficient_system_resource"],
      [{ finish_reason: "error", native_finish_reason: "engine died" }, "engine died"],
      [{ finish_reason: "sensitive" }, "content filter"],
    ];
    for (const [more, words] of ends)
      expect(
        told(chat({ body: JSON.stringify({ choices: [{ index: 0, message: { content: "x" }, ...more }] }) })),
      ).toContain(words);
    const candidate = (finishReason: string, finishMessage?: string) =>
      asked(...APIS["gemini"]!, { body: JSON.stringify({ candidates: [{ finishReason, finishMessage }] }) });
    expect(told(candidate("NO_IMAGE", "Nothing to draw."))).toContain("Nothing to draw.");
    expect(rules(candidate("MISSING_THOUGHT_SIGNATURE"))).toEqual(["finish/not-normal"]);
    const stopped = { type: "message", content: [{ type: "text", text: "x" }], stop_reason: "halted" };
    expect(rules(asked(...APIS["anthropic-messages"]!, { body: JSON.stringify(stopped) }))).toEqual([
      "finish/not-normal",
    ]);
  });
});

describe("dress", () => {
  const event = data(said("Hel", null), said("lo")) + "data: [DONE]\n\n";
  const lines = `${JSON.stringify(said("Hel", null))}\n${JSON.stringify(said("lo"))}\n`;

  test("events under the name of lines, lines under the name of events, one document under either", () => {
    for (const type of ["application/stream+json", "application/x-ndjson", "application/json", "text/plain"])
      expect(read(chat({ headers: { "content-type": type }, body: event })).text).toBe("Hello");
    for (const type of ["text/event-stream", "application/x-ndjson"])
      expect(read(chat({ headers: { "content-type": type }, body: lines })).text).toBe("Hello");
    const whole = JSON.stringify(
      { choices: [{ index: 0, message: { content: "Hello" }, finish_reason: "stop" }] },
      null,
      2,
    );
    for (const type of ["text/event-stream", "application/x-ndjson"])
      expect(read(chat({ headers: { "content-type": type }, body: whole })).text).toBe("Hello");
  });

  test("an error in a field, on a line of its own, or as an event without data is the error", () => {
    const begun = data(said("Hel", null));
    for (const [line, message] of [
      ['error: {"code":500,"message":"no room"}\n\n', "no room"],
      ['{"error":{"message":"no room"}}\n', "no room"],
      ["event: error\n\n", ""],
    ] as const) {
      const { text, error, problems } = read(chat({ headers: EVENTS, body: begun + line }));
      expect([text, error?.message]).toEqual(["Hel", message]);
      expect(problems.map(({ rule }) => rule)).toContain("stream/error-event");
    }
  });

  test("a plain line in a stream is told with its words", () => {
    const exchange = chat({ headers: EVENTS, body: `${event}gateway: lost the connection\n` });
    expect(told(exchange)).toContain("gateway: lost the connection");
    expect(read(exchange).text).toBe("Hello");
  });

  test("a model that only the path names is the model", () => {
    const body = { messages: CHAT["messages"] };
    const failed = { status: 404, body: '{"error":{"message":"none"}}' };
    expect(
      read(asked("/openai/deployments/my%20own/chat/completions?api-version=1", body, failed)).model,
    ).toBe("my own");
    expect(read(asked("/v1/chat/completions", { ...body, model: "" }, failed)).model).toBeNull();
    const empty = { model: "", choices: [{ index: 0, message: { content: "x" }, finish_reason: "stop" }] };
    expect(read(chat({ body: JSON.stringify(empty) })).model).toBe("m");
  });

  test("media types in capitals and base64 without its prefix are what they are", () => {
    const png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const ok = JSON.stringify({ choices: [{ index: 0, message: { content: "x" }, finish_reason: "stop" }] });
    for (const url of [`data:IMAGE/PNG;base64,${png}`, `DATA:image/png;BASE64,${png}`, png]) {
      const reading = read(
        chat(
          { body: ok },
          { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] },
        ),
      );
      const part = reading.messages[0]?.parts[0];
      expect([part, reading.problems]).toMatchObject([
        { type: "image", mime: "image/png", url: null, bytes: 70 },
        [],
      ]);
    }
  });

  test("JSON after a word of what comes next is the JSON that was asked for", () => {
    const text = (value: string, phase: string) => ({
      type: "message",
      role: "assistant",
      phase,
      content: [{ type: "output_text", text: value }],
    });
    const answer = (...output: Json[]) => ({
      body: JSON.stringify({ object: "response", status: "completed", output }),
    });
    const request = { input: "Hi", text: { format: { type: "json_object" } } };
    expect(
      rules(
        asked(
          "/v1/responses",
          request,
          answer(text("I look.", "commentary"), text('{"a":1}', "final_answer")),
        ),
      ),
    ).toEqual([]);
    expect(
      rules(
        asked("/v1/responses", request, answer(text("I look.", "commentary"), text("no", "final_answer"))),
      ),
    ).toEqual(["answer/not-the-json-asked"]);
  });
});

describe("schemas", () => {
  const called = (args: string, parameters: Json) =>
    chat(
      {
        body: JSON.stringify({
          choices: [
            {
              index: 0,
              message: {
                tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: args } }],
              },
              finish_reason: "tool_calls",
            },
          ],
        }),
      },
      { tools: [{ type: "function", function: { name: "f", parameters } }] },
    );

  test("a format alone is a note beside the problems, of a call and of an answer by a schema", () => {
    const due = { type: "object", properties: { due: { type: "string", format: "date-time" } } };
    const notes = (exchange: ReturnType<typeof called>) =>
      (read(exchange).notes ?? []).map(({ rule, severity, where }) => [rule, severity, where]);
    expect(notes(called('{"due":"tomorrow at six"}', due))).toEqual([
      ["schema/format", "note", expect.stringContaining("tool")],
    ]);
    expect(notes(called('{"due":"2026-11-28T18:00:00Z"}', due))).toEqual([]);
    // What is wrong otherwise is a problem, and one.
    expect(notes(called('{"due":6}', due))).toEqual([]);
    const format = { type: "json_schema", json_schema: { name: "n", schema: due } };
    const answer = {
      choices: [
        { index: 0, message: { role: "assistant", content: '{"due":"soon"}' }, finish_reason: "stop" },
      ],
    };
    const asSchema = chat({ body: JSON.stringify(answer) }, { response_format: format });
    expect([notes(asSchema), rules(asSchema)]).toEqual([[["schema/format", "note", "answer"]], []]);
  });

  test("a format alone makes nothing wrong", () => {
    for (const format of ["date-time", "uri", "email", "uuid", "ipv4"])
      expect(
        rules(called('{"v":"x y"}', { type: "object", properties: { v: { type: "string", format } } })),
      ).toEqual([]);
    const number = { type: "object", properties: { v: { type: "number", format: "email" } } };
    expect(rules(called('{"v":"x"}', number))).toEqual(["tool/arguments-mismatch"]);
  });

  test("one wrong property is one problem", () => {
    const v = {
      anyOf: [
        { type: "string", minLength: 3, pattern: "^[a-z]+$" },
        { type: "integer", minimum: 5 },
      ],
    };
    for (const value of ['"A"', "1.5", "[]"])
      expect(rules(called(`{"v":${value}}`, { type: "object", properties: { v } }))).toEqual([
        "tool/arguments-mismatch",
      ]);
  });
});

describe("pages", () => {
  test("a page in the place of a list of models is named, one for a browser is not", () => {
    const page = { headers: { "content-type": "text/html" }, body: "<html><title>Home</title></html>" };
    expect(rules(asked("/v1/models", null, page))).toEqual(["answer/not-json"]);
    expect(rules(asked("/", null, page))).toEqual([]);
  });

  test("an error page says what its title says", () => {
    const page = {
      status: 502,
      headers: { "content-type": "text/html" },
      body: "<html><head><title>502 Bad Gateway</title></head><body>x</body></html>",
    };
    expect(read(chat(page)).error).toEqual({
      status: 502,
      type: null,
      message: "a web page: 502 Bad Gateway",
    });
  });
});

describe("refusals", () => {
  const refused = (headers: Record<string, string>, message = "slow down", status = 429) =>
    told(chat({ status, headers, body: JSON.stringify({ error: { message } }) }));

  test("an error says what is said of it, wherever the provider says it", () => {
    const words = (body: unknown) => read(chat({ status: 400, body: JSON.stringify(body) })).error?.message;
    for (const body of [
      { error: { error: { message: "no tide" } } },
      { error: [{ msg: "no tide" }] },
      { error: true, reason: "no tide" },
      { errors: ["no tide"], success: false },
      { errors: [{ code: 7, message: "no tide" }] },
      { fault: { faultstring: "no tide" } },
      { detail: { error: "no tide" } },
      { code: 1113, msg: "no tide" },
      { base_resp: { status_code: 1008, status_msg: "no tide" } },
      { errorMessage: "no tide", errorType: "Sea" },
    ])
      expect([body, words(body)]).toEqual([body, "no tide"]);
  });

  test("how long to wait is said in seconds, whoever names it", () => {
    expect(refused({ "retry-after": "20" })).toContain("wait 20 s (retry-after)");
    expect(refused({ "retry-after-ms": "1500" })).toContain("wait 1.5 s");
    const date = { date: "Sat, 28 Nov 2026 10:00:00 GMT", "retry-after": "Sat, 28 Nov 2026 10:01:30 GMT" };
    expect(refused(date)).toContain("wait 90 s");
    expect(refused({}, "Please try again in 1m30.5s.")).toContain("wait 91 s (the message)");
    expect(refused({}, "Please try again in 250ms.")).toContain("wait 0.3 s");
    expect(refused({}, "Please try again later.")).not.toContain("It asks to wait");
    const used = { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s" };
    expect(refused(used)).toContain("wait 360 s (x-ratelimit-reset)");
    expect(refused({ ...used, "x-ratelimit-remaining-tokens": "7" })).not.toContain("It asks to wait");
    const google = { error: { code: 429, message: "full", details: [{ a: 1 }, { retryDelay: "34s" }] } };
    expect(told(chat({ status: 429, body: JSON.stringify(google) }))).toContain("wait 34 s (retryDelay)");
  });

  test("a signature over another Host is explained before AWS's words; another refusal is not", () => {
    const signed = { authorization: "AWS4-HMAC-SHA256 ***" };
    const at = (type: string, message: string) =>
      told(
        asked(
          "/model/m/converse",
          { messages: [] },
          { status: 403, headers: { "x-amzn-errortype": type }, body: JSON.stringify({ message }) },
          signed,
        ),
      );
    const what = at("SignatureDoesNotMatch", "The request signature we calculated does not match.");
    expect(what).toMatch(
      /^403\. The request is signed by SigV4 over the Host.*AWS_BEARER_TOKEN_BEDROCK.*AWS says: /,
    );
    expect(
      at("ExpiredTokenException", "The security token included in the request is expired"),
    ).not.toContain("SigV4");
  });

  test("a probe that fails is a note", () => {
    const severity = (method: string, path: string) =>
      read({ ...asked(path, null, { status: 404 }), method }).problems.map(
        (one) => `${one.rule} ${one.severity}`,
      );
    for (const [method, path] of [
      ["HEAD", "/"],
      ["GET", "/api/tags"],
      ["GET", "/v1/models"],
      ["OPTIONS", "/v1/responses"],
      ["GET", "/@near/v1/models"],
      ["GET", "/@run:r1/@near/"],
      ["GET", "/.well-known/oauth-protected-resource"],
    ] as const)
      expect(severity(method, path)).toEqual(["request/probe-failed note"]);
    expect(severity("POST", "/v1/messages/count_tokens")).toEqual(["request/probe-failed note"]);
    expect(severity("GET", "/v1/responses/resp_1")).toEqual(["request/rejected error"]);
    const upgrade = asked("/v1/responses", null, { status: 405 }, { upgrade: "websocket" });
    expect(rules(upgrade)).toEqual(["request/probe-failed"]);
  });

  test("max_tokens is deprecated at OpenAI and nowhere else", () => {
    const ok = JSON.stringify({ choices: [{ index: 0, message: { content: "x" }, finish_reason: "stop" }] });
    const at = (host: string) =>
      rules({ ...chat({ body: ok }, { max_tokens: 5 }), target: `https://${host}/v1/chat/completions` });
    expect(at("api.openai.com")).toEqual(["request/deprecated"]);
    for (const host of ["my.openai.azure.com", "openrouter.ai", "localhost:8080"])
      expect(at(host)).toEqual([]);
  });
});

describe("speed", () => {
  const spoken = (usage: Json, more: Json = {}) => {
    const events = [
      said("", null),
      said("A", null),
      said("B", null),
      said("C"),
      { choices: [], usage, ...more },
    ];
    const pieces = events.map((event, i) => ({
      t: 1000 + 100 * i,
      bytes: new TextEncoder().encode(data(event)),
    }));
    const exchange = chat({ headers: EVENTS, body: "" }, { stream: true });
    const response = exchange.response && { ...exchange.response, ttfb: 900, pieces };
    return read({ ...exchange, response }).timing.tokens_per_s;
  };

  test("what was thought and not sent has no speed on the wire", () => {
    expect(spoken({ prompt_tokens: 1, completion_tokens: 3 })).toBeCloseTo(15);
    const hidden = {
      prompt_tokens: 1,
      completion_tokens: 1003,
      completion_tokens_details: { reasoning_tokens: 1000 },
    };
    expect(spoken(hidden)).toBeCloseTo(15);
  });

  test("a server that measured itself is believed", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 3 };
    expect(spoken(usage, { timings: { predicted_per_second: 42.5 } })).toBe(42.5);
    expect(spoken({ ...usage, completion_time: 0.01 })).toBeCloseTo(300);
    const body = JSON.stringify({
      message: { content: "x" },
      done: true,
      eval_count: 50,
      eval_duration: 2e9,
    });
    expect(read(asked("/api/chat", CHAT, { body })).timing.tokens_per_s).toBe(25);
  });
});
