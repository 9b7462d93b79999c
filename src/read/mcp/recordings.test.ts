/** Sessions recorded between the official SDKs, read whole: what the list shows and how each call ended. */
import { expect, test } from "bun:test";
import { recordedLines } from "./recording.testkit.ts";
import { readSession, sessionReader } from "./session.ts";

const folder = new URL("../fixtures/mcp/", import.meta.url);
const lines = async (name: string) => recordedLines(name, await Bun.file(new URL(name, folder)).text());

const expected = {
  "stdio-legacy-sdk1.jsonl": ["legacy", "2025-11-25", "demo-host 1.32.2", "weather-v1 1.0.0", 21, 50],
  "stdio-legacy-sdk2.jsonl": ["legacy", "2025-11-25", "demo-host 2.4.0", "weather-v2 2.0.0", 19, 43],
  "stdio-modern-sdk2.jsonl": ["modern", "2026-07-28", "demo-host 2.4.0", "weather-v2 2.0.0", 17, 39],
  "stdio-probe-refused.jsonl": [null, null, "demo-host 2.4.0", null, 1, 2],
  "stdio-probe-then-legacy.jsonl": ["legacy", "2025-11-25", "demo-host 2.4.0", "weather-v1 1.0.0", 19, 45],
  "stdio-legacy-pollution.jsonl": ["legacy", "2025-11-25", "demo-host 1.32.2", "weather-v1 1.0.0", 4, 9],
  "http-modern.json": ["modern", "2026-07-28", "demo-host 2.4.0", "weather-v2 2.0.0", 18, 39],
  "http-legacy-stateless.json": ["legacy", "2025-11-25", "demo-host 2.4.0", "weather-v2 2.0.0", 16, 37],
  "http-sessions.json": ["legacy", "2025-11-25", "demo-host 1.32.2", "weather-v1 1.0.0", 21, 50],
  "http-sse.json": ["legacy", "2025-11-25", "demo-host 1.32.2", "weather-v1 1.0.0", 4, 9],
} as const;

for (const [name, row] of Object.entries(expected))
  test(`${name}: every message has its place`, async () => {
    const { session, calls, counts } = readSession(await lines(name));
    const { era, revision, client, server, requests, messages } = session;
    expect([era, revision, client, server, requests, messages]).toEqual([...row]);
    expect(calls.filter((it) => it.state === "pending").map((it) => it.method)).toEqual([]);
    expect(calls.flatMap((it) => it.rounds).length).toBe(requests);
    const answers = calls.flatMap((it) => it.rounds).filter((it) => it.answer_seq !== null).length;
    // The stateless server refuses the GET stream with an error that answers no request.
    const aside = name === "http-legacy-stateless.json" ? 1 : 0;
    expect(requests + counts.notifications + answers + aside).toBe(messages);
  });

test("what the server asks during a call has that call as parent", async () => {
  const { calls } = readSession(await lines("stdio-legacy-sdk1.jsonl"));
  const ask = calls.find((it) => it.name === "ask");
  expect(calls.filter((it) => it.from === "server").map((it) => [it.method, it.parent?.key])).toEqual([
    ["roots/list", ask?.key],
    ["sampling/createMessage", ask?.key],
    ["elicitation/create", ask?.key],
  ]);
});

test("the same questions in the modern era are one call of two rounds", async () => {
  const { calls } = readSession(await lines("http-modern.json"));
  const ask = calls.find((it) => it.name === "ask");
  expect(ask?.rounds.map((it) => [it.asks.map((one) => one.key), it.answers])).toEqual([
    [["unit", "word", "dirs"], []],
    [[], ["unit", "word", "dirs"]],
  ]);
  expect(ask?.state).toBe("ok");
});

test("a probe alone is known as such; pollution and stderr are found", async () => {
  expect(readSession(await lines("stdio-probe-refused.jsonl")).session.probe).toBe(true);
  const { pollution, stderr, session } = readSession(await lines("stdio-legacy-pollution.jsonl"));
  expect(session.probe).toBe(false);
  expect(pollution.map((it) => it.text)).toEqual(["Listening on stdio", "debug: cache is warm"]);
  expect(stderr.map((it) => it.text)).toEqual(["weather-v1 is ready"]);
});

test("reading live equals reading from disk", async () => {
  for (const name of Object.keys(expected)) {
    const all = await lines(name);
    const live = sessionReader();
    for (const line of all) {
      live.add(line);
      live.row();
      live.reading();
    }
    expect(live.reading()).toEqual(readSession(all));
  }
});
