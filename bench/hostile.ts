/**
 * What hostile traffic costs: memory of the whole program above rest, and how long another client waits meanwhile.
 *
 *     bun bench/hostile.ts [word]        all cases, or those with the word in their name
 *
 * Each case has a program of its own. The upstream, the client and the prober are processes of their own, so that what
 * is measured is the program's thread and not theirs. Linux alone: memory is read from /proc.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Case = { readonly name: string; readonly pieces: () => Iterable<Buffer>; readonly upgrade?: true };

const MB = 1024 * 1024;
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
];

const [role = "", ...rest] = process.argv.slice(2);
if (role === "--upstream") upstream(CASES[Number(rest[0])]!);
else if (role === "--client") await client(Number(rest[0]), CASES[Number(rest[1])]!);
else if (role === "--prober") await prober(Number(rest[0]));
else await all(role);

async function all(word: string): Promise<void> {
  console.log(
    "| what passes | rest MB | peak MB | CPU s | another client's worst wait ms |\n|---|---|---|---|---|",
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
  const probe = child("pipe", "--prober", proxy);
  await Bun.sleep(300);
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

function upstream({ pieces }: Case): void {
  type Side = { goOn: () => void };
  const server = Bun.listen<Side>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => void (socket.data = { goOn: () => {} }),
      drain: (socket) => socket.data.goOn(),
      data(socket) {
        const waiting = pieces()[Symbol.iterator]();
        let piece: Buffer = Buffer.alloc(0);
        socket.data.goOn = () => {
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
        socket.data.goOn();
      },
    },
  });
  console.log(server.port);
}

/** Asks, and leaves when nothing has come for a while. */
async function client(port: number, { upgrade }: Case): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(quiet);
    quiet = setTimeout(resolve, 1500);
  };
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: { data: heard, close: () => resolve() },
  });
  const more = upgrade ? "Connection: Upgrade\r\nUpgrade: websocket\r\n" : "Content-Length: 2\r\n";
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n${more}\r\n${upgrade ? "" : "{}"}`);
  heard();
  await promise;
  process.exit(0);
}

async function prober(port: number): Promise<void> {
  let worst = 0;
  process.on("SIGINT", () => {
    console.log(worst.toFixed(0));
    process.exit(0);
  });
  for (;;) {
    const start = performance.now();
    await (await fetch(`http://127.0.0.1:${port}/@other/x`)).text();
    worst = Math.max(worst, performance.now() - start);
    await Bun.sleep(10);
  }
}
