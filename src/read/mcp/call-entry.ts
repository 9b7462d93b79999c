/** One call as the book keeps it: how it begins, ends, is refused, and how long that took. */
import type { MessageLine } from "./line.ts";
import { record, text } from "./line.ts";
import type { IdKey, RpcError, RpcRequest } from "./message.ts";
import { subjectOf } from "./methods.ts";
import type { Call } from "./reading.ts";

/** Where a message stands: its line, of which it may be one of several. */
export type Spot = Pick<MessageLine, "seq" | "at" | "t" | "exchange" | "from">;

/** What the book keeps of a call beyond what it shows. */
export type Entry = {
  call: Call;
  /** Of the first round, and of the last. */
  first: Spot;
  started: Spot;
  /** Of the id of its last round. */
  key: IdKey;
  /** HTTP sent the client elsewhere: the same request comes again. */
  moved: boolean;
  /** Echoed state and keys that a retry must carry. */
  state: string | null;
  keys: string[];
};

/** `n`: how many there were before it. */
export function newEntry({ id, key, method, params, meta }: RpcRequest, spot: Spot, n: number): Entry {
  const listens = method === "subscriptions/listen";
  const call: Call = {
    key: `${spot.from === "client" ? "c" : "s"}${n}`,
    from: spot.from,
    id,
    method,
    name: subjectOf(method, params),
    seq: spot.seq,
    at: spot.at,
    answer_seq: null,
    latency_ms: null,
    state: "pending",
    error: null,
    exchange: spot.exchange,
    progress_token: null,
    progress: [],
    notes: [],
    parent: null,
    rounds: [],
    task: null,
    about: null,
    stream: listens ? { acknowledged: null, events: [], filter: params.notifications ?? null } : null,
    cancelled: null,
    probe: method === "server/discover",
    trace: text(meta.traceparent),
  };
  return { call, first: spot, started: spot, key, moved: false, state: null, keys: [] };
}

/** Its first round, or the next one. */
export function beginRound(entry: Entry, { id, key, params }: RpcRequest, spot: Spot): void {
  const { call } = entry;
  entry.key = key;
  entry.started = spot;
  const answers = Object.keys(record(params.inputResponses) ?? {});
  call.rounds.push({ id, seq: spot.seq, answer_seq: null, latency_ms: null, asks: [], answers });
  if (call.rounds.length === 1) return;
  Object.assign(call, { id, state: "pending", error: null, exchange: spot.exchange });
  entry.moved = false;
}

export function isOpen(call: Call): boolean {
  return call.state === "pending" || call.state === "input_required" || call.state === "task";
}

export function end(entry: Entry, state: Call["state"], spot: Spot): void {
  entry.call.state = state;
  entry.call.latency_ms = between(entry.first, spot);
}

export function stop(entry: Entry, cancelled: NonNullable<Call["cancelled"]>, spot: Spot): void {
  entry.call.cancelled = cancelled;
  end(entry, "cancelled", spot);
}

export function fail(call: Call, { code, message }: Pick<RpcError, "code" | "message">): void {
  call.state = "error";
  call.error = { code, name: null, message };
}

/** Its last round has no answer but this error. */
export function refuse(
  { call, first, started }: Entry,
  error: Pick<RpcError, "code" | "message">,
  spot: Spot,
  answer_seq: number | null,
): void {
  const round = call.rounds.at(-1);
  if (round) Object.assign(round, { answer_seq, latency_ms: between(started, spot) });
  Object.assign(call, { answer_seq, latency_ms: between(first, spot) });
  fail(call, error);
}

/** A task's result is there. */
export function finish(entry: Entry, result: Record<string, unknown> | null, spot: Spot): void {
  const wrong = result?.isError === true;
  if (wrong) entry.call.error = { code: null, name: "isError", message: firstText(result) };
  // `tasks/result` may come long after the task's own "completed": the call ended then.
  if (isOpen(entry.call)) end(entry, wrong ? "tool-error" : "ok", spot);
  else if (wrong) entry.call.state = "tool-error";
}

/** A task's own word about itself. */
export function followTask(entry: Entry, task: Record<string, unknown>, spot: Spot): void {
  const { call } = entry;
  const status = text(task.status);
  if (call.task === null || status === null) return;
  if (call.task.status !== status) call.task.history.push({ seq: spot.seq, at: spot.at, status });
  call.task.status = status;
  if (call.state !== "task") return;
  if (status === "completed") finish(entry, record(task.result), spot);
  if (status === "cancelled") end(entry, "cancelled", spot);
  if (status !== "failed") return;
  const error = record(task.error);
  const code = typeof error?.code === "number" ? error.code : null;
  call.error = { code, name: null, message: text(error?.message) ?? text(task.statusMessage) ?? "" };
  end(entry, "error", spot);
}

/** By the monotonic clock where both lines have it, else by wall time. */
export function between(from: Spot, to: Spot): number | null {
  if (from.t !== null && to.t !== null) return Math.round((to.t - from.t) * 1000) / 1000;
  const ms = to.at - from.at;
  return Number.isNaN(ms) ? null : ms;
}

export function firstText(result: Record<string, unknown> | null): string {
  const content = Array.isArray(result?.content) ? result.content : [];
  for (const part of content) {
    const words = text(record(part)?.text);
    if (words !== null) return words;
  }
  return "";
}
