/**
 * Reads a session: a fold over the lines of a session file (or over the same lines as they come). `row()` is what a
 * list shows and is cheap after every line; `reading()` is everything. Never throws, whatever a line holds.
 */
import { beginningOf } from "../../fact/beginning.ts";
import type { SessionHead } from "../../fact/live.ts";
import { isWellKnown } from "./http-address.ts";
import { lineOf, record, text, type Line, type RawLine } from "./line.ts";
import { rpcOf } from "./message.ts";
import type { Call, Note, SessionProblem, SessionReading, SessionSummary, Text } from "./reading.ts";
import { takeEvent } from "./session-events.ts";
import { takeMessage } from "./session-messages.ts";
import { noteAt } from "./session-notes.ts";
import { sessionHead, sessionReading, sessionRow } from "./session-shown.ts";
import { check, sessionState, type SessionState } from "./session-state.ts";
import { withoutColours } from "./terminal-text.ts";

/** Shown text is cut here; the whole line stands in the file. */
const MOST_SHOWN_CHARS = 2000;

export type SessionReader = {
  add(line: unknown): void;
  row(): SessionSummary;
  /** What stands above the messages. Costs what is open. */
  head(): Omit<SessionHead, "milestones">;
  who(): Pick<SessionReading, "client" | "server">;
  /** The call that the line of this number asks or answers. */
  callAt(seq: number): Call | null;
  noteAt(seq: number): Note | null;
  call(key: string): Call | null;
  /** In the order in which they were found; the list grows. */
  problems(): readonly SessionProblem[];
  /** Calls of which more is known since this was last asked. */
  touched(): Call[];
  reading(): SessionReading;
};

/** Lines that are read: each request is remembered until its answer, each line that is none as a problem. */
const MOST_LINES = 50_000;

export function sessionReader(): SessionReader {
  const session = sessionState();
  const { who, book, lint, touched } = session;
  return {
    add: (line) => take(session, line),
    row: () => sessionRow(session),
    head: () => sessionHead(session),
    who: () => ({ client: who.client, server: who.server }),
    callAt: book.at,
    noteAt: (seq) => noteAt(session.notifications, seq),
    call: book.byKey,
    problems: lint.problems,
    touched() {
      const some = [...touched];
      touched.clear();
      return some;
    },
    reading: () => sessionReading(session),
  };
}

/** Reads a whole session at once. */
export function readSession(lines: Iterable<unknown>): SessionReading {
  const reader = sessionReader();
  for (const line of lines) reader.add(line);
  return reader.reading();
}

function take(session: SessionState, value: unknown): void {
  const { lint, exchanges, pollution, stderr } = session;
  const line = asWords(lineOf(value, session.lines));
  session.whole = record(value)?.["outline"] === undefined;
  session.lines += 1;
  if (session.id === "") session.id = text(record(value)?.session_id) ?? "";
  // A file that does not begin at its beginning has lost what came before.
  if (session.lines === 1 && line.seq > 1) lint.hole();
  if (Number.isNaN(session.at)) session.at = line.at;
  if (!Number.isNaN(line.at)) session.lastAt = line.at;
  if (line.exchange !== null) session.transport = "http";
  // Who comes back to a session that was taken for ended goes on with it.
  if (line.kind === "message" && line.exchange !== null) session.over = false;
  if (session.lines > MOST_LINES && line.kind !== "event") return passed(session, line);
  if (line.kind === "message" || line.kind === "raw") exchanges.heard(line);
  switch (line.kind) {
    case "message":
      check(session, () => lint.line(line), line.seq);
      takeMessage(session, rpcOf(line.message), line);
      return;
    case "raw": {
      const isOdd = isPollution(line);
      if (isOdd) pollution.push(shown(line.seq, line.at, line.from, withoutColours(line.text)));
      check(session, () => lint.raw(line, isOdd), line.seq);
      return;
    }
    case "stderr":
      stderr.push(shown(line.seq, line.at, "stderr", withoutColours(line.text)));
      return;
    case "event":
      takeEvent(session, line);
      return;
    case "other":
      return;
    default:
      return line satisfies never;
  }
}

/** Counted only: a flood must not fill the memory with what is known of each of its lines. */
function passed(session: SessionState, { kind, seq }: Line): void {
  if (kind === "message") session.messages += 1;
  if (session.lines > MOST_LINES + 1) return;
  // What comes now may be the answers.
  session.lint.hole();
  session.lint.failed(seq, new Error(`a session is read up to its ${MOST_LINES}th line`));
}

/** JSON that a gateway answers in its own words is no message of the session: `{"error":"no such session"}`. */
function asWords(line: Line): Line {
  if (line.kind !== "message" || line.exchange === null || line.from === "client") return line;
  const it = record(line.message);
  const isMessage = it === null || ["jsonrpc", "method", "id", "result"].some((key) => key in it);
  if (isMessage || typeof record(it.error)?.code === "number") return line;
  const { message, batch: _one, ...place } = line;
  return { ...place, kind: "raw", text: JSON.stringify(message), cut: null, isBinary: false };
}

/** A pipe carries nothing but messages. HTTP answers may be anything, unless they say that they are messages. */
function isPollution({ cut, exchange, from, http, inEvent }: RawLine): boolean {
  if (cut !== null || inEvent?.unfinished) return false;
  if (exchange === null) return true;
  if (from === "client") return false;
  if (http === null) return true;
  if (http.path !== undefined && isWellKnown(http.path)) return false;
  const type = http.headers["content-type"] ?? "";
  return (http.status ?? 0) < 300 && /json|event-stream/i.test(type);
}

function shown(seq: number, at: number, from: Text["from"], words: string): Text {
  return { seq, at, from, text: beginningOf(words, MOST_SHOWN_CHARS), bytes: words.length };
}
