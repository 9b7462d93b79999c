/**
 * The one reader of the environment. Loads no package: a tap or a server that a host starts has to answer at once.
 * `.env` of the project counts wherever somebody started us.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { parseEnv } from "node:util";

export const projectRoot: string = join(import.meta.dir, "..", "..");

/** The environment as we were started with it: Bun adds the `.env` of the working directory to `process.env`. */
export function startingEnvironment(): NodeJS.ProcessEnv {
  if (process.platform !== "linux") return { ...process.env };
  const variables: NodeJS.ProcessEnv = {};
  for (const line of readFileSync("/proc/self/environ", "utf8").split("\0")) {
    const at = line.indexOf("=");
    if (at > 0) variables[line.slice(0, at)] = line.slice(at + 1);
  }
  return variables;
}

/** Files that Bun reads in the working directory (1.4.5). */
const ENV_FILES = [".env", ".env.development", ".env.production", ".env.test", ".env.local"].flatMap(
  (name) => [name, `${name}.local`],
);

/** Where the system does not say how we were started: what such a file says as well is taken to come from it. */
function withoutEnvFiles(all: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (process.execArgv.includes("--no-env-file")) return all;
  for (const name of ENV_FILES)
    for (const [key, value] of Object.entries(readIfThere(name))) if (all[key] === value) delete all[key];
  return all;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable, with those of the project's `.env` that the shell did not set, and of the working directory's. */
export function variables(): Environment {
  return { ...ofProject(), ...process.env };
}

/**
 * The same for what runs in a folder that may be a stranger's, as a host starts it or an agent is started there: a
 * `.env` of the working directory must neither move the record nor unmask it nor name an upstream.
 */
export function variablesAnywhere(): Environment {
  const ours = startingEnvironment();
  return { ...ofProject(), ...(process.platform === "linux" ? ours : withoutEnvFiles(ours)) };
}

/** `logs/` of the project, whatever the working directory; a relative folder is meant from the project too. */
export function logDirectory(said: string | undefined = variablesAnywhere()["LOG_DIR"]): string {
  const asked = (said || "logs").replace(/^~(?=$|\/)/, homedir());
  return isAbsolute(asked) ? asked : join(projectRoot, asked);
}

/** The user's own choice: credentials are written as they are. */
export function keepsSecrets(): boolean {
  return isYes(variablesAnywhere()["LOG_SECRETS"] ?? "");
}

export function isYes(word: string): boolean {
  return /^(?:1|true|yes|on)$/i.test(word.trim());
}

let known: NodeJS.Dict<string> | null = null;

function ofProject(): NodeJS.Dict<string> {
  known ??= readIfThere(join(projectRoot, ".env"));
  return known;
}

function readIfThere(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch {
    return {}; // most projects have none
  }
}

/** The run of an agent, for taps that its host starts by a command which does not name it. */
export const RUN_VARIABLE = "MCP_PROXY_LOGGER_RUN";

/** Where programs keep their settings on this machine. */
export type Places = {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly cwd: string;
  /** `%APPDATA%` on Windows. */
  readonly appData: string;
  /** `$XDG_CONFIG_HOME`, by default ~/.config. */
  readonly config: string;
  /** `$CODEX_HOME`, by default ~/.codex. */
  readonly codex: string;
};

export function places(): Places {
  const home = homedir();
  const { APPDATA, XDG_CONFIG_HOME, CODEX_HOME } = process.env;
  return {
    platform: process.platform,
    home,
    cwd: process.cwd(),
    appData: APPDATA || join(home, "AppData", "Roaming"),
    config: XDG_CONFIG_HOME || join(home, ".config"),
    codex: CODEX_HOME || join(home, ".codex"),
  };
}
