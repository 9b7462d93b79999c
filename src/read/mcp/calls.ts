/**
 * The call book: one logical call for each thing that was asked. Pairs answers with requests (by exchange first, by
 * id second, always across the two sides), links the rounds of a multi-round request, follows tasks and streams.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
import {
  beginRound,
  between,
  end,
  fail,
  finish,
  firstText,
  followTask,
  isOpen,
  newEntry,
  refuse,
  stop,
  type Entry,
  type Spot,
} from "./call-entry.ts";
import type { Side } from "./line.ts";
import { record, text } from "./line.ts";
import { idAt, type IdKey, type RpcError, type RpcRequest, type RpcResult } from "./message.ts";
import { subjectOf } from "./methods.ts";
import { idKey, openCalls, other } from "./open-calls.ts";
import type { Call } from "./reading.ts";

export type Paired = { call: Call; late: "no" | "after-cancel" | "second" } | { call: null; late: "no" };

export type CallBook = ReturnType<typeof callBook>;

export function callBook() {
  const entries: Entry[] = [];
  const byKey = new Map<string, Entry>();
  /** By the lines that ask and that answer. */
  const bySeq = new Map<number, Call>();
  const open = openCalls();
  /** Everything that was ever asked, for late answers. */
  const asked = new Map<string, Entry>();
  const byToken = new Map<string, Entry>();
  const byTask = new Map<string, Entry>();
  const waiting = new Set<Entry>();
  const streams: Entry[] = [];

  return {
    calls: (): Call[] => entries.map((it) => it.call),

    /** The call that the line of this number asks or answers. */
    at: (seq: number): Call | null => bySeq.get(seq) ?? null,

    /** How many wait for their answers; streams do not. */
    pending: (): number => open.now().filter(({ call }) => call.stream === null).length,

    /** The call that `side` asked under this id before, whether answered or not. */
    earlier: (side: Side, key: IdKey): Call | null => asked.get(idKey(side, key))?.call ?? null,

    /** Requests that this side made, have no answer, and are about ids that look like this one. */
    alike: (side: Side, id: unknown): Call | null =>
      open.now().find(({ call }) => call.from === side && String(call.id) === String(id))?.call ?? null,

    /** Takes in a request: a new call, or the next round of one. */
    ask(request: RpcRequest, spot: Spot): Call {
      const { key, method, params, meta } = request;
      const entry = retried(request) ?? sentOn(request, spot) ?? begin(request, spot);
      const { call } = entry;
      beginRound(entry, request, spot);
      waiting.delete(entry);
      bySeq.set(spot.seq, call);
      open.add(entry, spot);
      asked.set(idKey(spot.from, key), entry);
      const token = idAt(meta, "progressToken");
      if (token) {
        call.progress_token = token.id;
        byToken.set(idKey(spot.from, token.key), entry);
      }
      if (method.startsWith("tasks/")) call.about = byTask.get(text(params.taskId) ?? "")?.call.key ?? null;
      return call;
    },

    answer(answer: RpcResult | RpcError, spot: Spot): Paired {
      const side = other(spot.from);
      const before = answer.key === null ? undefined : asked.get(idKey(side, answer.key));
      if (answer.key === null || before === undefined) {
        // A server that could not read the request cannot say its id (the Python SDK says "server-error"); over HTTP
        // the exchange does.
        const [only, ...more] = open.within(spot.exchange);
        if (only === undefined || more.length > 0 || answer.kind !== "error" || spot.from !== "server")
          return { call: null, late: "no" };
        open.take("client", only.key, spot.exchange);
        refuse(only, answer, spot, spot.seq);
        bySeq.set(spot.seq, only.call);
        return { call: only.call, late: "no" };
      }
      const entry = open.take(side, answer.key, spot.exchange);
      if (entry === undefined) {
        if (before.call.cancelled === null) return { call: before.call, late: "second" };
        before.call.answer_seq ??= spot.seq;
        return { call: before.call, late: "after-cancel" };
      }
      const { call } = entry;
      const round = call.rounds.findLast((it) => it.answer_seq === null);
      bySeq.set(spot.seq, call);
      if (round) Object.assign(round, { answer_seq: spot.seq, latency_ms: between(entry.started, spot) });
      call.answer_seq = spot.seq;
      if (answer.kind === "error") fail(call, answer);
      else settle(entry, answer, spot);
      if (!isOpen(call)) call.latency_ms = between(entry.first, spot);
      return { call, late: "no" };
    },

    /** `notifications/cancelled`: by the side that asked, or by the server for a stream that it ends. */
    cancel(params: Record<string, unknown>, spot: Spot): Call | null {
      const key = idAt(params, "requestId")?.key;
      if (key === undefined) return null;
      const own = open.take(spot.from, key, spot.exchange);
      const entry = own ?? open.take(other(spot.from), key, spot.exchange);
      if (entry === undefined) return asked.get(idKey(spot.from, key))?.call ?? null;
      const reason = text(params.reason);
      stop(entry, { seq: spot.seq, at: spot.at, by: spot.from, reason, how: "notification" }, spot);
      return entry.call;
    },

    /** The client closed the response stream: what was asked in that exchange and not answered is over. */
    hangUp(exchange: string, spot: Spot): Call[] {
      const left = open.within(exchange);
      for (const entry of left) {
        open.take("client", entry.key, exchange);
        stop(entry, { seq: spot.seq, at: spot.at, by: "client", reason: null, how: "hang-up" }, spot);
      }
      return left.map((it) => it.call);
    },

    /** The exchange is over: nobody will answer what was asked in it. `moved`: it comes again, elsewhere. */
    failed(
      exchange: string,
      error: { name: string | null; message: string },
      spot: Spot,
      how: "moved" | "over",
    ): Call[] {
      const left = open.within(exchange);
      for (const entry of left) {
        open.take("client", entry.key, exchange);
        refuse(entry, { code: null, message: error.message }, spot, null);
        if (entry.call.error) entry.call.error.name = error.name;
        entry.moved = how === "moved";
      }
      return left.map((it) => it.call);
    },

    /** The session is over: what is open has no answer. Streams end with it, as they should. */
    over(why: string, spot: Spot): Call[] {
      const left = open.now();
      for (const entry of left) {
        if (entry.call.stream !== null) end(entry, "ok", spot);
        else refuse(entry, { code: null, message: why }, spot, null);
      }
      open.clear();
      waiting.clear();
      return left.map((it) => it.call).filter((it) => it.stream === null);
    },

    /** `notifications/progress` comes from the side that answers. */
    progress(params: Record<string, unknown>, spot: Spot): Call | null {
      const token = idAt(params, "progressToken");
      if (!token) return null;
      const call = byToken.get(idKey(other(spot.from), token.key))?.call;
      if (call === undefined) return null;
      const { progress, total, message } = params;
      call.progress.push({
        seq: spot.seq,
        at: spot.at,
        progress: typeof progress === "number" ? progress : null,
        total: typeof total === "number" ? total : null,
        message: text(message),
      });
      return call;
    },

    /** A task's own word about itself, from a notification or from an answer to `tasks/get`. */
    taskTold(task: Record<string, unknown>, spot: Spot): Call | null {
      const entry = byTask.get(text(task.taskId) ?? "");
      if (entry === undefined) return null;
      followTask(entry, task, spot);
      return entry.call;
    },

    /** The open stream that this id names, or the only one. */
    stream(meta: Record<string, unknown>, name: string): Call | null {
      const id = idAt(meta, name);
      if (id) return streams.findLast((it) => it.key === id.key)?.call ?? null;
      const live = streams.filter((it) => isOpen(it.call));
      return live.length === 1 ? (live[0]?.call ?? null) : null;
    },

    /** The client's open calls of an exchange; without exchange, all of them. Streams are not among them. */
    during: (exchange: string | null): Call[] => open.during(exchange).map((it) => it.call),
    byTask: (id: string): Call | null => byTask.get(id)?.call ?? null,
    byKey: (key: string): Call | null => byKey.get(key)?.call ?? null,
  };

  /** HTTP sent the client elsewhere, and there it asks the same again. */
  function sentOn({ key, method }: RpcRequest, spot: Spot): Entry | undefined {
    const before = asked.get(idKey(spot.from, key));
    return before?.moved && before.call.method === method ? before : undefined;
  }

  function begin(request: RpcRequest, spot: Spot): Entry {
    const entry = newEntry(request, spot, entries.length);
    entries.push(entry);
    if (entry.call.stream !== null) streams.push(entry);
    byKey.set(entry.call.key, entry);
    return entry;
  }

  /** By echoed state; else by method, name and answered keys, and only if one call fits. */
  function retried({ method, params }: RpcRequest): Entry | undefined {
    if (params.requestState === undefined && params.inputResponses === undefined) return undefined;
    const name = subjectOf(method, params);
    const likely = [...waiting].filter((it) => it.call.method === method && it.call.name === name);
    const state = text(params.requestState);
    if (state !== null) {
      const exact = likely.filter((it) => it.state === state);
      return exact.length > 0 ? exact.at(-1) : undefined;
    }
    const keys = Object.keys(record(params.inputResponses) ?? {});
    const fitting = likely.filter((it) => it.state === null && keys.every((key) => it.keys.includes(key)));
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  function settle(entry: Entry, { result }: RpcResult, spot: Spot): void {
    const { call } = entry;
    const kind = text(result?.resultType);
    if (kind === "input_required") {
      const asks = Object.entries(record(result?.inputRequests) ?? {});
      const round = call.rounds.at(-1);
      if (round) round.asks = asks.map(([key, it]) => ({ key, method: text(record(it)?.method) ?? "" }));
      entry.state = text(result?.requestState);
      entry.keys = asks.map(([key]) => key);
      call.state = "input_required";
      waiting.add(entry);
      return;
    }
    const handle = kind === "task" ? result : call.method.startsWith("tasks/") ? null : record(result?.task);
    const task = text(handle?.taskId);
    if (handle && task !== null) {
      call.task = { id: task, status: null, history: [] };
      call.state = "task";
      byTask.set(task, entry);
      followTask(entry, handle, spot);
      return;
    }
    call.state = result?.isError === true ? "tool-error" : "ok";
    if (call.state === "tool-error") call.error = { code: null, name: "isError", message: firstText(result) };
    if (call.about !== null) tellAbout(call, result, spot);
  }

  /** The answer to `tasks/*` says something about the call whose task it is. */
  function tellAbout(call: Call, result: Record<string, unknown> | null, spot: Spot): void {
    const entry = byKey.get(call.about ?? "");
    if (entry === undefined || result === null) return;
    if (call.method === "tasks/get" || call.method === "tasks/cancel") followTask(entry, result, spot);
    if (call.method === "tasks/result") finish(entry, result, spot);
  }
}
