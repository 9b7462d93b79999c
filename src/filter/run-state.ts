/** What a run does now, as a person would say it. */
import type { RunRow } from "../fact/rows.ts";

/** Nothing was heard for so long that nobody waits any more: an agent that was killed says no farewell. */
export const SILENT_MS = 30 * 60_000;

/** What the list says of a run: its state, or that nothing was heard of it for long. */
export function standOf({ state, state_since }: Pick<RunRow, "state" | "state_since">, now: number) {
  const isOpen = state === "model" || state === "tool" || state === "host";
  return isOpen && now - state_since > SILENT_MS ? "silent" : state;
}

/** Nobody is waited for any more. */
export function isOver(run: Pick<RunRow, "state" | "state_since">, now: number): boolean {
  return !["model", "tool", "host"].includes(standOf(run, now));
}

/** A tool's own name, where hosts put the server's before it: `mcp__weather__get_forecast`. */
export function toolName(name: string): string {
  return /^mcp__.+?__(.+)$/.exec(name)?.[1] ?? name;
}
