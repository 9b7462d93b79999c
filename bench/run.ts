/**
 * `bun run bench`: our proxy with full recording against a bare pass-through that records nothing, on one mock
 * upstream in one run, interleaved; medians and ratios go to bench/README.md. Nothing here is asserted: machines differ.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { connect, quantile } from "./load.ts";

const ROUNDS = 5;
const SECONDS = 1.5;
const root = join(import.meta.dir, "..");

type Peer = { name: string; url: string; stop: () => Promise<void>; pid: number };

async function spawned(name: string, command: string[], find = /(http:\S+)/): Promise<Peer> {
  const child = Bun.spawn(command, { cwd: root, stdout: "pipe", stderr: "inherit" });
  const reader = child.stdout.getReader();
  let text = "";
  while (!find.test(text)) text += new TextDecoder().decode((await reader.read()).value);
  const stop = async () => (child.kill(), void (await child.exited));
  return { name, url: find.exec(text)![1]!, stop, pid: child.pid };
}

const logs = mkdtempSync(join(tmpdir(), "bench-"));
const mock = await spawned("direct", ["bun", "bench/mock.ts"]);
const peers = [
  mock,
  await spawned("bare pass-through", ["bun", "bench/bare.ts", mock.url]),
  await spawned(
    "MCP Proxy Logger",
    [
      "bun",
      "src/cli.ts",
      "start",
      "--port",
      "0",
      "--web-port",
      "0",
      "--log-dir",
      logs,
      "--target-url",
      mock.url,
    ],
    /proxy +(http:\S+)/,
  ),
];

/** Requests per second over so many connections. */
async function rate(url: string, connections: number): Promise<number> {
  const body = new TextEncoder().encode(
    JSON.stringify({ model: "mock", messages: [{ role: "user", content: "Hello" }] }),
  );
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(url)));
  const end = performance.now() + SECONDS * 1000;
  let done = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (; performance.now() < end; done++) await client.ask("/v1/chat/completions", body);
      client.close();
    }),
  );
  return done / SECONDS;
}

/** Time to the first byte and the delay of each chunk, over 16 streams at once. */
async function streams(url: string, size: number): Promise<{ ttfb: number[]; delays: number[] }> {
  const message = { role: "user", content: "word ".repeat(Math.ceil(size / 5)) };
  const body = new TextEncoder().encode(JSON.stringify({ model: "mock", stream: true, messages: [message] }));
  const answers = await Promise.all(
    Array.from({ length: 16 }, async () => {
      const client = await connect(url);
      // As an agent's later turns: its connection is open already.
      await client.ask("/v1/chat/completions", body.subarray(0, 2));
      const answer = await client.ask("/stream", body);
      client.close();
      return answer;
    }),
  );
  return { ttfb: answers.map(({ ttfb }) => ttfb), delays: answers.flatMap(({ delays }) => delays) };
}

const figures = new Map<string, number[]>();
const note = (what: string, peer: Peer, ...values: number[]) => {
  const key = `${what}|${peer.name}`;
  figures.set(key, [...(figures.get(key) ?? []), ...values]);
};
const SIZES = { "1 KB": 1_000, "200 KB": 200_000, "1 MB": 1_000_000 };

// Streams first: the requests per second leave the recorder with work, which must not be measured with the streams.
for (let round = 0; round <= ROUNDS; round++) {
  process.stdout.write(round === 0 ? "warming up\n" : `streams, round ${round} of ${ROUNDS}\n`);
  for (const [name, size] of Object.entries(SIZES)) {
    for (const peer of peers) {
      const { ttfb, delays } = await streams(peer.url, size);
      if (round === 0) continue;
      note(`ttfb ${name}`, peer, ...ttfb);
      note(`chunk ${name}`, peer, ...delays);
    }
  }
}
for (let round = 1; round <= ROUNDS; round++) {
  process.stdout.write(`requests, round ${round} of ${ROUNDS}\n`);
  for (const connections of [16, 256]) {
    for (const peer of peers) note(`${connections} connections`, peer, await rate(peer.url, connections));
  }
}

const written = () => readdirSync(join(logs, "llm_proxy")).length;
const start = performance.now();
const before = written();
for (let last = -1, now = before; now !== last; now = written()) {
  last = now;
  await Bun.sleep(1000);
}
const drained = written() - before;
const drain = drained > 0 ? drained / ((performance.now() - start) / 1000 - 1) : null;
const rss =
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${peers[2]!.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
const total = written();
for (const peer of peers) await peer.stop();
rmSync(logs, { recursive: true, force: true });

const value = (what: string, name: string, q = 0.5) => quantile(figures.get(`${what}|${name}`) ?? [], q);
const [direct, bare, ours] = peers.map((peer) => peer.name) as [string, string, string];
const whole = (n: number) => Math.round(n).toLocaleString("en");
const rates = [16, 256].map((n) => {
  const [d, b, o] = [direct, bare, ours].map((name) => value(`${n} connections`, name)) as [
    number,
    number,
    number,
  ];
  return `| ${n} | ${whole(d)} | ${whole(b)} | ${whole(o)} | ${(o / b).toFixed(2)} |`;
});
const added = Object.keys(SIZES).flatMap((size) =>
  (
    [
      ["p50", 0.5],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const
  ).map(([label, q]) => {
    const base = value(`ttfb ${size}`, direct, q);
    const [b, o] = [bare, ours].map((name) => value(`ttfb ${size}`, name, q) - base) as [number, number];
    return `| ${size}, ${label} | ${base.toFixed(1)} | ${b.toFixed(1)} | ${o.toFixed(1)} | ${b > 0 ? (o / b).toFixed(2) : "–"} |`;
  }),
);
const chunks = (
  [
    ["p50", 0.5],
    ["p95", 0.95],
    ["p99", 0.99],
  ] as const
).map(([label, q]) => {
  const [d, b, o] = [direct, bare, ours].map((name) => value("chunk 1 KB", name, q)) as [
    number,
    number,
    number,
  ];
  return `| ${label} | ${d.toFixed(2)} | ${(b - d).toFixed(2)} | ${(o - d).toFixed(2)} |`;
});
const text = `# Benchmarks

Written by \`bun run bench\`: ${ROUNDS} interleaved rounds on ${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}, Bun ${Bun.version}, load generator and mock
upstream on the same machine. Quote the ratios; the figures are this machine's. Full recording is on for our proxy; the
bare pass-through is \`Bun.serve\` and \`fetch\` and records nothing.

## Small JSON requests per second

| connections | direct | bare pass-through | MCP Proxy Logger | ours ÷ bare |
|---:|---:|---:|---:|---:|
${rates.join("\n")}

## Added time to first byte, ms, 16 streams at once

| request body | direct | bare adds | ours adds | ours ÷ bare |
|---|---:|---:|---:|---:|
${added.join("\n")}

## Added delay of each chunk, ms, 16 streams at once

| | direct | bare adds | ours adds |
|---|---:|---:|---:|
${chunks.join("\n")}

## The recorder

${whole(total)} exchanges became files; peak memory of the whole program ${whole(rss)} MB.
${drain === null ? "Nothing was left to write when the load ended." : `${whole(drained)} of them were written after the load had ended, at ${whole(drain)} a second.`}
`;
await Bun.write(join(import.meta.dir, "README.md"), text);
process.stdout.write(text);
