/** `tap [--name NAME] -- COMMAND …`: runs a stdio MCP server for a host and records what passes. Loads no package. */
import packageJson from "../../package.json" with { type: "json" };
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { closeStdout } from "../capture/stdio/close-stdout.ts";
import { FORWARDED, tapStdio, type Exit } from "../capture/stdio/stdio.ts";
import {
  keepsSecrets,
  logDirectory,
  projectRoot,
  RUN_VARIABLE,
  startingEnvironment,
} from "../config/environment.ts";
import { UsageError, readOptions, valueOf } from "../config/options.ts";
import { quoted } from "../fact/command.ts";
import type { Fact, From } from "../fact/fact.ts";
import { serverName } from "../fact/server-name.ts";
import { lineMask } from "../journal/line-mask.ts";
import { openSessionFile, type SessionFile } from "../journal/session-file.ts";

const USAGE = "tap [--name NAME] [--log-dir DIR] [--run ID] -- COMMAND [ARGUMENT …]";
const NAME = { flag: "--name", value: "NAME" };
const RUN = { flag: "--run", value: "ID" };
const LOG_DIR = { flag: "--log-dir", value: "FOLDER" };

/** The host waits for us to leave: a disk that refuses gets this long. */
const GRACE_MS = 500;
/** A process that ends closes its streams just before: only one that is there this much later goes on without them. */
const LIVES_ON_MS = 250;

export async function tap(words: string[]): Promise<number> {
  const said = readOptions(words, [NAME, RUN, LOG_DIR], "follows");
  const command = commandOf(said.command);
  const [name = serverName(command), logDir] = [valueOf(said, NAME.flag), valueOf(said, LOG_DIR.flag)];
  let file: SessionFile | null = null;
  const tell = (fact: Fact) => {
    if (fact.fact !== "open") return file?.tell(fact);
    const folder = logDirectory(logDir);
    const versions = { recorder: packageJson.version, bun: Bun.version };
    file = openSessionFile(fact, {
      logDir: folder,
      mask: lineMask(folder, keepsSecrets() ? "kept" : "masked"),
      versions,
    });
  };
  const { stdin, stdout, stderr } = process;
  // The server has what it would have without us.
  const { [RUN_VARIABLE]: inherited, ...env } = startingEnvironment();
  const target = quoted(command);
  const started = { command: recordedOnce(command), told: command };
  const forward = (signal: NodeJS.Signals) => void tapped.signal(signal);
  let isOver = false;
  const ended = (from: From, t: number) => {
    setTimeout(() => isOver || file?.ended(from, t), LIVES_ON_MS).unref();
  };
  // Before there is a server: a signal that comes at once must not end us alone.
  for (const signal of FORWARDED) process.on(signal, forward);
  const run = runOf(valueOf(said, RUN.flag) ?? inherited);
  const named = { name, target, ...(run !== null && { run }) };
  const isCrowded = () => file?.isCrowded() ?? false;
  const place = { env, cwd: folderHere(), stdin, stdout, stderr, isCrowded };
  const tapped = tapStdio({ ...started, ...named, ...place, closeStdout, ended }, tell);
  const exit = await tapped.exit;
  isOver = true;
  await (file as SessionFile | null)?.close(GRACE_MS);
  for (const signal of FORWARDED) process.removeListener(signal, forward);
  return leave(exit);
}

/** A name that also stands in addresses; another one is left out, since the server has to start all the same. */
function runOf(said: string | undefined): string | null {
  return said !== undefined && /^[\w.-]{1,64}$/.test(said) ? said : null;
}

/** The working directory may be gone: the program then starts where we are, as it would without us. */
function folderHere(): string {
  try {
    return process.cwd();
  } catch {
    return ".";
  }
}

function commandOf([file, ...args]: readonly string[]): [string, ...string[]] {
  if (file === undefined) throw new UsageError(`tap needs the command of an MCP server\nusage: ${USAGE}`);
  if (isTap([file, ...args]))
    throw new UsageError("this command is a tap already: wrapped twice, it would be recorded twice");
  return [file, ...args];
}

/** Whether a command runs this program's own tap. */
export function isTap(command: readonly string[]): boolean {
  const at = command.indexOf("tap");
  if (at < 1) return false;
  return command.slice(0, at).some((word) => word.endsWith("mcp-proxy-logger") || isOurCli(word));
}

/** Our own weather server keeps a record of itself; behind a tap it is told not to. Any other command is as it was. */
function recordedOnce([file, ...args]: [string, ...string[]]): [string, ...string[]] {
  const own = [file, ...args].slice(0, 4).some((word) => isOurs(word, "mcp", "weather.ts"));
  return own && !args.includes("--no-record") ? [file, ...args, "--no-record"] : [file, ...args];
}

function isOurCli(word: string): boolean {
  return isOurs(word, "cli.ts");
}

function isOurs(word: string, ...names: readonly [string, ...string[]]): boolean {
  if (!word.endsWith(names.at(-1) ?? "")) return false;
  try {
    return realpathSync(word) === realpathSync(join(projectRoot, "src", ...names));
  } catch {
    return false; // not a file that we can see
  }
}

/** Ends as the server ended. A process that died of a signal is seen as such by the host: so must we. */
function leave({ code, signal, refused }: Exit): number {
  if (refused !== undefined) process.stderr.write(`${refused}\n`);
  if (signal !== null) process.kill(process.pid, signal);
  process.exit(code ?? 1);
}
