/** Which program speaks on a wire: an agent names itself to the model's API and, by another name, to MCP servers. */

/** The family, how it names itself in `user-agent` (or `originator`), and in MCP's `clientInfo`. */
const FAMILIES: readonly (readonly [family: string, agent: RegExp, client: RegExp])[] = [
  ["Claude Code", /^claude-(cli|code)|claude-agent-sdk/i, /^claude-code|^claude-agent/i],
  ["Codex", /^codex/i, /^codex/i],
  ["Gemini CLI", /^gemini-?cli/i, /^gemini-cli/i],
  ["Qwen Code", /^qwen-?code/i, /^qwen-(cli|code)/i],
  ["OpenCode", /^opencode/i, /^opencode/i],
  ["Cline", /^cline/i, /^cline/i],
  ["Roo Code", /^roo-?code/i, /^roo/i],
  ["Kilo Code", /^kilo-?code/i, /^kilo/i],
  ["Cursor", /^cursor/i, /^cursor/i],
  ["VS Code", /^(vscode|githubcopilotchat)/i, /^visual studio code/i],
  ["MCP Inspector", /^mcp-inspector/i, /^(mcp-)?inspector/i],
];

export function familyOfAgent(agent: string | null): string | null {
  return agent === null ? null : (FAMILIES.find(([, pattern]) => pattern.test(agent))?.[0] ?? null);
}

export function familyOfClient(client: string | null): string | null {
  return client === null ? null : (FAMILIES.find(([, , pattern]) => pattern.test(client))?.[0] ?? null);
}
