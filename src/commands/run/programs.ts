/** Which agent a command starts, also behind a runner (`npx`, `env`, `timeout 60`), and where its own words begin. */
import { basename } from "node:path";

export type Started = {
  /** `claude`, `bun`, or whatever else the program is called. */
  readonly program: string;
  /** So many words of the command stand before the program's own. */
  readonly at: number;
};

/** Names of agents in npm's registry. */
const PACKAGES: Readonly<Record<string, string>> = {
  "@anthropic-ai/claude-code": "claude",
  "@openai/codex": "codex",
  "opencode-ai": "opencode",
  "@google/gemini-cli": "gemini",
  "@qwen-code/qwen-code": "qwen",
  "@github/copilot": "copilot",
  "@charmland/crush": "crush",
};

const AGENTS = new Set([...Object.values(PACKAGES), "goose", "cursor-agent", "q", "kiro-cli", "amp"]);

/** They start the program that one of their later words names. */
const RUNNERS = new Set([
  "npx",
  "bunx",
  "pnpx",
  "npm",
  "pnpm",
  "yarn",
  "bun",
  "env",
  "nice",
  "nohup",
  "timeout",
  "time",
  "stdbuf",
  "caffeinate",
]);

export function startedBy(command: readonly [string, ...string[]]): Started {
  const program = nameOf(command[0]);
  if (!RUNNERS.has(program) && program !== "node") return { program, at: 1 };
  const at = command.findIndex((word, n) => n > 0 && agentOf(word) !== null);
  const agent = agentOf(command[at] ?? "");
  return agent === null ? { program, at: 1 } : { program: agent, at: at + 1 };
}

/** `claude`, `/usr/bin/claude`, `@anthropic-ai/claude-code@2.1.0`, `gemini.js`. */
function agentOf(word: string): string | null {
  const name = PACKAGES[word.replace(/(?<=.)@[^@/]*$/, "")] ?? nameOf(word);
  return AGENTS.has(name) ? name : null;
}

function nameOf(word: string): string {
  return basename(word).replace(/\.(exe|cmd|bat|js|mjs|cjs)$/i, "");
}
