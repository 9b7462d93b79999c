/** The real program as a person starts it, on free ports and a folder of its own; and upstreams that say what they are told. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dir, "..");
export const cli = join(root, "src/cli.ts");

export type Program = AsyncDisposable & {
  readonly proxyUrl: string;
  readonly pageUrl: string;
  readonly logDir: string;
  readonly process: Bun.Subprocess<"ignore", "pipe", "pipe">;
  /** What it has said. */
  stdout(): string;
};

/** Resolves when both ports are open. `logDir` may be that of a program that ended; it is removed at the end. */
export async function startProgram(
  args: readonly string[] = [],
  logDir?: string,
  env: Record<string, string> = {},
): Promise<Program> {
  const folder = logDir ?? (await newFolder());
  const started = spawn(["start", "--port", "0", "--web-port", "0", "--log-dir", folder, ...args], env);
  let said = "";
  const { promise: listening, resolve } = Promise.withResolvers<[string, string] | null>();
  const hear = async () => {
    for await (const text of started.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      const [proxyUrl, pageUrl] = ["proxy", "dashboard"].map(
        (name) => said.match(`(?:^|\n)${name} +(\\S+)`)?.[1],
      );
      if (proxyUrl && pageUrl && said.endsWith("\n")) resolve([proxyUrl, pageUrl]);
    }
    resolve(null);
  };
  void hear();
  const urls = await listening;
  if (!urls) throw new Error(`it did not start: ${said}${await new Response(started.stderr).text()}`);
  return {
    proxyUrl: urls[0],
    pageUrl: urls[1],
    logDir: folder,
    process: started,
    stdout: () => said,
    async [Symbol.asyncDispose]() {
      started.kill("SIGKILL");
      await started.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type PageProgram = AsyncDisposable & { readonly pageUrl: string };

/** The page alone, over a log folder or a store, until it listens. */
export async function startPage(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<PageProgram> {
  const started = spawn(["web", "--web-port", "0", ...args], env);
  let said = "";
  for await (const text of started.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    const pageUrl = /(?:^|\n)dashboard +(\S+)\n/.exec(said)?.[1];
    if (pageUrl === undefined) continue;
    return {
      pageUrl,
      async [Symbol.asyncDispose]() {
        started.kill("SIGKILL");
        await started.exited;
      },
    };
  }
  throw new Error(`it did not start: ${said}${await new Response(started.stderr).text()}`);
}

/** Runs a command of the program to its end. */
export async function run(args: readonly string[], env: Record<string, string> = {}) {
  const program = spawn(args, env);
  const [stdout, stderr] = await Promise.all([
    new Response(program.stdout).text(),
    new Response(program.stderr).text(),
  ]);
  return { code: await program.exited, stdout, stderr };
}

/** Nothing of the tester's own settings: no keys, no targets. */
function spawn(args: readonly string[], env: Record<string, string> = {}) {
  return Bun.spawn([process.execPath, cli, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), WEATHER_PROVIDER: "sample", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "mcp-proxy-logger-"));
}

/** Asks again until it is so; the test's own time-out ends it. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    await Bun.sleep(10);
  }
}

/** JSON that a test looks into without ceremony: a wrong guess fails the test anyway. */
// oxlint-disable-next-line no-explicit-any
export type Json = any;

export async function getJson(url: string): Promise<Json> {
  return (await fetch(url)).json();
}

/** Every exchange file, oldest first, when there are at least `count`. */
export async function exchangeFiles(logDir: string, count = 1): Promise<Json[]> {
  const folder = join(logDir, "llm_proxy");
  const names = await until(async () => {
    const found = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
    return found.length >= count && found.sort();
  });
  return Promise.all(names.map((name) => Bun.file(join(folder, name)).json()));
}

export type Upstream = AsyncDisposable & {
  readonly url: string;
  /** Requests as they came, in order. */
  readonly requests: { readonly path: string; readonly headers: Headers; readonly body: string }[];
};

export function upstream(answer: (request: Request) => Response | Promise<Response>): Upstream {
  const requests: Upstream["requests"] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      requests.push({
        path: pathname + search,
        headers: request.headers,
        body: await request.clone().text(),
      });
      return answer(request);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** A stream that says what the test pushes, when it pushes it. */
export function pushed() {
  let out!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (out = controller) });
  return {
    response: () => new Response(body, { headers: { "content-type": "text/event-stream" } }),
    push: (text: string) => out.enqueue(new TextEncoder().encode(text)),
    end: () => out.close(),
  };
}

/** An event of OpenAI's chat stream. */
export function delta(content: string, finish: string | null = null): string {
  const choices = [{ index: 0, delta: { role: "assistant", content }, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices })}\n\n`;
}
