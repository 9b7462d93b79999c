/**
 * `bun run team-demo`: two recorders and two pages over a store of their own, with traffic of the demo's agent, in a temporary folder
 * and without Docker. Ctrl-C ends all of it. `--once` looks whether both pages show everything, and ends.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./processes.ts";
import { BUCKET_KEYS, type Engine, fetchEngines, startBucket, startPostgres } from "./team-engines.ts";

const CLI = join(import.meta.dir, "../src/cli.ts");
const once = process.argv.includes("--once");
const folder = mkdtempSync(join(tmpdir(), "team-demo-"));
const children: Bun.Subprocess[] = [];
const engines: Engine[] = [];
let ending: Promise<void> | null = null;

process.on("SIGINT", () => void end(0)).on("SIGTERM", () => void end(0));

try {
  say("Postgres and an S3 server, from npm (the first time takes a moment) …");
  const cache = await fetchEngines();
  Bun.spawnSync(["chmod", "755", folder]);
  const [postgres, bucket] = await Promise.all([
    startPostgres(cache, join(folder, "postgres"), freePort()),
    startBucket(cache, join(folder, "bucket"), freePort()),
  ]);
  engines.push(postgres, bucket);
  const team = ["--store", postgres.url, "--bodies", `s3://team?endpoint=${bucket.url}`];
  await run(["team", "init", "--store", postgres.url]);
  const [first, second] = await Promise.all([
    start([
      "start",
      "--port",
      "0",
      "--web-port",
      "0",
      "--log-dir",
      join(folder, "laptop"),
      ...team,
      "--recorder-name",
      "laptop",
      "--user",
      "ann",
    ]),
    start([
      "start",
      "--port",
      "0",
      "--web-port",
      "0",
      "--log-dir",
      join(folder, "ci"),
      ...team,
      "--recorder-name",
      "ci-runner",
      "--user",
      "build",
    ]),
  ]);
  const pages = await Promise.all([0, 1].map(() => start(["web", "--web-port", "0", ...team])));
  const [one, two] = pages.map(({ page }) => page);
  say(`
page       ${one}
page       ${two}   (the same: neither keeps anything)
recorders  laptop (ann): ${first.page}   ci-runner (build): ${second.page}
try        recorder:laptop   user:build   is:error   in the filter
`);
  say("the demo's agent runs at both recorders …");
  await Promise.all(
    [first, second].map(({ page }) =>
      fetch(`${page}/api/demo`, { method: "POST", headers: { origin: page } }),
    ),
  );
  const seen = await Promise.all([one, two].map((page) => whole(page!, [first.page, second.page])));
  say(`both pages show ${seen[0]} exchanges of two recorders`);
  if (once) await end(seen[0] === seen[1] ? 0 : 1);
  say("Ctrl-C ends all of it.");
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  await end(1);
}

/** As many as the recorders have themselves. */
async function whole(page: string, recorders: readonly string[]): Promise<number> {
  for (let tries = 0; tries < 600; tries++) {
    const own = await Promise.all(recorders.map(total));
    const all = await total(page);
    const wanted = own.reduce((sum, n) => sum + n, 0);
    if (all === wanted && own.every((n) => n > 0)) return all;
    await Bun.sleep(100);
  }
  throw new Error("a page does not show everything after a minute");
}

async function total(page: string): Promise<number> {
  const { exchanges, in_flight } = (await (await fetch(`${page}/api/status`)).json()) as {
    exchanges: number;
    in_flight: number;
  };
  return in_flight > 0 ? -1 : exchanges;
}

async function start(words: string[]): Promise<{ page: string }> {
  const child = Bun.spawn([process.execPath, CLI, ...words], {
    env: { ...process.env, ...BUCKET_KEYS },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const { promise, resolve, reject } = Promise.withResolvers<{ page: string }>();
  const hear = async () => {
    let said = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said = (said + text).slice(-10_000);
      const page = /(?:^|\n)dashboard +(\S+)\n/.exec(said)?.[1];
      if (page) resolve({ page });
    }
    reject(new Error(`it did not start: ${words.join(" ")}\n${said}`));
  };
  void hear();
  return promise;
}

async function run(words: string[]): Promise<void> {
  const child = Bun.spawn([process.execPath, CLI, ...words], { stdio: ["ignore", "inherit", "inherit"] });
  if ((await child.exited) !== 0) throw new Error(`${words.join(" ")} failed`);
}

function end(code: number): Promise<void> {
  return (ending ??= stop(code));
}

async function stop(code: number): Promise<void> {
  for (const child of children) child.kill("SIGINT");
  await Promise.race([Promise.all(children.map((child) => child.exited)), Bun.sleep(8_000)]);
  for (const child of children) child.kill("SIGKILL");
  for (const engine of engines) await engine.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}
