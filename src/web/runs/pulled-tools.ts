/** Tools that a server describes otherwise than in its session before: a rug pull, as its definitions on the wire tell it. */
import type { SessionRow } from "../../fact/rows.ts";
import { readSession } from "../../read/mcp/session.ts";
import { changedSentence, toolChanges } from "../../read/mcp/tools-since.ts";
import { type ChangedTool, definitionChanges } from "../../read/run/definition-changes.ts";
import type { Sources } from "../sources.ts";

/** Lines of a session that are looked through for its lists of tools. */
const MOST_LINES = 10_000;
/** A probe comes before its session, so it is among the last few of that server's. */
const BEFORE = 5;

/** `since`: the session with which it was compared. */
export type Pulled = { server: string; session: string; since: string; tools: ChangedTool[] };

/** Null when nothing changed; sessions are read only where their rows say that something did. */
export async function pulledTools(index: Sources["index"], row: SessionRow): Promise<Pulled | null> {
  const before = (await index.sessions({ limit: BEFORE, before: row.id, name: row.name })).items;
  const marks = toolChanges(row, before);
  if (marks === null || changedSentence(marks) === null) return null;
  const [old, now] = await Promise.all([definitions(index, marks.since), definitions(index, row.id)]);
  const tools = definitionChanges(old, now);
  return tools.length === 0 ? null : { server: row.name, session: row.id, since: marks.since, tools };
}

async function definitions(index: Sources["index"], session: string): Promise<{ name: string }[]> {
  const { items } = await index.messages(session, -1, MOST_LINES);
  return readSession(items.map(({ line }) => line)).inventory.tools.flatMap(({ listed, name, wire }) =>
    listed && typeof wire === "object" && wire !== null ? [{ ...wire, name }] : [],
  );
}
