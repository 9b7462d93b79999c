/** What a lesson is played with: plain requests to the demo model through the proxy, and plain lines to the weather server. */
import { fileURLToPath } from "node:url";

export type Stage = {
  /** Where the proxy listens, without a path. */
  readonly proxyUrl: string;
  /** Where the weather server writes the record of its session. */
  readonly logDir: string;
};

export type Json = Record<string, unknown>;

/** As an SDK asks, written out. Resolves with the whole answer; one that breaks off, with what came. */
export async function ask(
  { proxyUrl }: Stage,
  path: string,
  body: Json,
  { headers = {}, leaveAfter = Infinity }: { headers?: Record<string, string>; leaveAfter?: number } = {},
): Promise<string> {
  const leave = new AbortController();
  const isClaude = path.endsWith("/messages");
  let text = "";
  try {
    const answer = await fetch(`${proxyUrl}/@demo${path}`, {
      method: "POST",
      // The key is not one: it is there so that the page can show how a key is masked.
      headers: {
        "content-type": "application/json",
        "user-agent": "lesson/1.0",
        ...(isClaude
          ? { "x-api-key": "sk-ant-demo-0000000000", "anthropic-version": "2023-06-01" }
          : { authorization: "Bearer sk-demo-0000000000" }),
        ...headers,
      },
      body: JSON.stringify(body),
      signal: leave.signal,
    });
    let pieces = 0;
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (++pieces >= leaveAfter) leave.abort();
    }
  } catch {
    // What broke off, or was left: the record has what there is, and that is the lesson.
  }
  return text;
}

export type Server = {
  /** Sends a request and waits for its answer; questions of the server's are answered by `reply`. */
  request(method: string, params: Json): Promise<Json>;
  notify(method: string, params?: Json): void;
  /** Waits until the server has said a line of this kind. */
  heard(fits: (message: Json) => boolean): Promise<Json>;
};

/** `reply`: what the person says to a question. `patience`: ms that an answer may take before it is given up. */
export async function withWeather(
  { logDir }: Stage,
  args: readonly string[],
  play: (server: Server) => Promise<void>,
  { reply, patience = 10_000 }: { reply?: (message: Json) => Json; patience?: number } = {},
): Promise<void> {
  const path = fileURLToPath(new URL("../../mcp/weather.ts", import.meta.url));
  const child = Bun.spawn([process.execPath, path, "--provider", "sample", "--log-dir", logDir, ...args], {
    cwd: import.meta.dir,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const heard: Json[] = [];
  let waiting: (() => void)[] = [];
  const send = (message: Json) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    // What is asked side by side goes in one write.
    queueMicrotask(() => void child.stdin.flush());
  };
  const listening = (async () => {
    let rest = "";
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(parsed(line));
    }
  })();

  function hear(message: Json | null): void {
    if (message === null) return;
    heard.push(message);
    if (message["method"] !== undefined && message["id"] !== undefined)
      send({ id: message["id"], result: reply?.(message) ?? {} });
    for (const wake of waiting.splice(0)) wake();
  }

  async function wait(fits: (message: Json) => boolean): Promise<Json> {
    const over = AbortSignal.timeout(patience);
    for (;;) {
      const found = heard.find(fits);
      if (found || over.aborted) return found ?? {};
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      over.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    }
  }

  let id = 0;
  await play({
    request(method, params) {
      const own = id++;
      send({ id: own, method, params });
      return wait((message) => message["id"] === own && message["method"] === undefined);
    },
    notify: (method, params) => send({ method, ...(params && { params }) }),
    heard: wait,
  });
  await child.stdin.end();
  await child.exited;
  await listening;
  waiting = [];
}

function parsed(line: string): Json | null {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null ? (message as Json) : null;
  } catch {
    return null; // what a broken server writes between its messages
  }
}
