/** A model that follows a script, in four APIs, and the small agent that asks it: official clients where there are some. */
import Anthropic from "@anthropic-ai/sdk";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import OpenAI from "openai";
import { cli, type Json } from "./program.ts";

export type Api = "chat" | "responses" | "anthropic" | "gemini";
export type Wanted = { name: string; args: object };

const usage = { input: 120, output: 12 };

/** Each turn asks for its tools; behind the last one it says that it is done. Turns are counted by the answers so far. */
export function scriptedModel(script: readonly (readonly Wanted[])[]) {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = (await request.json()) as Json;
      const { pathname } = new URL(request.url);
      const api: Api = pathname.endsWith("/messages")
        ? "anthropic"
        : pathname.includes(":generateContent")
          ? "gemini"
          : pathname.endsWith("/responses")
            ? "responses"
            : "chat";
      const turn = turnOf(api, body);
      return answer(api, turn, script[turn] ?? []);
    },
  });
}

function turnOf(api: Api, body: Json): number {
  const all: Json[] =
    body[{ chat: "messages", responses: "input", anthropic: "messages", gemini: "contents" }[api]];
  const isResult = (one: Json) =>
    one.role === "tool" ||
    one.type === "function_call_output" ||
    (Array.isArray(one.content) && one.content.some((part: Json) => part.type === "tool_result")) ||
    one.parts?.some((part: Json) => part.functionResponse);
  // Results that stand side by side are one turn's.
  return all.filter((one, n) => isResult(one) && !(all[n + 1] && isResult(all[n + 1]!))).length;
}

function answer(api: Api, turn: number, calls: readonly Wanted[]): Response {
  const id = (n: number) => `${api}_${turn}_${n}_${crypto.randomUUID().slice(0, 8)}`;
  switch (api) {
    case "chat":
      return Response.json({
        id: "chat-1",
        object: "chat.completion",
        model: "scripted",
        choices: [
          {
            index: 0,
            finish_reason: calls.length > 0 ? "tool_calls" : "stop",
            message: {
              role: "assistant",
              content: calls.length > 0 ? null : "Done.",
              ...(calls.length > 0 && {
                tool_calls: calls.map(({ name, args }, n) => ({
                  id: id(n),
                  type: "function",
                  function: { name, arguments: JSON.stringify(args) },
                })),
              }),
            },
          },
        ],
        usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: 132 },
      });
    case "responses":
      return Response.json({
        id: `resp_${crypto.randomUUID()}`,
        object: "response",
        status: "completed",
        model: "scripted",
        output:
          calls.length > 0
            ? calls.map(({ name, args }, n) => ({
                type: "function_call",
                id: `fc_${id(n)}`,
                call_id: id(n),
                name,
                arguments: JSON.stringify(args),
                status: "completed",
              }))
            : [
                {
                  type: "message",
                  id: "m",
                  role: "assistant",
                  content: [{ type: "output_text", text: "Done.", annotations: [] }],
                },
              ],
        usage: { input_tokens: usage.input, output_tokens: usage.output, total_tokens: 132 },
      });
    case "gemini":
      return Response.json({
        candidates: [
          {
            content: {
              role: "model",
              parts:
                calls.length > 0
                  ? calls.map(({ name, args }) => ({ functionCall: { name, args } }))
                  : [{ text: "Done." }],
            },
            finishReason: "STOP",
          },
        ],
        usageMetadata: {
          promptTokenCount: usage.input,
          candidatesTokenCount: usage.output,
          totalTokenCount: 132,
        },
        modelVersion: "scripted",
      });
    case "anthropic":
      return streamed(turn, calls, id);
    default:
      return api satisfies never;
  }
}

/** As Anthropic streams: a block for each call, in pieces. */
function streamed(turn: number, calls: readonly Wanted[], id: (n: number) => string): Response {
  const events: Json[] = [
    {
      type: "message_start",
      message: {
        id: `msg_${turn}`,
        type: "message",
        role: "assistant",
        model: "scripted",
        content: [],
        stop_reason: null,
        usage: { input_tokens: usage.input, output_tokens: 1 },
      },
    },
    ...(calls.length === 0
      ? [
          { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
          { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Done." } },
          { type: "content_block_stop", index: 0 },
        ]
      : calls.flatMap(({ name, args }, index) => [
          {
            type: "content_block_start",
            index,
            content_block: { type: "tool_use", id: `toolu_${id(index)}`, name, input: {} },
          },
          {
            type: "content_block_delta",
            index,
            delta: { type: "input_json_delta", partial_json: JSON.stringify(args) },
          },
          { type: "content_block_stop", index },
        ])),
    {
      type: "message_delta",
      delta: { stop_reason: calls.length > 0 ? "tool_use" : "end_turn" },
      usage: { output_tokens: usage.output },
    },
    { type: "message_stop" },
  ];
  const text = events.map((event) => `event: ${event["type"]}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  return new Response(text, { headers: { "content-type": "text/event-stream" } });
}

export type Called = { content: Json[]; structuredContent?: Json; isError?: boolean };

export type AgentOptions = {
  api: Api;
  /** The proxy's address, with the upstream's name, without the API's own path. */
  base: string;
  prompt: string;
  headers?: Record<string, string>;
  /** Runs a tool as the agent does; gives what the model is told. */
  call: (name: string, args: Json, id: string | null) => Promise<string>;
};

/** The loop at the heart of every agent, until the model asks for nothing more. */
export async function playAgent({ api, base, prompt, headers = {}, call }: AgentOptions): Promise<void> {
  const ask = asking(api, base, headers);
  const history: Json[] = [userSaid(api, prompt)];
  for (let turn = 0; turn < 2_100; turn++) {
    const { said, calls } = await ask(history);
    history.push(...said);
    if (calls.length === 0) return;
    const results = await Promise.all(
      calls.map(async (one) => ({ ...one, text: await call(one.name, one.args, one.id) })),
    );
    history.push(...toldTo(api, results));
  }
}

type Call = { id: string | null; name: string; args: Json };
type Ask = (history: readonly Json[]) => Promise<{ said: Json[]; calls: Call[] }>;

function asking(api: Api, base: string, headers: Record<string, string>): Ask {
  switch (api) {
    case "chat": {
      const client = new OpenAI({
        baseURL: `${base}/v1`,
        apiKey: "sk-none",
        maxRetries: 0,
        defaultHeaders: headers,
      });
      return async (messages) => {
        const { choices } = await client.chat.completions.create({
          model: "scripted",
          messages: messages as never,
        });
        const message = choices[0]!.message;
        const calls = (message.tool_calls ?? []) as Json[];
        return {
          said: [message as unknown as Json],
          calls: calls.map((one) => ({
            id: one.id,
            name: one.function.name,
            args: JSON.parse(one.function.arguments),
          })),
        };
      };
    }
    case "responses": {
      const client = new OpenAI({
        baseURL: `${base}/v1`,
        apiKey: "sk-none",
        maxRetries: 0,
        defaultHeaders: headers,
      });
      return async (input) => {
        const { output } = await client.responses.create({ model: "scripted", input: input as never });
        const calls = (output as unknown as Json[]).filter((item) => item["type"] === "function_call");
        return {
          said: output as unknown as Json[],
          calls: calls.map((one) => ({
            id: one["call_id"],
            name: one["name"],
            args: JSON.parse(one["arguments"]),
          })),
        };
      };
    }
    case "anthropic": {
      const client = new Anthropic({ baseURL: base, apiKey: "none", maxRetries: 0, defaultHeaders: headers });
      return async (messages) => {
        const { content } = await client.messages
          .stream({ model: "scripted", max_tokens: 99, messages: messages as never })
          .finalMessage();
        const calls = (content as unknown as Json[]).filter((block) => block["type"] === "tool_use");
        return {
          said: [{ role: "assistant", content }],
          calls: calls.map((one) => ({ id: one["id"], name: one["name"], args: one["input"] })),
        };
      };
    }
    case "gemini":
      return async (contents) => {
        const answered = await fetch(`${base}/v1beta/models/scripted:generateContent`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ contents }),
        });
        const { content } = ((await answered.json()) as Json)["candidates"][0];
        const calls = (content.parts as Json[]).flatMap((part) => part["functionCall"] ?? []);
        return {
          said: [content],
          calls: calls.map((one: Json) => ({ id: null, name: one["name"], args: one["args"] })),
        };
      };
    default:
      return api satisfies never;
  }
}

function userSaid(api: Api, text: string): Json {
  return api === "gemini" ? { role: "user", parts: [{ text }] } : { role: "user", content: text };
}

function toldTo(api: Api, results: readonly (Call & { text: string })[]): Json[] {
  switch (api) {
    case "chat":
      return results.map(({ id, text }) => ({ role: "tool", tool_call_id: id, content: text }));
    case "responses":
      return results.map(({ id, text }) => ({ type: "function_call_output", call_id: id, output: text }));
    case "anthropic":
      return [
        {
          role: "user",
          content: results.map(({ id, text }) => ({ type: "tool_result", tool_use_id: id, content: text })),
        },
      ];
    case "gemini":
      return [
        {
          role: "user",
          parts: results.map(({ name, text }) => ({
            functionResponse: { name, response: { output: text } },
          })),
        },
      ];
    default:
      return api satisfies never;
  }
}

/** A server behind the tap, as a host starts it. */
export async function tappedServer(
  logDir: string,
  name: string,
  command: readonly string[],
  run?: string,
): Promise<Client> {
  const client = new Client({ name: "scripted-agent", version: "1.0.0" });
  const bound = run === undefined ? [] : ["--run", run];
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [cli, "tap", "--name", name, "--log-dir", logDir, ...bound, "--", ...command],
      stderr: "ignore",
    }),
  );
  return client;
}
