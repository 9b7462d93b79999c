/** The official clients notice nothing, and everything that they said is in the files and on the page. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import {
  delta,
  exchangeFiles,
  getJson,
  type Json,
  type Program,
  startProgram,
  until,
  upstream,
} from "./program.ts";

const answer = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Grüße 🌍" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
};
const mock = upstream(async (request) => {
  const { stream } = (await request.json()) as { stream?: boolean };
  if (!stream) return Response.json(answer);
  const text = delta("Grüße ") + delta("🌍") + delta("", "stop") + "data: [DONE]\n\n";
  return new Response(text, { headers: { "content-type": "text/event-stream" } });
});

let program: Program;
beforeAll(async () => {
  program = await startProgram(["--target-url", `${mock.url}/v1`]);
});
afterAll(async () => {
  await program[Symbol.asyncDispose]();
  await mock[Symbol.asyncDispose]();
});

const messages = [{ role: "user" as const, content: "Hello!" }];
const find = async (test: (file: Json) => boolean) =>
  until(async () => (await exchangeFiles(program.logDir)).find(test));

test("openai, not streamed: the answer, the upstream's path, the file", async () => {
  const openai = new OpenAI({
    baseURL: `${program.proxyUrl}/v1`,
    apiKey: "sk-secret-0123456789",
    maxRetries: 0,
  });
  const got = await openai.chat.completions.create({ model: "m", messages });
  expect(got).toMatchObject(answer as object);
  expect(mock.requests.at(-1)).toMatchObject({ path: "/v1/chat/completions" });
  expect(mock.requests.at(-1)?.headers.get("authorization")).toBe("Bearer sk-secret-0123456789");
  const file = await find((it) => it["response_body"]?.id === "chatcmpl-1");
  expect(file).toMatchObject({
    format: 1,
    method: "POST",
    path: "/v1/chat/completions",
    target: `${mock.url}/v1/chat/completions`,
    body: { model: "m", messages },
    response_status: 200,
    response_body: answer,
    ending: "complete",
    error: null,
    dialect: "openai-chat",
    model: "m",
  });
  expect(JSON.stringify(file)).not.toContain("sk-secret-0123456789");
});

test("openai, streamed: the chunks joined are the body, and the message is put together", async () => {
  const openai = new OpenAI({ baseURL: `${program.proxyUrl}/v1`, apiKey: "none", maxRetries: 0 });
  const stream = openai.chat.completions.stream({ model: "m", messages });
  expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe("Grüße 🌍");
  const file = await find((it) => it["response_chunks"] && it["target"].startsWith(mock.url));
  expect(file["response_chunks"].map((chunk: { data: string }) => chunk.data).join("")).toBe(
    delta("Grüße ") + delta("🌍") + delta("", "stop") + "data: [DONE]\n\n",
  );
  expect(file["response_body"].choices[0].message.content).toBe("Grüße 🌍");
});

test("openai against the demo: a stream in many pieces, each with its time", async () => {
  const openai = new OpenAI({ baseURL: `${program.proxyUrl}/@demo/v1`, apiKey: "none", maxRetries: 0 });
  const stream = await openai.chat.completions.create({ model: "gpt-4.1-mini", messages, stream: true });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  const file = await find((it) => it["path"].startsWith("/@demo/v1/chat") && it["response_chunks"]);
  expect(file["response_body"].choices[0].message.content).toBe(text);
  expect(file["response_chunks"].length).toBeGreaterThan(10);
  const times = file["response_chunks"].map((chunk: { t_ms: number }) => chunk.t_ms);
  expect(times).toEqual(times.toSorted((a: number, b: number) => a - b));
});

test("anthropic against the demo, streamed and not", async () => {
  const anthropic = new Anthropic({ baseURL: `${program.proxyUrl}/@demo`, apiKey: "none", maxRetries: 0 });
  const asked = { model: "claude-opus-5", max_tokens: 100, messages };
  const whole = await anthropic.messages.create(asked);
  const streamed = await anthropic.messages.stream(asked).finalMessage();
  expect(JSON.parse(JSON.stringify(streamed.content))).toMatchObject(
    JSON.parse(JSON.stringify(whole.content)),
  );
  const file = await find((it) => it["dialect"] === "anthropic-messages" && it["response_chunks"]);
  expect(file["response_body"]).toMatchObject({
    type: "message",
    content: JSON.parse(JSON.stringify(whole.content)),
  });
});

test("an error of the API is data: the SDK sees it, the file has it", async () => {
  const openai = new OpenAI({ baseURL: `${program.proxyUrl}/@demo/v1`, apiKey: "none", maxRetries: 0 });
  const asked = openai.chat.completions.create({
    model: "m",
    messages: [{ role: "user", content: "an error, please" }],
  });
  expect(await asked.catch((error: unknown) => error)).toBeInstanceOf(OpenAI.RateLimitError);
  expect(await find((it) => it["response_status"] === 429)).toMatchObject({
    ending: "complete",
    error: null,
  });
});

test("the page lists them, newest first, and gives file and reading", async () => {
  await exchangeFiles(program.logDir, 6);
  const page = await until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/exchanges?limit=50`);
    return items.length >= 6 && items.every((row: { state: string }) => row.state === "done") && items;
  });
  const times = page.map((row: { at: number }) => row.at);
  expect(times).toEqual(times.toSorted((a: number, b: number) => b - a));
  const streamed = page.find(
    (row: { upstream: string; streamed: boolean }) => row.upstream === "demo" && row.streamed,
  );
  const file = await getJson(`${program.pageUrl}/api/exchanges/${streamed.id}`);
  expect(file.id).toBe(streamed.id);
  const reading = await getJson(`${program.pageUrl}/api/exchanges/${streamed.id}/reading`);
  expect(reading.text.length).toBeGreaterThan(20);
  const found = await getJson(`${program.pageUrl}/api/exchanges?q=Grüße`);
  expect(found.items).toHaveLength(2);
});
