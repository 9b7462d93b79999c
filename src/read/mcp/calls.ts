/**
 * The call book: one logical call for each thing that was asked. Pairs answers with requests (by exchange first, by
 * id second, always across the two sides), links the rounds of a multi-round request, follows tasks and streams.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
import type { MessageLine, Side } from "./line.ts";
import { record, text } from "./line.ts";
import { idAt, type IdKey, type RpcError, type RpcRequest, type RpcResult } from "./message.ts";
import { subjectOf } from "./methods.ts";
import type { Call } from "./reading.ts";

/** Where a message stands: its line, of which it may be one of several. */
export type Spot = Pick<MessageLine, "seq" | "at" | "t" | "exchange" | "from">;

/** What the book keeps of a call beyond what it shows. */
type Entry = {
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

export type Paired = { call: Call; late: "no" | "after-cancel" | "second" } | { call: null; late: "no" };

export type CallBook = ReturnType<typeof callBook>;

export function callBook() {
  const entries: Entry[] = [];
  const byKey = new Map<string, Entry>();
  /** By the lines that ask and that answer. */
  const bySeq = new Map<number, Call>();
  /** Open requests by side and id; several when ids repeat across exchanges. */
  const open = new Map<string, Entry[]>();
  /** Everything that was ever asked, for late answers. */
  const asked = new Map<string, Entry>();
  const byToken = new Map<string, Entry>();
  const byTask = new Map<string, Entry>();
  const byExchange = new Map<string, Entry[]>();
  const waiting = new Set<Entry>();
  const streams: Entry[] = [];
  /** What may be open: looked through instead of all that ever was; what is over leaves when it is met. */
  const maybeOpen = new Set<Entry>();

  return {
    calls: (): Call[] => entries.map((it) => it.call),

    /** The call that the line of this number asks or answers. */
    at: (seq: number): Call | null => bySeq.get(seq) ?? null,

    /** How many wait for their answers; streams do not. */
    pending: (): number => openNow().filter(({ call }) => call.stream === null).length,

    /** The call that `side` asked under this id before, whether answered or not. */
    earlier: (side: Side, key: IdKey): Call | null => asked.get(idKey(side, key))?.call ?? null,

    /** Requests that this side made, have no answer, and are about ids that look like this one. */
    alike: (side: Side, id: unknown): Call | null =>
      openNow().find(({ call }) => call.from === side && String(call.id) === String(id))?.call ?? null,

    /** Takes in a request: a new call, or the next round of one. */
    ask(request: RpcRequest, spot: Spot): Call {
      const { id, key, method, params, meta } = request;
      const entry = retried(request) ?? sentOn(request, spot) ?? begin(request, spot);
      const { call } = entry;
      entry.key = key;
      call.rounds.push({
        id,
        seq: spot.seq,
        answer_seq: null,
        latency_ms: null,
        asks: [],
        answers: Object.keys(record(params.inputResponses) ?? {}),
      });
      if (call.rounds.length > 1) {
        Object.assign(call, { id, state: "pending", error: null, exchange: spot.exchange });
        entry.moved = false;
        waiting.delete(entry);
      }
      entry.started = spot;
      bySeq.set(spot.seq, call);
      maybeOpen.add(entry);
      push(open, idKey(spot.from, key), entry);
      asked.set(idKey(spot.from, key), entry);
      if (spot.exchange !== null) push(byExchange, spot.exchange, entry);
      const token = idAt(meta, "progressToken");
      if (token) {
        call.progress_token = token.id;
        byToken.set(idKey(spot.from, token.key), entry);
      }
      if (method.startsWith("tasks/")) call.about = byTask.get(text(params.taskId) ?? "")?.call.key ?? null;
      return call;
    },

    answer(answer: RpcResult | RpcError, spot: Spot): Paired {
      const key = answer.key === null ? null : idKey(other(spot.from), answer.key);
      if (key === null || !asked.has(key)) {
        // A server that could not read the request cannot say its id (the Python SDK says "server-error"); over HTTP
        // the exchange does.
        const [only, ...more] = openIn(spot.exchange);
        if (only === undefined || more.length > 0 || answer.kind !== "error" || spot.from !== "server")
          return { call: null, late: "no" };
        take(open, idKey("client", only.key), spot.exchange);
        refuse(only, answer, spot, spot.seq);
        bySeq.set(spot.seq, only.call);
        return { call: only.call, late: "no" };
      }
      const entry = take(open, key, spot.exchange);
      if (entry === undefined) {
        const before = asked.get(key);
        if (before === undefined) return { call: null, late: "no" };
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
      const own = take(open, idKey(spot.from, key), spot.exchange);
      const entry = own ?? take(open, idKey(other(spot.from), key), spot.exchange);
      if (entry === undefined) return asked.get(idKey(spot.from, key))?.call ?? null;
      const reason = text(params.reason);
      stop(entry, { seq: spot.seq, at: spot.at, by: spot.from, reason, how: "notification" }, spot);
      return entry.call;
    },

    /** The client closed the response stream: what was asked in that exchange and not answered is over. */
    hangUp(exchange: string, spot: Spot): Call[] {
      const left = openIn(exchange);
      for (const entry of left) {
        take(open, idKey("client", entry.key), exchange);
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
      const left = openIn(exchange);
      for (const entry of left) {
        take(open, idKey("client", entry.key), exchange);
        refuse(entry, { code: null, message: error.message }, spot, null);
        if (entry.call.error) entry.call.error.name = error.name;
        entry.moved = how === "moved";
      }
      return left.map((it) => it.call);
    },

    /** The session is over: what is open has no answer. Streams end with it, as they should. */
    over(why: string, spot: Spot): Call[] {
      const left = openNow();
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
    during(exchange: string | null): Call[] {
      const within = exchange === null ? openNow() : (byExchange.get(exchange) ?? []);
      return within
        .filter((it) => it.call.from === "client" && it.call.stream === null && isOpen(it.call))
        .map((it) => it.call);
    },
    byTask: (id: string): Call | null => byTask.get(id)?.call ?? null,
    byKey: (key: string): Call | null => byKey.get(key)?.call ?? null,
  };

  function openNow(): Entry[] {
    for (const entry of maybeOpen) if (!isOpen(entry.call)) maybeOpen.delete(entry);
    return [...maybeOpen];
  }

  /** What the client asked in this exchange and has no answer. */
  function openIn(exchange: string | null): Entry[] {
    if (exchange === null) return [];
    const asked = byExchange.get(exchange) ?? [];
    return asked.filter(
      ({ call }) => call.from === "client" && call.state === "pending" && call.exchange === exchange,
    );
  }

  function refuse(
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

  /** HTTP sent the client elsewhere, and there it asks the same again. */
  function sentOn({ key, method }: RpcRequest, spot: Spot): Entry | undefined {
    const before = asked.get(idKey(spot.from, key));
    return before?.moved && before.call.method === method ? before : undefined;
  }

  function begin({ id, key: own, method, params, meta }: RpcRequest, spot: Spot): Entry {
    const key = `${spot.from === "client" ? "c" : "s"}${entries.length}`;
    const listens = method === "subscriptions/listen";
    const call: Call = {
      key,
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
    const entry: Entry = { call, first: spot, started: spot, key: own, moved: false, state: null, keys: [] };
    entries.push(entry);
    if (listens) streams.push(entry);
    byKey.set(key, entry);
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

  function followTask(entry: Entry, task: Record<string, unknown>, spot: Spot): void {
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

  function finish(entry: Entry, result: Record<string, unknown> | null, spot: Spot): void {
    const wrong = result?.isError === true;
    if (wrong) entry.call.error = { code: null, name: "isError", message: firstText(result) };
    // `tasks/result` may come long after the task's own "completed": the call ended then.
    if (isOpen(entry.call)) end(entry, wrong ? "tool-error" : "ok", spot);
    else if (wrong) entry.call.state = "tool-error";
  }

  function end(entry: Entry, state: Call["state"], spot: Spot): void {
    entry.call.state = state;
    entry.call.latency_ms = between(entry.first, spot);
  }

  function stop(entry: Entry, cancelled: NonNullable<Call["cancelled"]>, spot: Spot): void {
    entry.call.cancelled = cancelled;
    end(entry, "cancelled", spot);
  }
}

export function isOpen(call: Call): boolean {
  return call.state === "pending" || call.state === "input_required" || call.state === "task";
}

export function other(side: Side): Side {
  return side === "client" ? "server" : "client";
}

function idKey(side: Side, key: IdKey): string {
  return `${side} ${key}`;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The open request of this id in this exchange; else one of another exchange, oldest first. */
function take(open: Map<string, Entry[]>, key: string, exchange: string | null): Entry | undefined {
  const list = open.get(key);
  if (list === undefined) return undefined;
  const same = list.findIndex((it) => it.started.exchange === exchange);
  const [entry] = list.splice(Math.max(same, 0), 1);
  if (list.length === 0) open.delete(key);
  return entry;
}

/** By the monotonic clock where both lines have it, else by wall time. */
function between(from: Spot, to: Spot): number | null {
  if (from.t !== null && to.t !== null) return round(to.t - from.t);
  const ms = to.at - from.at;
  return Number.isNaN(ms) ? null : ms;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function fail(call: Call, { code, message }: Pick<RpcError, "code" | "message">): void {
  call.state = "error";
  call.error = { code, name: null, message };
}

function firstText(result: Record<string, unknown> | null): string {
  const content = Array.isArray(result?.content) ? result.content : [];
  for (const part of content) {
    const words = text(record(part)?.text);
    if (words !== null) return words;
  }
  return "";
}
