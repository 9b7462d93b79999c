/** What an agent needs beside variables, and what its settings say: shared by the agents that we know. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Places } from "../../config/environment.ts";
import type { Entry, Tap } from "../wire/entry.ts";
import { readFile, wired, type ConfigFile } from "../wire/file.ts";
import { hosts } from "../wire/hosts.ts";
import { relayName } from "../wire/relay.ts";
import type { Extra } from "./variables.ts";

export type Asked = {
  readonly program: string;
  /** The program's own words. */
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly places: Places;
  /** Null: leave the agent's MCP servers alone. */
  readonly tap: Tap | null;
};

export type Help = {
  /** Upstreams that the agent needs beside the known ones. */
  readonly extra: Extra;
  /** What goes between the program and its own arguments, once the proxy's address is known. */
  readonly options: (at: At) => readonly string[];
  readonly variables: (at: At) => NodeJS.ProcessEnv;
  /** Addresses that the agent's own files give it and that count for it, by the variable that means the same. */
  readonly own: NodeJS.ProcessEnv;
  /** Variables that stay as they are, since nobody knows whether the agent takes its own files' word for them. */
  readonly unset: readonly string[];
  /** MCP servers over HTTP that are asked through the proxy: where it asks, by the name in its address. */
  readonly relays: Readonly<Record<string, string>>;
  /** What cannot be recorded, and why: said at the start and again at the end. */
  readonly unrecorded: readonly string[];
  /** Names of the MCP servers that are recorded. */
  readonly servers: readonly string[];
  /** What a person should know. */
  readonly note: string | null;
  /** A file for this run alone. */
  readonly file: RunFile | null;
};

/** Once the proxy's address is known: the variables with it in front, too. */
export type At = { readonly proxyUrl: string; readonly pointed: NodeJS.ProcessEnv };

export const nothing: Help = {
  extra: {},
  options: () => [],
  variables: () => ({}),
  own: {},
  unset: [],
  relays: {},
  unrecorded: [],
  servers: [],
  note: null,
  file: null,
};

/** Holds what the user's own files hold, keys included: its folder has to go when the agent is gone, however it goes. */
export type RunFile = { readonly folder: string; readonly path: string; readonly text: string };

/** Not written yet: first somebody has to watch over it. */
export function fileForRun(name: string, content: unknown): RunFile {
  const folder = join(tmpdir(), `mcp-proxy-logger-run-${crypto.randomUUID()}`);
  return { folder, path: join(folder, name), text: JSON.stringify(content) };
}

export function writeFileForRun({ folder, path, text }: RunFile): void {
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600, flag: "wx" });
}

export function readHost(id: string, path: string): ConfigFile | null {
  const host = hosts.find((each) => each.id === id);
  const file = host ? readFile(path, host) : null;
  return typeof file === "string" ? null : file;
}

export function canRecord({ command }: Entry): boolean {
  return command.length > 0;
}

/** A tap that is there already is one more time written: with this run's name in it. */
export function withTaps(file: ConfigFile, tap: Tap): string {
  const change = wired(file, () => true, tap, { there: "again" });
  return change === null || typeof change === "string" ? file.text : change.text;
}

/** Servers that are reached over HTTP: no tap can stand before them. Those behind a proxy of ours are recorded there. */
export function overHttp(host: string, entries: readonly Entry[]): string[] {
  const names = entries.flatMap(({ name, url }) => (url !== null && relayName(url) === null ? [name] : []));
  if (names.length === 0) return [];
  const all = [...new Set(names)].join(", ");
  return [`MCP servers over HTTP not recorded: ${all}; \`wire ${host} --http\` puts the proxy before them`];
}

/** Settings of a file; none where it is not there or cannot be read. */
export function settingsIn(path: string): Record<string, unknown> {
  try {
    return object(parsed(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}

/** Comments and trailing commas are allowed in all these files. */
export function parsed(text: string): unknown {
  try {
    return Bun.JSONC.parse(text);
  } catch {
    return {}; // the agent itself will say what is wrong with its file
  }
}

export function put(
  into: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return into;
  return { ...into, [key]: rest.length === 0 ? value : put(object(into[key]), rest, value) };
}

export function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
