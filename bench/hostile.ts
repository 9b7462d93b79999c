/**
 * What hostile traffic costs: memory of the whole program above rest, and how long another client waits meanwhile.
 *
 *     bun bench/hostile.ts [word]        all cases, or those with the word in their name
 *
 * Each case has a program of its own. The upstream, the client and the prober are processes of their own, so that what
 * is measured is the program's thread and not theirs. Linux alone: memory is read from /proc.
 */
import type { Socket } from "bun";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";

/** `pieces`: what the upstream answers. `ask`: what the client says, where that is what costs. */
type Case = {
  readonly name: string;
  readonly pieces: () => Iterable<Buffer>;
  readonly upgrade?: true;
  readonly ask?: () => Iterable<Buffer>;
};

const MB = 1024 * 1024;
const WARM = 50;
const RELAY = join(import.meta.dir, "../test/bare-relay.ts");
const SWITCH = "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
const CHUNKED = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

function* times(count: number, what: string | Uint8Array, ...around: (string | Uint8Array)[]) {
  const [before = "", after = ""] = around;
  yield Buffer.from(before as string);
  const piece = Buffer.from(what as string);
  for (let n = 0; n < count; n++) yield piece;
  yield Buffer.from(after as string);
}

const repeated = (count: number, ...bytes: number[]) =>
  Buffer.alloc(count * bytes.length, Buffer.from(bytes));

const POST = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";

/** Each of them another, so that none is known already. */
function many(unit: string, bytes: number): string {
  let text = "";
  for (let n = 0; text.length < bytes; n++) text += unit.replace("$", `${n}`);
  return text;
}

function body(text: string, more = ""): Buffer[] {
  return [Buffer.from(`${POST}${more}Content-Length: ${text.length}\r\n\r\n${text}`)];
}

function* message(text: string): Iterable<Buffer> {
  yield Buffer.from(`${POST.replace("POST", "GET")}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(text.length, 6);
  yield Buffer.concat([head, Buffer.from(text)]);
}

const deflated = (text: string) => {
  const head = Buffer.from([0xc1, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  const bytes = deflateRawSync(text);
  head.writeUInt32BE(bytes.byteLength, 6);
  return Buffer.concat([head, bytes]);
};
const gzipped = (text: string) => {
  const bytes = gzipSync(text);
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
};

const HEAD = 240_000;
/** Credentials without end: each is found, hashed and written over. */
const DENSE: readonly Case[] = [
  { name: 'dense: 4 MB of "api_key":"a"', ask: () => body(`{${many('"api_key":"a",', 4 * MB)}"b":1}`) },
  { name: "dense: 4 MB of other passwords", ask: () => body(`[${many('{"password":"p$"},', 4 * MB)}1]`) },
  { name: "dense: 4 MB of addresses", ask: () => body(many("https://a:b$@c/ ", 4 * MB)) },
  { name: "dense: a query of &key=a", ask: () => body("{}").map(asked(`/?x=1${many("&key=a", HEAD)}`)) },
  { name: "dense: a query of &token=", ask: () => body("{}").map(asked(`/?x=1${many("&token=t$", HEAD)}`)) },
  { name: "dense: a header of cookies", ask: () => body("{}", `Cookie: ${many("a=b$; ", HEAD)}c=d\r\n`) },
  { name: "dense: headers of cookies", ask: () => body("{}", many("Cookie: a=b$; c=d$\r\n", HEAD)) },
  { name: "dense: a header of links", ask: () => body("{}", `Link: ${many("<http://a:b$@c>, ", HEAD)}\r\n`) },
  {
    name: "dense: an answer's headers",
    pieces: () =>
      times(1, `HTTP/1.1 200 OK\r\nLink: ${many("<http://a:b$@c>, ", HEAD)}\r\nContent-Length: 0\r\n\r\n`),
  },
  {
    name: "dense: a message of 4 MB",
    upgrade: true,
    ask: () => message(`{${many('"api_key":"a",', 4 * MB)}"b":1}`),
  },
  {
    name: "dense: a compressed message of 4 MB",
    upgrade: true,
    pieces: () =>
      times(
        1,
        deflated(many('"api_key":"a",', 4 * MB)),
        SWITCH.replace(/\r\n$/, "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
      ),
  },
  {
    name: "dense: a compressed body of 8 MB",
    pieces: () => times(1, gzipped(many('"api_key":"a",', 8 * MB))),
  },
  {
    name: "dense: a stream of 4 MB",
    pieces: () =>
      times(
        1,
        many('data: {"delta":{"text":"password=hunter$ "}}\n\n', 4 * MB),
        CHUNKED.replace("Transfer-Encoding: chunked", "Connection: close"),
      ),
  },
].map((one) => ({ pieces: () => times(0, "", one.upgrade ? SWITCH : OK), ...one }) as Case);

const asked = (path: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString().replace("/v1/chat/completions", path));

const CASES: readonly Case[] = [
  { name: "nothing", pieces: () => times(0, "", OK) },
  {
    name: "4 million chunks of a byte",
    pieces: () => times(40, "1\r\nx\r\n".repeat(100_000), CHUNKED, "0\r\n\r\n"),
  },
  {
    name: "2.5 million events of 9 bytes, a chunk each",
    pieces: () => times(40, "9\r\ndata:{}\n\n\r\n".repeat(64_000), CHUNKED, "0\r\n\r\n"),
  },
  {
    name: "1 million interim responses",
    pieces: () => times(100, "HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n".repeat(10_000), "", OK),
  },
  {
    name: "WebSocket: 20 million empty fragments",
    upgrade: true,
    pieces: () =>
      times(20, repeated(1_000_000, 0, 0), Buffer.concat([Buffer.from(SWITCH), repeated(1, 1, 0)])),
  },
  {
    name: "WebSocket: 10 million fragments of a byte",
    upgrade: true,
    pieces: () =>
      times(10, repeated(1_000_000, 0, 1, 65), Buffer.concat([Buffer.from(SWITCH), repeated(1, 1, 0)])),
  },
  {
    name: "WebSocket: 1 million messages of a byte",
    upgrade: true,
    pieces: () => times(10, repeated(100_000, 0x81, 1, 65), SWITCH, repeated(1, 0x88, 0)),
  },
  {
    name: "WebSocket: 10 million pings",
    upgrade: true,
    pieces: () => times(10, repeated(1_000_000, 0x89, 0), SWITCH, repeated(1, 0x88, 0)),
  },
  {
    name: "a body of 200 MB",
    pieces: () =>
      times(200, Buffer.alloc(MB, "[1,2],"), `HTTP/1.1 200 OK\r\nContent-Length: ${200 * MB}\r\n\r\n`),
  },
  ...DENSE,
];

const [role = "", ...rest] = process.argv.slice(2);
if (role === "--upstream") upstream(CASES[Number(rest[0])]!);
else if (role === "--client") await client(Number(rest[0]), CASES[Number(rest[1])]!);
else if (role === "--prober") await prober(Number(rest[0]), rest[1]!);
else await all(role);

async function all(word: string): Promise<void> {
  console.log(
    "| what passes | rest MB | peak MB | CPU s | another client's worst wait ms | a bare relay's then | its own worst | longer than it at most |\n|---|---|---|---|---|---|---|---|",
  );
  for (const [n, { name }] of CASES.entries()) if (name.includes(word)) console.log(await measured(n, name));
}

async function measured(n: number, name: string): Promise<string> {
  const logs = mkdtempSync(join(tmpdir(), "hostile-"));
  const asked = child("pipe", "--upstream", String(n));
  const port = Number(await firstLine(asked.stdout));
  const probed = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("{}") });
  const words = ["start", "--port", "0", "--web-port", "0", "--log-dir", logs];
  const to = ["--target-url", `http://127.0.0.1:${port}`, "--upstream", `other=${probed.url.origin}`];
  const program = Bun.spawn([process.execPath, join(import.meta.dir, "../src/cli.ts"), ...words, ...to], {
    stdout: "pipe",
    stderr: "ignore",
  });
  const proxy = new URL(/https?:\S+/.exec(await firstLine(program.stdout))?.[0] ?? "http://nowhere").port;
  await Bun.sleep(1000);
  const before = memory(program.pid);
  const probe = child("pipe", "--prober", proxy, probed.url.origin);
  await Bun.sleep(1500);
  let peak = before;
  const look = setInterval(() => (peak = Math.max(peak, memory(program.pid))), 20);
  const cpu = cpuOf(program.pid);
  await child("ignore", "--client", proxy, String(n)).exited;
  // The record catches up.
  await Bun.sleep(3000);
  clearInterval(look);
  const spent = cpuOf(program.pid) - cpu;
  probe.kill("SIGINT");
  const worst = (await new Response(probe.stdout).text()).trim();
  program.kill("SIGKILL");
  asked.kill();
  await Promise.all([program.exited, probed.stop(true)]);
  rmSync(logs, { recursive: true, force: true });
  return `| ${name} | ${before} | ${peak} | ${spent.toFixed(1)} | ${worst} |`;
}

function child(stdout: "pipe" | "ignore", ...words: string[]) {
  return Bun.spawn([process.execPath, import.meta.path, ...words], { stdout, stderr: "inherit" });
}

async function firstLine(stream: unknown): Promise<string> {
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += Buffer.from(value).toString();
  }
  reader.releaseLock();
  return text;
}

/** MB. */
function memory(pid: number): number {
  return Math.round(
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
  );
}

/** Seconds, of all threads. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function upstream({ pieces, ask, upgrade }: Case): void {
  type Side = { goOn: () => void; isAnswered?: true; quiet?: ReturnType<typeof setTimeout> };
  const server = Bun.listen<Side>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => void (socket.data = { goOn: () => {} }),
      drain: (socket) => socket.data.goOn(),
      data(socket) {
        if (!ask) return answer(socket);
        // Once: to an upgrade at once, to a request when all was said.
        if (socket.data.isAnswered) return;
        clearTimeout(socket.data.quiet);
        if (upgrade) answer(socket);
        else socket.data.quiet = setTimeout(answer, 800, socket);
      },
    },
  });
  function answer(socket: Socket<Side>): void {
    socket.data.isAnswered = true;
    socket.data.goOn = sending(socket, pieces());
    socket.data.goOn();
  }
  console.log(server.port);
}

/** Sends as much as the other side takes; to be called again when it takes more. */
function sending(socket: Socket<unknown>, pieces: Iterable<Buffer>): () => void {
  const waiting = pieces[Symbol.iterator]();
  let piece: Buffer = Buffer.alloc(0);
  return () => {
    for (;;) {
      while (piece.byteLength === 0) {
        const next = waiting.next();
        if (next.done) return;
        piece = next.value;
      }
      const sent = socket.write(piece);
      if (sent < 0) return;
      piece = piece.subarray(sent);
      if (piece.byteLength > 0) return;
    }
  };
}

/** Asks, and leaves when nothing has come for a while. */
async function client(port: number, { upgrade, ask }: Case): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(quiet);
    quiet = setTimeout(resolve, ask ? 4000 : 1500);
  };
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: { data: heard, drain: () => goOn(), close: () => resolve() },
  });
  const more = upgrade ? "Connection: Upgrade\r\nUpgrade: websocket\r\n" : "Content-Length: 2\r\n";
  const goOn = sending(socket, ask?.() ?? [Buffer.from(`${POST}${more}\r\n${upgrade ? "" : "{}"}`)]);
  goOn();
  heard();
  await promise;
  process.exit(0);
}

/**
 * Asks through the proxy and, at the same time, through a bare relay: what the machine itself makes wait, both wait for.
 * Begins to count when both are warm.
 */
async function prober(port: number, upstream: string): Promise<void> {
  const worst = { proxy: 0, relayed: 0, beside: 0, longer: 0 };
  const relay = Bun.spawn([process.execPath, RELAY, new URL(upstream).port], { stdout: "pipe" });
  process.on("SIGINT", () => {
    relay.kill();
    console.log(
      `${worst.proxy.toFixed(0)} | ${worst.relayed.toFixed(0)} | ${worst.beside.toFixed(0)} | ${worst.longer.toFixed(0)}`,
    );
    process.exit(0);
  });
  const beside = `http://127.0.0.1:${Number(await firstLine(relay.stdout))}/x`;
  const took = async (url: string) => {
    const start = performance.now();
    await (await fetch(url)).text();
    return performance.now() - start;
  };
  for (let n = 0; ; n++) {
    const [proxy, relayed] = await Promise.all([took(`http://127.0.0.1:${port}/@other/x`), took(beside)]);
    if (n < WARM) continue;
    if (proxy > worst.proxy) Object.assign(worst, { proxy, relayed });
    worst.beside = Math.max(worst.beside, relayed);
    worst.longer = Math.max(worst.longer, proxy - relayed);
    await Bun.sleep(10);
  }
}
