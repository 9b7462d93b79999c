/** A day of believable traffic for the browser test: conversations with tools in two languages, errors, MCP sessions. */
import { believable, chatStream, exchangeOf, type Believable, type Spec } from "./believable.ts";

const TOOL = {
  type: "function",
  function: {
    name: "get_forecast",
    description: "Weather forecast for a place, day by day, with temperatures and the chance of rain.",
    parameters: {
      type: "object",
      properties: { location: { type: "string" }, days: { type: "integer", minimum: 1, maximum: 7 } },
      required: ["location"],
    },
  },
};
const SYSTEM = "You are a helpful assistant. Answer in the language of the question, in short sentences.";

const QUESTIONS: [question: string, answer: string][] = [
  [
    "What is a server-sent event?",
    "A server-sent event is one message of a stream that the server keeps open. ",
  ],
  ["总结一下这段 SSE 协议", "SSE 用一条长连接把事件逐个推给客户端：每个事件以空行结束，data 行携带内容。"],
  [
    "Write a haiku about latency",
    "First byte takes its time\nthe spinner dreams of answers\nthen tokens like rain",
  ],
  ["Fix the failing test in a.test.ts", "The expectation is wrong: add(1, 2) is 3. I changed the assertion."],
];

export function specOf(n: number, at: number): Spec {
  const [question, answer] = QUESTIONS[n % QUESTIONS.length] ?? ["", ""];
  const model =
    ["gpt-4o-mini", "openai/gpt-4o", "anthropic/claude-sonnet-4.5", "deepseek/deepseek-chat"][n % 4] ?? "";
  const body = {
    model,
    stream: true,
    temperature: 0.7,
    max_tokens: 1024,
    stream_options: { include_usage: true },
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: question },
    ],
    ...(n % 5 === 1 && { tools: [TOOL] }),
  };
  if (n % 11 === 7) return { at, body, status: 429, responseHeaders: json, pieces: [[17, RATE]] };
  if (n % 13 === 5)
    return { at, body, pieces: chatStream(words(answer), { model }).slice(0, 9), ending: "client-gone" };
  if (n % 17 === 9) return { at, body, ending: "refused", error: UNREACHABLE };
  if (n % 5 === 1) return { at, body, pieces: toolStream(model) };
  return {
    at,
    body,
    pieces: chatStream(words(answer), { model, from: 180 + ((n * 37) % 900), gap: 18 + (n % 7) }),
  };
}

const UNREACHABLE =
  "no answer from https://openrouter.ai/api/v1/chat/completions: Failed to connect (ECONNREFUSED); is it running, and is this its port? TARGET_BASE_URL or --target-url sets the upstream";
const json: Spec["responseHeaders"] = [["content-type", "application/json"]];
const RATE = JSON.stringify({
  error: {
    message: "Rate limit reached: try again in 2 s",
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
  },
});

export function words(text: string): string[] {
  return text.match(/\p{Script=Han}{1,2}|\s*\S+/gu) ?? [];
}

export function toolStream(model: string): [number, string][] {
  const base = { id: "chatcmpl-7a1", object: "chat.completion.chunk", created: 1770000000, model };
  const event = (delta: unknown, finish: string | null = null) =>
    `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const call = (piece: string, first = false) =>
    event({
      tool_calls: [
        {
          index: 0,
          ...(first && { id: "call_Q8x", type: "function" }),
          function: { ...(first && { name: "get_forecast" }), arguments: piece },
        },
      ],
    });
  const pieces: [number, string][] = [[410, event({ role: "assistant", content: null })]];
  for (const [n, text] of words("Let me look up the forecast for Paris.").entries())
    pieces.push([440 + n * 22, event({ content: text })]);
  pieces.push([1290, call("", true)]);
  for (const [n, text] of ['{"loc', 'ation"', ': "Pa', 'ris", ', '"days"', ": 3}"].entries())
    pieces.push([1310 + n * 24, call(text)]);
  pieces.push([1470, event({}, "tool_calls")]);
  const usage = {
    prompt_tokens: 212,
    completion_tokens: 31,
    total_tokens: 243,
    prompt_tokens_details: { cached_tokens: 128 },
  };
  pieces.push([1474, `data: ${JSON.stringify({ ...base, choices: [], usage })}\n\ndata: [DONE]\n\n`]);
  return pieces;
}

/** The second turn of the agent: the tool's result goes back and the answer comes. */
export function toolTurn(at: number): Spec {
  const call = {
    id: "call_Q8x",
    type: "function",
    function: { name: "get_forecast", arguments: '{"location": "Paris", "days": 3}' },
  };
  const body = {
    model: "gpt-4o-mini",
    stream: true,
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: "Do I need an umbrella in Paris this weekend? 需要带伞吗？" },
      { role: "assistant", content: "Let me look up the forecast for Paris.", tool_calls: [call] },
      {
        role: "tool",
        tool_call_id: "call_Q8x",
        content: '{"days":[{"date":"2026-11-28","rain":0.7,"max":11}]}',
      },
    ],
    tools: [TOOL],
  };
  return {
    at,
    body,
    pieces: chatStream(
      words("Yes: on Saturday rain is likely (70 %), at most 11 °C. 周六很可能下雨，请带伞。"),
    ),
  };
}

export function weatherSession(world: Believable, at: number, session = "0192d3c4-weather"): void {
  const say = (t: number, from: string, message: unknown) =>
    world.line("weather", session, at + t, { from, message });
  const rpc = { jsonrpc: "2.0" };
  world.line("weather", session, at, { event: "start", command: ["bun", "src/mcp/weather.ts"], pid: 4711 });
  const client = { name: "claude-code", version: "2.1.0" };
  const capabilities = { roots: { listChanged: true }, sampling: {} };
  say(4, "client", {
    ...rpc,
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities, clientInfo: client },
  });
  const serverInfo = { name: "weather", title: "Weather", version: "0.1.0" };
  say(61, "server", {
    ...rpc,
    id: 0,
    result: {
      protocolVersion: "2025-11-25",
      capabilities: { tools: { listChanged: true }, logging: {} },
      serverInfo,
    },
  });
  say(64, "client", { ...rpc, method: "notifications/initialized" });
  say(70, "client", { ...rpc, id: 1, method: "tools/list" });
  const tools = ["get_weather", "get_forecast"].map((name) => ({
    name,
    description: `${name} for a place on earth`,
    inputSchema: TOOL.function.parameters,
    annotations: { readOnlyHint: true },
  }));
  say(74, "server", { ...rpc, id: 1, result: { tools } });
  world.line("weather", session, at + 80, {
    from: "stderr",
    text: "weather: no network, using the offline sample",
  });
  say(2100, "client", {
    ...rpc,
    id: 2,
    method: "tools/call",
    params: { name: "get_forecast", arguments: { location: "Paris", days: 3 }, _meta: { progressToken: 2 } },
  });
  for (const n of [1, 2, 3])
    say(2100 + n * 140, "server", {
      ...rpc,
      method: "notifications/progress",
      params: { progressToken: 2, progress: n, total: 3, message: `day ${n}` },
    });
  say(2560, "server", {
    ...rpc,
    id: 2,
    result: { content: [{ type: "text", text: "Paris: Fri 12 °C, Sat 11 °C with rain (70 %), Sun 9 °C" }] },
  });
  world.line("weather", session, at + 2600, { from: "server", raw: "DEBUG fetched 3 days" });
  say(3000, "client", {
    ...rpc,
    id: 3,
    method: "tools/call",
    params: { name: "get_weather", arguments: { location: "Nowhereville" } },
  });
  say(3040, "server", {
    ...rpc,
    id: 3,
    result: {
      isError: true,
      content: [{ type: "text", text: 'no place called "Nowhereville"; did you mean "Norrville"?' }],
    },
  });
  say(3400, "client", { ...rpc, id: 4, method: "tools/call", params: { name: "nope", arguments: {} } });
  say(3403, "server", { ...rpc, id: 4, error: { code: -32602, message: "Tool nope not found" } });
  say(4000, "server", { ...rpc, id: 1, method: "roots/list" });
  say(4003, "client", { ...rpc, id: 1, result: { roots: [] } });
  say(5000, "client", {
    ...rpc,
    id: 5,
    method: "tools/call",
    params: { name: "get_forecast", arguments: { location: "Tokyo" } },
  });
  say(6500, "client", {
    ...rpc,
    method: "notifications/cancelled",
    params: { requestId: 5, reason: "the user pressed stop" },
  });
  say(7000, "client", {
    ...rpc,
    id: 6,
    method: "tools/call",
    params: { name: "get_weather", arguments: { location: "东京" } },
  });
}

export function aDay(count: number, world = believable()): Believable {
  const now = Date.now();
  const at = now - count * 7300;
  world.keep(
    ...Array.from({ length: count }, (_, n) => exchangeOf(specOf(n, at + n * 7300))),
    exchangeOf(toolTurn(now - 900)),
  );
  weatherSession(world, now - 60_000);
  world.index.putUnreadable({
    path: "llm_proxy/notes.txt",
    why: "it is not JSON: Unexpected identifier",
    mtime: 1,
    size: 1,
  });
  return world;
}
