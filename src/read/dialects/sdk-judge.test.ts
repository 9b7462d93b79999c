/**
 * The official clients put streams together, too: what they make of a stream is what an application sees. For any stream
 * that an API may send, and for every recording of ours, the message here is theirs. Where it is not, a list says why.
 */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import OpenAI from "openai";
import { isObject, object, objects, type Json } from "../json.ts";
import { assembled } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";

const RUNS = 60;
const words = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
const args = fc.dictionary(fc.string({ maxLength: 4 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
  maxKeys: 3,
});

/** A text in pieces of this size. */
function pieces(text: string, size: number): string[] {
  return Array.from({ length: Math.max(1, Math.ceil(text.length / size)) }, (_, i) =>
    text.slice(i * size, (i + 1) * size),
  );
}

const sse = (...events: Json[]) =>
  events
    .map(
      (event) =>
        `${typeof event["type"] === "string" ? `event: ${event["type"]}\n` : ""}data: ${JSON.stringify(event)}\n\n`,
    )
    .join("");

function ours(path: string, body: string): Json {
  const request = { method: "POST", path, host: "model.example", body: { stream: true } };
  return object(
    assembled(
      exchangeOf({
        request,
        response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
      }),
    ),
  );
}

const answering = (body: string) => {
  const fetched = async () => new Response(body, { headers: { "content-type": "text/event-stream" } });
  return { apiKey: "none", baseURL: "http://localhost/v1", maxRetries: 0, fetch: fetched };
};

describe("OpenAI's chat", () => {
  const theirs = (body: string) =>
    new OpenAI(answering(body)).chat.completions.stream({ model: "m", messages: [] }).finalChatCompletion();
  const told = (whole: Json) => ({
    id: whole["id"],
    model: whole["model"],
    usage: whole["usage"] ?? null,
    choices: objects(whole["choices"]).map(({ index, finish_reason, message }) => ({
      index,
      finish_reason,
      // The client adds what it parsed, and says null where nothing came.
      content: object(message)["content"] || null,
      refusal: object(message)["refusal"] || null,
      calls: objects(object(message)["tool_calls"]).map((call) => {
        const { name, arguments: args } = object(call["function"]);
        return { id: call["id"], type: call["type"], name, arguments: args };
      }),
    })),
  });

  test("any answer of any number of choices and calls, in any pieces", async () => {
    const choice = fc.record({
      said: words,
      calls: fc.array(args, { maxLength: 3 }),
      size: fc.integer({ min: 1, max: 7 }),
    });
    const property = fc.asyncProperty(fc.array(choice, { minLength: 1, maxLength: 3 }), async (choices) => {
      const chunk = (index: number, delta: Json, finish_reason: string | null = null) => ({
        id: "c",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        choices: [{ index, delta, finish_reason, logprobs: null }],
      });
      const lanes = choices.map(({ said, calls, size }, n) => [
        chunk(n, { role: "assistant", content: "" }),
        ...said.map((content) => chunk(n, { content })),
        ...calls.flatMap((value, index) => [
          chunk(n, {
            tool_calls: [
              {
                index,
                id: `t${n}${index}`,
                type: "function",
                function: { name: `f${index}`, arguments: "" },
              },
            ],
          }),
          ...pieces(JSON.stringify(value), size).map((piece) =>
            chunk(n, { tool_calls: [{ index, function: { arguments: piece } }] }),
          ),
        ]),
        chunk(n, {}, calls.length > 0 ? "tool_calls" : "stop"),
      ]);
      const longest = Math.max(...lanes.map(({ length }) => length));
      const events = Array.from({ length: longest }, (_, i) => lanes.flatMap((lane) => lane[i] ?? [])).flat();
      const body =
        sse(...events, {
          ...chunk(0, {}),
          choices: [],
          usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
        }) + "data: [DONE]\n\n";
      expect(told(ours("/v1/chat/completions", body))).toEqual(told((await theirs(body)) as unknown as Json));
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});

describe("OpenAI's responses", () => {
  const theirs = (body: string) =>
    new OpenAI(answering(body)).responses.stream({ model: "m", input: "x" }).finalResponse();
  const told = (whole: Json) => ({
    id: whole["id"],
    status: whole["status"],
    output: objects(whole["output"]).map(bare),
  });
  /** Without what the client parsed for the application. */
  const bare = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bare);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !key.startsWith("parsed"))
        .map(([key, one]) => [key, bare(one)]),
    );
  };

  test("any items in any pieces", async () => {
    const item = fc.oneof(
      fc.record({ kind: fc.constant("message" as const), said: words }),
      fc.record({ kind: fc.constant("reasoning" as const), said: words }),
      fc.record({
        kind: fc.constant("function_call" as const),
        value: args,
        size: fc.integer({ min: 1, max: 7 }),
      }),
    );
    const property = fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 4 }), async (items) => {
      let sequence_number = 0;
      const event = (type: string, more: Json) => ({ type, sequence_number: sequence_number++, ...more });
      const response = {
        id: "r",
        object: "response",
        created_at: 1,
        model: "m",
        error: null,
        incomplete_details: null,
      };
      const output: Json[] = [];
      const events = items.flatMap((one, output_index) => {
        const id = `i${output_index}`;
        const at = { output_index, item_id: id };
        if (one.kind === "function_call") {
          const text = JSON.stringify(one.value);
          const whole = {
            type: "function_call",
            id,
            call_id: `c${id}`,
            name: "f",
            arguments: text,
            status: "completed",
          };
          output.push(whole);
          return [
            event("response.output_item.added", {
              output_index,
              item: { ...whole, arguments: "", status: "in_progress" },
            }),
            ...pieces(text, one.size).map((delta) =>
              event("response.function_call_arguments.delta", { ...at, delta }),
            ),
            event("response.function_call_arguments.done", { ...at, name: "f", arguments: text }),
            event("response.output_item.done", { output_index, item: whole }),
          ];
        }
        const text = one.said.join("");
        const isText = one.kind === "message";
        const part = isText ? { type: "output_text", text, annotations: [] } : { type: "summary_text", text };
        const whole = isText
          ? { type: "message", id, role: "assistant", status: "completed", content: [part] }
          : { type: "reasoning", id, summary: [part] };
        output.push(whole);
        const place = isText ? { content_index: 0 } : { summary_index: 0 };
        const name = isText ? "response.output_text" : "response.reasoning_summary_text";
        const begun = isText ? { ...whole, content: [], status: "in_progress" } : { ...whole, summary: [] };
        return [
          event("response.output_item.added", { output_index, item: begun }),
          event(isText ? "response.content_part.added" : "response.reasoning_summary_part.added", {
            ...at,
            ...place,
            part: { ...part, text: "" },
          }),
          ...one.said.map((delta) => event(`${name}.delta`, { ...at, ...place, delta })),
          event(`${name}.done`, { ...at, ...place, text }),
          event("response.output_item.done", { output_index, item: whole }),
        ];
      });
      const body = sse(
        event("response.created", { response: { ...response, status: "in_progress", output: [] } }),
        ...events,
        event("response.completed", { response: { ...response, status: "completed", output } }),
      );
      expect(told(ours("/v1/responses", body))).toEqual(told((await theirs(body)) as unknown as Json));
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});

describe("Anthropic's messages", () => {
  const theirs = (body: string) =>
    new Anthropic({ ...answering(body), baseURL: "http://localhost" }).messages
      .stream({ model: "m", max_tokens: 9, messages: [] })
      .finalMessage();
  const told = ({ id, role, model, content, stop_reason, usage }: Json) => ({
    id,
    role,
    model,
    content,
    stop_reason,
    output: object(usage)["output_tokens"],
  });

  test("any blocks in any pieces", async () => {
    const block = fc.oneof(
      fc.record({ kind: fc.constant("text" as const), said: words }),
      fc.record({ kind: fc.constant("thinking" as const), said: words }),
      fc.record({
        kind: fc.constant("tool_use" as const),
        value: args,
        size: fc.integer({ min: 1, max: 7 }),
      }),
    );
    const property = fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 4 }), async (blocks) => {
      const start = {
        id: "msg",
        type: "message",
        role: "assistant",
        model: "m",
        content: [],
        stop_reason: null,
        stop_sequence: null,
      };
      const events = blocks.flatMap((one, index) => {
        const delta = (piece: Json) => ({ type: "content_block_delta", index, delta: piece });
        const opens = (content_block: Json) => ({ type: "content_block_start", index, content_block });
        const end = { type: "content_block_stop", index };
        if (one.kind === "text")
          return [
            opens({ type: "text", text: "" }),
            ...one.said.map((text) => delta({ type: "text_delta", text })),
            end,
          ];
        if (one.kind === "thinking")
          return [
            opens({ type: "thinking", thinking: "", signature: "" }),
            ...one.said.map((thinking) => delta({ type: "thinking_delta", thinking })),
            delta({ type: "signature_delta", signature: "sig" }),
            end,
          ];
        return [
          opens({ type: "tool_use", id: `t${index}`, name: "f", input: {} }),
          ...pieces(JSON.stringify(one.value), one.size).map((partial_json) =>
            delta({ type: "input_json_delta", partial_json }),
          ),
          end,
        ];
      });
      const body = sse(
        { type: "message_start", message: { ...start, usage: { input_tokens: 3, output_tokens: 1 } } },
        ...events,
        {
          type: "message_delta",
          delta: { stop_reason: "end_turn", stop_sequence: null },
          usage: { output_tokens: 7 },
        },
        { type: "message_stop" },
      );
      expect(told(ours("/v1/messages", body))).toEqual(told((await theirs(body)) as unknown as Json));
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});

describe("our own recordings", () => {
  /** What the client makes of it is less, or it refuses the stream. */
  const DIFFERENT: Record<string, string> = {
    "openai-chat/mistral-stream-sources.json": "content in parts becomes [object Object] there",
  };
  const root = join(import.meta.dir, "../fixtures");
  const streams = ["openai-chat", "openai-responses", "anthropic-messages"].flatMap((dialect) =>
    readdirSync(join(root, dialect))
      .filter((name) => /stream/.test(name) && !name.endsWith(".reading.json"))
      .map((name) => `${dialect}/${name}`),
  );
  for (const path of streams)
    test(`${path} says to the application what it says here`, async () => {
      const recording = JSON.parse(readFileSync(join(root, path), "utf8")) as Recording;
      const { body } = recording.response;
      const whole = object(assembled(exchangeOf(recording)));
      const [dialect] = path.split("/");
      const made: unknown =
        dialect === "openai-chat"
          ? await new OpenAI(answering(body)).chat.completions
              .stream({ model: "m", messages: [] })
              .finalChatCompletion()
              .catch(() => null)
          : dialect === "openai-responses"
            ? await new OpenAI(answering(body)).responses
                .stream({ model: "m", input: "x" })
                .finalResponse()
                .catch(() => null)
            : await new Anthropic({ ...answering(body), baseURL: "http://localhost" }).messages
                .stream({ model: "m", max_tokens: 9, messages: [] })
                .finalMessage()
                .catch(() => null);
      if (made === null) return;
      const theirs = saidBy(object(made));
      if (path in DIFFERENT) expect(saidBy(whole)).not.toEqual(theirs);
      else expect(saidBy(whole)).toEqual(theirs);
    });
});

/** What an application would show and do, in any of the three shapes. */
function saidBy(message: Json): Json {
  const choice = object(objects(message["choices"])[0]);
  const chat = object(choice["message"]);
  const blocks = objects(message["content"]);
  const items = objects(message["output"]);
  const inside = items.flatMap((item) => objects(item["content"]));
  const texts = [chat["content"], ...[...blocks, ...inside].map(({ text }) => text)].filter(
    (one) => typeof one === "string",
  );
  const calls = [
    ...objects(chat["tool_calls"]).map((call) => [
      call["id"],
      object(call["function"])["name"],
      object(call["function"])["arguments"],
    ]),
    ...blocks.filter(({ type }) => type === "tool_use").map(({ id, name, input }) => [id, name, input]),
    ...items
      .filter(({ type }) => type === "function_call")
      .map(({ call_id, name, arguments: args }) => [call_id, name, args]),
  ];
  return {
    text: texts.join(""),
    calls,
    end: choice["finish_reason"] ?? message["stop_reason"] ?? message["status"] ?? null,
  };
}
