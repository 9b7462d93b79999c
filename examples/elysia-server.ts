/** An Elysia server of one's own that proxies, streams and records, by one plug-in. It asks itself once, and leaves. */
import { Elysia } from "elysia";
import { recordedProxy } from "mcp-proxy-logger";
import OpenAI from "openai";

const proxy = process.env["PROXY_URL"] ?? "http://localhost:8000";
const logDir = process.env["LOG_DIR"] ?? "logs";

const app = new Elysia()
  .get("/", () => "a page of your own")
  .use(recordedProxy({ prefix: "/llm", target: `${proxy}/@demo/v1`, logDir }))
  .listen({ port: 0, hostname: "127.0.0.1" });

const client = new OpenAI({ baseURL: `${app.server!.url.origin}/llm`, apiKey: "none" });
const stream = await client.chat.completions.create({
  model: "gpt-5-mini",
  stream: true,
  messages: [{ role: "user", content: "How does streaming work?" }],
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
process.stdout.write("\n");
await app.stop(true);
