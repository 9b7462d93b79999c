/**
 * Agents that want more than variables: options of their own for the address of the API and for their MCP servers.
 * Whatever is not in this list gets the variables alone.
 */
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { crush } from "./crush.ts";
import { gemini } from "./gemini.ts";
import { goose } from "./goose.ts";
import type { Asked, Help } from "./help.ts";
import { makersOwn } from "./makers-own.ts";
import { opencode } from "./opencode.ts";
import { other } from "./other.ts";
import { qwen } from "./qwen.ts";

export function helpFor(asked: Asked): Help {
  switch (asked.program) {
    case "claude":
      return claude(asked);
    case "codex":
      return codex(asked);
    case "crush":
      return crush(asked);
    case "gemini":
      return gemini(asked);
    case "goose":
      return goose(asked);
    case "opencode":
      return opencode(asked);
    case "qwen":
      return qwen(asked);
    default:
      return makersOwn(asked) ?? other(asked);
  }
}
