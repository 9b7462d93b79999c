import { describe, expect, test } from "bun:test";
import { indentedBody } from "../shown/indent.ts";
import { indented, indentedStart } from "./indent.ts";
import { render } from "./html.ts";
import { marked, meaning, named, namesIn } from "./terms.ts";

const chat = { dialect: "openai-chat", side: "request" } as const;
const textOf = (page: string) => page.replace(/<[^>]+>/g, "").replaceAll("&quot;", '"');

describe("JSON with its names marked", () => {
  const body = {
    model: "m",
    messages: [{ role: "user", content: "a" }, { role: "assistant" }],
    stop: [],
    metadata: { model: 1 },
  };

  test("reads as JSON.stringify writes it", () => {
    expect(textOf(render(marked(body, chat, 10_000)))).toBe(JSON.stringify(body, null, 2));
  });

  test("explains the API's names and not the user's; of many alike the first takes the focus", () => {
    const page = render(marked(body, chat, 10_000));
    expect(page.match(/data-term="openai-chat field [$.]*model" role="button"/g)).toHaveLength(1);
    expect(page.match(/data-term="[^"]*model"/g)).toHaveLength(1);
    expect(page.match(/data-term="[^"]*role"/g)).toHaveLength(2);
    expect(page.match(/data-term="[^"]*role" role="button" tabindex="0"/g)).toHaveLength(1);
  });

  test("is escaped, cut where it is long, and not as deep as it likes", () => {
    const evil = { '"><script>': { "<img src=x onerror=1>": "<script>" } };
    expect(render(marked(evil, chat, 10_000))).not.toMatch(/<(script|img)/);
    expect(render(marked(Array(10_000).fill("x".repeat(100)), chat, 1000)).length).toBeLessThan(1500);
    const deep = JSON.parse("[".repeat(5000) + "]".repeat(5000));
    expect(render(marked(deep, chat, 12_000)).length).toBeLessThan(30_000);
    expect(namesIn([deep], chat)).toEqual([]);
  });
});

test("the names of a body are listed once for each place", () => {
  const names = namesIn([{ choices: [{ index: 0 }, { index: 1 }] }, { choices: [{ index: 0 }] }], {
    dialect: "openai-chat",
    side: "stream",
  });
  expect(names.map((it) => textOf(render(it)).trim())).toEqual(["choices", "choices.index"]);
});

test("an entry is found by its key, or by dialect, kind and name; what has none is shown plain", () => {
  expect(meaning("mcp method tools/call", "zh")).toMatchObject({ name: "tools/call" });
  expect(meaning("deepseek event chat.completion.chunk", "en")?.text).toContain("piece");
  expect(meaning("openai-chat header constructor", "en")).toBeNull();
  expect(meaning("", "en")).toBeNull();
  expect(render(named("openai-chat", "header:x-mine", "<x-mine>"))).toBe("&lt;x-mine&gt;");
});

test("a value is explained where it names a method or an error", () => {
  const message = {
    method: "tools/call",
    params: { arguments: { method: "tools/call" } },
    error: { code: -32602 },
  };
  const page = render(marked(message, { dialect: "mcp", side: "stream" }, 10_000));
  expect(page.match(/data-term="mcp (method|error) [^"]*"/g)).toEqual([
    'data-term="mcp method tools/call"',
    'data-term="mcp error -32602"',
  ]);
});

describe("indented text", () => {
  test("keeps numbers, double keys and order, and indents the JSON of a stream's events", () => {
    expect(indentedBody('{"a":1.0,"a":[],"b":{"c":12345678901234567890}}')).toBe(
      '{\n  "a": 1.0,\n  "a": [],\n  "b": {\n    "c": 12345678901234567890\n  }\n}',
    );
    expect(indentedBody('event: x\ndata: {"a":1}\n\ndata: [DONE]\n')).toBe(
      'event: x\ndata: {\n        "a": 1\n      }\n\ndata: [DONE]\n',
    );
    expect(indentedBody('{"a":1}\n{"b":2}\n')).toBe('{\n  "a": 1\n}\n{\n  "b": 2\n}');
    expect(indentedBody("plain { text")).toBe("plain { text");
  });

  test("leaves arguments that were cut off as they came", () => {
    expect(indented('{"a":')).toBe('{"a":');
  });
});

test("what would be a thousand times as long, or takes a pass for each quote, is laid out as far as there is room", () => {
  const wide = `${"[".repeat(400)}${"1,".repeat(600_000)}1${"]".repeat(400)}`;
  const bounds = { read: 2 * 1024 * 1024, made: 16 * 1024 * 1024 };
  const made = indentedBody(wide, bounds);
  expect(made.length).toBeLessThan(32 * 1024 * 1024);
  expect(made.replaceAll(/\s/g, "")).toBe(wide);
  const quotes = `["${'\\"'.repeat(400_000)}`;
  expect(indentedBody(quotes).replaceAll(/\s/g, "")).toBe(quotes);
  const deep = "[".repeat(1_000_000);
  expect([indented(deep), indentedBody(deep).replaceAll(/\s/g, "").length]).toEqual([deep, 1_000_000]);
});

test("the beginning says how much is not shown", () => {
  expect(indentedStart('{"a":[1,2]}', 100)).toEqual({
    shown: '{\n  "a": [\n    1,\n    2\n  ]\n}',
    hidden: 0,
  });
  const { shown, hidden } = indentedStart(`[${"1,".repeat(50_000)}1]`, 40);
  expect([shown.length, hidden > 99_000]).toEqual([40, true]);
});
