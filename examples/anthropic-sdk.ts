/** The official Anthropic SDK through the proxy: only `baseURL` is another one. */
import Anthropic from "@anthropic-ai/sdk";

const proxy = process.env["PROXY_URL"] ?? "http://localhost:8000";
const client = new Anthropic({ baseURL: `${proxy}/@demo`, apiKey: "none" });

const stream = client.messages.stream({
  model: "claude-haiku-5-5",
  max_tokens: 500,
  messages: [{ role: "user", content: "How does streaming work?" }],
});
stream.on("text", (text) => process.stdout.write(text));
await stream.finalMessage();
process.stdout.write("\n");
