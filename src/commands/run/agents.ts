/**
 * Agents that want more than variables: options of their own for the address of the API and for their MCP servers.
 * Whatever is not in this list gets the variables alone.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Places } from "../../config/environment.ts";
import { tapEnd, withTap, type Entry, type Tap } from "../wire/entry.ts";
import { readFile, wired, type ConfigFile } from "../wire/file.ts";
import { hosts } from "../wire/hosts.ts";
import type { Extra } from "./variables.ts";

export type Asked = {
  readonly command: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
  readonly places: Places;
  /** Null: leave the agent's MCP servers alone. */
  readonly tap: Tap | null;
};

export type Help = {
  /** Upstreams that the agent needs beside the known ones. */
  readonly extra: Extra;
  /** What goes between the program and its own arguments, once the proxy's address is known. */
  readonly options: (proxyUrl: string) => readonly string[];
  readonly variables: (proxyUrl: string) => NodeJS.ProcessEnv;
  /** Names of the MCP servers that are recorded. */
  readonly servers: readonly string[];
  /** What a person should know. */
  readonly note: string | null;
  /** A folder that has to go when the agent is gone. */
  readonly folder: string | null;
};

const nothing: Help = {
  extra: {},
  options: () => [],
  variables: () => ({}),
  servers: [],
  note: null,
  folder: null,
};

export function helpFor(asked: Asked): Help {
  const program = basename(asked.command[0]).replace(/\.(exe|cmd|bat|js|mjs)$/i, "");
  switch (program) {
    case "claude":
      return claude(asked);
    case "codex":
      return codex(asked);
    case "opencode":
      return opencode(asked);
    default:
      return nothing;
  }
}

/** Words that make `claude` do something else than talk to a model. */
const CLAUDE_COMMANDS =
  /^(mcp|config|update|upgrade|doctor|install|plugin|auth|setup-token|migrate-installer)$/;

/** Claude Code: `--strict-mcp-config --mcp-config FILE` replaces its servers for one run. */
function claude({ command, places, tap }: Asked): Help {
  const [, ...words] = command;
  if (
    tap === null ||
    CLAUDE_COMMANDS.test(words[0] ?? "") ||
    words.some((word) => word.startsWith("--mcp-config"))
  ) {
    return nothing;
  }
  const own = readHost("claude-code", join(places.home, ".claude.json"));
  const shared = readHost("claude-code", join(places.cwd, ".mcp.json"));
  const before = own ? object(parsed(own.text)) : {};
  const here = object(object(before["projects"])[places.cwd]);
  // Servers of a repository run only when the user has agreed to them; our file must not be a way around that.
  const agreed = Array.isArray(here["enabledMcpjsonServers"])
    ? (here["enabledMcpjsonServers"] as unknown[])
    : [];
  const ours = own ? object(parsed(withTaps(own, tap))) : {};
  const theirs = shared ? object(object(parsed(withTaps(shared, tap)))["mcpServers"]) : {};
  const servers = {
    ...object(ours["mcpServers"]),
    ...Object.fromEntries(Object.entries(theirs).filter(([name]) => agreed.includes(name))),
    ...object(object(object(ours["projects"])[places.cwd])["mcpServers"]),
  };
  const recorded = Object.keys(servers).filter(
    (name) => typeof object(servers[name])["command"] === "string",
  );
  if (recorded.length === 0) return nothing;
  const folder = mkdtempSync(join(tmpdir(), "mcp-proxy-logger-run-"));
  const file = join(folder, "mcp.json");
  writeFileSync(file, JSON.stringify({ mcpServers: servers }), { mode: 0o600 });
  return {
    ...nothing,
    options: () => ["--mcp-config", file, "--strict-mcp-config"],
    servers: recorded,
    note: "MCP servers of plugins are left out of this run; --no-mcp leaves all servers as they are, unrecorded",
    folder,
  };
}

/** Codex: `-c key=value` overrides its configuration for one run. It reads no variable for the address any more. */
function codex({ places, tap, environment }: Asked): Help {
  const chatgpt = environment["OPENAI_API_KEY"] ? false : isChatGpt(join(places.codex, "auth.json"));
  const file = tap && readHost("codex", join(places.codex, "config.toml"));
  const entries = (file ? file.entries : []).filter(
    (entry) => canRecord(entry) && /^[\w-]+$/.test(entry.name),
  );
  const overrides = entries.flatMap((entry) => {
    const [program = "", ...args] = tap ? withTap(entry, tap) : [];
    const key = `mcp_servers.${entry.name}`;
    return ["-c", `${key}.command=${JSON.stringify(program)}`, "-c", `${key}.args=${JSON.stringify(args)}`];
  });
  return {
    ...nothing,
    extra: chatgpt ? { chatgpt: "https://chatgpt.com/backend-api/codex" } : {},
    options: (proxyUrl) => {
      const url = chatgpt ? `${proxyUrl}/@chatgpt` : `${proxyUrl}/@openai/v1`;
      return ["-c", `openai_base_url=${JSON.stringify(url)}`, ...overrides];
    },
    servers: entries.map(({ name }) => name),
  };
}

/** Who signed in with an account has another address than who has a key. Looks at nothing but which of the two it is. */
function isChatGpt(path: string): boolean {
  if (!existsSync(path)) return false;
  const { OPENAI_API_KEY, tokens } = object(parsed(readFileSync(path, "utf8")));
  return typeof OPENAI_API_KEY !== "string" && typeof tokens === "object" && tokens !== null;
}

/** OpenCode: a configuration in a variable is laid over the others, for one run. */
function opencode({ places, tap, environment }: Asked): Help {
  const names = ["opencode.json", "opencode.jsonc"];
  const folders = [join(places.config, "opencode"), places.cwd];
  const files = folders
    .flatMap((folder) => names.map((name) => readHost("opencode", join(folder, name))))
    .filter((file) => file !== null);
  const given = object(parsed(environment["OPENCODE_CONFIG_CONTENT"] ?? "{}"));
  const settings = [...files.map((file) => object(parsed(file.text))), given];
  const entries = tap ? files.flatMap((file) => file.entries.filter(canRecord)) : [];
  const servers = entries.map((entry) => ({ entry, command: tap ? withTap(entry, tap) : [] }));
  return {
    ...nothing,
    variables: (proxyUrl) => {
      const addresses = {
        anthropic: `${proxyUrl}/@anthropic/v1`,
        openai: `${proxyUrl}/@openai/v1`,
        google: `${proxyUrl}/@gemini/v1beta`,
        openrouter: `${proxyUrl}/@openrouter/v1`,
      };
      let content: Record<string, unknown> = given;
      for (const [name, baseURL] of Object.entries(addresses)) {
        // An address that the user has chosen is not ours to change.
        const isOwn = settings.some(
          (each) => object(object(object(each["provider"])[name])["options"])["baseURL"],
        );
        if (!isOwn) content = put(content, ["provider", name, "options", "baseURL"], baseURL);
      }
      for (const { entry, command } of servers) content = put(content, [...entry.path, "command"], command);
      return { OPENCODE_CONFIG_CONTENT: JSON.stringify(content) };
    },
    servers: entries.map(({ name }) => name),
  };
}

function readHost(id: string, path: string): ConfigFile | null {
  const host = hosts.find((each) => each.id === id);
  const file = host ? readFile(path, host) : null;
  return typeof file === "string" ? null : file;
}

function canRecord({ command }: Entry): boolean {
  return command.length > 0 && tapEnd(command) === null;
}

function withTaps(file: ConfigFile, tap: Tap): string {
  const change = wired(file, () => true, tap);
  return change === null || typeof change === "string" ? file.text : change.text;
}

/** Comments and trailing commas are allowed in all these files. */
function parsed(text: string): unknown {
  try {
    return Bun.JSONC.parse(text);
  } catch {
    return {}; // the agent itself will say what is wrong with its file
  }
}

function put(
  into: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return into;
  return { ...into, [key]: rest.length === 0 ? value : put(object(into[key]), rest, value) };
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
