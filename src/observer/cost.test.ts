/** What anything costs grows with what came, never with what is there: ten times as much is ten times the work. */
import { expect, test } from "bun:test";
import { concat } from "../fact/concat.ts";
import type { Fact } from "../fact/fact.ts";
import { encodeFacts } from "../fact/line.ts";
import { createFeed } from "../feed/ring.ts";
import { openIndex } from "../index/sqlite.ts";
import { sessionList } from "../read/mcp/session-list.ts";
import { folds, rowsAfter } from "../web/session-views.ts";
import { operationsOf, timesAsMuch } from "./operations.testkit.ts";
import { createWay } from "./way.testkit.ts";

/** Ten times, and room for what has to be paid once. */
const IN_PROPORTION = 12;

const bytes = (text: string) => new TextEncoder().encode(text);
const event = (n: number) =>
  bytes(
    `data: ${JSON.stringify({ object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta: { content: `word${n} ` } }] })}\n\n`,
  );

function opening(id: string): Fact[] {
  const path = "/v1/chat/completions";
  const body = bytes(
    JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hi" }] }),
  );
  const headers: [string, string][] = [["content-type", "text/event-stream"]];
  return [
    {
      fact: "open",
      id,
      at: 1_700_000_000_000,
      wire: "http",
      method: "POST",
      path,
      upstream: "u",
      target: `http://h${path}`,
      headers: [["content-type", "application/json"]],
    },
    { fact: "bytes", id, t: 1, from: "client", bytes: body },
    { fact: "head", id, t: 2, status: 200, headers },
  ];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(2);
}

/** A stream of so many events, each in a read of its own, on somebody's screen. */
async function followed(events: number) {
  const feed = createFeed({ ring: 1_000, queue: 1_000_000, queueBytes: Infinity });
  await using way = createWay({ feed });
  let text = "";
  let rows = 0;
  let told = 0;
  let looks = 0;
  const listener = feed.listen((frames) => {
    for (const frame of frames) {
      if (frame.type === "exchange.head" || frame.type === "exchange.row") looks += 1;
      if (frame.type !== "exchange.added") continue;
      rows += frame.events.length;
      for (const part of frame.parts) text += part.append;
      told += JSON.stringify(frame).length;
    }
    return "sent";
  });
  listener.subscribe({ what: "added", of: "a" });
  const tell = (facts: Fact[]) => way.recorder.take(concat(encodeFacts(facts)));
  tell(opening("a"));
  // The list's one look at it comes by a clock of its own, and would read what there is by then: it is waited for.
  await until(() => looks >= 2);
  const operations = await operationsOf(async () => {
    for (let n = 0; n < events; n += 20) {
      tell(
        Array.from({ length: 20 }, (_, k): Fact => ({
          fact: "bytes",
          id: "a",
          t: 3 + n + k,
          from: "server",
          bytes: event(n + k),
        })),
      );
      if (n % 200 === 0) await Bun.sleep(1);
    }
    await until(() => rows === events);
  });
  expect(text).toBe(Array.from({ length: events }, (_, n) => `word${n} `).join(""));
  listener.close();
  return { operations, told };
}

test("a stream that is followed", async () => {
  const [few, many] = [await followed(400), await followed(4_000)];
  // Rows of the list are told by a clock, too; a square would be a hundred times.
  expect(timesAsMuch(few.operations, many.operations)).toBeLessThan(2 * IN_PROPORTION);
  expect(many.told / few.told).toBeLessThan(IN_PROPORTION);
});

test("the list, with a thousand exchanges in flight, reads none of them", async () => {
  for (const count of [100, 1_000]) {
    await using way = createWay();
    for (let n = 0; n < count; n++) way.recorder.take(concat(encodeFacts(opening(`e${n}`))));
    let rows = 0;
    const { texts, bytes: read } = await operationsOf(() => void (rows = way.recorder.inFlight().length));
    expect([rows, texts, read]).toEqual([count, 0, 0]);
  }
});

type Line = Record<string, unknown>;
const line = (seq: number, from: "client" | "server", message: object): Line => ({
  session_id: "s",
  timestamp: new Date(1_700_000_000_000 + seq).toISOString(),
  seq,
  t_ms: seq,
  direction: "request",
  from,
  message: { jsonrpc: "2.0", ...message },
});

/** Calls, in each of which the server asks the client something; some stay open. */
function calls(count: number): Line[] {
  const open = [-1, -2, -3].map((id) => ({
    id,
    method: "tools/call",
    params: { name: "slow", arguments: {} },
  }));
  const each = Array.from(
    { length: count },
    (_, id) =>
      [
        ["client", { id, method: "tools/call", params: { name: "t", arguments: { id } } }],
        [
          "server",
          { id: `s${id}`, method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } },
        ],
        [
          "client",
          { id: `s${id}`, result: { role: "assistant", content: { type: "text", text: "x" }, model: "m" } },
        ],
        ["server", { id, result: { content: [{ type: "text", text: "ok" }] } }],
      ] as const,
  ).flat();
  const all = [...open.map((message) => ["client", message] as const), ...each];
  return all.map(([from, message], seq) => line(seq, from, message));
}

/** One call that tells of its progress without end. */
function storm(count: number): Line[] {
  const params = { name: "x", _meta: { progressToken: 1 } };
  const told = Array.from({ length: count }, (_, n) =>
    line(n + 1, "server", { method: "notifications/progress", params: { progressToken: 1, progress: n } }),
  );
  return [line(0, "client", { id: 1, method: "tools/call", params }), ...told];
}

for (const [name, lines] of [
  ["the rows of a session, as its messages come", calls],
  ["a storm of progress notifications", storm],
] as const) {
  test(name, async () => {
    const told = async (count: number) =>
      operationsOf(() => {
        const list = sessionList("s");
        for (const one of lines(count)) {
          list.add(one, one["seq"] as number);
          const { rows, changed } = list.news();
          expect([rows.length, changed.length < 10]).toEqual([1, true]);
          list.reader.head();
        }
      });
    expect(timesAsMuch(await told(200), await told(2_000))).toBeLessThan(IN_PROPORTION);
  });

  test(`${name}: a page of it costs a page`, async () => {
    const page = async (count: number) => {
      const index = openIndex(":memory:");
      index.putSession({ id: "s", name: "x", at: 1, last_at: 1 } as never);
      index.putMessages(
        lines(count).map((one) => ({ session_id: "s", seq: one["seq"] as number, at: 1, line: one })),
      );
      const fold = await folds({ index })("s");
      let rows = 0;
      const operations = await operationsOf(async () => {
        if (fold) rows = (await rowsAfter(index, fold, 100)).rows.length;
      });
      index.close();
      return { operations, rows };
    };
    const [few, many] = [await page(2_000), await page(20_000)];
    expect([few.rows, many.rows]).toEqual([1_000, 1_000]);
    expect(timesAsMuch(few.operations, many.operations)).toBeLessThan(1.5);
  });
}
