import { expect, test } from "bun:test";
import { look } from "./look.ts";
import { read } from "./read.ts";
import { exchangeOf, type Recording } from "./recording.ts";
import type { Thread } from "./reading.ts";
import type { ThreadKeys, ThreadKnown, ThreadLookup } from "../fact/thread.ts";
import { threadKeys, threadOf } from "./thread.ts";

test("a request that begins with an earlier exchange's messages and answer continues it", () => {
  const say = memory();
  const first = [{ role: "user", content: "Hi" }];
  const second = [...first, { role: "assistant", content: "Hello!" }, { role: "user", content: "Weather?" }];
  const call = { id: "c1", type: "function", function: { name: "weather", arguments: '{"city": "Paris"}' } };
  const third = [
    ...second,
    {
      role: "assistant",
      content: null,
      tool_calls: [{ ...call, function: { name: "weather", arguments: '{"city":"Paris"}' } }],
    },
    { role: "tool", tool_call_id: "c1", content: "sunny" },
  ];
  expect(say("a", chat(first, { content: "Hello!" }))).toEqual({
    conversation: "a",
    turn: 1,
    parent: null,
    how: "new",
  });
  expect(say("b", chat(second, { content: null, tool_calls: [call] }))).toEqual({
    conversation: "a",
    turn: 2,
    parent: "a",
    how: "prefix",
  });
  expect(say("c", chat(third, { content: "It is sunny." }))).toEqual({
    conversation: "a",
    turn: 3,
    parent: "b",
    how: "prefix",
  });
  expect(say("d", chat([{ role: "user", content: "Other" }], { content: "Yes" }))?.conversation).toBe("d");
});

test("a second continuation of the same answer is a branch of the same conversation", () => {
  const say = memory();
  const first = [{ role: "user", content: "Hi" }];
  const go = (words: string) => [
    ...first,
    { role: "assistant", content: "Hello!" },
    { role: "user", content: words },
  ];
  say("a", chat(first, { content: "Hello!" }));
  expect(say("b", chat(go("one"), { content: "1" }))?.parent).toBe("a");
  expect(say("c", chat(go("two"), { content: "2" }))).toEqual({
    conversation: "a",
    turn: 2,
    parent: "a",
    how: "prefix",
  });
});

test("the same conversation is found however a dialect cuts it into messages", () => {
  const say = memory();
  const anthropic = (messages: unknown, content: unknown): Recording => ({
    request: {
      method: "POST",
      path: "/v1/messages",
      headers: { "anthropic-version": "2023-06-01" },
      body: { model: "m", max_tokens: 9, messages },
    },
    response: {
      status: 200,
      body: JSON.stringify({ type: "message", role: "assistant", content, usage: {} }),
    },
  });
  const use = { type: "tool_use", id: "t", name: "weather", input: { city: "Paris" } };
  const text = { type: "text", text: "Let me see." };
  say(
    "a",
    anthropic(
      [{ role: "user", content: "Weather?" }],
      [{ type: "thinking", thinking: "hm", signature: "s" }, text, use],
    ),
  );
  const next = [
    { role: "user", content: [{ type: "text", text: "Weather?" }] },
    { role: "assistant", content: [text, use] },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "t", content: "sunny" },
        { type: "text", text: "go on" },
      ],
    },
  ];
  expect(say("b", anthropic(next, [{ type: "text", text: "Sunny." }]))?.parent).toBe("a");
});

test("previous_response_id names the parent", () => {
  const say = memory();
  expect(say("a", response({ input: "Hi" }, "resp_1"))?.how).toBe("new");
  expect(say("b", response({ input: "More", previous_response_id: "resp_1" }, "resp_2"))).toEqual({
    conversation: "a",
    turn: 2,
    parent: "a",
    how: "id",
  });
});

test("the session that an agent names holds its exchanges together, whatever they say", () => {
  const named: Record<string, string>[] = [
    { "X-Claude-Code-Session-Id": "s1" },
    { session_id: "s1" },
    { "x-session-affinity": "s1" },
  ];
  for (const headers of named) {
    const say = memory();
    say("a", chat([{ role: "user", content: "Hi" }], { content: "Hello!" }, headers));
    expect(
      say("b", chat([{ role: "user", content: "Make a title" }], { content: "Greeting" }, headers)),
    ).toEqual({
      conversation: "a",
      turn: 2,
      parent: null,
      how: "header",
    });
    // The conversation goes on as if it had not been, and from then on what carries no past is no turn of it.
    const past = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello!" },
    ];
    const next = say("c", chat([...past, { role: "user", content: "And?" }], { content: "So." }, headers));
    expect(next).toEqual({ conversation: "a", turn: 2, parent: "a", how: "header" });
    const count = say("d", chat([{ role: "user", content: "foo" }], { content: "5" }, headers));
    expect(count).toMatchObject({ conversation: "a", turn: 1, parent: null });
  }
});

test("Claude Code's session is found in metadata.user_id, in both of its forms", () => {
  const id = "57a121ec-f78c-48c3-a745-e3036a3ecc33";
  const forms = [`user_0a_account__session_${id}`, JSON.stringify({ device_id: "d", session_id: id })];
  const keys = forms.map((user_id) =>
    keysOf(chat([{ role: "user", content: "Hi" }], { content: "x" }, {}, { metadata: { user_id } })),
  );
  expect(keys.map(({ header }) => header)).toEqual([`session:${id}`, `session:${id}`]);
});

test("an answer that was an error is not continued, a list of models is no conversation", () => {
  const failed: Recording = {
    request: {
      method: "POST",
      path: "/v1/chat/completions",
      body: { model: "m", messages: [{ role: "user", content: "Hi" }] },
    },
    response: { status: 429, body: '{"error":{"message":"slow down"}}' },
  };
  expect(keysOf(failed).whole).toBeNull();
  const models: Recording = {
    request: { method: "GET", path: "/v1/models", body: null },
    response: { status: 200, body: '{"data":[]}' },
  };
  expect(memory()("m", models)).toBeNull();
});

function chat(
  messages: unknown,
  message: object,
  headers: Record<string, string> = {},
  more: object = {},
): Recording {
  const body = { choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }] };
  return {
    request: {
      method: "POST",
      path: "/v1/chat/completions",
      headers,
      body: { model: "m", messages, ...more },
    },
    response: { status: 200, body: JSON.stringify(body) },
  };
}

function response(body: object, id: string): Recording {
  const output = [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "ok" }] }];
  return {
    request: { method: "POST", path: "/v1/responses", body: { model: "m", ...body } },
    response: { status: 200, body: JSON.stringify({ id, object: "response", status: "completed", output }) },
  };
}

function keysOf(recording: Recording): ThreadKeys {
  const exchange = exchangeOf(recording);
  const seen = look(exchange);
  return threadKeys(read(exchange, seen), exchange, seen);
}

/** What an index does: looks up, then remembers. */
function memory(): (id: string, recording: Recording) => Thread | null {
  const known: (ThreadKnown & { keys: ThreadKeys; parent: string | null })[] = [];
  const by = (key: keyof ThreadKeys) => (value: string) =>
    known.findLast(({ keys }) => keys[key] === value) ?? null;
  const lookup: ThreadLookup = {
    byHeader: by("header"),
    continuing: (header) =>
      known.findLast(({ keys, parent }) => keys.header === header && parent !== null) ?? null,
    byResponse: by("response_id"),
    byWhole: (wholes) => wholes.map(by("whole")).find((found) => found !== null) ?? null,
  };
  return (id, recording) => {
    const keys = keysOf(recording);
    const thread = threadOf({ ...exchangeOf(recording), id }, keys, lookup);
    if (thread) known.push({ id, keys, ...thread });
    return thread;
  };
}
