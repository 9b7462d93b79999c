/**
 * `run [--no-mcp] [SETTING …] -- COMMAND …`: starts an agent whose API calls go through the proxy, for that process
 * alone. Nothing is written into the agent's own settings, so nothing is left when it ends, however it ends.
 */
import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { printable } from "../fact/printable.ts";
import { passSignal, startProgram } from "../capture/stdio/start-program.ts";
import { watchOver } from "../capture/stdio/watchdog.ts";
import {
  places,
  projectRoot,
  RUN_VARIABLE,
  startingEnvironment,
  variablesAnywhere,
} from "../config/environment.ts";
import { ConfigError, readOptions, UsageError, valueOf } from "../config/options.ts";
import { readConfig, settingsOf, type Config } from "../config.ts";
import { SETTINGS } from "../config/settings.ts";
import { running } from "../journal/running.ts";
import { start, type Program } from "../main.ts";
import { helpFor } from "./run/agents.ts";
import { ending, exchangesOf } from "./run/ending.ts";
import { writeFileForRun, type Help } from "./run/help.ts";
import { startedBy } from "./run/programs.ts";
import { elsewhere, pointed, type Extra } from "./run/variables.ts";

const USAGE = "run [--no-mcp] [SETTING …] -- COMMAND [ARGUMENT …], for example: run -- claude";

const NO_MCP = { flag: "--no-mcp", value: "" };

export async function run(words: string[]): Promise<number> {
  const said = readOptions(words, [NO_MCP, ...SETTINGS], "follows");
  const [file, ...args] = said.command;
  if (file === undefined) throw new UsageError(`run needs the command of an agent\nusage: ${USAGE}`);
  const command = [file, ...args] as const;
  const config = readConfig(settingsOf(said), variablesAnywhere());
  const environment = startingEnvironment();
  const cli = join(projectRoot, "src", "cli.ts");
  // One name on both wires, in the address of the API and in the command of each server: so they are joined surely.
  const id = `run-${crypto.randomUUID().slice(-12)}`;
  const tap =
    valueOf(said, NO_MCP.flag) === undefined
      ? { runtime: process.execPath, cli, logDir: config.logDir, run: id }
      : null;
  const { program, at } = startedBy(command);
  const help = helpFor({ program, words: command.slice(at), environment, places: places(), tap });
  const before = { ...environment, ...help.own };
  const extra = { ...elsewhere(before), ...help.extra };
  const proxy = await findOrStart(config, extra, help.relays);

  say(`recorded: ${proxy.pageUrl ?? `in ${config.logDir}`}`);
  if (help.servers.length > 0) say(`MCP servers recorded: ${help.servers.join(", ")}`);
  if (help.note) say(help.note);
  for (const sentence of help.unrecorded) say(sentence);
  const proxyUrl = `${proxy.url}/@run:${id}`;
  const address = { proxyUrl, pointed: pointed(proxyUrl, before, extra, help.unset) };
  const variables = { ...address.pointed, [RUN_VARIABLE]: id, ...help.variables(address) };
  // Before the file is there: nothing may be left of it, whatever happens to us from now on.
  const forget = watchOver(undefined, help.file?.folder);
  if (help.file) writeFileForRun(help.file);
  const options = { env: { ...environment, ...variables }, stdio: "inherit" } as const;
  const asked = [...args.slice(0, at - 1), ...help.options(address), ...args.slice(at - 1)];
  const exit = await over(file, () => startProgram([file, ...asked], options));
  if (help.file) rmSync(help.file.folder, { recursive: true, force: true });
  forget();
  const count = await exchangesOf(id, proxy.pageUrl, config.token);
  await proxy.program?.stop();
  for (const line of ending(count, help.unrecorded)) say(line);
  if (proxy.program) say(`recorded in ${config.logDir}; \`bun run web\` shows it`);
  if (exit.signal !== null) process.kill(process.pid, exit.signal);
  process.exit(exit.code ?? 1);
}

type Proxy = { readonly url: string; readonly pageUrl: string | null; readonly program: Program | null };

/** The one that runs already, unless this run needs upstreams or servers that it does not have. */
async function findOrStart(config: Config, extra: Extra, relays: Help["relays"]): Promise<Proxy> {
  if (Object.keys(extra).length === 0 && Object.keys(relays).length === 0) {
    for (const { proxyUrl, dashboardUrl } of running(config.logDir)) {
      if (proxyUrl !== null && (await answers(proxyUrl))) {
        return { url: proxyUrl, pageUrl: dashboardUrl, program: null };
      }
    }
  }
  const wanted = {
    ...config,
    upstreams: { ...config.upstreams, ...extra },
    mcpServers: { ...config.mcpServers, ...relays },
  };
  const program = await start(wanted).catch((error: unknown) => {
    // The usual ports are taken by something else: any other will do, since we tell the agent which.
    if (!(error instanceof ConfigError)) throw error;
    return start({ ...wanted, port: 0, webPort: 0 });
  });
  if (program.proxyUrl === null) throw new Error("the proxy did not start");
  return { url: program.proxyUrl, pageUrl: program.dashboardUrl, program };
}

function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });
}

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/**
 * A terminal sends Ctrl-C to all of its programs at once: the agent has it already and decides, we only stay. Without
 * a terminal it came to us alone and is passed on.
 */
function over(file: string, start: () => ChildProcess): Promise<Exit> {
  const pass = (signal: NodeJS.Signals) => passSignal(agent, signal);
  const stay = (signal: NodeJS.Signals) => (process.stdin.isTTY ? undefined : pass(signal));
  const handlers = [
    ["SIGINT", stay],
    ["SIGQUIT", stay],
    ["SIGTERM", pass],
    ["SIGHUP", pass],
  ] as const;
  // Before there is an agent: a signal that comes at once must not end us alone.
  for (const [signal, handle] of handlers) process.on(signal, handle);
  const agent = start();
  const relieve = watchOver(agent.pid);
  return new Promise<Exit>((resolve) => {
    agent.on("error", (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === "ENOENT";
      say(`cannot start ${file}: ${isMissing ? "there is no such program" : error.message}`);
      resolve({ code: isMissing ? 127 : 126, signal: null });
    });
    agent.on("exit", (code, signal) => resolve({ code, signal }));
  }).finally(() => {
    relieve();
    for (const [signal, handle] of handlers) process.removeListener(signal, handle);
  });
}

/** On stderr: the agent's stdout may go into a file. */
function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}
