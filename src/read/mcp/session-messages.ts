/** The messages of a session: requests, the answers that belong to them, notifications. */
import { errorName } from "./errors.ts";
import { META } from "./identity.ts";
import { record, text, type MessageLine } from "./line.ts";
import type { Rpc, RpcError, RpcRequest, RpcResult } from "./message.ts";
import type { Call } from "./reading.ts";
import { takeNotification } from "./session-notes.ts";
import { check, touch, type SessionState } from "./session-state.ts";

export function takeMessage(session: SessionState, rpc: Rpc, line: MessageLine): void {
  const { who, book, lint } = session;
  session.messages += 1;
  session.spoke ||= line.from === "server";
  switch (rpc.kind) {
    case "request":
      session.requests += 1;
      if (rpc.method === "server/discover") session.probes += 1;
      who.asked(rpc, line.http);
      asked(session, rpc, line);
      return;
    case "notification":
      who.asked(rpc, line.http);
      takeNotification(session, rpc, line);
      return;
    case "result":
    case "error": {
      const { call, late } = book.answer(rpc, line);
      touch(session, call, call?.about == null ? null : book.byKey(call.about));
      if (rpc.kind === "error") session.errors += 1;
      else if (rpc.result?.isError === true) session.toolErrors += 1;
      if (call !== null && late === "no") answered(session, rpc, call, line);
      check(session, () => lint.answer(rpc, line, call, late), line.seq);
      return;
    }
    case "invalid":
      check(session, () => lint.invalid(line, rpc.why), line.seq);
      return;
    default:
      return rpc satisfies never;
  }
}

function asked(session: SessionState, request: RpcRequest, line: MessageLine): void {
  const { book, lint, moved, nextPages } = session;
  const parent = line.from === "server" ? parentOf(book, request, line) : null;
  const before = book.earlier(line.from, request.key);
  const call = book.ask(request, line);
  touch(session, call);
  // Counted as an error when HTTP sent the client on, which now has followed.
  if (before === call && call.rounds.length > 1 && moved.delete(call)) session.errors -= 1;
  if (parent) call.parent = parent;
  if (request.params.cursor !== undefined) nextPages.add(call.key);
  check(session, () => lint.request(request, line, call, before), line.seq);
}

function answered(
  { who, offers, nextPages }: SessionState,
  rpc: RpcResult | RpcError,
  call: Call,
  line: MessageLine,
): void {
  if (rpc.kind === "result") {
    who.answered(call, rpc);
    offers.listed(call, rpc, line.seq, nextPages.has(call.key) ? "next" : "first");
    return;
  }
  who.refused(call, rpc.code);
  if (call.error) call.error.name = errorName(rpc.code, who.era());
}

/** Of a request that the server made: the client's call that it belongs to. */
function parentOf(book: SessionState["book"], { meta }: RpcRequest, line: MessageLine): Call["parent"] {
  const task = text(record(meta[`${META}related-task`])?.taskId);
  const byTask = task === null ? null : book.byTask(task);
  if (byTask) return { key: byTask.key, how: "task" };
  const [same, ...more] = line.exchange === null ? [] : book.during(line.exchange);
  if (same && more.length === 0) return { key: same.key, how: "exchange" };
  const [only, ...others] = book.during(null);
  return only && others.length === 0 ? { key: only.key, how: "only-one" } : null;
}
