/** What a session has come to: the row of a list, what stands above its messages, and everything. */
import type { SessionHead } from "../../fact/live.ts";
import { isOpen } from "./call-entry.ts";
import { nameOf } from "./identity.ts";
import type { Counts, SessionReading, SessionSummary } from "./reading.ts";
import type { SessionState } from "./session-state.ts";

/** Cheap after every line. */
export function sessionRow(session: SessionState): SessionSummary {
  const { id, at, lastAt, over, transport, command, who, messages, requests, probes, lint } = session;
  const tools = lint.tools();
  return {
    id,
    at: Number.isNaN(at) ? 0 : at,
    last_at: Number.isNaN(lastAt) ? 0 : lastAt,
    state: over ? "closed" : "open",
    transport,
    command,
    era: who.era(),
    revision: who.revision(),
    client: nameOf(who.client),
    server: nameOf(who.server),
    messages,
    requests,
    errors: session.errors + session.toolErrors,
    problems: lint.problems().length,
    probe: requests > 0 && requests === probes,
    ...(tools.length > 0 && { tools }),
  };
}

/** Costs what is open. */
export function sessionHead(session: SessionState): Omit<SessionHead, "milestones"> {
  const { messages, requests, book, offers, stderr, pollution, exit } = session;
  const { state, client, server, revision, era, problems, errors } = sessionRow(session);
  return {
    state,
    client,
    server,
    revision,
    era,
    messages,
    requests,
    pending: book.pending(),
    errors,
    problems,
    offers: offers.count(),
    stderr: stderr.length,
    pollution: pollution.length,
    exit: exit && String(exit.signal ?? exit.code),
  };
}

export function sessionReading(session: SessionState): SessionReading {
  const { who, exit, book, offers, lint, notifications, pollution, stderr, messages, requests } = session;
  const calls = book.calls();
  const counts: Counts = {
    messages,
    requests,
    notifications: notifications.length,
    errors: session.errors,
    tool_errors: session.toolErrors,
    pending: calls.filter((it) => isOpen(it) && it.stream === null).length,
    stderr: stderr.length,
    pollution: pollution.length,
  };
  return {
    session: sessionRow(session),
    client: who.client,
    server: who.server,
    exit,
    calls,
    notifications,
    pollution,
    stderr,
    inventory: offers.inventory(calls),
    problems: [...lint.problems()],
    counts,
  };
}
