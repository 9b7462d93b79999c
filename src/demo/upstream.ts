/** The built-in upstream `demo`: a model that needs no key and no network, and speaks at a human pace. */
import type { ChatCompletionRequest, Fixture, FixtureResponse } from "@copilotkit/aimock";
import { startFront } from "./front.ts";
import { linesOf } from "./lines.ts";
import { script } from "./script.ts";
import { play, sceneAt } from "./stage/stage.ts";
import { fitting } from "./wishes.ts";

export type DemoUpstream = { readonly url: string; readonly stop: () => Promise<void> };

/** Listens on loopback, any free port. The package is loaded here and not before: most programs never need it. */
export async function startDemoUpstream(): Promise<DemoUpstream> {
  const { createServer } = await import("@copilotkit/aimock");
  const wishes = new Wishes();
  const chat: Fixture[] = script.map(({ when, say }) => ({
    match: { endpoint: "chat", predicate: (request) => when(linesOf(request)) },
    response: (request) => {
      const said = say(linesOf(request));
      return "error" in said ? said : { ...said, usage: usageOf(request, said) };
    },
  }));
  const json: Fixture = {
    match: { endpoint: "chat", predicate: ({ _context }) => wishes.has(_context) },
    response: (request) => {
      const said = { content: JSON.stringify(wishes.answer(request._context)) };
      return { ...said, usage: usageOf(request, said) };
    },
  };
  const { server, url } = await createServer([json, ...chat, embedding], {
    port: 0,
    host: "127.0.0.1",
    latency: 30, // ms between chunks: fast reading speed, so that a person sees the stream grow
    chunkSize: 6, // characters, about a token and a half
    journalMaxEntries: 1,
  });
  const front = await startFront({
    behind: url,
    remember: (wish) => wishes.remember(wish),
    // Scenes go first: they answer as they are, down to the broken connection.
    takes(request, response) {
      const scene = sceneAt(request.url);
      if (scene) void play(scene, request, response);
      return scene !== null;
    },
  });
  const stop = async () => {
    await front.stop();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url: front.url, stop };
}

/** What requests ask for beyond their messages, by a name that travels with them. A request takes milliseconds. */
class Wishes {
  readonly #kept = new Map<string, Record<string, unknown>>();
  #count = 0;

  remember(wish: Record<string, unknown>): string {
    const name = `wish-${++this.#count}`;
    this.#kept.set(name, wish);
    if (this.#kept.size > AT_ONCE) this.#kept.delete([...this.#kept.keys()][0] ?? "");
    return name;
  }

  has(name: string | undefined): boolean {
    return name !== undefined && this.#kept.has(name);
  }

  answer(name: string | undefined): unknown {
    return fitting(this.#kept.get(name ?? "") ?? {});
  }
}

/** Requests that are answered at the same time, many times over. */
const AT_ONCE = 100;

const embedding: Fixture = {
  match: { endpoint: "embedding" },
  response: { embedding: Array.from({ length: 16 }, (_, n) => Math.sin(n + 1) / 3) },
};

/** An estimate, as the package makes it for OpenAI's chat (four characters a token), under every dialect's names. */
function usageOf({ messages, tools }: ChatCompletionRequest, said: FixtureResponse) {
  const tokens = (value: unknown) => Math.ceil(JSON.stringify(value ?? "").length / 4);
  const [input, output] = [tokens(messages) + (tools ? tokens(tools) : 0), tokens(Object.values(said))];
  const openai = { prompt_tokens: input, completion_tokens: output };
  const others = { input_tokens: input, output_tokens: output };
  return { ...openai, ...others, promptTokenCount: input, candidatesTokenCount: output };
}
