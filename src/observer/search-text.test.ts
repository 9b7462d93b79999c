import { expect, test } from "bun:test";
import type { Exchange } from "../fact/exchange.ts";
import { look } from "../read/look.ts";
import { read } from "../read/read.ts";
import type { Thread } from "../read/reading.ts";
import { searchText } from "./search-text.ts";

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

function textOf(path: string, request: unknown, response: unknown, thread: Thread | null = null): string {
  const exchange: Exchange = {
    id: "the-id",
    at: 0,
    wire: "http",
    upstream: "u",
    method: "POST",
    path,
    target: `https://api.example.com${path}`,
    request: { headers: [["content-type", "application/json"]], pieces: [{ t: 0, bytes: bytes(request) }] },
    response: {
      status: 200,
      headers: [["content-type", "application/json"]],
      pieces: [{ t: 1, bytes: bytes(response) }],
      ttfb: 1,
    },
    gaps: [],
    close: { t: 1, ending: "complete", error: null },
  };
  return searchText(exchange, { ...read(exchange, look(exchange)), thread });
}

const chat = (messages: unknown[], thread?: Thread) =>
  textOf(
    "/v1/chat/completions",
    {
      model: "gpt-x",
      user: "somebody",
      messages,
      tools: [
        {
          type: "function",
          function: {
            name: "get_weather",
            description: "tells the sky",
            parameters: { type: "object", properties: { city: { type: "string" } } },
          },
        },
      ],
    },
    {
      id: "chatcmpl-77",
      object: "chat.completion",
      model: "gpt-x",
      choices: [{ index: 0, message: { role: "assistant", content: "It is sunny." }, finish_reason: "stop" }],
    },
    thread,
  );

test("holds what was said in both bodies, and by what else an exchange is looked for", () => {
  const text = chat([
    { role: "system", content: "You are brief." },
    { role: "user", content: "first line\nsecond line" },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id: "call_9",
          type: "function",
          function: { name: "get_weather", arguments: '{"city":"two\\nlines"}' },
        },
      ],
    },
    { role: "tool", tool_call_id: "call_9", content: "21 degrees" },
  ]);
  const wanted = [
    "the-id",
    "gpt-x",
    "chatcmpl-77",
    "It is sunny.",
    "You are brief.",
    "second line",
    "call_9",
    "get_weather",
    "two\nlines",
    "21 degrees",
    "tells the sky",
    "city",
    "somebody",
    "api.example.com",
  ];
  expect(wanted.filter((words) => !text.includes(words))).toEqual([]);
});

test("of a turn that continues another one the newest part is taken, of a first one everything", () => {
  const long = Array.from({ length: 50 }, (_, n) => ({
    role: "user",
    content: `message${n} ${"x".repeat(4_000)}`,
  }));
  const first = chat(long);
  expect([first.includes("message0 "), first.includes("message49 ")]).toEqual([true, true]);
  const next = chat(long, { conversation: "c", turn: 2, parent: "p", how: "prefix" });
  expect([next.includes("message0 "), next.includes("message49 "), next.includes("It is sunny.")]).toEqual([
    false,
    true,
    true,
  ]);
  expect(next.length).toBeLessThanOrEqual(64 * 1024 + 100);
});

test("what is no conversation is found by the words of its bodies", () => {
  const text = textOf("/anything", { hello: "a\nb", list: [1, true, "c"] }, "plain words");
  expect(text).toContain("hello a\nb list 1 true c");
  expect(text).toContain("plain words");
});

test("a body that is nested without end does no harm", () => {
  const nested = `${"[".repeat(50_000)}"deep"${"]".repeat(50_000)}`;
  expect(textOf("/anything", `{"a":"shallow","b":${nested}}`, "x")).toContain("shallow");
});
