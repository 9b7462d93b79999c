/** Who is measured: each is started on a free port in front of the same upstream, where it is installed. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Running = {
  readonly port: number;
  /** 0 when it has no process of its own. */
  readonly pid: number;
  /** ms from its start until it took a connection. */
  readonly startMs: number;
  readonly pageUrl: string | null;
  stop(): Promise<void>;
};

export type Peer = {
  readonly name: string;
  /** null when it is not installed here. */
  readonly start: (upstream: number) => Promise<Running | null>;
  /** What it cannot do is not asked of it. */
  readonly does?: "small requests";
  /** Headers that it needs. */
  readonly headers?: (upstream: number) => string;
};

const here = import.meta.dir;

/** `before=PATH`: another checkout of this program, to be measured in the same run. */
export const BEFORE = Bun.argv.find((word) => word.startsWith("before="))?.slice("before=".length) ?? null;
const bun = process.execPath;

export const PEERS: readonly Peer[] = [
  {
    name: "direct",
    start: async (upstream) => ({ port: upstream, pid: 0, startMs: 0, pageUrl: null, stop: async () => {} }),
  },
  { name: "this proxy, recording", start: (upstream) => ours(upstream) },
  ...(BEFORE
    ? [{ name: "this proxy before", start: (upstream: number) => ours(upstream, folderFor("logs"), BEFORE) }]
    : []),
  {
    name: "bare pass-through (Bun.serve + fetch)",
    start: (upstream) =>
      spawn((port) => [bun, join(here, "pass-through.ts"), String(port), String(upstream)]),
  },
  { name: "nginx", start: nginx },
  {
    name: "httpxy (node)",
    start: async (upstream) =>
      existsSync(join(here, "node_modules/httpxy")) && Bun.which("node")
        ? spawn((port) => ["node", join(here, "httpxy.mjs"), String(port), String(upstream)])
        : null,
  },
  {
    name: "mitmdump",
    start: async (upstream) =>
      Bun.which("mitmdump")
        ? spawn((port) => [
            "mitmdump",
            "-q",
            "--mode",
            `reverse:http://127.0.0.1:${upstream}`,
            "--listen-port",
            String(port),
            "--set",
            "stream_large_bodies=1",
            "--set",
            "connection_strategy=lazy",
          ])
        : null,
  },
  // As `npx` starts it. Its 1.15.2 answers every stream there with a 500 ("TypeError: immutable"), on Bun it does not.
  { ...portkey("Portkey gateway (on Node)", Bun.which("node")), does: "small requests" },
  portkey("Portkey gateway (on Bun)", bun),
];

function portkey(name: string, runtime: string | null): Peer {
  const script = join(here, "node_modules/@portkey-ai/gateway/build/start-server.js");
  return {
    name,
    start: async () =>
      runtime && existsSync(script)
        ? spawn((port) => [runtime, script, `--port=${port}`, "--headless"])
        : null,
    headers: (upstream) =>
      `x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:${upstream}/v1\r\n`,
  };
}

/** With everything on: masking, files, index, page. */
export async function ours(
  upstream: number,
  folder = folderFor("logs"),
  checkout = join(here, ".."),
  team: { readonly words: readonly string[]; readonly keys: Readonly<Record<string, string>> } = {
    words: [],
    keys: {},
  },
): Promise<Running> {
  const cli = join(checkout, "src/cli.ts");
  const before = performance.now();
  const started = Bun.spawn(
    [
      bun,
      cli,
      "start",
      "--port",
      "0",
      "--web-port",
      "0",
      "--log-dir",
      folder,
      "--target-url",
      `http://127.0.0.1:${upstream}/v1`,
      ...team.words,
    ],
    {
      stdout: "pipe",
      stderr: "inherit",
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...team.keys },
    },
  );
  let said = "";
  for await (const text of started.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    const port = /proxy +http:\/\/[^:]+:(\d+)/.exec(said)?.[1];
    const pageUrl = /dashboard +(http:\S+)/.exec(said)?.[1];
    if (!port || !pageUrl || !said.endsWith("\n")) continue;
    return {
      port: Number(port),
      pid: started.pid,
      startMs: performance.now() - before,
      pageUrl,
      async stop() {
        started.kill("SIGKILL");
        await started.exited;
      },
    };
  }
  throw new Error(`it did not start: ${said}`);
}

function nginx(upstream: number): Promise<Running | null> {
  const binary = Bun.which("nginx", { PATH: `${process.env["PATH"]}:/usr/sbin:/usr/local/sbin` });
  if (!binary) return Promise.resolve(null);
  const folder = folderFor("nginx");
  return spawn((port) => {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(" ");
    const config = `daemon off; worker_processes 1; pid ${folder}/pid; error_log /dev/null;
events { worker_connections 2048; }
http { access_log off; ${temporary} client_max_body_size 0; keepalive_requests 1000000000;
upstream mock { server 127.0.0.1:${upstream}; keepalive 512; keepalive_requests 1000000000; }
server { listen 127.0.0.1:${port}; location / { proxy_pass http://mock; proxy_http_version 1.1;
proxy_set_header Connection ""; proxy_buffering off; proxy_request_buffering off; } } }`;
    const path = join(folder, "nginx.conf");
    writeFileSync(path, config);
    return [binary, "-p", folder, "-c", path, "-e", "/dev/null"];
  });
}

/**
 * All that is written lies below one folder, which goes at the end: for a minute after much was deleted, ext4 makes new
 * files at a tenth of its usual speed, since it searches for an inode that was not used lately.
 */
const root = mkdtempSync(join(tmpdir(), "mcp-proxy-logger-bench-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));

export function folderFor(what: string): string {
  return mkdtempSync(join(root, `${what}-`));
}

async function spawn(command: (port: number) => string[]): Promise<Running | null> {
  const port = freePort();
  const before = performance.now();
  const started = Bun.spawn(command(port), {
    cwd: here,
    stdout: "ignore",
    stderr: "ignore",
    env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir() },
  });
  while (!(await answers(port))) {
    if (started.exitCode !== null || performance.now() - before > 30_000) return null;
    await Bun.sleep(2);
  }
  return {
    port,
    pid: started.pid,
    startMs: performance.now() - before,
    pageUrl: null,
    async stop() {
      started.kill("SIGTERM");
      await Promise.race([started.exited, Bun.sleep(1000)]);
      started.kill("SIGKILL");
      await started.exited;
    },
  };
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

async function answers(port: number): Promise<boolean> {
  try {
    (await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } })).end();
    return true;
  } catch {
    return false;
  }
}
