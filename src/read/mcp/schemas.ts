/**
 * Validates messages against the protocol's own schema of the negotiated revision.
 * https://github.com/modelcontextprotocol/modelcontextprotocol/tree/main/schema
 */
import { dereference, type Schema, type SchemaDraft } from "@cfworker/json-schema";
import { explained, type Mismatch } from "../json-schema.ts";
import { REVISIONS, type Revision } from "./methods.ts";

type Book = {
  draft: SchemaDraft;
  lookup: Record<string, Schema | boolean>;
  definitions: Record<string, Schema>;
};

/** Each is loaded with the first message of its revision, which no start waits for. */
const SOURCES: Record<Revision, () => unknown> = {
  "2024-11-05": () => require("./schema/2024-11-05.json"),
  "2025-03-26": () => require("./schema/2025-03-26.json"),
  "2025-06-18": () => require("./schema/2025-06-18.json"),
  "2025-11-25": () => require("./schema/2025-11-25.json"),
  "2026-07-28": () => require("./schema/2026-07-28.json"),
};

const books = new Map<Revision, Book>();

export function isRevision(name: string | null): name is Revision {
  return name !== null && (REVISIONS as readonly string[]).includes(name);
}

/** Null when this revision has no such definition. Otherwise what is wrong; empty when all is well. */
export function validateAs(revision: Revision, definition: string, value: unknown): Mismatch[] | null {
  const { draft, lookup, definitions } = bookOf(revision);
  const schema = Object.hasOwn(definitions, definition) ? definitions[definition] : undefined;
  if (schema === undefined) return null;
  return explained(value, schema, draft, lookup).filter(({ only }) => only !== "format");
}

export function schemaUrl(revision: Revision): string {
  const root = "https://github.com/modelcontextprotocol/modelcontextprotocol/blob/main/schema";
  return `${root}/${revision}/schema.json`;
}

/** Taken apart on first use: half a session's worth of work that most pages never need. */
function bookOf(revision: Revision): Book {
  const known = books.get(revision);
  if (known) return known;
  const whole = structuredClone(SOURCES[revision]()) as Schema & { definitions?: Record<string, Schema> };
  const draft = whole.definitions ? "7" : "2020-12";
  const definitions = (whole.definitions ?? whole.$defs ?? {}) as Record<string, Schema>;
  const book: Book = { draft, lookup: dereference(whole), definitions };
  books.set(revision, book);
  return book;
}
