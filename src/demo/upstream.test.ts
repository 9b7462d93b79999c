/** The demo model says its lines, in pieces, in whatever dialect and language it is asked. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import { type DemoUpstream, startDemoUpstream } from "./upstream.ts";

let demo: DemoUpstream;
let openai: OpenAI;
beforeAll(async () => {
  demo = await startDemoUpstream();
  openai = new OpenAI({ baseURL: `${demo.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => demo.stop());

const model = "gpt-4.1-mini";
const forecast = {
  type: "function",
  function: { name: "get_forecast", parameters: { type: "object" } },
} as const;

test("a greeting is streamed in pieces that join to the whole answer", async () => {
  const whole = await openai.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] });
  const stream = await openai.chat.completions.create({
    model,
    stream: true,
    messages: [{ role: "user", content: "Hi" }],
  });
  const pieces: string[] = [];
  for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? "");
  expect(pieces.length).toBeGreaterThan(10);
  expect(pieces.join("")).toBe(whole.choices[0]?.message.content ?? "");
});

test.each([
  ["What will the weather be like in New York for the next 5 days?", { location: "New York", days: 5 }],
  ["Do I need an umbrella in Paris?", { location: "Paris", days: 3 }],
  ["请问巴黎未来 3 天的天气怎么样？", { location: "巴黎", days: 3 }],
  ["北京明天天气如何", { location: "北京", days: 3 }],
])("%s becomes a call of get_forecast", async (content, args) => {
  const answer = await openai.chat.completions.create({
    model,
    tools: [forecast],
    messages: [{ role: "user", content }],
  });
  const [call] = answer.choices[0]?.message.tool_calls ?? [];
  expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual(args);
  expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
});

test.each([
  ["Compare the weather of Oslo and New York for the next 7 days.", ["Oslo", "New York"]],
  ["请比较北京和上海未来 7 天的天气。", ["北京", "上海"]],
])("%s becomes two calls in one answer", async (content, places) => {
  const { choices } = await openai.chat.completions.create({
    model,
    tools: [forecast],
    messages: [{ role: "user", content }],
  });
  const calls = (choices[0]?.message.tool_calls ?? []).flatMap((call) =>
    call.type === "function" ? [JSON.parse(call.function.arguments)] : [],
  );
  expect(calls).toEqual(places.map((location) => ({ location, days: 7 })));
});

test("of results that were cut the model says what it saw, and that it did not see all", async () => {
  const cut = (name: string) =>
    `{"place":{"name":"${name}"},"days":[{"date":"2026-05-01","high":9,"low":-1},{"date":"2026\n[cut: 80 of 900 characters]`;
  const calls = ["a", "b"].map((id) => ({
    id,
    type: "function" as const,
    function: { name: "get_forecast", arguments: "{}" },
  }));
  const { choices } = await openai.chat.completions.create({
    model,
    tools: [forecast],
    messages: [
      { role: "user", content: "Compare the weather of Oslo and Rome." },
      { role: "assistant", tool_calls: calls },
      { role: "tool", tool_call_id: "a", content: cut("Oslo") },
      { role: "tool", tool_call_id: "b", content: cut("Rome") },
    ],
  });
  const said = choices[0]?.message.content ?? "";
  for (const words of ["Oslo: -1 to 9 °C", "Rome: -1 to 9 °C", "The agent cut both results"])
    expect(said).toContain(words);
});

test("an agent's own words are no question, and its name for a tool is used", async () => {
  const aside = "<system-reminder>\nIt may rain errors in Rome.\n</system-reminder>\n";
  const answer = await openai.chat.completions.create({
    model,
    tools: [{ type: "function", function: { name: "mcp__weather__get_forecast", parameters: {} } }],
    messages: [{ role: "user", content: `${aside}What is the weather in Oslo?` }],
  });
  const [call] = answer.choices[0]?.message.tool_calls ?? [];
  expect(call?.type === "function" && call.function).toEqual({
    name: "mcp__weather__get_forecast",
    arguments: '{"location":"Oslo","days":3}',
  });
});

test("the final answer has the numbers of the tool result", async () => {
  const result = { days: [{ date: "2026-05-01", temp_min_c: 7.5, temp_max_c: 17.25, condition: "fog" }] };
  const answer = await openai.chat.completions.create({
    model,
    tools: [forecast],
    messages: [
      { role: "user", content: "Weather in Oslo?" },
      {
        role: "assistant",
        tool_calls: [{ id: "c", type: "function", function: { name: "get_forecast", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c", content: JSON.stringify(result) },
    ],
  });
  expect(answer.choices[0]?.message.content).toContain("2026-05-01: 7.5 – 17.25 °C, fog");
});

test("a wish for an error is a 429 that the SDK understands", async () => {
  const asked = openai.chat.completions.create({
    model,
    messages: [{ role: "user", content: "an error, please" }],
  });
  expect(await asked.catch((error: unknown) => error)).toBeInstanceOf(OpenAI.RateLimitError);
});

test("Anthropic's SDK gets the same answer, thinking and usage included", async () => {
  const anthropic = new Anthropic({ baseURL: demo.url, apiKey: "none", maxRetries: 0 });
  const stream = anthropic.messages.stream({
    model: "claude-opus-5",
    max_tokens: 500,
    messages: [{ role: "user", content: "How does this work?" }],
  });
  const message = await stream.finalMessage();
  expect(message.content.map(({ type }) => type)).toEqual(["thinking", "text"]);
  expect(message.usage.output_tokens).toBeGreaterThan(10);
});
