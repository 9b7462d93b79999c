/** One tool call on both wires in each dialect: the answer that asks, the MCP lines, the request that brings the result. Only tests use it. */
import type { StepRow } from "../../fact/rows.ts";
import { look } from "../look.ts";
import { read } from "../read.ts";
import { exchangeOf } from "../recording.ts";
import { threadKeys } from "../thread.ts";
import { runBook } from "./book.ts";
import { modelEvidence } from "./from-exchange.ts";
import { sessionFold } from "./from-session.ts";
import { add, type Told } from "./written.testkit.ts";

export const DIALECTS = ["chat", "responses", "anthropic", "gemini"] as const;
export type WireDialect = (typeof DIALECTS)[number];

export type OneCall = {
  /** As the model calls it, and as the server has it. */
  name?: string;
  tool?: string;
  args?: unknown;
  sent?: unknown;
  result: Record<string, unknown>;
  /** What the model is told: a text, or parts as the dialect has them. */
  told: unknown;
};

const START = 1_760_000_000_000;
const ASKS = "How is the weather in Oslo, and should I take a coat?";

/** The one tool step that comes of it. */
export function stepIn(dialect: WireDialect, call: OneCall): StepRow | undefined {
  const book = runBook();
  const { name = "lookup", tool = "lookup", args = { city: "Oslo" }, result } = call;
  const fold = sessionFold("weather");
  let seq = 0;
  const line = (at: number, from: "client" | "server", message: Record<string, unknown>) => {
    const { calls, session } = fold.add({
      session_id: "s",
      seq: seq++,
      timestamp: new Date(at).toISOString(),
      direction: "request",
      from,
      message: { jsonrpc: "2.0", ...message },
    });
    if (session) book.session(structuredClone(fold.session()!));
    for (const one of calls) book.served(structuredClone(one));
  };
  line(START - 900, "client", { id: 1, method: "tools/list" });
  line(START - 800, "server", { id: 1, result: { tools: [{ name: tool, inputSchema: {} }] } });
  const [first, second] = TALKS[dialect](name, args, call.told);
  put("x0", START, first!);
  line(START + 500, "client", {
    id: 2,
    method: "tools/call",
    params: { name: tool, arguments: call.sent ?? args },
  });
  line(START + 900, "server", { id: 2, result });
  put("x1", START + 2_000, second!);
  const all: Told = { runs: new Map(), steps: new Map(), ties: new Map() };
  add(all, book.take());
  return [...all.steps.values()].find(({ kind }) => kind === "tool");

  function put(id: string, at: number, { path, body, answer }: Talk): void {
    const request = { method: "POST", path, headers: { "user-agent": "agent/1" }, body };
    const response = {
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(answer),
    };
    const exchange = { ...exchangeOf({ request, response }), id, at };
    const seen = look(exchange);
    const reading = read(exchange, seen);
    const it = modelEvidence(exchange, seen, reading, threadKeys(reading, exchange, seen));
    if (it) book.model(structuredClone(it));
  }
}

type Talk = { path: string; body: unknown; answer: unknown };

const TALKS: Record<WireDialect, (name: string, args: unknown, told: unknown) => Talk[]> = {
  chat(name, args, told) {
    const path = "/v1/chat/completions";
    const tools = [{ type: "function", function: { name, parameters: {} } }];
    const user = { role: "user", content: ASKS };
    const call = { id: "call_1", type: "function", function: { name, arguments: JSON.stringify(args) } };
    const asks = { role: "assistant", content: null, tool_calls: [call] };
    const brings = [user, asks, { role: "tool", tool_call_id: "call_1", content: told }];
    const answer = (message: unknown, finish_reason: string) => ({
      id: "c",
      object: "chat.completion",
      model: "m",
      choices: [{ index: 0, message, finish_reason }],
    });
    return [
      { path, body: { model: "m", messages: [user], tools }, answer: answer(asks, "tool_calls") },
      {
        path,
        body: { model: "m", messages: brings, tools },
        answer: answer({ role: "assistant", content: "Yes." }, "stop"),
      },
    ];
  },
  responses(name, args, told) {
    const path = "/v1/responses";
    const tools = [{ type: "function", name, parameters: {} }];
    const user = { role: "user", content: ASKS };
    const call = {
      type: "function_call",
      id: "fc_1",
      call_id: "call_1",
      name,
      arguments: JSON.stringify(args),
    };
    const answer = (id: string, ...output: unknown[]) => ({
      id,
      object: "response",
      status: "completed",
      model: "m",
      output,
    });
    const says = {
      type: "message",
      id: "m1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Yes.", annotations: [] }],
    };
    const brings = [user, call, { type: "function_call_output", call_id: "call_1", output: told }];
    return [
      { path, body: { model: "m", input: [user], tools }, answer: answer("r1", call) },
      { path, body: { model: "m", input: brings, tools }, answer: answer("r2", says) },
    ];
  },
  anthropic(name, args, told) {
    const path = "/v1/messages";
    const tools = [{ name, input_schema: {} }];
    const user = { role: "user", content: ASKS };
    const asks = {
      role: "assistant",
      content: [{ type: "tool_use", id: "toolu_1", name, input: args }],
    };
    const brings = {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "toolu_1", content: told }],
    };
    const answer = (content: unknown, stop_reason: string) => ({
      id: "msg",
      type: "message",
      role: "assistant",
      model: "m",
      content,
      stop_reason,
      usage: { input_tokens: 9, output_tokens: 9 },
    });
    const body = (messages: unknown[]) => ({ model: "m", max_tokens: 99, messages, tools });
    return [
      { path, body: body([user]), answer: answer(asks.content, "tool_use") },
      {
        path,
        body: body([user, asks, brings]),
        answer: answer([{ type: "text", text: "Yes." }], "end_turn"),
      },
    ];
  },
  gemini(name, args, told) {
    const path = "/v1beta/models/m:generateContent";
    const tools = [{ functionDeclarations: [{ name }] }];
    const user = { role: "user", parts: [{ text: ASKS }] };
    const asks = { role: "model", parts: [{ functionCall: { name, args } }] };
    const response =
      typeof told === "object" && told !== null && !Array.isArray(told) ? told : { output: told };
    const brings = { role: "user", parts: [{ functionResponse: { name, response } }] };
    const answer = (content: unknown) => ({ candidates: [{ content, finishReason: "STOP" }] });
    return [
      { path, body: { contents: [user], tools }, answer: answer(asks) },
      {
        path,
        body: { contents: [user, asks, brings], tools },
        answer: answer({ role: "model", parts: [{ text: "Yes." }] }),
      },
    ];
  },
};
