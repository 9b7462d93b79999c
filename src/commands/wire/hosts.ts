/** The hosts whose MCP configuration we know: where their files are and where in them the servers stand. */
import { join } from "node:path";
import type { Places } from "../../config/environment.ts";

export type Host = {
  /** What a person types. */
  readonly id: string;
  readonly title: string;
  readonly format: "json" | "toml" | "yaml";
  /** Paths to an entry; `*` is any name, the last one the server's. */
  readonly servers: readonly (readonly string[])[];
  /** `user` files first; `project` files belong to the folder we run in, and often to a repository. */
  readonly files: (
    places: Places,
  ) => readonly { readonly path: string; readonly scope: "user" | "project" }[];
};

const user = (path: string) => ({ path, scope: "user" as const });
const project = ({ cwd }: Places, ...names: string[]) => ({
  path: join(cwd, ...names),
  scope: "project" as const,
});

/** Applications with a folder by their own name where the system keeps such folders. */
function applicationFile(places: Places, folder: string, ...names: string[]): string {
  const { platform, home, appData, config } = places;
  if (platform === "darwin") return join(home, "Library", "Application Support", folder, ...names);
  return join(platform === "win32" ? appData : config, folder, ...names);
}

/** What VS Code's extensions keep for themselves. */
const extensionFile = (places: Places, extension: string, name: string) =>
  user(applicationFile(places, "Code", "User", "globalStorage", extension, "settings", name));

/** All places in a file at which some host has its servers: for a file of which only the path is known. */
const ANY = [
  ["mcpServers", "*"],
  ["servers", "*"],
  ["mcp", "*"],
  ["mcp", "servers", "*"],
  ["context_servers", "*"],
  ["mcp_servers", "*"],
  ["extensions", "*"],
  ["amp.mcpServers", "*"],
  ["projects", "*", "mcpServers", "*"],
];

/** A host that we do not know, by its file. */
export function hostOfFile(path: string): Host {
  const format = /\.toml$/i.test(path) ? "toml" : /\.ya?ml$/i.test(path) ? "yaml" : "json";
  return { id: path, title: "the host", format, servers: ANY, files: () => [{ path, scope: "user" }] };
}

export const hosts: readonly Host[] = [
  {
    id: "claude-desktop",
    title: "Claude Desktop",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [user(applicationFile(places, "Claude", "claude_desktop_config.json"))],
  },
  {
    id: "claude-code",
    title: "Claude Code",
    format: "json",
    servers: [
      ["mcpServers", "*"],
      ["projects", "*", "mcpServers", "*"],
    ],
    files: (places) => [user(join(places.home, ".claude.json")), project(places, ".mcp.json")],
  },
  {
    id: "cursor",
    title: "Cursor",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      user(join(places.home, ".cursor", "mcp.json")),
      project(places, ".cursor", "mcp.json"),
    ],
  },
  {
    id: "vscode",
    title: "VS Code",
    format: "json",
    servers: [["servers", "*"]],
    files: (places) => [
      user(applicationFile(places, "Code", "User", "mcp.json")),
      project(places, ".vscode", "mcp.json"),
    ],
  },
  {
    id: "windsurf",
    title: "Windsurf",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [user(join(places.home, ".codeium", "windsurf", "mcp_config.json"))],
  },
  {
    id: "codex",
    title: "Codex",
    format: "toml",
    servers: [["mcp_servers", "*"]],
    files: (places) => [user(join(places.codex, "config.toml")), project(places, ".codex", "config.toml")],
  },
  {
    id: "gemini",
    title: "Gemini CLI",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      user(join(places.home, ".gemini", "settings.json")),
      project(places, ".gemini", "settings.json"),
    ],
  },
  {
    id: "opencode",
    title: "OpenCode",
    format: "json",
    servers: [
      ["mcp", "*"],
      ["mcp", "servers", "*"],
    ],
    files: (places) => [
      user(join(places.config, "opencode", "opencode.json")),
      user(join(places.config, "opencode", "opencode.jsonc")),
      project(places, "opencode.json"),
      project(places, "opencode.jsonc"),
    ],
  },
  {
    id: "zed",
    title: "Zed",
    format: "json",
    servers: [["context_servers", "*"]],
    files: (places) => [
      places.platform === "win32"
        ? user(join(places.appData, "Zed", "settings.json"))
        : user(join(places.config, "zed", "settings.json")),
      project(places, ".zed", "settings.json"),
    ],
  },
  {
    id: "qwen",
    title: "Qwen Code",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      user(join(places.home, ".qwen", "settings.json")),
      project(places, ".qwen", "settings.json"),
    ],
  },
  {
    id: "cline",
    title: "Cline",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      extensionFile(places, "saoudrizwan.claude-dev", "cline_mcp_settings.json"),
      user(join(places.home, ".cline", "data", "settings", "cline_mcp_settings.json")),
    ],
  },
  {
    id: "roo",
    title: "Roo Code",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      extensionFile(places, "rooveterinaryinc.roo-cline", "mcp_settings.json"),
      project(places, ".roo", "mcp.json"),
    ],
  },
  {
    id: "kilo",
    title: "Kilo Code",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      extensionFile(places, "kilocode.kilo-code", "mcp_settings.json"),
      project(places, ".kilocode", "mcp.json"),
    ],
  },
  {
    id: "junie",
    title: "Junie",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      user(join(places.home, ".junie", "mcp", "mcp.json")),
      project(places, ".junie", "mcp", "mcp.json"),
    ],
  },
  {
    id: "amazon-q",
    title: "Amazon Q",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      user(join(places.home, ".aws", "amazonq", "mcp.json")),
      user(join(places.home, ".aws", "amazonq", "default.json")),
      project(places, ".amazonq", "mcp.json"),
      project(places, ".amazonq", "default.json"),
    ],
  },
  {
    id: "kiro",
    title: "Kiro",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [
      user(join(places.home, ".kiro", "settings", "mcp.json")),
      project(places, ".kiro", "settings", "mcp.json"),
    ],
  },
  {
    id: "copilot",
    title: "Copilot CLI",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [user(join(places.home, ".copilot", "mcp-config.json"))],
  },
  {
    id: "crush",
    title: "Crush",
    format: "json",
    servers: [["mcp", "*"]],
    files: (places) => [
      user(join(places.config, "crush", "crush.json")),
      project(places, "crush.json"),
      project(places, ".crush.json"),
    ],
  },
  {
    id: "amp",
    title: "Amp",
    format: "json",
    servers: [["amp.mcpServers", "*"]],
    files: (places) => [
      user(join(places.config, "amp", "settings.json")),
      project(places, ".amp", "settings.json"),
    ],
  },
  {
    id: "continue",
    title: "Continue",
    format: "yaml",
    servers: [["mcpServers", "*"]],
    files: (places) => [user(join(places.home, ".continue", "config.yaml"))],
  },
  {
    id: "lm-studio",
    title: "LM Studio",
    format: "json",
    servers: [["mcpServers", "*"]],
    files: (places) => [user(join(places.home, ".lmstudio", "mcp.json"))],
  },
  {
    id: "goose",
    title: "Goose",
    format: "yaml",
    servers: [["extensions", "*"]],
    files: (places) => [
      places.platform === "win32"
        ? user(join(places.appData, "Block", "goose", "config", "config.yaml"))
        : user(join(places.config, "goose", "config.yaml")),
    ],
  },
];
