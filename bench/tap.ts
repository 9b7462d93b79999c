/**
 * What the tap adds to a message: round trips of one small message through `cat`, direct and tapped, a few at a time in
 * turns, so that what else the machine does meets both. `bun bench/tap.ts [MS between messages, default 2]`
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROUNDS = 8;
const WARM = 50;
const MESSAGES = 250;
const pause = Number(process.argv[2] ?? 2);
const logs = mkdtempSync(join(tmpdir(), "tap-bench-"));
const cli = join(import.meta.dir, "..", "src", "cli.ts");
const message = Buffer.from(
  `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"text":"${"x".repeat(300)}"}}\n`,
);

const ways = {
  direct: ["cat"],
  tapped: [process.execPath, "--no-env-file", cli, "tap", "--log-dir", logs, "--", "cat"],
};
const times: Record<string, number[]> = { direct: [], tapped: [] };
for (let round = 0; round < ROUNDS; round++) {
  for (const [way, command] of Object.entries(ways)) times[way]!.push(...(await roundTrips(command)));
}
rmSync(logs, { recursive: true });
for (const [way, all] of Object.entries(times)) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number) => `${sorted[Math.floor(sorted.length * share)]!.toFixed(3)} ms`;
  console.log(`${way}  p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}`);
}

async function roundTrips([file = "", ...args]: string[]): Promise<number[]> {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  let missing = 0;
  let whole = () => {};
  child.stdout.on("data", (bytes: Buffer) => {
    missing -= bytes.byteLength;
    if (missing === 0) whole();
  });
  const took: number[] = [];
  for (let n = 0; n < WARM + MESSAGES; n++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    whole = resolve;
    missing = message.byteLength;
    const start = performance.now();
    child.stdin.write(message);
    await promise;
    if (n >= WARM) took.push(performance.now() - start);
    await Bun.sleep(pause);
  }
  child.stdin.end();
  await new Promise((over) => child.on("exit", over));
  return took;
}
