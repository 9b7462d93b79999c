/** A name for an MCP server from the command that starts it: `npx -y @scope/server-files@1.2 /tmp` → `files`. */

export function serverName(command: readonly string[]): string {
  const script = /(^|[\\/])(sh|bash|zsh)$/.test(command[0] ?? "") && command[command.indexOf("-c") + 1];
  if (script && command.includes("-c")) return serverName(script.trim().split(/\s+/));
  const words = command.filter((_, n) => !isOption(command, n));
  const program = base(words[0] ?? "");
  // A launcher of what has no name of its own ("node server.js") is all that is known.
  const launcher = LAUNCHERS.find((known) => known.test(program));
  // What a launcher starts is its first word that is not a command of its own.
  const started = launcher ? words.slice(1).find((word) => !OWN_WORDS.has(word)) : words[0];
  const folder = command[command.findIndex((word) => /^--(directory|project)$/.test(word)) + 1];
  const name = fromPath(started ?? words[0] ?? "") || (launcher && folder && fromPath(folder));
  return name || program || "server";
}

const LAUNCHERS = [
  /^(npx|npm|pnpm|pnpx|yarn|bunx?|deno|node|tsx|ts-node)$/,
  /^(uvx?|pipx|poetry|python[\d.]*|py)$/,
  /^(docker|podman|nerdctl)$/,
  /^(sh|bash|zsh|cmd|env|sudo|java|ruby|go|cargo|dotnet|mcp-proxy-logger)$/,
];
const OWN_WORDS = new Set(["run", "exec", "dlx", "x", "tool", "start", "container", "fastmcp"]);
/** Options of launchers whose next word is their value. */
const WITH_VALUE =
  /^(-e|--env|-v|--volume|--mount|--name|--network|-p|--publish|--package|--from|--with|--directory|--project|--python|-r|--require|--import|--loader|--env-file|-u|--user|-w|--workdir)$/;

function isOption(command: readonly string[], n: number): boolean {
  const word = command[n] ?? "";
  if (n === 0) return false;
  if (/^[A-Za-z_]\w*=/.test(word)) return true; // env A=1 command
  return word.startsWith("-") || WITH_VALUE.test(command[n - 1] ?? "");
}

function base(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? "").replace(/\.(exe|cmd|bat)$/i, "");
}

/** The package, image or file, without what only says that it is a server; a file called `index` takes its folder's name. */
function fromPath(word: string): string {
  const withoutVersion = word.replace(/(?<=.)@[^/]*$/, "").replace(/(?<=[^/]):[\w.-]+$/, "");
  const parts = withoutVersion.split(/[\\/]/).filter((part) => part !== "" && part !== "." && part !== "..");
  for (const part of parts.toReversed()) {
    const name = part
      .replace(/^@/, "")
      .replace(/\.(m?[jt]s|cjs|py|jar|exe|cmd|bat|sh|rb|dll)$/i, "")
      .replace(/^(mcp[-_.])?server[-_.]/i, "")
      .replace(/^mcp[-_.]/i, "")
      .replace(/[-_.](mcp[-_.]server|mcp|server)$/i, "");
    if (!NAMELESS.test(name)) return name;
  }
  return "";
}

const NAMELESS = /^(index|main|server|cli|mcp|app|run|start|stdio|src|dist|build|out|lib|bin|__main__)?$/i;
