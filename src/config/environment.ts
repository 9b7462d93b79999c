/**
 * The few variables that a stdio process needs before anything else may be loaded. Reads no package: a tap or a server
 * that a host starts has to answer at once. `.env` of the project counts wherever the host started us.
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

export function environment(name: "LOG_DIR" | "LOG_SECRETS" | "WEATHER_PROVIDER"): string | undefined {
  return process.env[name] || ofProject()[name] || undefined;
}

/** `logs/` of the project, whatever the working directory; a relative LOG_DIR is meant from the project too. */
export function logDirectory(flag?: string): string {
  const asked = (flag ?? environment("LOG_DIR") ?? "logs").replace(/^~(?=$|\/)/, homedir());
  return isAbsolute(asked) ? asked : join(projectRoot, asked);
}

/** The user's own choice: credentials are written as they are. */
export function keepsSecrets(): boolean {
  return /^(?:1|true|yes|on)$/i.test(environment("LOG_SECRETS")?.trim() ?? "");
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
