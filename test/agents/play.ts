/**
 * Plays one real agent: `play.ts NAME VERSION PROGRAM FOLDER`. Ends with 1 when anything is not as it should be: the
 * exit code, what it said, what was recorded on both wires, how the call is joined, and who else was asked.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { agents } from "./agents.ts";
import { keepFixture } from "./fixture.ts";

const [name = "", version = "", program = "", folder = ""] = process.argv.slice(2);
const agent = agents[name]!;
const root = join(import.meta.dir, "..", "..");
const cli = join(root, "src", "cli.ts");
const [home, work, logs] = ["home", "work", "logs"].map((part) => resolve(folder, part)) as [
  string,
  string,
  string,
];

/** A first start unpacks and compiles; nobody waits longer for three days of weather. */
const PATIENCE_MS = 180_000;

for (const each of [home, work, logs]) rmSync(each, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const server = [
  process.execPath,
  "--no-env-file",
  join(root, "src", "mcp", "weather.ts"),
  "--no-record",
] as const;
for (const [path, text] of Object.entries(agent.files([...server]))) {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

const asked = join(folder, "asked");
writeFileSync(asked, "");
const sink = await refuseAll();
const environment = {
  PATH: process.env["PATH"] ?? "",
  HOME: home,
  TERM: "dumb",
  WEATHER_PROVIDER: "sample",
  HTTPS_PROXY: sink.url,
  HTTP_PROXY: sink.url,
  ...agent.environment,
};
const ours = (...words: string[]) =>
  Bun.spawn([process.execPath, "--no-env-file", cli, ...words], {
    cwd: work,
    env: environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });

if (agent.wired !== null) await ours("wire", agent.wired, "--yes", "--log-dir", logs).exited;
const question = "What will the weather be like in Oslo for the next 3 days? Use the weather tool.";
const settings = ["--port", "0", "--web-port", "0", "--log-dir", logs];
const run = ours("run", ...settings, "--", resolve(program), ...agent.words(question));
const patience = setTimeout(() => run.kill(), PATIENCE_MS);
const [out, said] = await Promise.all([run.stdout.text(), run.stderr.text()]);
const code = await run.exited;
clearTimeout(patience);
sink.stop();
writeFileSync(join(folder, "stdout"), out);
writeFileSync(join(folder, "stderr"), said);

let failed = 0;
check("it ends well", code === 0, `exit code ${code}; ${said.slice(-400)}`);
check("it tells the numbers of the tool", /warmest day is \d{4}-/.test(out), out.slice(-400));
check("run counts what it recorded", /^[1-9]\d* exchanges?$/m.test(said), said.slice(-400));
const others = readFileSync(asked, "utf8")
  .split("\n")
  .filter((host) => host !== "" && !agent.beside.test(host));
check("nobody else was asked", others.length === 0, [...new Set(others)].join(" "));

const page = ours("web", "--web-port", "0", "--log-dir", logs);
const url = await urlOf(page.stdout);
const exchanges = await listed(`${url}/api/exchanges?limit=100`);
check(
  "all exchanges went to the demo",
  exchanges.every(({ upstream }) => upstream === "demo"),
  exchanges,
);
const sessions = await listed(`${url}/api/mcp/sessions`);
check(
  "the weather server's session is recorded",
  sessions.some((one) => one["name"] === "weather"),
  sessions,
);
const runs = await listed(`${url}/api/runs`);
const { steps = [] } = runs[0] ? await json(`${url}/api/runs/${runs[0]["id"]}`) : {};
const joined = (steps as Record<string, unknown>[]).filter(({ certainty }) => typeof certainty === "string");
const ties = joined.map(({ state, certainty, rule }) => `${state} ${certainty} ${rule}`);
check(
  "it is one run",
  runs.length === 1,
  runs.map(({ title }) => title),
);
check(`its call is joined: ${agent.tie}`, ties.length === 1 && ties[0] === `served ${agent.tie}`, ties);
page.kill();
await page.exited;
if (process.env["FIXTURES"])
  keepFixture(join(logs, "index.sqlite"), process.env["FIXTURES"], `${name}-${version}`, [
    home,
    work,
    root,
    folder,
  ]);
process.exit(failed === 0 ? 0 : 1);

function check(what: string, holds: boolean, seen: unknown): void {
  if (!holds) failed++;
  console.log(
    `${holds ? "ok    " : "FAILED"}  ${name} ${version}: ${what}${holds ? "" : `\n        ${JSON.stringify(seen)}`}`,
  );
}

async function json(url: string): Promise<Record<string, any>> {
  return (await fetch(url)).json() as Promise<Record<string, any>>;
}

async function listed(url: string): Promise<Record<string, any>[]> {
  return (await json(url))["items"];
}

async function urlOf(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of stdout) {
    text += new TextDecoder().decode(piece);
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
    if (found) return found;
  }
  throw new Error(`the page did not start: ${text}`);
}

/** A proxy that refuses whatever it is asked for, and writes down of whom. */
function refuseAll(): Promise<{ url: string; stop: () => void }> {
  const proxy = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (head) => {
      const target = /^\S+ (?:https?:\/\/)?([^/: ]+)/.exec(head.toString())?.[1] ?? "?";
      if (existsSync(asked)) appendFileSync(asked, `${target}\n`);
      socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    });
  });
  return new Promise((ready) => {
    proxy.listen(0, "127.0.0.1", () => {
      const { port } = proxy.address() as { port: number };
      ready({ url: `http://127.0.0.1:${port}`, stop: () => proxy.close() });
    });
  });
}
