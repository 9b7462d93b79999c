/** The official OpenAI SDK through the proxy: only `baseURL` is another one. */
import OpenAI from "openai";

const proxy = process.env["PROXY_URL"] ?? "http://localhost:8000";
const client = new OpenAI({ baseURL: `${proxy}/@demo/v1`, apiKey: "none" });

const stream = await client.chat.completions.create({
  model: "gpt-5-mini",
  stream: true,
  messages: [{ role: "user", content: "How does streaming work?" }],
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
process.stdout.write("\n");
