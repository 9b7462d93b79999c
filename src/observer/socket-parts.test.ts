/** Responses of a socket on their way to files and rows: live, stored, after a kill, and however the bytes were cut. */
import { afterAll, expect, test } from "bun:test";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MessageReader } from "../capture/websocket.ts";
import type { Fact } from "../fact/fact.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import type { Feed } from "../feed/feed.ts";
import { createFeed } from "../feed/ring.ts";
import { openIndex } from "../index/sqlite.ts";
import { exchangePath } from "../journal/exchange-file.ts";
import { factsOf, inWords, responsesIn, socketOf, type Line } from "../read/socket/split.testkit.ts";
import { entryOfText, thread } from "./entry.ts";
import { Pending } from "./pending.ts";
import type { RecorderOptions } from "./recorder.ts";
import { createWay, until } from "./way.testkit.ts";

const say = (text: string) => ({
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text, annotations: [] }],
});
const ask = (text: string, more: object = {}) => ({
  type: "response.create",
  model: "gpt-own",
  input: [{ type: "message", role: "user", content: text }],
  ...more,
});
const response = (id: string, status: string, output: object[] = []) => ({
  type: `response.${status === "in_progress" ? "created" : status}`,
  response: {
    id,
    object: "response",
    model: "gpt-own",
    status,
    output,
    usage: { input_tokens: 7, output_tokens: 2, total_tokens: 9 },
  },
});
const delta = (text: string) => ({
  type: "response.output_text.delta",
  item_id: "m",
  output_index: 0,
  content_index: 0,
  delta: text,
});

const LINES: Line[] = [
  [10, "client", ask("Warm", { generate: false })],
  [12, "server", response("r1", "in_progress")],
  [14, "server", response("r1", "completed")],
  [1_000, "client", ask("Is it windy?", { previous_response_id: "r1" })],
  [1_040, "server", response("r2", "in_progress")],
  [1_050, "server", delta("A little, ")],
  [1_060, "server", delta("yes.")],
  [1_070, "server", response("r2", "completed", [say("A little, yes.")])],
  [2_000, "client", ask("And now?", { previous_response_id: "r2" })],
  [2_040, "server", response("r3", "in_progress")],
];

const index = openIndex(":memory:");
afterAll(() => index.close());

const threaded: Pick<RecorderOptions, "thread"> = {
  thread: (reading, exchange, seen, pending) => thread(reading, exchange, seen, index, pending),
};

test("each has its file and its row when it ends; the socket's row holds them; what was told is what is stored", async () => {
  const ring = createFeed({ ring: 100, queue: 100 });
  const rows: ExchangeRow[] = [];
  const feed: Feed = {
    ...ring,
    publish(news) {
      if (news.type === "exchange.close") rows.push(news.row);
      return ring.publish(news);
    },
  };
  await using way = createWay({ feed, index, ...threaded });
  const facts = factsOf(socketOf(), LINES, { ending: "client-gone", error: "gone" });
  await way.tell(...facts.slice(0, -1));
  // Two are over while the socket is open, the third is in flight, and so is the socket.
  await until(() => way.files().length === 2);
  const flying = way.recorder.inFlight();
  expect(flying.map(({ state, responses, socket, n }) => [state, responses, socket, n])).toEqual([
    ["streaming", 3, undefined, undefined],
    ["streaming", undefined, socketOf().id, 3],
  ]);
  await way.tell(facts.at(-1)!);
  await until(() => rows.length === 4);
  expect(
    rows.map(({ n, responses, ending, asked, answered, tokens_in, ttft_ms, duration_ms, error, at }) => [
      n,
      responses,
      ending,
      asked,
      answered,
      tokens_in,
      ttft_ms,
      duration_ms,
      error,
      at - socketOf().at,
    ]),
  ).toEqual([
    [1, undefined, "complete", "prewarm (generate: false)", "", 7, null, 4, null, 10],
    [2, undefined, "complete", "Is it windy?", "A little, yes.", 7, 50, 70, null, 1_000],
    [3, undefined, "client-gone", "And now?", "gone", 7, null, 41, "gone", 2_000],
    [undefined, 3, "client-gone", "", "", null, null, 2_041, null, 0],
  ]);
  // From the files alone, in the order of time, into an index that knows nothing.
  const again = openIndex(":memory:");
  const stored = rows
    .map((row) => readFileSync(join(way.logDir, exchangePath(row)), "utf8"))
    .map((text) => entryOfText(text, again, new Pending()))
    .map((entry) => ("row" in entry ? entry.row : entry));
  again.close();
  const alone = (row: object) => ({ ...row, conversation: null, turn: null, parent: null });
  expect(stored.map(alone)).toEqual(rows.map(alone));
  expect(rows.map(({ turn, parent }) => [turn, parent !== null])).toEqual([
    [null, false],
    [1, false],
    [2, true],
    [null, false],
  ]);
});

test("what a killed program leaves becomes the same exchanges, the last one interrupted; a second life makes no others", async () => {
  const facts = factsOf(socketOf(), LINES, null);
  await using way = createWay({ ...threaded });
  await way.tell(...facts);
  await until(() => way.files().length === 2);
  const ranges = (await way.spool.settled()).map(({ path, size }) => ({ path, at: 0, length: size }));
  await using after = createWay({ ...threaded });
  await after.recorder.recover(ranges, () => false, "cut");
  const ids = responsesIn(facts).map(({ id }) => id);
  expect(after.files().map(({ id, n, ending, responses }) => [id, n, ending, responses])).toEqual([
    [socketOf().id, undefined, "interrupted", 3],
    [ids[0], 1, "complete", undefined],
    [ids[1], 2, "complete", undefined],
    [ids[2], 3, "interrupted", undefined],
  ]);
  await using third = createWay({ ...threaded });
  await third.recorder.recover(ranges, (id) => id === ids[0] || id === ids[1], "goes-on");
  expect(third.files()).toEqual([]);
  expect(third.recorder.inFlight().map(({ n, responses }) => [n, responses])).toEqual([
    [undefined, 3],
    [3, undefined],
  ]);
  // It goes on where the first one was.
  await third.tell({
    fact: "bytes",
    id: socketOf().id,
    t: 2_500,
    from: "server",
    frame: "text",
    bytes: new TextEncoder().encode(JSON.stringify(response("r3", "completed", [say("No.")]))),
  });
  await until(() => third.files().length === 1);
  expect(third.files()[0]).toMatchObject({ id: ids[2], n: 3, ending: "complete", duration_ms: 500 });
});

test("a refusal has the status that it names; an error that is about no response is the socket's", async () => {
  await using way = createWay({});
  const rows = () => [...way.files()].map((file) => entryOfText(JSON.stringify(file), index, new Pending()));
  const lines: Line[] = [
    [10, "client", ask("Too much?")],
    [
      20,
      "server",
      { type: "error", status: 429, error: { type: "usage_limit_reached", message: "Not now" } },
    ],
    [90, "server", { type: "error", status: 400, error: { message: "this socket is an hour old" } }],
  ];
  await way.tell(...factsOf(socketOf(), lines));
  await until(() => way.files().length === 2);
  expect(
    rows().map((one) => "row" in one && [one.row.n, one.row.status, one.row.ending, one.row.error]),
  ).toEqual([
    [undefined, 101, "complete", "this socket is an hour old"],
    [1, 429, "complete", "Not now"],
  ]);
});

test("a socket that is longer than its own record goes on in the files of its responses, and so does a response in its limits", async () => {
  const lines: Line[] = [];
  for (let n = 0; n < 6; n++)
    lines.push(
      [100 * n, "client", ask(`Question ${n}`)],
      [100 * n + 10, "server", response(`r${n}`, "in_progress")],
      ...Array.from({ length: n === 5 ? 30 : 3 }, (_, k): Line => [
        100 * n + 11 + k,
        "server",
        delta("word ".repeat(20)),
      ]),
      [100 * n + 90, "server", response(`r${n}`, "completed", [say(`Answer ${n}.`)])],
    );
  await using way = createWay({ bodyLimit: 3_000 });
  await way.tell(...factsOf(socketOf(), lines));
  await until(() => way.files().length === 7);
  const [socket, ...parts] = way.files();
  expect(
    parts.map(({ n, ending, gaps, response_chunks }) => [
      n,
      ending,
      gaps?.length ?? 0,
      response_chunks.length,
    ]),
  ).toEqual([...[1, 2, 3, 4, 5].map((n) => [n, "complete", 0, 5]), [6, "complete", 1, expect.any(Number)]]);
  expect(socket).toMatchObject({
    responses: 6,
    gaps: [{ from: "server", why: expect.stringContaining("3000 bytes") }],
  });
  // The first ones stand in it whole.
  expect(socket.request_chunks).toHaveLength(6);
  expect(parts[5].response_chunks.length).toBeLessThan(32);
});

/** RFC 6455 5.2, from a server (unmasked), in as many fragments as there are texts. */
function framed(texts: readonly string[]): Uint8Array {
  const frames = texts.map((text, n) => {
    const payload = Buffer.from(text);
    const first = (n === 0 ? 1 : 0) | (n === texts.length - 1 ? 0x80 : 0);
    const head =
      payload.length < 126
        ? [first, payload.length]
        : [first, 126, payload.length >> 8, payload.length & 255];
    return Buffer.concat([Uint8Array.from(head), payload]);
  });
  return Buffer.concat(frames);
}

test("any cut of the bytes, and any fragments, give the same responses", () => {
  const whole = responsesIn(
    factsOf(
      socketOf(),
      LINES.map(([t, from, said]): Line => [t < 1_000 ? 10 : t < 2_000 ? 1_000 : 2_000, from, said]),
    ),
  ).map(inWords);
  const open = socketOf();
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 40 }), fc.nat({ max: 60 }), (cuts, fragment) => {
      const facts: Fact[] = [open, { fact: "head", id: open.id, t: 1, status: 101, headers: [] }];
      const readers = { client: new MessageReader(), server: new MessageReader() };
      let cut = 0;
      for (const [time, from, said] of LINES) {
        const t = time < 1_000 ? 10 : time < 2_000 ? 1_000 : 2_000;
        const text = JSON.stringify(said);
        const bytes = framed(
          fragment > 0 && fragment < text.length ? [text.slice(0, fragment), text.slice(fragment)] : [text],
        );
        for (let at = 0; at < bytes.byteLength;) {
          const size = (cuts[cut++ % Math.max(1, cuts.length)] ?? bytes.byteLength) + 1;
          readers[from].add(Buffer.from(bytes.subarray(at, at + size)), t);
          at += size;
          for (let message = readers[from].next(); message !== null; message = readers[from].next())
            if (message !== "again")
              facts.push({
                fact: "bytes",
                id: open.id,
                t,
                from,
                bytes: message.bytes,
                frame: message.kind.frame,
              });
        }
      }
      facts.push({ fact: "close", id: open.id, t: 2_001, ending: "complete", error: null });
      expect(responsesIn(facts).map(inWords)).toEqual(whole);
    }),
  );
});
