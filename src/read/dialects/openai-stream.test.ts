import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import { assembled, events, read } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";

type Json = Record<string, unknown>;
const sse = (...events: (Json | "[DONE]")[]) =>
  events.map((event) => `data: ${event === "[DONE]" ? event : JSON.stringify(event)}\n\n`).join("");
const recorded = (path: string, body: string, request: Json = {}): Recording => ({
  request: { method: "POST", path, host: "api.openai.com", body: { stream: true, ...request } },
  response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
});
const delta = (piece: Json, more: Json = {}): Json => ({
  object: "chat.completion.chunk",
  model: "m",
  choices: [{ index: 0, delta: piece, finish_reason: null, ...more }],
});
const chat = (...chunks: Json[]) =>
  exchangeOf(
    recorded("/v1/chat/completions", sse(...chunks, delta({}, { finish_reason: "stop" }), "[DONE]")),
  );

describe("chat completions", () => {
  test("calls without an index are told apart by their ids", () => {
    const call = (id: string, name: string) => ({ id, function: { name, arguments: "{}" } });
    const { tool_calls } = read(
      chat(delta({ tool_calls: [call("a", "f")] }), delta({ tool_calls: [call("b", "g")] })),
    );
    expect(tool_calls).toEqual([
      { id: "a", name: "f", arguments: "{}" },
      { id: "b", name: "g", arguments: "{}" },
    ]);
  });

  test("parallel calls that all have the index 0 are different calls", () => {
    const call = (id: string) => ({ index: 0, id, function: { name: "f", arguments: `{"id":"${id}"}` } });
    expect(
      read(chat(delta({ tool_calls: [call("a")] }), delta({ tool_calls: [call("b")] }))).tool_calls,
    ).toHaveLength(2);
  });

  test("an id or an empty name in a later piece does not begin a new call", () => {
    const pieces = ['{"city"', ":", '"Paris"}'].map((args, i) =>
      delta({
        tool_calls: [
          { index: 0, id: `random-${i}`, function: { name: i === 0 ? "f" : "", arguments: args } },
        ],
      }),
    );
    expect(read(chat(...pieces)).tool_calls).toEqual([
      { id: "random-0", name: "f", arguments: '{"city":"Paris"}' },
    ]);
  });

  test("Mistral's thinking in parts and its text are told apart", () => {
    const thinking = (text: string) =>
      delta({ content: [{ type: "thinking", thinking: [{ type: "text", text }] }] });
    const exchange = chat(
      thinking("One "),
      thinking("two."),
      delta({ content: "2" }),
      delta({ content: "!" }),
    );
    const { text, reasoning, answer } = read(exchange);
    expect([text, reasoning, answer.parts.length]).toEqual(["2!", "One two.", 2]);
  });

  test("OpenRouter's reasoning_details are joined, signed, and not said twice", () => {
    const detail = (more: Json) => ({ type: "reasoning.text", index: 0, format: "x", ...more });
    const exchange = chat(
      delta({ reasoning: "Let ", reasoning_details: [detail({ text: "Let " })] }),
      delta({ reasoning: "me.", reasoning_details: [detail({ text: "me." })] }),
      delta({
        reasoning_details: [
          detail({ signature: "sig" }),
          { type: "reasoning.encrypted", index: 1, data: "…" },
        ],
      }),
    );
    expect(read(exchange).answer.parts).toEqual([
      { type: "reasoning", text: "Let me.", signature: true },
      { type: "reasoning", text: null, encrypted: true },
    ]);
    const whole = assembled(exchange) as { choices: { message: { reasoning_details: Json[] } }[] };
    expect(whole.choices[0]?.message.reasoning_details[0]).toEqual(
      detail({ text: "Let me.", signature: "sig" }),
    );
  });

  test("unknown fields of the chunk, the choice and the delta survive", () => {
    const exchange = chat({ ...delta({ new_thing: { a: 1 } }, { verdict: "fine" }), moon: "full" });
    expect(assembled(exchange)).toMatchObject({
      moon: "full",
      choices: [{ verdict: "fine", message: { new_thing: { a: 1 } } }],
    });
  });

  test("the whole message has the shape that is sent without streaming", () => {
    const call = { index: 0, id: "c", type: "function", function: { name: "f", arguments: "{}" } };
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const exchange = chat(
      { id: "x", created: 1, ...delta({ role: "assistant", content: null, tool_calls: [call] }) },
      { id: "x", created: 1, model: "m", choices: [], usage },
    );
    expect(assembled(exchange)).toEqual({
      id: "x",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
          },
          finish_reason: "stop",
        },
      ],
      usage,
    });
  });

  test("an error in the middle is the reading's error, and what came before it stays", () => {
    const body = sse(delta({ content: "Hel" }), {
      error: { type: "server_error", message: "overloaded", code: 502 },
    });
    const { text, error } = read(exchangeOf(recorded("/v1/chat/completions", body)));
    expect([text, error]).toEqual(["Hel", { status: 502, type: "server_error", message: "overloaded" }]);
  });

  test("the timeline says for each event what it added, when, and where its bytes stand", () => {
    const exchange = chat(
      delta({ role: "assistant" }),
      delta({ reasoning_content: "hm" }),
      delta({ content: "Hi" }),
    );
    expect(
      events(exchange).map(({ n, lane, added }) => [n, lane, added.map(({ text }) => text).join()]),
    ).toEqual([
      [0, "control", ""],
      [1, "reasoning", "hm"],
      [2, "text", "Hi"],
      [3, "control", "stop"],
      [4, "control", "[DONE]"],
    ]);
    const bytes = new TextDecoder().decode(exchange.response?.pieces[0]?.bytes);
    const third = events(exchange)[2];
    expect(bytes.slice(third?.start, third?.end)).toBe(sse(delta({ content: "Hi" })));
  });
});

describe("token counts", () => {
  const usageOf = (usage: Json) => {
    const body = JSON.stringify({ choices: [], usage });
    const { wire: _wire, ...counts } = read(
      exchangeOf({ ...recorded("/v1/chat/completions", ""), response: { status: 200, body } }),
    ).usage ?? { wire: null };
    return counts;
  };

  test("xAI counts reasoning beside the completion; ours includes it", () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 22,
      completion_tokens_details: { reasoning_tokens: 7 },
    };
    expect(usageOf(usage)).toMatchObject({ input: 10, output: 12, total: 22, reasoning: 7 });
  });

  test("DeepSeek's cache hits are part of its input", () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_cache_hit_tokens: 8,
      prompt_cache_miss_tokens: 2,
    };
    expect(usageOf(usage)).toMatchObject({ input: 10, output: 5, cached: 8 });
  });

  test("what the API itself says it costs is the cost", () => {
    const cost = (usage: Json) => {
      const response = {
        status: 200,
        body: JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, ...usage } }),
      };
      return read(exchangeOf({ ...recorded("/v1/chat/completions", ""), response })).cost;
    };
    expect(cost({ cost: 0.5 })?.total).toBe(0.5);
    expect(cost({ cost: 0.05, is_byok: true, cost_details: { upstream_inference_cost: 1 } })?.total).toBe(
      1.05,
    );
    expect(cost({ cost: { total_cost: 0.25 } })?.total).toBe(0.25);
    expect(cost({ cost_in_usd_ticks: 25_000_000 })?.total).toBe(0.0025);
  });
});

describe("responses", () => {
  const created = {
    type: "response.created",
    response: { id: "r", object: "response", status: "in_progress", model: "m", output: [] },
  };
  const item = (output_index: number, item: Json) => ({
    type: "response.output_item.added",
    output_index,
    item,
  });

  test("a stream that was cut is put together from its deltas", () => {
    const body = sse(
      created,
      item(0, { id: "a", type: "reasoning", summary: [] }),
      { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "Hm." },
      item(1, { id: "b", type: "message", role: "assistant", content: [] }),
      { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "Hel" },
      item(2, { id: "c", type: "function_call", call_id: "x", name: "f", arguments: "" }),
      { type: "response.function_call_arguments.delta", output_index: 2, delta: '{"a"' },
    );
    const { text, reasoning, tool_calls, finish_reason, problems } = read(
      exchangeOf(recorded("/v1/responses", body)),
    );
    expect([text, reasoning, tool_calls, finish_reason]).toEqual([
      "Hel",
      "Hm.",
      [{ id: "x", name: "f", arguments: '{"a"' }],
      "in_progress",
    ]);
    expect(problems.map(({ rule }) => rule)).toContain("stream/no-terminator");
  });

  test("a last snapshot without output does not take away what the items brought", () => {
    const done = { type: "response.completed", response: { id: "r", status: "completed", output: [] } };
    const message = { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi" }] };
    const body = sse(created, item(0, message), done);
    expect(read(exchangeOf(recorded("/v1/responses", body))).text).toBe("Hi");
  });

  test("only what the client has to run is among the calls", () => {
    const output = [
      { type: "function_call", call_id: "1", name: "f", arguments: "{}" },
      { type: "web_search_call", id: "2", action: { query: "x" } },
      { type: "mcp_call", id: "3", name: "g", arguments: "{}", output: "ok" },
      { type: "custom_tool_call", call_id: "4", name: "h", input: "free text" },
      { type: "custom_tool_call", call_id: "5", name: "x_keyword_search", input: "{}" },
      { type: "computer_call", call_id: "6", action: { type: "click" } },
      {
        type: "shell_call",
        call_id: "7",
        action: { commands: ["ls"] },
        environment: { type: "container_reference" },
      },
      { type: "tool_search_call", call_id: "8", execution: "client", arguments: {} },
    ];
    const response = {
      status: 200,
      body: JSON.stringify({ object: "response", status: "completed", output }),
    };
    const { tool_calls, answer } = read(exchangeOf({ ...recorded("/v1/responses", ""), response }));
    expect(tool_calls.map(({ id }) => id)).toEqual(["1", "4", "6", "8"]);
    expect(answer.parts.filter((part) => part.type === "tool_call" && part.by === "server")).toHaveLength(4);
  });

  test("two responses of one socket are one conversation, their tokens together", () => {
    const usage = { input_tokens: 5, output_tokens: 1, total_tokens: 6 };
    const answer = (id: string, text: string) => [
      { type: "response.created", response: { id, object: "response", status: "in_progress", output: [] } },
      {
        type: "response.completed",
        response: {
          id,
          object: "response",
          status: "completed",
          usage,
          output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text }] }],
        },
      },
    ];
    const ask = (input: string) => ({ type: "response.create", model: "m", input });
    const say = (from: "client" | "server", all: Json[], t_ms: number) =>
      all.map((event) => ({ t_ms, from, text: JSON.stringify(event) }));
    const messages = [
      ...say("client", [ask("one")], 1),
      ...say("server", answer("r1", "1"), 2),
      ...say("client", [ask("two")], 3),
      ...say("server", answer("r2", "2"), 4),
    ];
    const reading = read(
      exchangeOf({
        request: { method: "GET", path: "/v1/responses", body: null },
        response: { status: 101, body: "" },
        messages,
      }),
    );
    expect([reading.text, reading.usage?.total, reading.messages.length, reading.problems]).toEqual([
      "2",
      12,
      2,
      [],
    ]);
  });
});

describe("realtime", () => {
  test("speech is read by its transcript, calls are the client's", () => {
    const server = [
      {
        type: "session.created",
        session: { object: "realtime.session", model: "gpt-realtime", instructions: "Be kind." },
      },
      {
        type: "conversation.item.added",
        item: {
          id: "u",
          type: "message",
          role: "user",
          content: [{ type: "input_audio", transcript: null }],
        },
      },
      {
        type: "conversation.item.input_audio_transcription.completed",
        item_id: "u",
        content_index: 0,
        transcript: "Hello there",
      },
      { type: "response.created", response: { id: "r", status: "in_progress", output: [] } },
      {
        type: "response.output_item.added",
        response_id: "r",
        output_index: 0,
        item: { id: "a", type: "message", role: "assistant", content: [] },
      },
      {
        type: "response.output_audio_transcript.delta",
        response_id: "r",
        item_id: "a",
        output_index: 0,
        content_index: 0,
        delta: "Hi ",
      },
      {
        type: "response.output_audio_transcript.delta",
        response_id: "r",
        item_id: "a",
        output_index: 0,
        content_index: 0,
        delta: "you!",
      },
      {
        type: "response.output_audio.delta",
        response_id: "r",
        item_id: "a",
        output_index: 0,
        content_index: 0,
        delta: "AAAA",
      },
      {
        type: "response.output_item.added",
        response_id: "r",
        output_index: 1,
        item: { id: "f", type: "function_call", call_id: "c", name: "wave", arguments: "" },
      },
      {
        type: "response.function_call_arguments.delta",
        response_id: "r",
        item_id: "f",
        output_index: 1,
        delta: "{}",
      },
      {
        type: "response.done",
        response: {
          id: "r",
          status: "completed",
          output: [],
          usage: {
            input_tokens: 9,
            output_tokens: 4,
            total_tokens: 13,
            input_token_details: { cached_tokens: 2 },
          },
        },
      },
    ];
    const messages = server.map((event, i) => ({
      t_ms: i,
      from: "server" as const,
      text: JSON.stringify(event),
    }));
    const reading = read(
      exchangeOf({
        request: { method: "GET", path: "/v1/realtime?model=gpt-realtime", body: null },
        response: { status: 101, body: "" },
        messages,
      }),
    );
    expect(reading.messages).toMatchObject([
      { role: "user", parts: [{ type: "text", text: "Hello there" }, { type: "audio" }] },
    ]);
    expect([reading.text, reading.finish_reason, reading.usage?.cached, reading.problems]).toEqual([
      "Hi you!",
      "completed",
      2,
      [],
    ]);
    expect(reading.tool_calls).toEqual([{ id: "c", name: "wave", arguments: "{}" }]);
    expect(reading.system).toEqual([{ type: "text", text: "Be kind." }]);
  });
});

const SPEAKERS = [
  "openai-chat",
  "openai-compatible",
  "azure-openai",
  "groq",
  "mistral",
  "xai",
  "deepseek",
  "perplexity",
  "openrouter",
];

/** Streams that the official client reads without complaint must come out the same. */
describe("as OpenAI's own client reads it", () => {
  const roots = ["../fixtures", "../../../../shared/fixtures", "../../../../../shared/fixtures"].map((path) =>
    join(import.meta.dir, path),
  );
  const folders = roots.flatMap((root) => SPEAKERS.map((name) => join(root, name))).filter(existsSync);
  for (const folder of folders)
    for (const name of readdirSync(folder).filter(
      (file) => /stream-.*\.json$/.test(file) && !file.includes(".reading."),
    )) {
      test(`${folder.split("/").slice(-2).join("/")}/${name}`, async () => {
        const recording = JSON.parse(readFileSync(join(folder, name), "utf8")) as Recording;
        const theirs = await clientsMessage(recording.response.body);
        if (theirs === null) return;
        const { text, refusal, tool_calls, finish_reason } = read(exchangeOf(recording));
        expect({ text, refusal, tool_calls, finish_reason: finish_reason ?? "" }).toEqual(theirs);
      });
    }
});

/** Null where the client refuses the stream: then there is nothing to compare with. */
async function clientsMessage(body: string) {
  const fetched = async () => new Response(body, { headers: { "content-type": "text/event-stream" } });
  const client = new OpenAI({
    apiKey: "none",
    baseURL: "http://localhost/v1",
    maxRetries: 0,
    fetch: fetched,
  });
  const stream = client.chat.completions.stream({ model: "m", messages: [] });
  const whole = await stream.finalChatCompletion().catch(() => null);
  const choice = whole?.choices[0];
  // Mistral's parts become "[object Object]" there, and of a spoken answer only the last piece is left.
  if (!choice || choice.message.content?.includes("[object Object]") || choice.message.audio) return null;
  const calls = (choice.message.tool_calls ?? []).flatMap((call) =>
    call.type === "function"
      ? [{ id: call.id, name: call.function.name, arguments: call.function.arguments }]
      : [],
  );
  return {
    text: choice.message.content ?? "",
    refusal: choice.message.refusal || null,
    tool_calls: calls,
    finish_reason: choice.finish_reason,
  };
}
