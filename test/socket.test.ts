/** `/ws`: an exchange shows up when its request comes, grows while it streams, and ends with the row of the list. */
import { expect, test } from "bun:test";
import { delta, type Json, pushed, startProgram, until, upstream } from "./program.ts";

type Frame = { type: string; seq: number; [key: string]: Json };

async function listen(url: string) {
  const socket = new WebSocket(url.replace("http", "ws"));
  const frames: Frame[] = [];
  socket.addEventListener("message", ({ data }) => frames.push(JSON.parse(String(data))));
  await until(() => frames.some(({ type }) => type === "hello"));
  return {
    frames,
    send: (message: object) => socket.send(JSON.stringify(message)),
    frame: (type: string, test: (frame: Frame) => boolean = () => true) =>
      until(() => frames.find((frame) => frame.type === type && test(frame))),
    [Symbol.dispose]: () => socket.close(),
  };
}

test("open, head, bytes for a subscriber, close with the row; and nothing is missed after a resume", async () => {
  const stream = pushed();
  await using mock = upstream(() => stream.response());
  await using program = await startProgram(["--target-url", mock.url]);
  using page = await listen(`${program.pageUrl}/ws`);
  const asked = fetch(`${program.proxyUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Live?" }] }),
  });
  const { row } = await page.frame("exchange.open");
  page.send({ subscribe: row.id });
  stream.push(delta("one "));
  await page.frame("exchange.head");
  await page.frame("exchange.bytes", ({ id, text }) => id === row.id && text?.includes("one "));
  stream.push(delta("two", "stop"));
  stream.push("data: [DONE]\n\n");
  stream.end();
  await (await asked).text();
  const closed = await page.frame("exchange.close");
  expect(closed).toMatchObject({
    ending: "complete",
    row: { id: row.id, state: "done", status: 200, streamed: true, model: "m" },
  });
  const last = page.frames.filter(({ type }) => type !== "hello").map(({ seq }) => seq);
  expect(last).toEqual(last.toSorted((a, b) => a - b));
  for (const frame of page.frames) {
    const swapped = ["content", "payload", "target", "swap", "select"].filter((key) => key in frame);
    expect(frame.type === "html" ? [] : swapped).toEqual([]);
  }
  using again = await listen(`${program.pageUrl}/ws?since=${page.frames[0]!.seq}`);
  expect((await again.frame("exchange.close")).row.id).toBe(row.id);
});

test("a page of another origin gets no socket", async () => {
  await using program = await startProgram();
  const answer = await fetch(`${program.pageUrl}/ws`, {
    headers: { origin: "http://evil.example", upgrade: "websocket", connection: "Upgrade" },
  });
  expect(answer.status).toBe(403);
});
