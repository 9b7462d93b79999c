/** Claude Code: its MCP servers are given to it in a file, its address in settings that come last, for one run. */
import { join } from "node:path";
import { addressOf } from "./claude-settings.ts";
import {
  fileForRun,
  nothing,
  object,
  overHttp,
  parsed,
  readHost,
  withTaps,
  type Asked,
  type Help,
} from "./help.ts";

/** Words that make `claude` do something else than talk to a model. */
const CLAUDE_COMMANDS =
  /^(mcp|config|update|upgrade|doctor|install|plugin|auth|setup-token|migrate-installer)$/;

export function claude(asked: Asked): Help {
  if (CLAUDE_COMMANDS.test(asked.words[0] ?? "")) return nothing;
  const servers = serversOf(asked);
  const address = addressOf(asked);
  return {
    ...nothing,
    ...servers,
    ...address,
    unrecorded: [...(address.unrecorded ?? []), ...(servers.unrecorded ?? [])],
    options: (at) => [...(address.options?.(at) ?? []), ...(servers.options?.(at) ?? [])],
  };
}

/** `--strict-mcp-config --mcp-config FILE` replaces its servers for one run. */
function serversOf({ words, places, environment, tap }: Asked): Partial<Help> {
  if (tap === null || words.some((word) => word.startsWith("--mcp-config"))) return {};
  const own = readHost("claude-code", join(environment["CLAUDE_CONFIG_DIR"] || places.home, ".claude.json"));
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
  const far = [own, shared].flatMap((file) => (file?.entries ?? []).filter(({ name }) => name in servers));
  const unrecorded = overHttp("claude-code", far);
  if (recorded.length === 0) return { unrecorded };
  const file = fileForRun("mcp.json", { mcpServers: servers });
  return {
    options: () => ["--mcp-config", file.path, "--strict-mcp-config"],
    servers: recorded,
    unrecorded,
    note: "MCP servers of plugins are left out of this run; --no-mcp leaves all servers as they are, unrecorded",
    file,
  };
}
