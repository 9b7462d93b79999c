/**
 * An MCP host: its model is asked through the proxy, its server is started through the recorder. Both sides appear on the
 * page, call by call.
 */
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";

const proxy = process.env["PROXY_URL"] ?? "http://localhost:8000";
const project = join(import.meta.dir, "..");

const server = new Client({ name: "example-host", version: "1.0.0" });
const logDir = process.env["LOG_DIR"];
const tap = ["tap", "--name", "weather", ...(logDir ? ["--log-dir", logDir] : [])];
const command = ["bun", join(project, "src", "mcp", "weather.ts"), "--provider", "sample"];
const args = [join(project, "src", "cli.ts"), ...tap, "--", ...command];
await server.connect(new StdioClientTransport({ command: "bun", args, env: getDefaultEnvironment() }));

const model = new OpenAI({ baseURL: `${proxy}/@demo/v1`, apiKey: "none" });
const { tools } = await server.listTools();
const messages: ChatCompletionMessageParam[] = [
  { role: "user", content: "What will the weather be in Paris for 3 days?" },
];
for (let turn = 0; turn < 5; turn++) {
  const { choices } = await model.chat.completions.create({
    model: "gpt-5-mini",
    messages,
    tools: tools.map(({ name, description = "", inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    })),
  });
  const answer = choices[0]!.message;
  messages.push(answer);
  if (!answer.tool_calls) {
    process.stdout.write(`${answer.content}\n`);
    break;
  }
  for (const call of answer.tool_calls) {
    if (call.type !== "function") continue;
    const { name, arguments: said } = call.function;
    const result = await server.callTool({ name, arguments: JSON.parse(said) });
    messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(result.content) });
  }
}
await server.close();
