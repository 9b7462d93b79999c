/** What happens around the messages of a session: its process starts and exits, exchanges of HTTP end; what has no answer then will have none. */
import type { Spot } from "./call-entry.ts";
import { text, type EventLine } from "./line.ts";
import { endOf, notStarted } from "./not-started.ts";
import { check, touch, type SessionState } from "./session-state.ts";

export function takeEvent(session: SessionState, line: EventLine): void {
  const { lint } = session;
  const { event, fields } = line;
  if (event === "start") {
    session.command = text(fields.target) ?? commandOf(fields.command) ?? session.command;
    if (fields.transport === "http") session.transport = "http";
    return;
  }
  if (event === "exit") {
    session.over = true;
    const code = typeof fields.code === "number" ? fields.code : null;
    session.exit = { code, signal: text(fields.signal), seq: line.seq };
    exited(session, line);
    return;
  }
  if (event === "gap") lint.hole();
  if (event === "endpoint") {
    lint.oldTransport(line.seq);
    session.answersOn = line.exchange;
  }
  if (event === "close" && line.exchange !== null) closed(session, line);
}

/** The session is over. A server that never said a word is told of in one place, not for each thing asked of it. */
function exited(session: SessionState, line: EventLine): void {
  const { lint, stderr, command, requests: asked, spoke } = session;
  const lastWords = stderr.slice(-3).map(({ text: words }) => words);
  const beginning = { command, asked, spoke, lastWords, t: line.t };
  const why = session.transport === "http" ? null : notStarted(line.fields, beginning);
  unanswered(
    session,
    `${endOf(line.fields)} before the answer came`,
    line,
    why === null ? "each is an error" : "said once",
  );
  if (why === null) return;
  session.errors += 1;
  check(session, () => lint.notStarted(why, line.seq), line.seq);
}

/** What has no answer now will have none. */
function unanswered(
  session: SessionState,
  why: string,
  line: EventLine,
  count: "each is an error" | "said once",
): void {
  const left = session.book.over(why, { ...line, from: "client" });
  const failed = count === "each is an error" ? left : [];
  touch(session, ...left);
  session.errors += failed.length;
  check(session, () => session.lint.over(failed, why), line.seq);
}

/** An exchange is over. Since 2026-07-28 the client's hang-up is its way to cancel. */
function closed(session: SessionState, line: EventLine): void {
  const { book, lint, who, moved } = session;
  const spot: Spot = { ...line, from: "client" };
  const { method, status, challenge } = line.fields;
  check(session, () => lint.challenge(text(challenge), line.seq), line.seq);
  if (method === "DELETE" && typeof status === "number" && status < 300) session.over = true;
  const end = session.exchanges.ended(line);
  if (end === null) return;
  if (end.stale) session.over = true;
  if (end.exchange === session.answersOn) {
    session.answersOn = null;
    const why = "the event stream on which answers come has ended";
    return unanswered(session, why, line, "each is an error");
  }
  if (session.answersOn !== null && (end.status ?? 0) < 300 && end.how === "nothing") return;
  if (end.how === "gone" && who.era() === "modern") return touch(session, ...book.hangUp(end.exchange, spot));
  // The rest of such a stream may come on another one; if it does not, the session's end says so.
  if (end.resumable && end.how !== "refused") return;
  const name = end.status === null || end.how === "gone" ? null : `HTTP ${end.status}`;
  const how = end.how === "moved" ? "moved" : "over";
  const left = book.failed(end.exchange, { name, message: end.why }, spot, how);
  touch(session, ...left);
  session.errors += left.length;
  if (how === "moved") for (const call of left) moved.add(call);
  check(session, () => lint.ended(end, left, line.seq), line.seq);
}

function commandOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.map(String).join(" ");
  return text(value);
}
