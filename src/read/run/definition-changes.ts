/**
 * Definitions of the same tools in two sessions of one server, keyword by keyword: what somebody agreed to may not be
 * what is served now. A tool that came or went is no change of it.
 */
import { type Change, schemaChanges } from "./schema-diff.ts";

export type ChangedTool = { tool: string; changes: Change[] };

/** As they stand on the wire. */
export function definitionChanges<Tool extends { readonly name: string }>(
  before: readonly Tool[],
  after: readonly Tool[],
): ChangedTool[] {
  const old = new Map(before.map((tool) => [tool.name, tool]));
  return after.flatMap((tool) => {
    const known = old.get(tool.name);
    const changes = known ? schemaChanges(known, tool) : [];
    return changes.length > 0 ? [{ tool: tool.name, changes }] : [];
  });
}
