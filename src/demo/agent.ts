/** A small agent, as people write them: the official OpenAI SDK for the model, the official MCP SDK for the tools. */
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import OpenAI, { APIError } from "openai";
import type { ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";

export type DemoOptions = {
  /** Where the proxy listens, without a path. */
  readonly proxyUrl: string;
  /** Where the weather server writes the record of its session. */
  readonly logDir: string;
  /** Gets the transcript line by line. */
  readonly say: (line: string) => void;
  readonly language?: "en" | "zh";
  readonly signal?: AbortSignal;
};

/**
 * Asks four things: a greeting, a forecast (the model calls a tool over MCP), a comparison (two calls at once, their
 * long results cut before the model sees them, as many agents do), and one that ends in an error.
 */
export async function runDemo({
  proxyUrl,
  logDir,
  say,
  language = "en",
  signal,
}: DemoOptions): Promise<void> {
  // The key is not one: it is there so that the page can show how a key is masked.
  const model = new OpenAI({ baseURL: `${proxyUrl}/@demo/v1`, apiKey: "sk-demo-0000000000", maxRetries: 0 });
  const server = new Client({ name: "demo-agent", version: "1.0.0" });
  say("start  weather");
  await server.connect(weather(logDir));
  try {
    const { tools } = await server.listTools();
    say(`mcp    ${tools.map(({ name }) => name).join(", ")}`);
    const messages: ChatCompletionMessageParam[] = [{ role: "system", content: words[language].system }];
    for (const content of words[language].asks) {
      say(`user   ${content}`);
      messages.push({ role: "user", content });
      await turn({ model, server, messages, tools: tools.map(asFunction), say, signal, language });
    }
  } finally {
    await server.close();
  }
}

type Turn = {
  readonly model: OpenAI;
  readonly server: Client;
  readonly messages: ChatCompletionMessageParam[];
  readonly tools: ChatCompletionTool[];
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly language: "en" | "zh";
};

/** The loop at the heart of every agent: ask, run the tools that the model wants, send the results back, ask again. */
async function turn({ model, server, messages, tools, say, signal, language }: Turn): Promise<void> {
  for (let round = 0; round < 4; round++) {
    const request = { model: "gpt-4.1-mini", messages, tools, stream_options: { include_usage: true } };
    const asked = model.chat.completions.stream(request, { signal });
    const message = await asked.finalMessage().catch((error: unknown) => {
      if (!(error instanceof APIError) || error.status === undefined) throw error;
      say(`error  ${error.message}`);
      return null;
    });
    if (message === null) return;
    messages.push(message);
    if (message.content) say(`model  ${message.content.replaceAll("\n", "\n       ")}`);
    const calls = (message.tool_calls ?? []).filter((call) => call.type === "function");
    if (calls.length === 0) return;
    for (const { function: wanted } of calls) say(`call   ${wanted.name}(${wanted.arguments})`);
    const results = await Promise.all(
      calls.map(async ({ id, function: { name, arguments: args } }) => {
        const content = shortened(await callTool(server, name, args), language);
        return { role: "tool" as const, tool_call_id: id, content };
      }),
    );
    for (const { content } of results)
      say(`result ${content.length > 200 ? `${content.slice(0, 200)}…` : content}`);
    messages.push(...results);
  }
}

/** Characters of a result that the model sees: agents cut long ones to save context. Three days fit, seven do not. */
const MOST_SEEN = 900;

function shortened(text: string, language: "en" | "zh"): string {
  if (text.length <= MOST_SEEN) return text;
  return `${text.slice(0, MOST_SEEN)}\n${language === "zh" ? `[已截断：${text.length} 个字符中的 ${MOST_SEEN} 个]` : `[cut: ${MOST_SEEN} of ${text.length} characters]`}`;
}

/** What the model gets to read: the structured content where there is one, for its exact numbers, else the text. */
async function callTool(server: Client, name: string, args: string): Promise<string> {
  const result = await server.callTool({ name, arguments: JSON.parse(args) });
  if (result.structuredContent !== undefined) return JSON.stringify(result.structuredContent);
  const parts = Array.isArray(result.content) ? result.content : [];
  return parts.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
}

type ListedTool = Awaited<ReturnType<Client["listTools"]>>["tools"][number];

function asFunction({ name, description, inputSchema }: ListedTool): ChatCompletionTool {
  return {
    type: "function",
    function: { name, ...(description && { description }), parameters: inputSchema },
  };
}

function weather(logDir: string): StdioClientTransport {
  return new StdioClientTransport({
    command: process.execPath,
    args: [fileURLToPath(new URL("../mcp/weather.ts", import.meta.url))],
    env: { ...getDefaultEnvironment(), LOG_DIR: logDir },
    // Our own folder: Bun runs what a bunfig.toml of the working directory names.
    cwd: import.meta.dir,
    stderr: "ignore",
  });
}

const words = {
  en: {
    system: "You are a friendly weather assistant. Use the tools for facts.",
    asks: [
      "Hello!",
      "What will the weather be like in Paris for the next 3 days?",
      "Compare the weather of Oslo and Lisbon for the next 7 days.",
      "Now show me what an error looks like.",
    ],
  },
  zh: {
    system: "你是一个友好的天气助手。涉及事实时请使用工具。",
    asks: [
      "你好！",
      "请问巴黎未来 3 天的天气怎么样？",
      "请比较北京和上海未来 7 天的天气。",
      "最后，请给我看看出错时是什么样子。",
    ],
  },
};
