/**
 * Session files become rows: reads what was appended, folds it into the session's row, and tells the feed of what is
 * new. A session that is followed is in memory; the least recently used one is let go and read again when it moves.
 */
import { join } from "node:path";
import { TypeCompiler, type TypeCheck } from "@sinclair/typebox/compiler";
import type { Feed, News } from "../feed/feed.ts";
import type { ShownLine } from "../fact/live.ts";
import type { MessageRow, SessionRow } from "../fact/rows.ts";
import type { LocalIndex } from "../index/index.ts";
import { LONG } from "../index/outline.ts";
import { stampOf } from "../journal/files.ts";
import { AnyLine } from "../fact/session-format.ts";
import { openTail, type Tail, type TailedLine } from "../journal/tail.ts";
import { reasonOf } from "./of-the-disk.ts";
import type { Call, SessionProblem } from "../read/mcp/reading.ts";
import { sessionList, type SessionList } from "../read/mcp/session-list.ts";
import { type SessionFold, sessionFold } from "../read/run/from-session.ts";

/** What a look at a session file came to; `more`: look again, the file is long. */
export type Followed = "gone" | "more" | "end" | { unreadable: string };

export type SessionFollower = {
  /** Takes in the next piece of the file. `quiet`: it was there before us, only its row is news. */
  take(path: string, how: "quiet" | "live"): Followed;
  /** What there is of the file at the start: it is no news when the file is followed later. */
  before(path: string, size: number): void;
  follows(path: string): boolean;
  /** A session that is followed, as its list of messages shows it: what the index has of it, it has too. */
  list(id: string): SessionList | null;
  /** The file is gone. */
  drop(path: string): void;
  /** Sessions that are open and whose file has moved although nobody told us. */
  moved(): string[];
};

type Session = {
  readonly list: SessionList;
  readonly fold: SessionFold;
  /** What the last lines said about runs, by part. */
  readonly said: Map<string, Said>;
  seq: number;
  at: number;
};
type Said = Parameters<LocalIndex["putEvidence"]>[0][number];

type Following = {
  /** Under which the server was recorded. */
  readonly name: string;
  readonly tail: Tail;
  readonly sessions: Map<string, Session>;
  /** What its sessions hold, in bytes. */
  weight: number;
  /** Bytes from here on that are no news. */
  quiet: number;
  seen: { mtime: number; size: number };
  broken: { lines: number; why: string };
};

/** Sessions of hosts that run now, many times over. */
const MOST_FOLLOWED = 100;
/** Of all of them: what is known of each line is in memory. Ten thousand calls, or all that a server has said for days. */
const MOST_BYTES = 32 * 1024 * 1024;
/** A piece of short lines is a tenth of a second of work; the thread serves others between two. */
const PIECE = 64 * 1024;

/** What lines that came just now say of their session, beyond themselves; `at` is the time of the last one. */
export type SessionNews = {
  readonly row: SessionRow;
  readonly at: number;
  readonly calls: readonly Call[];
  readonly problems: readonly SessionProblem[];
};

export function followSessions(
  logs: string,
  index: LocalIndex,
  feed: Pick<Feed, "publish" | "isFollowed">,
  onNews: (news: SessionNews) => void = () => {},
  mostBytes = MOST_BYTES,
): SessionFollower {
  const publish = (news: News) => feed.publish(news);
  const followed = new Map<string, Following>();
  /** Bytes of files that are not followed, and whose lines are no news. */
  const old = new Map<string, number>();

  function take(path: string, how: "quiet" | "live"): Followed {
    const file = stampOf(join(logs, path));
    if (!file) return "gone";
    const following = followed.get(path) ?? begin(path, how);
    const loud = following.quiet <= 0;
    const tailed = following.tail.read(loud ? PIECE : Math.min(PIECE, following.quiet));
    if (!tailed) return "gone";
    keep(path, following);
    if (tailed.restarted) restart(path, following);
    following.seen = file;
    following.quiet -= PIECE;
    const rows = new Map<string, MessageRow[]>();
    for (const line of tailed.lines) add(following, line, rows);
    following.weight = weightOf(following);
    put(path, following, rows, loud ? "loud" : "silent");
    if (tailed.more) return "more";
    following.quiet = 0;
    if (following.sessions.size > 0 || following.broken.lines === 0) return "end";
    followed.delete(path);
    return { unreadable: `it is not a session: ${following.broken.why}` };
  }

  function begin(path: string, how: "quiet" | "live"): Following {
    return {
      name: path.slice("mcp_".length, path.indexOf("/")),
      tail: openTail(join(logs, path)),
      sessions: new Map(),
      weight: 0,
      quiet: how === "quiet" ? Infinity : (old.get(path) ?? 0),
      seen: { mtime: 0, size: 0 },
      broken: { lines: 0, why: "" },
    };
  }

  function keep(path: string, following: Following): void {
    followed.delete(path);
    followed.set(path, following);
    let bytes = 0;
    for (const one of followed.values()) bytes += one.weight;
    for (const [oldest, { seen, weight }] of followed) {
      if (oldest === path || (followed.size <= MOST_FOLLOWED && bytes <= mostBytes)) return;
      old.set(oldest, seen.size);
      followed.delete(oldest);
      bytes -= weight;
    }
  }

  function restart(path: string, following: Following): void {
    const ids = index.forget(path);
    if (ids.length > 0) publish({ type: "exchange.gone", ids });
    following.sessions.clear();
    Object.assign(following, { weight: 0, quiet: 0, broken: { lines: 0, why: "" } });
  }

  function put(
    path: string,
    following: Following,
    rows: Map<string, MessageRow[]>,
    how: "loud" | "silent",
  ): void {
    const { seen, broken, name } = following;
    for (const [id, messages] of rows) {
      const session = following.sessions.get(id);
      if (!session) continue;
      const row = { ...session.list.reader.row(), id, name };
      index.putSession(row, { path, ...seen });
      index.putMessages(messages);
      if (session.said.size > 0) index.putEvidence([...session.said.values()]);
      session.said.clear();
      const news = session.list.news();
      if (how === "loud") for (const shown of news.rows) publish({ type: "mcp.message", row: shown });
      publish({ type: "mcp.session", row });
      if (how === "loud") onNews({ row, at: session.at, calls: news.calls, problems: news.problems });
      if (feed.isFollowed({ what: "added", of: id })) tellFollowers(id, session.list, news.changed);
    }
    if (broken.lines === 0 || following.sessions.size === 0) return;
    const why = `${broken.lines} of its lines could not be read, the last: ${broken.why}`;
    index.putUnreadable({ path, ...seen, why });
  }

  function tellFollowers(session_id: string, list: SessionList, rows: ShownLine[]): void {
    if (rows.length > 0) publish({ type: "mcp.row", session_id, rows });
    publish({ type: "mcp.head", session_id, head: list.head() });
  }

  function list(id: string): SessionList | null {
    for (const { sessions } of followed.values()) {
      const session = sessions.get(id);
      if (session) return session.list;
    }
    return null;
  }

  function moved(): string[] {
    const paths: string[] = [];
    for (const [path, { sessions, seen }] of followed) {
      const open = [...sessions.values()].some(({ list: { reader } }) => reader.row().state === "open");
      if (!open) continue;
      const file = stampOf(join(logs, path));
      if (file?.mtime !== seen.mtime || file.size !== seen.size) paths.push(path);
    }
    return paths;
  }

  return {
    take,
    moved,
    list,
    follows: (path) => followed.has(path),
    before: (path, size) => void old.set(path, size),
    drop(path) {
      followed.delete(path);
      old.delete(path);
    },
  };
}

/** Files have one session each; some are put together by hand. Each costs a reader and a row. */
const MOST_SESSIONS = 100;

/** Compiled with the first line, not at the start. */
const lineCheck = (): TypeCheck<typeof AnyLine> => (compiled ??= TypeCompiler.Compile(AnyLine));
let compiled: TypeCheck<typeof AnyLine> | null = null;

function add(following: Following, line: TailedLine, rows: Map<string, MessageRow[]>): void {
  if ("why" in line) return spoil(following, line.why);
  const { json } = line;
  const check = lineCheck();
  if (!check.Check(json)) {
    const wrong = check.Errors(json).First();
    return spoil(following, `a line is no line of a session: ${wrong?.path || "/"} ${wrong?.message ?? ""}`);
  }
  const fields = json as Record<string, unknown>;
  const id = json.session_id;
  if (!following.sessions.has(id) && following.sessions.size >= MOST_SESSIONS)
    return spoil(following, `it holds more than ${MOST_SESSIONS} sessions`);
  const session = following.sessions.get(id) ?? begun(id, following.name);
  following.sessions.set(id, session);
  // In the order of the file, whatever a line says: two writers, or one that started over, would hide each other.
  const seq = fields["seq"];
  session.seq = typeof seq === "number" && seq > session.seq ? seq : session.seq + 1;
  try {
    session.list.add(fields, session.seq);
    hear(session, id, fields);
  } catch (error) {
    // A reader of ours fails: the line is shown as it is, and what it means is not known.
    spoil(following, `a line could not be understood: ${reasonOf(error)}`);
  }
  const at = typeof fields["timestamp"] === "string" ? Date.parse(fields["timestamp"]) : NaN;
  if (!Number.isNaN(at)) session.at = at;
  const messages = rows.get(id) ?? [];
  const place = line.size > LONG ? { place: { offset: line.at, size: line.size } } : {};
  messages.push({ session_id: id, seq: session.seq, at: session.at, line: fields, ...place });
  rows.set(id, messages);
}

function begun(id: string, name: string): Session {
  return { list: sessionList(id), fold: sessionFold(name), said: new Map(), seq: -1, at: 0 };
}

/** The last word on each call: a batch of lines may hold its beginning and its end. */
function hear(session: Session, id: string, line: unknown): void {
  try {
    hearAll(session, id, line);
  } catch {
    // A line that no reader can walk through is in the record and on the page; only its run goes without it.
  }
}

function hearAll({ fold, said }: Session, id: string, line: unknown): void {
  const { calls, session: isNews } = fold.add(line);
  const session = isNews ? fold.session() : null;
  if (session)
    said.set("", { source: id, part: "", kind: "session", at: session.at, json: JSON.stringify(session) });
  for (const call of calls) {
    const part = call.key.slice(id.length);
    said.set(part, { source: id, part, kind: "served", at: call.at, json: JSON.stringify(call) });
  }
}

function weightOf({ sessions }: Following): number {
  let weight = 0;
  for (const { list } of sessions.values()) weight += list.weight();
  return weight;
}

function spoil(following: Following, why: string): void {
  following.broken = { lines: following.broken.lines + 1, why };
}
