/**
 * `bun run bench`: this proxy with everything on, beside others, on the same upstream in the same run. Rounds are
 * interleaved, so that whatever else the machine does meets all alike; medians count. Writes bench/README.md.
 *
 *     bun run bench            all that takes minutes
 *     bun run bench quick      one short round, nothing is written
 *     bun run bench quick only=this,bare
 *     bun run bench before=../checkout-of-another-commit only=this,bare
 */
import { cpus } from "node:os";
import { drawing } from "./drawing.ts";
import { joining } from "./joining.ts";
import { clockOffset, rate, streams, type Streams } from "./load.ts";
import { memory, type Memory } from "./memory.ts";
import { page } from "./page.ts";
import { readingSpeeds } from "./reading-speeds.ts";
import { BEFORE, PEERS, type Peer, type Running } from "./peers.ts";
import { recorder, searches } from "./recorder.ts";
import { report } from "./report.ts";
import type { Results } from "./results.ts";

if (Bun.argv[2] === "team") {
  await import("./team.ts");
  process.exit(0);
}

process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

const isQuick = Bun.argv.includes("quick");
const only = Bun.argv
  .find((word) => word.startsWith("only="))
  ?.slice("only=".length)
  .split(",");
const peers = PEERS.filter(
  ({ name }) => !only || name === "direct" || only.some((part) => name.includes(part)),
);
const ROUNDS = isQuick ? 1 : 3;
const RATE_MS = isQuick ? 500 : 1500;

const mock = Bun.spawn([process.execPath, `${import.meta.dir}/mock.ts`], { stdout: "pipe" });
const upstream = await portOf(mock);
const offset = await clockOffset(upstream);

type Subject = { peer: Peer; running: Running; headers: string };
const subjects: Subject[] = [];
const startMs = new Map<string, number[]>();
for (const peer of peers) {
  const running = await peer.start(upstream);
  if (running) subjects.push({ peer, running, headers: peer.headers?.(upstream) ?? "" });
  else say(`${peer.name} is not installed here`);
}
const names = subjects.map(({ peer }) => peer.name);

say("warming up");
await rounds(1, async ({ running, headers }) => {
  await rate(running.port, 16, RATE_MS, headers);
  await drained(running);
});

say("small JSON");
const rates = new Map<string, Record<number, number[]>>();
await rounds(ROUNDS, async ({ peer, running, headers }) => {
  const found = rates.get(peer.name) ?? { 16: [], 256: [] };
  rates.set(peer.name, found);
  for (const connections of [16, 256]) {
    found[connections]!.push(await rate(running.port, connections, RATE_MS, headers));
    await drained(running);
  }
});

say("streams");
const SIZES = [1_000, 200_000, 1_000_000];
const times = new Map<string, Streams>();
await rounds(isQuick ? 1 : 3, async ({ peer, running, headers }) => {
  if (peer.does === "small requests") return;
  for (const at of [1, 16])
    for (const size of SIZES) {
      const more = await streams(running.port, { at, each: at === 1 ? 12 : 6, size, headers, offset });
      const key = `${peer.name}|${at}|${size}`;
      const found = times.get(key) ?? { ttfb: [], chunks: [] };
      times.set(key, found);
      found.ttfb.push(...more.ttfb);
      found.chunks.push(...more.chunks);
      await drained(running);
    }
});

for (const { running } of subjects) await running.stop();

say("one gigabyte through 16 streams");
const memories = new Map<string, Memory>();
for (const peer of peers) {
  const running = await peer.start(upstream);
  if (!running) continue;
  startMs.set(peer.name, [running.startMs]);
  if (peer.does !== "small requests")
    memories.set(peer.name, await memory(running, peer.headers?.(upstream) ?? "", isQuick ? 8 : 64));
  await running.stop();
}
for (let n = 0; n < (isQuick ? 1 : 4); n++)
  for (const peer of peers) {
    const running = await peer.start(upstream);
    if (!running) continue;
    startMs.get(peer.name)!.push(running.startMs);
    await running.stop();
  }

say("the recorder");
const recording = await recorder(upstream, isQuick ? 2_000 : 20_000, isQuick ? 5_000 : 100_000);
if (BEFORE)
  say(JSON.stringify(await recorder(upstream, isQuick ? 2_000 : 20_000, isQuick ? 5_000 : 100_000, BEFORE)));
const searching = await searches(isQuick ? [1_000] : [1_000, 10_000, 100_000]);
say("joining both wires");
const joined = joining(isQuick ? [100, 10_000] : [100, 1_000, 10_000, 100_000]);
say("reading each dialect");
const read = readingSpeeds(isQuick ? 1 : 3, BEFORE);
say("drawing a long run");
const drawn = [await drawing(20), await drawing(2_000)].filter((one) => one !== null);
mock.kill();
say("the page");
const seen = await page(isQuick ? 5_000 : 100_000, [1_000, 3_000]).catch((error: unknown) => {
  // What the others took minutes for is not thrown away.
  say(`the page could not be measured: ${String(error)}`);
  process.exitCode = 1;
  return null;
});

const results: Results = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${process.platform}, Bun ${Bun.version}`,
  names,
  sizes: SIZES,
  rates,
  times,
  memories,
  startMs,
  recording,
  searching,
  joined,
  read,
  page: seen,
  drawn,
};
await report(results, isQuick || BEFORE ? null : import.meta.dir);

async function rounds(count: number, measure: (subject: Subject) => Promise<void>): Promise<void> {
  for (let n = 0; n < count; n++)
    for (const subject of n % 2 === 0 ? subjects : subjects.toReversed()) {
      const before = performance.now();
      await measure(subject);
      say(
        `  round ${n + 1} of ${count}, ${subject.peer.name}: ${((performance.now() - before) / 1000).toFixed(1)} s`,
      );
    }
}

/** What one round left for the recorder to do must not fall into another's. */
async function drained({ pageUrl }: Running): Promise<void> {
  if (pageUrl === null) return;
  // What passed a moment ago is told a few milliseconds later.
  for (let idle = 0; idle < 3; await Bun.sleep(20)) {
    const status = (await (await fetch(`${pageUrl}/api/status`)).json()) as Record<string, number>;
    idle = status["backlog"] === 0 && status["in_flight"] === 0 ? idle + 1 : 0;
  }
}

async function portOf(process: Bun.Subprocess<"ignore", "pipe", "inherit">): Promise<number> {
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) return Number(text);
  throw new Error("the mock did not start");
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}
