/** What of this machine could be recorded: agents that are installed, hosts that have MCP servers. With one command each. */
import type { Places } from "../config/environment.ts";
import { existsSync } from "node:fs";
import { hosts } from "./wire/hosts.ts";

export type Here = { readonly title: string; readonly command: string };

const AGENTS = [
  ["claude", "Claude Code"],
  ["codex", "Codex"],
  ["gemini", "Gemini CLI"],
  ["opencode", "OpenCode"],
  ["qwen", "Qwen Code"],
] as const;

/** Looks whether files are there; reads none of them. */
export function foundHere(places: Places, which: (program: string) => string | null = Bun.which): Here[] {
  const agents = AGENTS.filter(([program]) => which(program) !== null).map(([program, title]) => ({
    title,
    command: `bun run run -- ${program}`,
  }));
  const wirable = hosts
    .filter((host) => host.files(places).some(({ path, scope }) => scope === "user" && existsSync(path)))
    .map(({ id, title }) => ({ title, command: `bun run wire ${id}` }));
  return [...agents, ...wirable];
}
