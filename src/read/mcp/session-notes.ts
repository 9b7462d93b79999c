/** Notifications of a session: which call each is about, found again by the number of its line. */
import { META } from "./identity.ts";
import type { MessageLine } from "./line.ts";
import type { RpcNotification } from "./message.ts";
import { subjectOf } from "./methods.ts";
import type { Call, Note } from "./reading.ts";
import { check, touch, type SessionState } from "./session-state.ts";

export function takeNotification(session: SessionState, rpc: RpcNotification, line: MessageLine): void {
  const { lint, offers, notifications } = session;
  const call = callOf(session, rpc, line);
  touch(session, call);
  check(session, () => lint.notification(rpc, line, call), line.seq);
  if (rpc.method.endsWith("/list_changed")) offers.changed(rpc.method);
  const name = subjectOf(rpc.method, rpc.params);
  notifications.push({
    seq: line.seq,
    at: line.at,
    from: line.from,
    method: rpc.method,
    name: name ?? idText(rpc.params.requestId ?? rpc.params.progressToken),
    call: call?.key ?? null,
  });
}

function callOf(
  { book }: SessionState,
  { method, params, meta }: RpcNotification,
  line: MessageLine,
): Call | null {
  switch (method) {
    case "notifications/cancelled":
      return book.cancel(params, line);
    case "notifications/progress":
      return book.progress(params, line);
    case "notifications/tasks/status":
    case "notifications/tasks":
      return book.taskTold(params, line);
    default:
      return aside(book, method, meta, line);
  }
}

/** A notification on a stream or beside a call. Over stdio a log message does not say which call it is about. */
function aside(
  book: SessionState["book"],
  method: string,
  meta: Record<string, unknown>,
  line: MessageLine,
): Call | null {
  const named = `${META}subscriptionId`;
  const stream = meta[named] === undefined ? null : book.stream(meta, named);
  if (stream?.stream) {
    if (method === "notifications/subscriptions/acknowledged") stream.stream.acknowledged = line.seq;
    else stream.stream.events.push(line.seq);
    return stream;
  }
  if (line.exchange === null || line.from === "client") return null;
  const [call] = book.during(line.exchange);
  call?.notes.push(line.seq);
  return call ?? null;
}

/** They stand in the order of their lines. */
export function noteAt(notes: readonly Note[], seq: number): Note | null {
  let [low, high] = [0, notes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (notes[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return notes[low]?.seq === seq ? notes[low]! : null;
}

function idText(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}
