/**
 * Agents that want more than variables: options of their own for the address of the API and for their MCP servers.
 * Whatever is not in this list gets the variables alone.
 */
import { basename } from "node:path";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { gemini } from "./gemini.ts";
import { nothing, type Asked, type Help } from "./help.ts";
import { opencode } from "./opencode.ts";

export function helpFor(asked: Asked): Help {
  const program = basename(asked.command[0]).replace(/\.(exe|cmd|bat|js|mjs)$/i, "");
  switch (program) {
    case "claude":
      return claude(asked);
    case "codex":
      return codex(asked);
    case "gemini":
      return gemini(asked);
    case "opencode":
      return opencode(asked);
    default:
      return nothing;
  }
}
