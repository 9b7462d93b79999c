/** What happens as it should, by name, beside what does not: four levels, of which the upper three are problems. */

/** The lowest is what a newcomer wants to see happen; the others are the severities of problems. */
export const LEVELS = ["chat", "note", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** Of one exchange with a model's API. */
export const EXCHANGE_MILESTONES = [
  "retry",
  "tool-served",
  "compaction",
  "cache-hit",
  "cache-write",
  "reasoning-began",
  "first-token",
  "tool-asked",
  "provider-tool",
  "finished",
] as const;

/** Of one message between an MCP client and its server. */
export const MESSAGE_MILESTONES = [
  "handshake-began",
  "handshake-done",
  "discovered",
  "tools-listed",
  "tool-asked",
  "tool-served",
  "tool-failed",
  "progress-began",
  "elicitation-asked",
  "elicitation-answered",
  "sampling-asked",
  "sampling-answered",
  "roots-asked",
  "roots-answered",
  "input-asked",
  "input-answered",
  "resource-read",
  "prompt-given",
  "task-made",
  "task-done",
  "subscribed",
  "list-changed",
  "cancelled",
] as const;

export type ExchangeMilestone = (typeof EXCHANGE_MILESTONES)[number];
export type MessageMilestone = (typeof MESSAGE_MILESTONES)[number];
export type MilestoneName = ExchangeMilestone | MessageMilestone;

/** By the severity of a problem. */
export const LEVEL_OF = { note: "note", warning: "warn", error: "error" } as const;

/** The worst of two; null is less than any. */
export function worse(a: Level | null, b: Level | null): Level | null {
  if (a === null || b === null) return a ?? b;
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}
