/** Explanations of what is selected: complete in both languages, and right about the neighbours. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { glossary } from "../glossary/glossary.ts";
import { look } from "../look.ts";
import { recordedLines } from "../mcp/recording.testkit.ts";
import { sessionList } from "../mcp/session-list.ts";
import { read } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";
import { explainEvent } from "./event.ts";
import type { Explained } from "./explained.ts";
import { explainMessage } from "./message.ts";
import { explainField, explainHeader, explainKey } from "./name.ts";
import type { Said } from "./note.ts";
import { noteOf, notes } from "./notes.ts";
import { explainTurn } from "./turn.ts";

const CJK = /[\u3400-\u9fff]/;
const root = join(import.meta.dir, "../fixtures");

function recorded(path: string) {
  const exchange = exchangeOf(JSON.parse(readFileSync(join(root, path), "utf8")) as Recording);
  const seen = look(exchange);
  return { exchange, look: seen, reading: read(exchange, seen) };
}
const eventOf = (path: string, n: number) => {
  const it = recorded(path);
  return explainEvent({ look: it.look, usage: it.reading.usage, isOver: true }, n);
};
const english = (all: readonly Said[]) => all.map(({ en }) => en);

/** Each sentence is there in both languages, and ends as one. */
function isTold({ en, zh }: Said): boolean {
  return !CJK.test(en.replaceAll(/`[^`]*`/g, "")) && CJK.test(zh) && /[.?]$/.test(en) && /[。？]$/.test(zh);
}

/** What stands on the wire is not translated. */
function quotes(text: string): string {
  return (text.match(/`[^`]*`/g) ?? []).toSorted().join(" ");
}

describe("the notes", () => {
  test("hold for an entry or a concept of the glossary, which has the source", () => {
    const known = new Set(glossary.flatMap(({ key, same }) => (same ? [key, `same ${same}`] : [key])));
    expect([...notes.keys()].filter((key) => !known.has(key))).toEqual([]);
    expect(notes.size).toBeGreaterThanOrEqual(100);
  });

  test("say why and what next in both languages, in one or two sentences", () => {
    const said = [...notes].flatMap(([key, { why, next }]) => [[key, why] as const, [key, next] as const]);
    expect(said.filter(([, it]) => !isTold(it) || it.en.length > 200 || it.zh.length > 90)).toEqual([]);
    expect(said.filter(([, { en, zh }]) => quotes(en) !== quotes(zh))).toEqual([]);
  });

  test("reach all events, methods and headers that decide how things go", () => {
    const of = (...keys: string[]) =>
      keys.filter((key) => !noteOf(glossary.find((entry) => entry.key === key)!));
    const names = (dialect: string, ...events: string[]) => events.map((name) => `${dialect} event ${name}`);
    expect(
      of(
        ...names(
          "anthropic-messages",
          "message_start",
          "content_block_start",
          "content_block_delta",
          "content_block_stop",
          "message_delta",
          "message_stop",
          "ping",
          "error",
        ),
        ...names(
          "openai-responses",
          "response.created",
          "response.output_item.added",
          "response.output_text.delta",
          "response.function_call_arguments.delta",
          "response.output_item.done",
          "response.completed",
        ),
        ...names(
          "bedrock-converse",
          "messageStart",
          "contentBlockStart",
          "contentBlockDelta",
          "contentBlockStop",
          "messageStop",
          "metadata",
        ).filter((key) => !/Delta|metadata/.test(key)),
        ...[
          "initialize",
          "notifications/initialized",
          "server/discover",
          "tools/list",
          "tools/call",
          "elicitation/create",
          "sampling/createMessage",
          "notifications/progress",
          "notifications/cancelled",
          "subscriptions/listen",
        ].map((name) => `mcp method ${name}`),
        ...["content-type", "authorization", "retry-after", "user-agent"].map((name) => `any header ${name}`),
      ),
    ).toEqual([]);
  });
});

describe("an event", () => {
  test("of a tool's arguments says which call it goes on with, and whether that is JSON by now", () => {
    const path = "anthropic-messages/stream-weather.json";
    const { look: seen } = recorded(path);
    const frames = seen.stream?.frames ?? [];
    const start = frames.findIndex(({ n }) =>
      seen.added.get(n)?.some(({ lane, begins }) => lane === "tool" && begins),
    );
    const name = seen.added.get(start)?.find(({ begins }) => begins)?.begins;
    const pieces = frames.filter(({ n }) =>
      seen.added.get(n)?.some((it) => it.lane === "tool" && !it.begins && it.text !== ""),
    );
    expect(english(eventOf(path, start)!.why)).toContain(
      `A call of \`${name}\` begins: its arguments come in the events that follow.`,
    );
    const words = pieces.map(({ n }) =>
      english(eventOf(path, n)!.why).find((it) => it.startsWith("It goes on with")),
    );
    expect(words[0]).toBe(
      `It goes on with the arguments of \`${name}\`, which began at event ${start}. So far they are no JSON: nobody can run the tool yet.`,
    );
    expect(words.at(-1)).toEndWith("With it they are whole JSON.");
  });

  test("of text is counted, and what came next is named with its time", () => {
    const told = eventOf("openai-chat/stream-hello.json", 2)!;
    expect(told.what.length).toBe(2);
    expect(
      english(told.why).some((it) =>
        /^It is piece \d+ of the text, which has \d+ characters with it\.$/.test(it),
      ),
    ).toBe(true);
    expect(english(told.next).at(-1)).toMatch(/^Here came `chat\.completion\.chunk`, \d+ ms later\.$/);
    expect(told.same.map(({ dialect }) => dialect)).toContain("anthropic-messages");
    expect(told.same.map(({ dialect }) => dialect)).not.toContain("openai-chat");
    expect(eventOf("openai-chat/stream-hello.json", 10_000)).toBeNull();
  });

  const streams = readdirSync(root, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".json") && !path.endsWith(".reading.json") && !path.startsWith("mcp/"));
  test.each(streams)("%s: each event of each recording is told in both languages", (path) => {
    const it = recorded(path);
    for (const { n } of it.look.stream?.frames ?? []) {
      const told = explainEvent({ look: it.look, usage: it.reading.usage, isOver: true }, n)!;
      expect([...told.what, ...told.why, ...told.next].filter((one) => !isTold(one))).toEqual([]);
      expect(told.next.length).toBeGreaterThan(0);
    }
    for (const which of [
      "system",
      "tools",
      "answer",
      ...it.reading.messages.map((_, n) => ({ n: n + 1 })),
    ] as const) {
      const told = explainTurn(it.reading, which)!;
      expect([...told.what, ...told.why, ...told.next].filter((one) => !isTold(one))).toEqual([]);
    }
    expect(explainTurn(it.reading, { n: it.reading.messages.length + 1 })).toBeNull();
  });
});

test("a message says whether it was sent before, and which call its result answers", () => {
  const { reading } = recorded("anthropic-messages/json-follow-up-with-files.json");
  const all = reading.messages.map((_, n) => english(explainTurn(reading, { n: n + 1 })!.why).join(" "));
  const last = reading.messages.findLastIndex(({ role }) => role === "assistant");
  expect(all.map((it) => it.includes("new in this request"))).toEqual(all.map((_, n) => n > last));
});

describe("a message of MCP", () => {
  const folder = join(root, "mcp");
  test.each(readdirSync(folder))("%s: each line is told in both languages, with its answer", (name) => {
    const list = sessionList("s");
    const lines = recordedLines(name, readFileSync(join(folder, name), "utf8")) as Record<string, unknown>[];
    for (const [seq, line] of lines.entries()) list.add(line, seq);
    for (const row of list.news().rows) {
      const call = list.reader.callAt(row.seq);
      const told = explainMessage(row, {
        call,
        parent: call?.parent ? list.reader.call(call.parent.key) : null,
      });
      expect([...told.what, ...told.why, ...told.next].filter((one) => !isTold(one))).toEqual([]);
      expect(told.what.length).toBeGreaterThan(0);
      if (row.kind === "result" && row.of !== null)
        expect(english(told.why).some((it) => it.startsWith(`It answers message ${row.of}`))).toBe(true);
    }
  });
});

test("a header, a field and a marked name are told by their entries; the user's own names as such", () => {
  const what = (told: Explained | null) =>
    told && [told.what.length, told.why.length > 0, told.next.length > 0];
  expect([
    what(explainHeader("openai-chat", "Retry-After")),
    what(explainHeader("openai-chat", "x-nobody-knows")),
    what(explainKey("mcp method tools/call")),
    what(explainKey("openai-chat event chat.completion.chunk")),
    what(explainKey("nonsense")),
  ]).toEqual([[1, true, true], null, [1, true, true], [1, true, true], null]);
  const field = explainField("openai-chat", "response", "$.choices[0].finish_reason", "length");
  expect([field.what.length, field.source === null]).toEqual([2, false]);
  const own = explainField("openai-chat", "request", "$.tools[0].function.parameters.properties.city", {});
  expect([own.what.length, own.why[0]?.en.includes("the user's own")]).toEqual([0, true]);
});
