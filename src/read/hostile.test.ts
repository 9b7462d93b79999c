/** Readers never throw and never fail, whatever comes: truncated, damaged, or the right shape with wrong values. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Exchange, Piece } from "../fact/exchange.ts";
import { MOST_FRAMES } from "./frames/frame.ts";
import { look } from "./look.ts";
import { assembled, events, read } from "./read.ts";
import { exchangeOf, type Recording } from "./recording.ts";
import { story } from "./story.ts";
import { threadKeys } from "./thread.ts";

const folder = join(import.meta.dir, "fixtures");
const recordings = readdirSync(folder)
  .filter((dialect) => dialect !== "mcp")
  .flatMap((dialect) => readdirSync(join(folder, dialect)).map((name) => join(folder, dialect, name)))
  .filter((path) => !path.endsWith(".reading.json"))
  .map((path) => JSON.parse(readFileSync(path, "utf8")) as Recording);

const one = fc.constantFrom(...recordings);

/** Everything that anybody asks of an exchange. Gives the failures of ours, of which there must be none. */
function everything(exchange: Exchange): string[] {
  const seen = look(exchange);
  const reading = read(exchange, seen);
  assembled(exchange, seen);
  events(exchange, seen);
  story(reading, exchange);
  threadKeys(reading, exchange, seen);
  JSON.stringify(reading);
  return reading.problems
    .filter(({ rule }) => rule === "reader/failed")
    .map(({ where, what }) => `${reading.dialect} ${where}: ${what}`);
}

const mapPieces = (exchange: Exchange, change: (piece: Piece) => Piece): Exchange => ({
  ...exchange,
  request: { ...exchange.request, pieces: exchange.request.pieces.map(change) },
  response: exchange.response && { ...exchange.response, pieces: exchange.response.pieces.map(change) },
});

test("truncated anywhere, in flight or ended", () => {
  fc.assert(
    fc.property(one, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (recording, share, ended) => {
      const cut = mapPieces(exchangeOf(recording), (piece) => ({
        ...piece,
        bytes: piece.bytes.subarray(0, Math.floor(piece.bytes.length * share)),
      }));
      expect(everything(ended ? cut : { ...cut, close: null })).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("bytes that were damaged", () => {
  const damage = fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(one, damage, (recording, changes) => {
      const damaged = mapPieces(exchangeOf(recording), (piece) => {
        const bytes = piece.bytes.slice();
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        return { ...piece, bytes };
      });
      expect(everything(damaged)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("bytes of nothing at all", () => {
  const types = fc.constantFrom(
    "text/event-stream",
    "application/json",
    "application/x-ndjson",
    "application/vnd.amazon.eventstream",
    "audio/wav",
    "",
  );
  fc.assert(
    fc.property(one, fc.uint8Array({ maxLength: 300 }), types, (recording, bytes, type) => {
      const exchange = exchangeOf({
        ...recording,
        response: { ...recording.response, headers: { "content-type": type } },
      });
      expect(everything(mapPieces(exchange, (piece) => ({ ...piece, bytes })))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("the right shape with wrong values: every value may be anything", () => {
  const odd = fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1e308,
    "",
    "x",
    true,
    [],
    {},
    [null],
    [[]],
    { type: 5 },
    { type: "text" },
    ["__proto__"],
    "\uD800",
    { error: "x" },
  );
  fc.assert(
    fc.property(one, fc.nat(), odd, fc.nat(), odd, (recording, at, value, again, other) => {
      const change = (piece: Piece): Piece => ({
        ...piece,
        bytes: new TextEncoder().encode(
          altered(altered(new TextDecoder().decode(piece.bytes), at, value), again, other),
        ),
      });
      expect(everything(mapPieces(exchangeOf(recording), change))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test("keys that mean something to the language are only keys", () => {
  const delta = '{"__proto__":{"polluted":1},"constructor":{"prototype":1},"content":"a"}';
  const body = `data: {"__proto__":{"polluted":1},"choices":[{"index":0,"delta":${delta},"finish_reason":"stop"}]}\n\n`;
  const exchange = exchangeOf({
    request: null,
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
  });
  expect(everything(exchange)).toEqual([]);
  expect(JSON.stringify(assembled(exchange))).toContain("polluted");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("numbers that would make a list of a billion holes", () => {
  for (const index of [4e9, -1, 1.5, 1e308]) {
    const chat = `data: {"choices":[{"index":${index},"delta":{"content":"a","tool_calls":[{"index":${index},"function":{"name":"f"}}]}}]}\n\n`;
    const event = `data: {"type":"response.output_text.delta","output_index":${index},"content_index":${index},"delta":"a"}\n\n`;
    for (const [path, body] of [
      ["/v1/chat/completions", chat],
      ["/v1/responses", event],
      ["/v1/messages", event],
    ]) {
      const request = { method: "POST", path: path ?? "", body: null };
      const response = { status: 200, headers: { "content-type": "text/event-stream" }, body: body ?? "" };
      expect(everything(exchangeOf({ request, response }))).toEqual([]);
    }
  }
});

test("JSON that is nested deeper than a stack is deep", () => {
  const deep = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
  const exchange = exchangeOf({
    request: { method: "POST", path: "/v1/chat/completions", body: deep },
    response: { status: 200, body: `{"choices":[{"message":{"content":${deep}}}]}` },
  });
  expect(() => look(exchange)).not.toThrow();
  expect(() => read(exchange)).not.toThrow();
});

const EVENT = '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}';
const GEMINI = '{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}';
const MANY: [framing: string, path: string, type: string, (count: number) => string][] = [
  ["SSE", "/v1/chat/completions", "text/event-stream", (n) => `data: ${EVENT}\n\n`.repeat(n)],
  ["SSE of comments", "/v1/chat/completions", "text/event-stream", (n) => ": a\n\n".repeat(n)],
  ["NDJSON", "/api/chat", "application/x-ndjson", (n) => '{"message":{"content":"a"}}\n'.repeat(n)],
  [
    "a JSON array",
    "/v1beta/models/m:streamGenerateContent",
    "application/json",
    (n) => `[${`${GEMINI},`.repeat(n - 1)}${GEMINI}]`,
  ],
  [
    "MCP over HTTP",
    "/@mcp/x",
    "text/event-stream",
    (n) => 'data: {"jsonrpc":"2.0","method":"a"}\n\n'.repeat(n),
  ],
];

test.each(MANY)("more events than are read of one body: %s", (_, path, type, body) => {
  const exchange = exchangeOf({
    request: { method: "POST", path, body: { stream: true } },
    response: { status: 200, headers: { "content-type": type }, body: body(MOST_FRAMES + 7) },
  });
  const seen = look(exchange);
  const reading = read(exchange, seen);
  expect([seen.stream?.frames.length, seen.stream?.unread]).toEqual([MOST_FRAMES, 7]);
  expect(events(exchange, seen)).toHaveLength(MOST_FRAMES);
  expect(seen.added.size).toBeLessThanOrEqual(MOST_FRAMES);
  // Nothing is said of an end that was not read.
  expect(reading.problems.map(({ rule, what }) => [rule, what.split(":")[0]])).toEqual([
    ["stream/too-many-events", "the first 100000 of 100007 events were read"],
  ]);
  expect(everything(exchange)).toEqual([]);
});

test("more messages than are read of one socket", () => {
  const text = (from: "client" | "server", t_ms: number) => ({ t_ms, from, text: '{"type":"a"}' });
  const messages = Array.from({ length: MOST_FRAMES + 7 }, (_, n) =>
    text(n % 3 === 0 ? "client" : "server", n),
  );
  const exchange = exchangeOf({
    request: { method: "GET", path: "/v1/realtime", body: null },
    response: { status: 101, body: "" },
    messages,
  });
  const seen = look(exchange);
  expect([seen.stream?.frames.length, seen.stream?.unread]).toEqual([MOST_FRAMES, 7]);
  expect(read(exchange, seen).problems.map(({ rule }) => rule)).toContain("stream/too-many-events");
  expect(everything(exchange)).toEqual([]);
});

test("a problem in each of a hundred and fifty thousand calls", () => {
  const call = { id: "a", type: "function", function: { name: "a", arguments: "{" } };
  const answer = { choices: [{ message: { tool_calls: Array(150_000).fill(call) } }] };
  const exchange = exchangeOf({
    request: {
      method: "POST",
      path: "/v1/chat/completions",
      body: { tools: [{ type: "function", function: { name: "b" } }] },
    },
    response: { status: 200, body: JSON.stringify(answer) },
  });
  const { problems } = read(exchange);
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)?.what).toBe("299900 further problems of the same kinds are not listed");
});

/** Replaces one value of one JSON document in the text (each SSE line is one). */
function altered(text: string, at: number, value: unknown): string {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, i) => (/^(data:\s*)?[{[]/.test(line) ? [i] : []));
  const chosen = starts[at % Math.max(1, starts.length)];
  if (chosen === undefined) return text;
  const [, prefix = "", json = ""] = /^(data:\s*)?(.*)$/.exec(lines[chosen] ?? "") ?? [];
  const whole = parsed(json) ?? parsed(text);
  if (whole === undefined) return text;
  const places = placesIn(whole);
  const [holder, key] = places[Math.floor(at / 7) % Math.max(1, places.length)] ?? [];
  if (!holder || key === undefined) return text;
  holder[key] = value;
  if (parsed(json) === undefined) return JSON.stringify(whole);
  lines[chosen] = prefix + JSON.stringify(whole);
  return lines.join("\n");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function placesIn(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...placesIn(holder[key]),
  ]);
}
