/** All notes, and which one holds for an entry of the glossary. */
import type { Entry } from "../glossary/entry.ts";
import type { Note } from "./note.ts";
import { ofFields } from "./notes/fields.ts";
import { ofAnswers } from "./notes/answer.ts";
import { ofHeaders } from "./notes/http.ts";
import { ofMcp } from "./notes/mcp.ts";
import { ofRequests } from "./notes/request.ts";

export const notes: ReadonlyMap<string, Note> = new Map([
  ...ofRequests,
  ...ofAnswers,
  ...ofHeaders,
  ...ofMcp,
  ...ofFields,
]);

/** Its own, else that of the concept that it shares with other dialects. */
export function noteOf(entry: Entry): Note | null {
  return (
    notes.get(entry.key) ?? (entry.same === undefined ? null : (notes.get(`same ${entry.same}`) ?? null))
  );
}
