/** The built-in upstream `demo`: a model that needs no key and no network, and speaks at a human pace. */
import type { ChatCompletionRequest, Fixture, FixtureResponse } from "@copilotkit/aimock";
import type { RequestListener } from "node:http";
import { script } from "./script.ts";
import { play, sceneAt } from "./stage/stage.ts";

export type DemoUpstream = { readonly url: string; readonly stop: () => Promise<void> };

/** Listens on loopback, any free port. The package is loaded here and not before: most programs never need it. */
export async function startDemoUpstream(): Promise<DemoUpstream> {
  const { createServer } = await import("@copilotkit/aimock");
  const chat: Fixture[] = script.map(({ when, say }) => ({
    match: { endpoint: "chat", predicate: (request) => when(linesOf(request)) },
    response: (request) => {
      const said = say(linesOf(request));
      return "error" in said ? said : { ...said, usage: usageOf(request, said) };
    },
  }));
  const { server, url } = await createServer([...chat, embedding], {
    port: 0,
    host: "127.0.0.1",
    latency: 30, // ms between chunks: fast reading speed, so that a person sees the stream grow
    chunkSize: 6, // characters, about a token and a half
    journalMaxEntries: 1,
  });
  // Scenes go first; the package's own listeners get the rest as they would.
  const own = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    const scene = sceneAt(request.url);
    if (scene) void play(scene, request, response);
    else for (const listener of own) listener(request, response);
  });
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url, stop };
}

const embedding: Fixture = {
  match: { endpoint: "embedding" },
  response: { embedding: Array.from({ length: 16 }, (_, n) => Math.sin(n + 1) / 3) },
};

/** What a line of the script looks at. The package brings every dialect into the shape of OpenAI's chat. */
export type Lines = {
  /** The last thing that the user said. */
  readonly asked: string;
  /** The last tool result after it, or null; and all of them. */
  readonly result: string | null;
  readonly results: readonly string[];
  /** Names of the tools that the client offers. */
  readonly tools: readonly string[];
};

function linesOf(request: ChatCompletionRequest): Lines {
  const last = request.messages.findLastIndex(({ role }) => role === "user");
  const results = request.messages.slice(last + 1).filter(({ role }) => role === "tool");
  return {
    asked: withoutAsides(textOf(request.messages[last]?.content)),
    result: results.length > 0 ? textOf(results.at(-1)?.content) : null,
    results: results.map(({ content }) => textOf(content)),
    tools: (request.tools ?? []).map((tool) => tool.function.name),
  };
}

/** Agents put words of their own into what the user said: `<system-reminder>…</system-reminder>`. */
function withoutAsides(text: string): string {
  return text.replaceAll(/<([a-z][\w-]*)>[^]*?<\/\1>\s*/g, "").trim() || text;
}

/** An estimate, as the package makes it for OpenAI's chat (four characters a token), under every dialect's names. */
function usageOf({ messages, tools }: ChatCompletionRequest, said: FixtureResponse) {
  const tokens = (value: unknown) => Math.ceil(JSON.stringify(value ?? "").length / 4);
  const [input, output] = [tokens(messages) + (tools ? tokens(tools) : 0), tokens(Object.values(said))];
  const openai = { prompt_tokens: input, completion_tokens: output };
  const others = { input_tokens: input, output_tokens: output };
  return { ...openai, ...others, promptTokenCount: input, candidatesTokenCount: output };
}

type Content = ChatCompletionRequest["messages"][number]["content"];

function textOf(content: Content | undefined): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}
