/** A program that only calls out: the SDK gets a `fetch` that records. No proxy, and no other address. */
import { recordedFetch } from "mcp-proxy-logger";
import OpenAI from "openai";

const target = process.env["PROXY_URL"] ?? "http://localhost:8000";
const logDir = process.env["LOG_DIR"] ?? "logs";

const client = new OpenAI({
  baseURL: `${target}/@demo/v1`,
  apiKey: "none",
  fetch: recordedFetch({ logDir }) as typeof fetch,
});
const answer = await client.chat.completions.create({
  model: "gpt-5-mini",
  messages: [{ role: "user", content: "How does streaming work?" }],
});
process.stdout.write(`${answer.choices[0]?.message.content}\n`);
