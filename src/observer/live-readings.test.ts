import { expect, test } from "bun:test";
import { concat } from "../fact/concat.ts";
import type { Fact } from "../fact/fact.ts";
import { encodeFacts } from "../fact/line.ts";
import { createMask } from "../fact/mask.ts";
import type { Frame } from "../fact/frame.ts";
import { createFeed } from "../feed/ring.ts";
import { createWay } from "./way.testkit.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const delta = (content: string) =>
  bytes(
    `data: ${JSON.stringify({ object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta: { content } }] })}\n\n`,
  );
const path = "/v1/chat/completions";
const open: Fact = {
  fact: "open",
  id: "a",
  at: 1_700_000_000_000,
  wire: "http",
  method: "POST",
  path,
  upstream: "u",
  target: `http://h${path}`,
  headers: [["content-type", "application/json"]],
};
const asked: Fact = {
  fact: "bytes",
  id: "a",
  t: 1,
  from: "client",
  bytes: bytes('{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}'),
};
const head: Fact = {
  fact: "head",
  id: "a",
  t: 2,
  status: 200,
  headers: [["content-type", "text/event-stream"]],
};
const said = (t: number, content: string): Fact => ({
  fact: "bytes",
  id: "a",
  t,
  from: "server",
  bytes: delta(content),
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(2);
}

/** Who listens, and the recorder that it listens to. */
function listening(mask: Parameters<typeof createWay>[0] = {}) {
  const feed = createFeed({ ring: 1_000, queue: 1_000 });
  const way = createWay({ feed, ...mask });
  const frames: Frame[] = [];
  const listener = feed.listen((some) => (frames.push(...some), "sent"));
  return {
    way,
    frames,
    listener,
    tell: (...facts: Fact[]) => way.recorder.take(concat(encodeFacts(facts))),
    text: () =>
      frames
        .flatMap((frame) => (frame.type === "exchange.added" ? frame.parts : []))
        .map(({ append }) => append)
        .join(""),
  };
}

test("who follows from the middle gets a snapshot, and then each piece once", async () => {
  const { way, listener, frames, tell, text } = listening();
  await using _ = way;
  tell(open, asked, head, said(3, "one "), said(4, "two "));
  listener.subscribe({ what: "added", of: "a" });
  const snapshot = way.recorder.live("a", 0);
  tell(said(5, "three "));
  await until(() => text() !== "");
  expect([snapshot?.parts.map((part) => part.text), snapshot?.events.length]).toEqual([["one two "], 2]);
  const added = frames.find((frame) => frame.type === "exchange.added");
  expect(added).toMatchObject({ id: "a", from_n: 2, fresh: false, ttfb: 2, ttft: 3 });
  expect(added).toMatchObject({ parts: [{ n: 0, kind: "text", at: 8, append: "three " }] });
  const later = way.recorder.live("a", 2);
  expect([later?.events.map(([n]) => n), later?.parts.map((part) => part.text)]).toEqual([
    [2],
    ["one two three "],
  ]);
});

test("the row of an exchange in flight says what is asked, and grows while it is answered", async () => {
  const { way, frames, tell } = listening();
  await using _ = way;
  const row = () => way.recorder.inFlight()[0];
  tell(open, asked);
  await until(() => row()?.model === "m");
  expect(row()).toMatchObject({ state: "waiting", asked: "Hi", dialect: "openai-chat" });
  tell(head);
  await until(() => row()?.state === "streaming");
  tell(said(3, "It is "), said(4, "sunny."));
  await until(() => frames.some((frame) => frame.type === "exchange.row" && frame.row.answered !== ""));
  expect(row()).toMatchObject({
    answered: "It is sunny.",
    ttft_ms: 3,
    bytes_in: 71,
  });
  const rows = frames.filter((frame) => frame.type === "exchange.row");
  expect(rows.length).toBeLessThan(6);
});

test("a key that comes in many small pieces is masked where they are put together", async () => {
  const mask = createMask((text) => Bun.hash(text).toString(16));
  const { way, listener, tell, text } = listening({ mask });
  await using _ = way;
  listener.subscribe({ what: "added", of: "a" });
  const key = `sk-proj-${"Ab1dEf2h".repeat(6)}`;
  tell(open, asked, head, ...[...`Use ${key} now.`].map((letter, n) => said(3 + n, letter)));
  await until(() => text().endsWith("now."));
  expect(text()).toBe(mask.text(`Use ${key} now.`));
  expect(text()).not.toContain("Ab1dEf2hAb1d");
});
