/**
 * What a server's tools are now and were not in its session before. A server can change a description between two
 * sessions, and with it what a model is told to do, without a word to anybody.
 */
import type { SessionRow } from "../../fact/rows.ts";
import { changesBetween, type ToolPart } from "./tools.ts";

export type ToolChanges = {
  /** The session with which it was compared. */
  readonly since: string;
  readonly tools: readonly { readonly name: string; readonly parts: readonly ToolPart[] }[];
};

/** `before`: sessions of the same server, the youngest first. Null when the tools are the same, or were never listed. */
export function toolChanges(row: SessionRow, before: readonly SessionRow[]): ToolChanges | null {
  const earlier = before.find(({ tools }) => tools !== undefined);
  if (!row.tools || !earlier?.tools) return null;
  const tools = changesBetween(earlier.tools, row.tools);
  return tools.length === 0 ? null : { since: earlier.id, tools };
}

/** As one sentence, for lists of problems. A tool that came or went is no problem. */
export function changedSentence({ since, tools }: ToolChanges): string | null {
  const changed = tools.filter(({ parts }) => !parts.includes("new") && !parts.includes("gone"));
  if (changed.length === 0) return null;
  const named = changed.map(
    ({ name, parts }) => `${JSON.stringify(name)} (${parts.join(", ").replace("rest", "other parts")})`,
  );
  return `since the session ${since} these tools are described otherwise: ${named.slice(0, 10).join(", ")}`;
}
