/** Agents that ask a server of their maker's, at an address that no variable changes. */
import { nothing, type Asked, type Help } from "./help.ts";

const AGENTS: Readonly<Record<string, { title: string; host?: string }>> = {
  copilot: { title: "Copilot CLI", host: "copilot" },
  "cursor-agent": { title: "Cursor", host: "cursor" },
  q: { title: "Amazon Q", host: "amazon-q" },
  "kiro-cli": { title: "Kiro", host: "kiro" },
  amp: { title: "Amp" },
};

/** Null for any other program. */
export function makersOwn({ program, environment }: Asked): Help | null {
  const agent = Object.hasOwn(AGENTS, program) ? AGENTS[program] : undefined;
  if (!agent) return null;
  // Its own model behind an address of the user's is asked through us, as any address that stands in a variable.
  if (program === "copilot" && environment["COPILOT_PROVIDER_BASE_URL"]) return nothing;
  const servers = agent.host ? `; \`wire ${agent.host}\` records its MCP servers` : "";
  return {
    ...nothing,
    unrecorded: [`${agent.title} asks its maker's own server, which is not recorded${servers}`],
  };
}
