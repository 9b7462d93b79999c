import { expect, test } from "bun:test";
import { read } from "./read.ts";
import { exchangeOf, type Recording } from "./recording.ts";
import { story } from "./story.ts";

const tell = (recording: Recording) => {
  const exchange = exchangeOf(recording);
  return story(read(exchange), exchange);
};
const chat = (messages: unknown, message: unknown, status = 200): Recording => ({
  request: { method: "POST", path: "/v1/chat/completions", body: { model: "m", messages } },
  response: { status, body: JSON.stringify(status === 200 ? { choices: [{ index: 0, message }] } : message) },
});
const call = { id: "c", type: "function", function: { name: "get_weather", arguments: '{"city": "Paris"}' } };

test("the row says what the user asked and what came", () => {
  expect(
    tell(chat([{ role: "user", content: "Weather\n in Paris?" }], { role: "assistant", tool_calls: [call] })),
  ).toEqual({
    asked: "Weather in Paris?",
    answered: "get_weather(city: Paris)",
  });
});

test("a turn after a tool's answer says what the tool answered", () => {
  const messages = [
    { role: "user", content: "Weather?" },
    { role: "assistant", tool_calls: [call] },
    { role: "tool", tool_call_id: "c", content: "sunny" },
  ];
  expect(tell(chat(messages, { role: "assistant", content: "It is sunny." }))).toEqual({
    asked: "↩ get_weather: sunny",
    answered: "It is sunny.",
  });
});

test("results that came back together are told together, however many messages they are", () => {
  const calls = ["c", "d"].map((id) => ({ ...call, id }));
  const messages = [
    { role: "user", content: "Weather?" },
    { role: "assistant", tool_calls: calls },
    { role: "tool", tool_call_id: "c", content: "sunny" },
    { role: "tool", tool_call_id: "d", content: "rain" },
  ];
  expect(tell(chat(messages, { role: "assistant", content: "Both." })).asked).toBe(
    "↩ get_weather: sunny · ↩ get_weather: rain",
  );
});

test("each text of an embedding is told", () => {
  const body = { model: "m", input: ["hello world", "你好"] };
  const data = [0, 1].map((index) => ({ object: "embedding", index, embedding: [1, 2] }));
  const recording: Recording = {
    request: { method: "POST", path: "/v1/embeddings", body },
    response: { status: 200, body: JSON.stringify({ object: "list", data, model: "m" }) },
  };
  expect(tell(recording)).toEqual({ asked: "hello world · 你好", answered: "2 × 2" });
});

test("an answer in Markdown is told without its marks", () => {
  const content = "# Fixed\n\n**`add`** is right now:\n```ts\na + b\n```";
  expect(tell(chat([{ role: "user", content: "Fix it" }], { role: "assistant", content })).answered).toBe(
    "Fixed add is right now: a + b",
  );
});

test("a tool's answer in JSON is told in words, and is short", () => {
  const told = (content: string) =>
    tell(chat([{ role: "tool", tool_call_id: "x", content }], { role: "assistant", content: "" })).asked;
  expect(told('{"location": "Paris", "days": [{"high": 18, "rain": true}], "unit": "C"}')).toBe(
    "↩ location: Paris, days: high: 18, rain: true, unit: C",
  );
  expect(told('[{"type": "text", "text": "18 °C in Paris"}]')).toBe("↩ 18 °C in Paris");
  expect(told('{"error": {"code": 4, "message": "no such place"}}')).toBe("↩ no such place");
  expect(told(`{"rows": [${'{"a": 1},'.repeat(20_000)}`).length).toBeLessThan(70);
  expect(told("{cut off")).toBe("↩ cut off");
  expect(told("{}")).toBe("↩ {}");
  expect(told("[".repeat(30_000) + "]".repeat(30_000))).toBe("↩ …");
});

test("an error is the answer", () => {
  const error = { error: { type: "rate_limit_error", message: "slow down" } };
  expect(tell(chat([{ role: "user", content: "Hi" }], error, 429)).answered).toBe(
    "429 rate_limit_error slow down",
  );
});

test("what an agent adds for itself is not what the user asked", () => {
  const content = [
    { type: "text", text: "<system-reminder>remember</system-reminder>" },
    { type: "text", text: "Fix the test" },
  ];
  expect(tell(chat([{ role: "user", content }], { role: "assistant", content: "Done" })).asked).toBe(
    "Fix the test",
  );
});

test("what an agent says in the user's name is not what the user asked, wherever it stands", () => {
  const asked = (...texts: string[]) =>
    tell(
      chat([{ role: "user", content: texts.map((text) => ({ type: "text", text })) }], { content: "Done" }),
    ).asked;
  expect(asked("<session_context>\nHere.\n</session_context>", "Fix the test")).toBe("Fix the test");
  expect(asked("<task>\nFix the test\n</task>", "<environment_details>x</environment_details>")).toBe(
    "Fix the test",
  );
  expect(asked("<attachments>a</attachments><userRequest>Fix it</userRequest>")).toBe("Fix it");
  expect(asked("<command-name>/review</command-name>\n<command-args>src/a.ts</command-args>")).toBe(
    "/review src/a.ts",
  );
  const aborted = [
    { role: "user", content: "Fix the test" },
    { role: "user", content: "<turn_aborted>stopped</turn_aborted>" },
  ];
  expect(tell(chat(aborted, { content: "Done" })).asked).toBe("Fix the test");
  const reminded = [
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "x", function: { name: "look", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "x", content: "sunny" },
  ];
  expect(tell(chat(reminded, { content: "Done" })).asked).toBe("↩ look: sunny");
  expect(asked("<system-reminder>Only this.</system-reminder>")).toContain("Only this.");
});

test("instructions behind the user's words are not what was asked", () => {
  const messages = [
    { role: "user", content: "Fix the test" },
    { role: "system", content: "Available agents: …" },
  ];
  expect(tell(chat(messages, { role: "assistant", content: "Done" })).asked).toBe("Fix the test");
});

test("long texts are cut at 120 characters and never inside of one", () => {
  const { asked } = tell(
    chat([{ role: "user", content: "😀".repeat(200) }], { role: "assistant", content: "" }),
  );
  expect(asked.length).toBeLessThanOrEqual(120);
  expect(asked.isWellFormed()).toBe(true);
});
