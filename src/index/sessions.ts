/** MCP sessions and their messages: put, listed, and long lines read from where they stand. */
import type { SQLQueryBindings } from "bun:sqlite";
import { parseExact, stringifyExact } from "../fact/json-source.ts";
import type { LinePlace, MessageRow, SessionRow } from "../fact/rows.ts";
import { putFile } from "./files.ts";
import type { FileAt, Page, SessionQuery } from "./index.ts";
import { outlineOf } from "./outline.ts";
import { placeOf } from "./place.ts";
import { keyOfSessions, NEWEST_SESSION, type SessionEngine } from "./session-order.ts";
import {
  beforePlace,
  clamped,
  freePlace,
  NO_FILE,
  SESSION,
  sessionRow,
  type Store,
  type StoredSession,
} from "./store.ts";

export type ReadLine = (session: string, place: LinePlace) => Promise<string | null>;

export function putSession(store: Store, row: SessionRow, file: FileAt | undefined): void {
  store.db
    .transaction(() => {
      const id = file ? putFile(store, file, null) : NO_FILE;
      const before = store.sessionAt.get(row.id);
      if (before && before.file !== id) store.shadow.run(before.file);
      if (before) store.dropSession.run(before.place);
      const place = freePlace(store, "sessions", placeOf(row.at, row.id));
      store.putSession.run(place, row.id, id, row.name, JSON.stringify(row));
    })
    .immediate();
}

export function putMessages(store: Store, rows: readonly MessageRow[]): void {
  store.db
    .transaction(() => {
      for (const { session_id, seq, at, line, place } of rows) {
        const text = stringifyExact(place ? outlineOf(line, place.size) : line);
        store.putMessage.run(session_id, seq, at, text, place?.offset ?? null, place?.size ?? null);
      }
    })
    .immediate();
}

/** Rows of ours, made of what the page's schema allows: their members are of their kinds. */
const ROWS: SessionEngine = {
  time: "s.place",
  name: "s.name",
  recorder: "json_extract(s.row, '$.origin.recorder')",
  text: (member) => `json_extract(s.row, '$.${member}')`,
  number: (member) => `json_extract(s.row, '$.${member}')`,
};

export function listSessions(
  { db }: Store,
  { name, before, sort = NEWEST_SESSION, ...query }: SessionQuery,
): Page<SessionRow> {
  const limit = clamped(query.limit);
  const key = keyOfSessions(sort, ROWS);
  const further = sort.order === "ascending" ? ">" : "<";
  const named = name ? { sql: "s.name = ?", values: [name] } : { sql: "true", values: [] };
  const paged = before === undefined ? { sql: "true", values: [] } : behind(before);
  const rows = db
    .query<StoredSession, SQLQueryBindings[]>(
      `select ${SESSION} from sessions s where ${named.sql} and ${paged.sql}
       order by ${key} ${sort.order === "ascending" ? "asc" : "desc"}, s.place desc limit ?`,
    )
    .all(...named.values, ...paged.values, limit + 1);
  const items = rows.slice(0, limit).map(sessionRow);
  const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null;
  const total = db
    .query<{ n: number }, SQLQueryBindings[]>(`select count(*) as n from sessions s where ${named.sql}`)
    .get(...named.values);
  return { items, next, total: total?.n ?? 0 };

  function behind(id: string): { sql: string; values: SQLQueryBindings[] } {
    // By the id alone where the row is gone: its time tells where it stood.
    if (sort.by === "time") return { sql: `s.place ${further} ?`, values: [beforePlace(db, "sessions", id)] };
    const last = db
      .query<{ key: string | number; place: number }, [string]>(
        `select ${key} as key, s.place from sessions s where s.id = ?`,
      )
      .get(id);
    if (!last) return { sql: "false", values: [] };
    return {
      sql: `(${key} ${further} ? or (${key} = ? and s.place < ?))`,
      values: [last.key, last.key, last.place],
    };
  }
}

export function oneSession(store: Store, id: string): SessionRow | null {
  const found = store.session.get(id);
  return found && sessionRow(found);
}

export function listMessages(store: Store, session: string, after: number, limit: number): MessageRow[] {
  const rows = store.messages.all(session, after, clamped(limit));
  return rows.map(({ seq, at, line, offset, size }) => ({
    session_id: session,
    seq,
    at,
    line: parseExact(line) as MessageRow["line"],
    ...(offset !== null && size !== null && { place: { offset, size } }),
  }));
}

/** Bytes of long lines that are read for one answer. */
const OPENED = 256 * 1024 * 1024;

/** Long lines as the file has them; the outline of one that is not there any more, or when it is too much. */
export async function withLines(rows: MessageRow[], read: ReadLine): Promise<MessageRow[]> {
  let left = OPENED;
  const all: MessageRow[] = [];
  for (const { place, ...row } of rows) {
    left -= place?.size ?? 0;
    const line = place && left >= 0 ? lineIn(await read(row.session_id, place), row) : null;
    all.push(line ? { ...row, line } : row);
  }
  return all;
}

/** Null when the file has something else there by now. */
function lineIn(text: string | null, { session_id }: MessageRow): MessageRow["line"] | null {
  try {
    const line = parseExact(text ?? "null");
    const isIts = typeof line === "object" && line !== null && "session_id" in line;
    return isIts && line.session_id === session_id ? (line as MessageRow["line"]) : null;
  } catch {
    return null; // not even JSON: the outline is what there is
  }
}
