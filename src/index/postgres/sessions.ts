/** MCP sessions and their messages in the store. */
import { believedSession, isObject, jsonOf } from "../../fact/believed.ts";
import { parseExact } from "../../fact/json-source.ts";
import type { LinePlace, MessageRow, SessionRow } from "../../fact/rows.ts";
import type { Page, SessionQuery } from "../index.ts";
import { keyOfSessions, NEWEST_SESSION, type SessionEngine } from "../session-order.ts";
import { withStar } from "../stars.ts";
import { arrayOf, type Ask, type Value } from "./asking.ts";
import { plain } from "./filter.ts";
import { starredAs } from "./stars.ts";
import { beginningOf, clamped, type Owned, owned } from "./stored.ts";

type StoredMessage = {
  project: string;
  seq: number;
  at: number;
  line: string;
  place: number | null;
  size: number | null;
  sum: string | null;
};

/** Gives a line of a session's body, or null when it cannot. */
export type ReadLine = (session: string, place: LinePlace) => Promise<string | null>;

/** Bytes of long lines that are read for one answer. */
const OPENED = 256 * 1024 * 1024;
const OWNED = `s.id, s.row, s.project, s.recorder, s.person, s.host, ${starredAs("session", "s")}`;

const ROWS: SessionEngine = {
  time: "s.at",
  name: 's.name collate "C"',
  recorder: 's.recorder collate "C"',
  text: (member) => `mcpl.text_in(s.row, '${member}') collate "C"`,
  number: (member) => `mcpl.number_in(s.row, '${member}')`,
};

export async function sessions(
  ask: Ask,
  projects: readonly string[],
  { limit: asked, before, name, sort = NEWEST_SESSION }: SessionQuery,
): Promise<Page<SessionRow>> {
  const limit = clamped(asked);
  const named = name ? { sql: " and s.name = ?", values: [plain(name)] } : { sql: "", values: [] };
  const key = keyOfSessions(sort, ROWS);
  const further = sort.order === "ascending" ? ">" : "<";
  const [counts, behind] = await Promise.all([
    ask<{ n: number }>(
      `select count(*)::float8 as n from mcpl.session s where s.project = any(?::text[])${named.sql}`,
      arrayOf(projects),
      ...named.values,
    ),
    before === undefined ? { sql: "", values: [] } : beyond(before),
  ]);
  const ids = sort.by === "time" && sort.order === "ascending" ? "asc" : "desc";
  const order = `${key} ${sort.order === "ascending" ? "asc" : "desc"}${sort.by === "time" ? "" : ", s.at desc"}`;
  const rows = await ask<Owned>(
    `select ${OWNED} from mcpl.session s where s.project = any(?::text[])${named.sql}${behind.sql}
     order by ${order}, s.id ${ids} limit ?::bigint`,
    arrayOf(projects),
    ...named.values,
    ...behind.values,
    limit + 1,
  );
  const items = rows.slice(0, limit).map(sessionRow);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total: counts[0]?.n ?? 0 };

  async function beyond(id: string): Promise<{ sql: string; values: Value[] }> {
    if (sort.by === "time") {
      const last = await beginningOf(ask, "session", projects, id);
      return { sql: ` and (s.at, s.id) ${further} (?::float8, ?)`, values: [last.at, last.id] };
    }
    const [last] = await ask<{ key: string | number; at: number; id: string }>(
      `select ${key} as key, s.at, s.id from mcpl.session s where s.project = any(?::text[]) and s.id = ? limit 1`,
      arrayOf(projects),
      plain(id),
    );
    if (!last) return { sql: " and false", values: [] };
    const value = typeof last.key === "number" ? "?::float8" : "?::text";
    return {
      sql: ` and (${key} ${further} ${value} or (${key} = ${value} and (s.at, s.id) < (?::float8, ?)))`,
      values: [last.key, last.key, last.at, last.id],
    };
  }
}

export async function session(ask: Ask, projects: readonly string[], id: string): Promise<SessionRow | null> {
  const [found] = await ask<Owned>(
    `select ${OWNED} from mcpl.session s where s.project = any(?::text[]) and s.id = ? limit 1`,
    arrayOf(projects),
    plain(id),
  );
  return found === undefined ? null : sessionRow(found);
}

export async function messages(
  ask: Ask,
  projects: readonly string[],
  { session: id, after, limit, read }: { session: string; after: number; limit: number; read: ReadLine },
): Promise<{ items: MessageRow[]; next: number | null }> {
  const most = clamped(limit);
  const rows = await ask<StoredMessage>(
    `select m.seq::float8 as seq, m.at, m.line, m.place::float8 as place, m.size::float8 as size, m.sum, m.project from mcpl.message m
     where m.project = any(?::text[]) and m.session = ? and m.seq > ?::bigint order by m.seq limit ?::bigint`,
    arrayOf(projects),
    plain(id),
    after,
    most,
  );
  let left = OPENED;
  let isShared: Promise<boolean> | null = null;
  const items: MessageRow[] = [];
  for (const { project, seq, at, line, place, size, sum } of rows) {
    left -= size ?? 0;
    const asked = async () => {
      if (place === null || size === null || left < 0) return null;
      // A body is found by the session's id alone: who gives no sum of it may have taken another's.
      if (sum === null && (await (isShared ??= knownElsewhere(ask, project, id)))) return null;
      const text = await read(id, { offset: place, size });
      return text !== null && (sum === null || sumOf(text) === sum) ? lineIn(text, id) : null;
    };
    items.push({ session_id: id, seq, at, line: (await asked()) ?? objectIn(line) });
  }
  return { items, next: rows.length < most ? null : (items.at(-1)?.seq ?? null) };
}

async function knownElsewhere(ask: Ask, project: string, session: string): Promise<boolean> {
  const [found] = await ask<{ it: boolean }>(
    `select exists (select from (select distinct project from mcpl.tally) t
       cross join lateral (select from mcpl.message m where m.project = t.project and m.session = ? limit 1) m
       where t.project <> ?) as it`,
    plain(session),
    project,
  );
  return found?.it ?? false;
}

function sumOf(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}

/** Of what is none of our lines, its text. */
function objectIn(line: string): MessageRow["line"] {
  try {
    const read = parseExact(line);
    if (isObject(read)) return read;
  } catch {
    // it is shown as it is
  }
  return { raw: line };
}

/** Null when the body has something else there. */
function lineIn(text: string | null, session: string): MessageRow["line"] | null {
  try {
    const line = parseExact(text ?? "null");
    const isIts = typeof line === "object" && line !== null && "session_id" in line;
    return isIts && line.session_id === session ? (line as MessageRow["line"]) : null;
  } catch {
    return null; // not even JSON: the outline is what there is
  }
}

function sessionRow({ id, row, starred, ...from }: Owned): SessionRow {
  return withStar(owned({ ...believedSession(jsonOf(row)), id }, from), starred);
}
