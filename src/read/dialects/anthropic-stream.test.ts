/** The Anthropic stream is folded as Anthropic's own client folds it, and what is wrong with a stream is told. */
import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { read, assembled } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";

const START = {
  type: "message_start",
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-test",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: 5,
      cache_read_input_tokens: 70,
      cache_creation_input_tokens: 20,
      output_tokens: 1,
    },
  },
};
const STOP = { type: "message_stop" };
const END = {
  type: "message_delta",
  delta: { stop_reason: "end_turn", stop_sequence: null },
  usage: { output_tokens: 9 },
};
const open = (index: number, content_block: object) => ({
  type: "content_block_start",
  index,
  content_block,
});
const add = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
const close = (index: number) => ({ type: "content_block_stop", index });
const say = (index: number, text: string) => add(index, { type: "text_delta", text });

function stream(...events: { type: string }[]): Recording {
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  return {
    request: { method: "POST", path: "/v1/messages", host: "api.anthropic.com", body: { stream: true } },
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
  };
}

const rules = (recording: Recording) => read(exchangeOf(recording)).problems.map(({ rule }) => rule);

async function clientsMessage(body: string): Promise<unknown> {
  const answer = () =>
    Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  const client = new Anthropic({ apiKey: "none", fetch: answer as unknown as typeof fetch });
  const stream = client.beta.messages.stream({ model: "m", max_tokens: 1, messages: [] });
  return cleaned(await stream.finalMessage());
}

/** Without what the client adds for its user: parsed outputs, and fields that are undefined. */
function cleaned(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message, (key, value) => (key === "parsed_output" ? undefined : value)));
}

describe("folding", () => {
  test("text, thinking, citations and tool input come out as the client's own message", async () => {
    const citation = { type: "char_location", cited_text: "x", document_index: 0 };
    const whole = stream(
      START,
      open(0, { type: "thinking", thinking: "", signature: "" }),
      add(0, { type: "thinking_delta", thinking: "Let me " }),
      add(0, { type: "thinking_delta", thinking: "see." }),
      add(0, { type: "signature_delta", signature: "c2ln" }),
      close(0),
      { type: "ping" },
      open(1, { type: "text", text: "" }),
      say(1, "It "),
      add(1, { type: "citations_delta", citation }),
      say(1, "rains."),
      close(1),
      open(2, { type: "tool_use", id: "toolu_1", name: "umbrella", input: {} }),
      add(2, { type: "input_json_delta", partial_json: '{"open": tr' }),
      add(2, { type: "input_json_delta", partial_json: "ue }" }),
      close(2),
      END,
      STOP,
    );
    const exchange = exchangeOf(whole);
    expect(cleaned(assembled(exchange))).toEqual(await clientsMessage(whole.response.body));
    const { text, reasoning, tool_calls, usage, finish_reason, problems } = read(exchange);
    expect({ text, reasoning, tool_calls, usage, finish_reason, problems }).toEqual({
      text: "It rains.",
      reasoning: "Let me see.",
      tool_calls: [{ id: "toolu_1", name: "umbrella", arguments: '{"open":true}' }],
      usage: {
        input: 95,
        output: 9,
        total: 104,
        cached: 70,
        cache_write: 20,
        reasoning: null,
        wire: {
          input_tokens: 5,
          cache_read_input_tokens: 70,
          cache_creation_input_tokens: 20,
          output_tokens: 9,
        },
      },
      finish_reason: "end_turn",
      problems: [],
    });
  });

  test("tool input that the end cuts is read as it came, kept as the client keeps it, and told", async () => {
    const cut = stream(
      START,
      open(0, { type: "tool_use", id: "toolu_1", name: "write", input: {} }),
      add(0, { type: "input_json_delta", partial_json: '{"a": ["x", "y' }),
      { ...END, delta: { stop_reason: "max_tokens", stop_sequence: null } } as typeof END,
      STOP,
    );
    expect(cleaned(assembled(exchangeOf(cut)))).toEqual(await clientsMessage(cut.response.body));
    expect(read(exchangeOf(cut)).tool_calls).toEqual([
      { id: "toolu_1", name: "write", arguments: '{"a": ["x", "y' },
    ]);
    expect(rules(cut)).toEqual(["stream/block-not-closed", "tool/arguments-cut", "finish/length"]);
  });

  test("blocks, deltas and events of kinds that nobody knows yet survive", () => {
    const exchange = exchangeOf(
      stream(
        START,
        open(0, { type: "hologram", light: "blue" }),
        add(0, { type: "light_delta", light: "green", more: { depth: 3 } }),
        close(0),
        { type: "content_block_sparkle" },
        END,
        STOP,
      ),
    );
    const { answer, problems } = read(exchange);
    const value = { type: "hologram", light: "bluegreen", more: { depth: 3 } };
    expect(answer.parts).toEqual([{ type: "unknown", kind: "hologram", value }]);
    expect(problems.map(({ rule, what }) => [rule, what])).toEqual([
      ["stream/unknown-event", 'an event of unknown kind: {"type":"content_block_sparkle"}'],
    ]);
  });

  test("calls that Anthropic runs itself are parts of the answer and not the client's", () => {
    const exchange = exchangeOf(
      stream(
        START,
        open(0, { type: "server_tool_use", id: "srv_1", name: "web_search", input: {} }),
        add(0, { type: "input_json_delta", partial_json: '{"query":"rain"}' }),
        close(0),
        open(1, {
          type: "web_search_tool_result",
          tool_use_id: "srv_1",
          content: [{ type: "web_search_result", title: "Rain", url: "https://rain.example" }],
        }),
        close(1),
        END,
        STOP,
      ),
    );
    const { answer, tool_calls } = read(exchange);
    expect(tool_calls).toEqual([]);
    expect(answer.parts.map((part) => ("by" in part ? [part.type, part.by] : part.type))).toEqual([
      ["tool_call", "server"],
      ["tool_result", "server"],
    ]);
  });
});

describe("what is wrong with a stream", () => {
  test("an error in the middle is the error of the reading, and what came before it stays", () => {
    const error = { type: "overloaded_error", message: "Overloaded" };
    const reading = read(
      exchangeOf(
        stream(START, open(0, { type: "text", text: "" }), say(0, "Hal"), { type: "error", error } as never),
      ),
    );
    expect(reading.text).toBe("Hal");
    expect(reading.error).toEqual({ status: null, type: "overloaded_error", message: "Overloaded" });
    expect(reading.problems.map(({ rule }) => rule)).toContain("stream/error-event");
  });

  test("a stream of nothing but an error is that error", () => {
    const error = { type: "api_error", message: "Internal" };
    const recording = stream({ type: "error", error } as never);
    expect(assembled(exchangeOf(recording))).toEqual({ type: "error", error });
    expect(read(exchangeOf(recording)).error?.type).toBe("api_error");
  });

  test("no message_stop, a gap in the indices, and a delta for a block that never started are each told once", () => {
    expect(rules(stream(START, END))).toEqual(["stream/no-terminator"]);
    expect(rules(stream(START, open(1, { type: "text", text: "x" }), close(1), END, STOP))).toEqual([
      "stream/index-gap",
    ]);
    const orphan = stream(START, say(0, "lost"), close(0), END, STOP);
    expect(rules(orphan)).toEqual(["stream/delta-without-start"]);
    expect(read(exchangeOf(orphan)).text).toBe("lost");
  });

  test("tool input that is not JSON is kept as it came, and told", () => {
    const bad = stream(
      START,
      open(0, { type: "tool_use", id: "t", name: "f", input: {} }),
      add(0, { type: "input_json_delta", partial_json: "{not json}" }),
      close(0),
      END,
      STOP,
    );
    expect(read(exchangeOf(bad)).tool_calls).toEqual([{ id: "t", name: "f", arguments: "{not json}" }]);
    expect(rules(bad)).toEqual(["tool/arguments-not-json"]);
  });
});

/** Recordings that a working copy may have beside it; they are not part of the project. */
const shared = ["..", "../.."]
  .map((up) => join(import.meta.dir, "../../..", up, "shared/fixtures"))
  .find((folder) => existsSync(folder));

describe.skipIf(!shared)("recorded streams", async () => {
  const root = shared ?? ".";
  for await (const file of new Bun.Glob("{anthropic-messages,vertex-anthropic}/stream-*.json").scan(root)) {
    const recording = (await Bun.file(join(root, file)).json()) as Recording;
    test(`${file} is put together as Anthropic's client does`, async () => {
      expect(cleaned(assembled(exchangeOf(recording)))).toEqual(
        await clientsMessage(recording.response.body),
      );
    });
  }
});

test("a whole message in a stream counts where no piece came before it, and only then", () => {
  const whole = {
    id: "msg",
    type: "message",
    role: "assistant",
    model: "m",
    content: [{ type: "text", text: "Six." }],
    stop_reason: "end_turn",
    usage: { input_tokens: 3, output_tokens: 2 },
  };
  const said = (...events: object[]) =>
    read(
      exchangeOf({
        request: { method: "POST", path: "/v1/messages", body: { stream: true } },
        response: {
          status: 200,
          headers: { "content-type": "text/event-stream" },
          body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""),
        },
      }),
    );
  const pieces = [
    { type: "content_block_start", index: "0", content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: "0", delta: { type: "text_delta", text: "Six." } },
    { type: "content_block_stop", index: "0" },
  ];
  for (const events of [[whole], [...pieces, whole]]) {
    const { text, finish_reason, usage, problems } = said(...events);
    expect([text, finish_reason, usage?.output, problems]).toEqual(["Six.", "end_turn", 2, []]);
  }
});

test("a zero and an empty signature at the end take nothing away", () => {
  const exchange = exchangeOf(
    stream(
      START,
      open(0, { type: "thinking", thinking: "", signature: "" }),
      add(0, { type: "thinking_delta", thinking: "hm" }),
      add(0, { type: "signature_delta", signature: "sig" }),
      add(0, { type: "signature_delta", signature: "" }),
      close(0),
      open(1, { type: "text", text: "" }),
      say(1, "Hi"),
      close(1),
      { ...END, usage: { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 9 } } as typeof END,
      STOP,
    ),
  );
  const reading = read(exchange);
  expect([reading.usage?.cached, reading.usage?.output]).toEqual([70, 9]);
  expect(assembled(exchange)).toMatchObject({
    content: [{ thinking: "hm", signature: "sig" }, { text: "Hi" }],
  });
});
