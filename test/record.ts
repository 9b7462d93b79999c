/**
 * Makes the recordings of src/read/fixtures: `bun test/record.ts`. A mock of every API (@copilotkit/aimock) runs on
 * loopback; what it answers is kept byte for byte, with the times of the reads. Expected readings stand beside the
 * recordings, are checked by eye and never written by this script. What the mock cannot say was written by hand after
 * the API's documentation; those files carry a note.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServer, type Fixture, type FixtureResponse } from "@copilotkit/aimock";

const folder = join(import.meta.dir, "../src/read/fixtures");
const usage = {
  prompt_tokens: 21,
  completion_tokens: 14,
  total_tokens: 35,
  input_tokens: 21,
  output_tokens: 14,
  promptTokenCount: 21,
  candidatesTokenCount: 14,
  totalTokenCount: 35,
};
const said: Record<string, FixtureResponse> = {
  hello: { content: "Hello! 你好 — how can I help?", usage },
  think: { content: "Three.", reasoning: "s-t-r-a-w-b-e-r-r-y: r at 3, 8, 9.", usage },
  weather: {
    content: "Let me look.",
    toolCalls: [
      { id: "call_paris", name: "get_weather", arguments: '{"city":"Paris"}' },
      { id: "call_tokyo", name: "get_weather", arguments: '{"city":"東京"}' },
    ],
    usage,
  },
  limit: {
    error: {
      message: "Rate limit reached for requests",
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
    },
    status: 429,
  },
};
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const fixtures: Fixture[] = [
  ...Object.entries(said).map(([word, response]): Fixture => ({
    match: { userMessage: word, endpoint: "chat" },
    response,
  })),
  ...Object.entries(said).map(([word, response]): Fixture => ({
    match: { userMessage: word, endpoint: "realtime" },
    response,
  })),
  { match: { endpoint: "embedding" }, response: { embedding: [0.25, -0.5, 0.125, 1] } },
  { match: { endpoint: "image" }, response: { image: { b64Json: PIXEL, revisedPrompt: "a red pixel" } } },
  {
    match: { endpoint: "transcription" },
    response: { transcription: { text: "Good morning.", language: "en", duration: 1.5 } },
  },
  {
    match: { endpoint: "speech" },
    response: { audio: "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=" },
  },
];

const description = "The weather now.";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const openaiTools = [{ type: "function", function: { name: "get_weather", description, parameters } }];
const user = (content: string) => [{ role: "user", content }];
const anthropic = { "anthropic-version": "2023-06-01" };

type Case = {
  file: string;
  host: string;
  path: string;
  headers?: Record<string, string>;
  method?: string;
  body: unknown;
};

const cases: Case[] = [
  ...["hello", "think", "weather", "limit"].flatMap((word): Case[] => {
    const tools = word === "weather";
    const chat = { model: "gpt-5", messages: user(word), ...(tools && { tools: openaiTools }) };
    const responses = {
      model: "gpt-5",
      input: word,
      ...(tools && { tools: [{ type: "function", name: "get_weather", description, parameters }] }),
    };
    const messages = {
      model: "claude-sonnet-4-5",
      max_tokens: 500,
      messages: user(word),
      ...(tools && { tools: [{ name: "get_weather", description, input_schema: parameters }] }),
    };
    const contents = {
      contents: [{ role: "user", parts: [{ text: word }] }],
      ...(tools && { tools: [{ functionDeclarations: [{ name: "get_weather", description, parameters }] }] }),
    };
    const converse = {
      messages: [{ role: "user", content: [{ text: word }] }],
      ...(tools && {
        toolConfig: {
          tools: [{ toolSpec: { name: "get_weather", description, inputSchema: { json: parameters } } }],
        },
      }),
    };
    const claude = "/model/anthropic.claude-sonnet-4-5-20250929-v1:0";
    const invoke = { ...messages, anthropic_version: "bedrock-2023-05-31", model: undefined };
    const gemini = "/v1beta/models/gemini-2.5-flash";
    const vertex = "/v1/projects/demo/locations/us-central1/publishers/google/models/gemini-2.5-flash";
    const interaction = {
      model: "gemini-2.5-flash",
      input: word,
      ...(tools && { tools: [{ type: "function", name: "get_weather", description, parameters }] }),
    };
    const usageToo = { stream: true, stream_options: { include_usage: true } };
    const openai = "api.openai.com";
    return [
      { file: `openai-chat/json-${word}`, host: openai, path: "/v1/chat/completions", body: chat },
      {
        file: `openai-chat/stream-${word}`,
        host: openai,
        path: "/v1/chat/completions",
        body: { ...chat, ...usageToo },
      },
      {
        file: `openai-chat/azure-stream-${word}`,
        host: "example.openai.azure.com",
        path: "/openai/deployments/gpt-5/chat/completions?api-version=2024-10-21",
        body: { ...chat, ...usageToo },
      },
      {
        file: `openai-chat/openrouter-stream-${word}`,
        host: "openrouter.ai",
        path: "/api/v1/chat/completions",
        body: { ...chat, model: "openai/gpt-5", ...usageToo },
      },
      { file: `openai-responses/json-${word}`, host: openai, path: "/v1/responses", body: responses },
      {
        file: `openai-responses/stream-${word}`,
        host: openai,
        path: "/v1/responses",
        body: { ...responses, stream: true },
      },
      {
        file: `anthropic-messages/json-${word}`,
        host: "api.anthropic.com",
        path: "/v1/messages",
        headers: anthropic,
        body: messages,
      },
      {
        file: `anthropic-messages/stream-${word}`,
        host: "api.anthropic.com",
        path: "/v1/messages",
        headers: anthropic,
        body: { ...messages, stream: true },
      },
      {
        file: `gemini/json-${word}`,
        host: "generativelanguage.googleapis.com",
        path: `${gemini}:generateContent`,
        body: contents,
      },
      {
        file: `gemini/stream-${word}`,
        host: "generativelanguage.googleapis.com",
        path: `${gemini}:streamGenerateContent?alt=sse`,
        body: contents,
      },
      {
        file: `bedrock-converse/json-${word}`,
        host: "bedrock-runtime.us-east-1.amazonaws.com",
        path: `${claude}/converse`,
        body: converse,
      },
      {
        file: `bedrock-converse/stream-${word}`,
        host: "bedrock-runtime.us-east-1.amazonaws.com",
        path: `${claude}/converse-stream`,
        body: converse,
      },
      {
        file: `bedrock-invoke/json-${word}`,
        host: "bedrock-runtime.us-east-1.amazonaws.com",
        path: `${claude}/invoke`,
        body: invoke,
      },
      {
        file: `bedrock-invoke/stream-${word}`,
        host: "bedrock-runtime.us-east-1.amazonaws.com",
        path: `${claude}/invoke-with-response-stream`,
        body: invoke,
      },
      {
        file: `vertex-gemini/json-${word}`,
        host: "us-central1-aiplatform.googleapis.com",
        path: `${vertex}:generateContent`,
        body: contents,
      },
      {
        file: `vertex-gemini/stream-${word}`,
        host: "us-central1-aiplatform.googleapis.com",
        path: `${vertex}:streamGenerateContent?alt=sse`,
        body: contents,
      },
      {
        file: `gemini-interactions/json-${word}`,
        host: "generativelanguage.googleapis.com",
        path: "/v1beta/interactions",
        body: interaction,
      },
      {
        file: `gemini-interactions/stream-${word}`,
        host: "generativelanguage.googleapis.com",
        path: "/v1beta/interactions",
        body: { ...interaction, stream: true },
      },
      {
        file: `ollama/generate-json-${word}`,
        host: "localhost:11434",
        path: "/api/generate",
        body: { model: "llama3.2", system: "Be brief.", prompt: word, stream: false },
      },
      {
        file: `ollama/generate-stream-${word}`,
        host: "localhost:11434",
        path: "/api/generate",
        body: { model: "llama3.2", system: "Be brief.", prompt: word },
      },
      {
        file: `ollama/json-${word}`,
        host: "localhost:11434",
        path: "/api/chat",
        body: { ...chat, model: "llama3.2", stream: false },
      },
      {
        file: `ollama/stream-${word}`,
        host: "localhost:11434",
        path: "/api/chat",
        body: { ...chat, model: "llama3.2" },
      },
      {
        file: `cohere/json-${word}`,
        host: "api.cohere.com",
        path: "/v2/chat",
        body: { ...chat, model: "command-a-03-2025" },
      },
      {
        file: `cohere/stream-${word}`,
        host: "api.cohere.com",
        path: "/v2/chat",
        body: { ...chat, model: "command-a-03-2025", stream: true },
      },
    ];
  }),
  {
    file: "openai-embeddings/json-two",
    host: "api.openai.com",
    path: "/v1/embeddings",
    body: { model: "text-embedding-3-small", input: ["one", "two"] },
  },
  {
    file: "openai-embeddings/json-base64",
    host: "api.openai.com",
    path: "/v1/embeddings",
    body: { model: "text-embedding-3-small", input: "one", encoding_format: "base64" },
  },
  {
    file: "gemini-embeddings/json-one",
    host: "generativelanguage.googleapis.com",
    path: "/v1beta/models/gemini-embedding-001:embedContent",
    body: { content: { parts: [{ text: "one" }] } },
  },
  {
    file: "cohere-embeddings/json-one",
    host: "api.cohere.com",
    path: "/v2/embed",
    body: { model: "embed-v4.0", input_type: "search_query", embedding_types: ["float"], texts: ["one"] },
  },
  {
    file: "ollama/embed-json-one",
    host: "localhost:11434",
    path: "/api/embed",
    body: { model: "nomic-embed-text", input: "one" },
  },
  {
    file: "openai-images/json-pixel",
    host: "api.openai.com",
    path: "/v1/images/generations",
    body: { model: "gpt-image-1", prompt: "a red pixel" },
  },
  {
    file: "openai-moderations/json-safe",
    host: "api.openai.com",
    path: "/v1/moderations",
    body: { model: "omni-moderation-latest", input: "hello" },
  },
  { file: "models/json-list", host: "api.openai.com", path: "/v1/models", method: "GET", body: null },
];

const { server, url } = await createServer(fixtures, {
  port: 0,
  host: "127.0.0.1",
  latency: 3,
  chunkSize: 7,
});
for (const one of cases.filter(isKept)) await record(one);
await recordForm();
await recordSocket(
  "openai-responses/socket-weather",
  "/v1/responses",
  [{ type: "response.create", model: "gpt-5", input: user("weather") }],
  "response.completed",
);
await recordSocket(
  "openai-realtime/socket-hello",
  "/v1/realtime?model=gpt-realtime",
  [
    {
      type: "session.update",
      session: { type: "realtime", instructions: "Be brief.", output_modalities: ["text"] },
    },
    {
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text: "hello" }] },
    },
    { type: "response.create" },
  ],
  "response.done",
);
server.closeAllConnections();
server.close();

/** One host is enough for what many hosts say alike; the mock has no reasoning for two of the APIs. */
function isKept({ file }: Case): boolean {
  if (file.endsWith("-limit"))
    return /^(openai-chat|anthropic-messages|gemini|bedrock-converse)\/json/.test(file);
  if (file.endsWith("-think"))
    return !/^(cohere|ollama\/(json|stream)|gemini-int|openai-chat\/azure)/.test(file);
  if (/^(vertex-gemini|ollama\/generate)/.test(file)) return false;
  return !/\/(azure|openrouter)-stream-hello/.test(file);
}

async function record({ file, host, path, headers = {}, method = "POST", body }: Case): Promise<void> {
  const sent = { "content-type": "application/json", ...headers };
  const response = await fetch(url + path, {
    method,
    headers: { ...sent, authorization: "Bearer none" },
    body: body === null ? null : JSON.stringify(body),
  });
  const answer = await readAnswer(response);
  write(file, { request: { method, path, host, headers: sent, body }, response: answer });
}

async function recordForm(): Promise<void> {
  const form = new FormData();
  form.set("model", "whisper-1");
  form.set("file", new File([new Uint8Array(44)], "morning.wav", { type: "audio/wav" }));
  const request = new Request(`${url}/v1/audio/transcriptions`, {
    method: "POST",
    body: form,
    headers: { authorization: "Bearer none" },
  });
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  const body = await request.clone().text();
  const response = await readAnswer(await fetch(request));
  write("openai-audio/json-transcription", {
    request: { method: "POST", path: "/v1/audio/transcriptions", host: "api.openai.com", headers, body },
    response,
  });
}

async function readAnswer(response: Response) {
  const start = performance.now();
  const pieces: Uint8Array[] = [];
  const reads: [t_ms: number, bytes: number][] = [];
  for await (const bytes of response.body ?? []) {
    pieces.push(bytes);
    reads.push([Math.round(performance.now() - start), bytes.length]);
  }
  const all = Buffer.concat(pieces);
  const binary = response.headers.get("content-type")?.includes("eventstream") ?? false;
  const text = binary
    ? { body: all.toString("base64"), body_encoding: "base64" }
    : { body: all.toString("utf8") };
  return {
    status: response.status,
    headers: { "content-type": response.headers.get("content-type") },
    ...text,
    reads,
  };
}

/** Sends each message when the one before was answered, until the server said `last`. */
async function recordSocket(file: string, path: string, sends: object[], last: string): Promise<void> {
  const start = performance.now();
  const messages: { t_ms: number; from: "client" | "server"; text: string }[] = [];
  const note = (from: "client" | "server", text: string) =>
    messages.push({ t_ms: Math.round(performance.now() - start), from, text });
  const socket = new WebSocket(url.replace("http", "ws") + path, {
    headers: { authorization: "Bearer none" },
  } as unknown as string[]);
  const over = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => {
    note("server", String(data));
    if ((JSON.parse(String(data)) as { type: string }).type === last) socket.close();
  };
  socket.onclose = () => over.resolve();
  socket.onopen = () => {
    for (const message of sends) {
      const text = JSON.stringify(message);
      note("client", text);
      socket.send(text);
    }
  };
  await over.promise;
  write(file, {
    request: { method: "GET", path, host: "api.openai.com", headers: {}, body: null },
    response: { status: 101, body: "" },
    messages,
  });
}

function write(file: string, recording: object): void {
  const path = join(folder, `${file}.json`);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `${JSON.stringify(recording, null, 1)}\n`);
}
