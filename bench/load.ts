/** The load generator: keep-alive connections over raw sockets that send one request after another and time the answers. */
import { parseResponseHead, headEnd } from "../src/capture/http1/head.ts";
import { responseFraming, type Framing } from "../src/capture/http1/body.ts";

/** All in ns of this process. `chunks`: when each piece came, and the mock's own time in it when there is one. */
export type Timing = { sent: number; first: number; last: number; bytes: number };

export class Client {
  #socket!: import("bun").Socket<undefined>;
  #unsent: Buffer | null = null;
  #held: Buffer = Buffer.alloc(0);
  #framing: Framing | null = null;
  #timing: Timing = { sent: 0, first: 0, last: 0, bytes: 0 };
  #done: ((timing: Timing) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;
  /** A whole answer of this many bytes in one piece needs no reading: all answers of a run are alike. */
  #usual = 0;
  onBytes: ((bytes: Uint8Array, now: number) => void) | null = null;

  static async connect(port: number): Promise<Client> {
    const client = new Client();
    client.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        binaryType: "buffer",
        data: (_, bytes) => client.#data(bytes),
        drain: () => client.#flush(),
        close: () => client.#fail?.(new Error("the connection was closed")),
        error: (_, error) => client.#fail?.(error),
      },
    });
    client.#socket.setNoDelay(true);
    return client;
  }

  ask(request: Buffer): Promise<Timing> {
    const { promise, resolve, reject } = Promise.withResolvers<Timing>();
    this.#done = resolve;
    this.#fail = reject;
    this.#timing = { sent: Bun.nanoseconds(), first: 0, last: 0, bytes: 0 };
    this.#unsent = request;
    this.#flush();
    return promise;
  }

  close(): void {
    this.#fail = null;
    this.#socket.end();
  }

  #flush(): void {
    if (!this.#unsent) return;
    const sent = Math.max(0, this.#socket.write(this.#unsent));
    this.#unsent = sent === this.#unsent.byteLength ? null : this.#unsent.subarray(sent);
  }

  #data(bytes: Buffer): void {
    const now = Bun.nanoseconds();
    const timing = this.#timing;
    if (timing.first === 0) timing.first = now;
    timing.last = now;
    timing.bytes += bytes.byteLength;
    if (this.#framing === null && bytes.byteLength === this.#usual && this.#held.byteLength === 0)
      return this.#end();
    let rest = bytes;
    if (this.#framing === null) {
      this.#held = this.#held.byteLength === 0 ? bytes : Buffer.concat([this.#held, bytes]);
      const end = headEnd(this.#held);
      if (end < 0) return;
      const head = parseResponseHead(this.#held.subarray(0, end));
      if (typeof head === "string" || head.status !== 200)
        return this.#fail?.(
          new Error(typeof head === "string" ? head : `${head.status}: ${this.#held.toString()}`),
        );
      this.#framing = responseFraming(head, "POST") as Framing;
      rest = this.#held.subarray(end);
      this.#held = Buffer.alloc(0);
    }
    for (;;) {
      const { used, body, done, again } = this.#framing.take(rest);
      if (body.byteLength > 0) this.onBytes?.(body, now);
      if (done) break;
      if (!again) return;
      rest = rest.subarray(used);
    }
    this.#usual = this.#framing.kind === "length" && !this.onBytes ? timing.bytes : 0;
    this.#end();
  }

  #end(): void {
    this.#framing = null;
    const done = this.#done;
    this.#done = this.#fail = null;
    done?.(this.#timing);
  }
}

export function request(model: string, size: number, headers = ""): Buffer {
  const stream = model !== "json";
  const open = `{"model":"${model}","stream":${stream},"messages":[{"role":"user","content":"`;
  const close = `"}]}`;
  const body =
    open +
    "word ".repeat(Math.ceil(size / 5)).slice(0, Math.max(2, size - open.length - close.length)) +
    close;
  return Buffer.from(
    `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer sk-bench-0123456789abcdef\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
}

export async function connectAll(port: number, count: number): Promise<Client[]> {
  return Promise.all(Array.from({ length: count }, () => Client.connect(port)));
}

/** Answers per second over that many connections during about `ms`. */
export async function rate(port: number, connections: number, ms: number, headers: string): Promise<number> {
  const clients = await connectAll(port, connections);
  const asked = request("json", 200, headers);
  await Promise.all(clients.map((client) => client.ask(asked)));
  const start = performance.now();
  let count = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() - start < ms) {
        await client.ask(asked);
        count++;
      }
    }),
  );
  const perSecond = (count / (performance.now() - start)) * 1000;
  for (const client of clients) client.close();
  return perSecond;
}

/** In ms. `chunks`: from leaving the mock to arriving here. */
export type Streams = { ttfb: number[]; chunks: number[] };

/** `offset`: what the mock's clock is ahead of ours, in ns. */
export async function streams(
  port: number,
  options: { at: number; each: number; size: number; headers: string; offset: number },
): Promise<Streams> {
  const { at, each, size, headers, offset } = options;
  const clients = await connectAll(port, at);
  const asked = request("sse-12-8", size, headers);
  const found: Streams = { ttfb: [], chunks: [] };
  await Promise.all(
    clients.map(async (client, n) => {
      client.onBytes = (bytes, now) => {
        for (const [, ns] of Buffer.from(bytes)
          .toString("latin1")
          .matchAll(/"ns":(\d+)/g))
          found.chunks.push((now - (Number(ns) - offset)) / 1e6);
      };
      // Not all at the same moment: people do not.
      await Bun.sleep((n * 100) / at);
      for (let k = 0; k < each; k++) {
        const { sent, first } = await client.ask(asked);
        found.ttfb.push((first - sent) / 1e6);
      }
    }),
  );
  for (const client of clients) client.close();
  return found;
}

/** What the mock's clock is ahead of ours, in ns: from the quickest of many questions. */
export async function clockOffset(port: number): Promise<number> {
  const client = await Client.connect(port);
  const asked = request("clock", 100);
  let best = { took: Infinity, offset: 0 };
  for (let n = 0; n < 300; n++) {
    let mock = 0;
    client.onBytes = (bytes) => (mock = Number(Buffer.from(bytes).toString()));
    const { sent, last } = await client.ask(asked);
    if (last - sent < best.took) best = { took: last - sent, offset: mock - (sent + last) / 2 };
  }
  client.close();
  return best.offset;
}
