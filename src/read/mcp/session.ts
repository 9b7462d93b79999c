/**
 * Reads a session: a fold over the lines of a session file (or over the same lines as they come). `row()` is what a
 * list shows and is cheap after every line; `reading()` is everything. Never throws, whatever a line holds.
 */
import { beginningOf } from "../../fact/beginning.ts";
import type { SessionHead } from "../../fact/live.ts";
import { callBook, isOpen, type Spot } from "./calls.ts";
import { errorName } from "./errors.ts";
import { exchangesInFlight } from "./exchanges.ts";
import { isWellKnown } from "./http.ts";
import { identity, META, nameOf } from "./identity.ts";
import { shelves } from "./inventory.ts";
import { lineOf, record, text, type EventLine, type Line, type MessageLine, type RawLine } from "./line.ts";
import { linter } from "./lint.ts";
import {
  rpcOf,
  type Rpc,
  type RpcError,
  type RpcNotification,
  type RpcRequest,
  type RpcResult,
} from "./message.ts";
import { subjectOf } from "./methods.ts";
import { endOf, notStarted } from "./not-started.ts";
import type { Call, Counts, Note, SessionProblem, SessionReading, SessionSummary, Text } from "./reading.ts";

/** Shown text is cut here; the whole line stands in the file. */
const SHOWN = 2000;

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
  const who = identity();
  const book = callBook();
  const offers = shelves();
  const notifications: Note[] = [];
  const pollution: Text[] = [];
  const stderr: Text[] = [];
  const exchanges = exchangesInFlight();
  const lint = linter(who, offers, book);
  /** Lists that were asked for with a cursor, by call: they do not start over. */
  const nextPages = new Set<string>();
  let lines = 0;
  let id = "";
  let at = NaN;
  let lastAt = NaN;
  let command: string | null = null;
  let transport: "stdio" | "http" = "stdio";
  let exit: SessionReading["exit"] = null;
  let over = false;
  /** HTTP+SSE: the exchange of the stream on which all answers come; a post is only accepted. */
  let answersOn: string | null = null;
  /** Calls that HTTP sent elsewhere. */
  const moved = new Set<Call>();
  const touched = new Set<Call>();
  let messages = 0;
  let spoke = false;
  let requests = 0;
  let errors = 0;
  let toolErrors = 0;
  let probes = 0;
  /** Of a line that is an outline, without its contents, nothing can be said against the contents. */
  let whole = true;

  return {
    add,
    row,
    head,
    who: () => ({ client: who.client, server: who.server }),
    callAt: book.at,
    noteAt: (seq) => noteAt(notifications, seq),
    call: book.byKey,
    problems: lint.problems,
    touched() {
      const some = [...touched];
      touched.clear();
      return some;
    },
    reading,
  };

  function touch(...calls: readonly (Call | null)[]): void {
    for (const call of calls) if (call) touched.add(call);
  }

  function add(value: unknown): void {
    const line = lineOf(value, lines);
    whole = record(value)?.["outline"] === undefined;
    lines += 1;
    if (id === "") id = text(record(value)?.session_id) ?? "";
    // A file that does not begin at its beginning has lost what came before.
    if (lines === 1 && line.seq > 1) lint.hole();
    if (Number.isNaN(at)) at = line.at;
    if (!Number.isNaN(line.at)) lastAt = line.at;
    if (line.exchange !== null) transport = "http";
    // Who comes back to a session that was taken for ended goes on with it.
    if (line.kind === "message" && line.exchange !== null) over = false;
    if (lines > MOST_LINES && line.kind !== "event") return passed(line);
    if (line.kind === "message" || line.kind === "raw") exchanges.heard(line);
    switch (line.kind) {
      case "message":
        check(() => lint.line(line), line.seq);
        hear(rpcOf(line.message), line);
        return;
      case "raw": {
        const ours = isPollution(line);
        if (ours) pollution.push(shown(line.seq, line.at, line.from, line.text));
        check(() => lint.raw(line, ours), line.seq);
        return;
      }
      case "stderr":
        stderr.push(shown(line.seq, line.at, "stderr", line.text));
        return;
      case "event":
        happened(line);
        return;
      case "other":
        return;
      default:
        return line satisfies never;
    }
  }

  /** Counted only: a flood must not fill the memory with what is known of each of its lines. */
  function passed({ kind, seq }: Line): void {
    if (kind === "message") messages += 1;
    if (lines > MOST_LINES + 1) return;
    // What comes now may be the answers.
    lint.hole();
    lint.failed(seq, new Error(`a session is read up to its ${MOST_LINES}th line`));
  }

  function hear(rpc: Rpc, line: MessageLine): void {
    messages += 1;
    spoke ||= line.from === "server";
    switch (rpc.kind) {
      case "request":
        requests += 1;
        if (rpc.method === "server/discover") probes += 1;
        who.asked(rpc, line.http);
        asked(rpc, line);
        return;
      case "notification":
        who.asked(rpc, line.http);
        notifications.push(noted(rpc, line));
        return;
      case "result":
      case "error": {
        const { call, late } = book.answer(rpc, line);
        touch(call, call?.about == null ? null : book.byKey(call.about));
        if (rpc.kind === "error") errors += 1;
        else if (rpc.result?.isError === true) toolErrors += 1;
        if (call !== null && late === "no") took(rpc, call, line);
        check(() => lint.answer(rpc, line, call, late), line.seq);
        return;
      }
      case "invalid":
        check(() => lint.invalid(line, rpc.why), line.seq);
        return;
      default:
        return rpc satisfies never;
    }
  }

  function asked(request: RpcRequest, line: MessageLine): void {
    const parent = line.from === "server" ? parentOf(request, line) : null;
    const before = book.earlier(line.from, request.key);
    const call = book.ask(request, line);
    touch(call);
    // Counted as an error when HTTP sent the client on, which now has followed.
    if (before === call && call.rounds.length > 1 && moved.delete(call)) errors -= 1;
    if (parent) call.parent = parent;
    if (request.params.cursor !== undefined) nextPages.add(call.key);
    check(() => lint.request(request, line, call, before), line.seq);
  }

  function took(rpc: RpcResult | RpcError, call: Call, line: MessageLine): void {
    if (rpc.kind === "result") {
      who.answered(call, rpc);
      offers.listed(call, rpc, line.seq, nextPages.has(call.key) ? "next" : "first");
      return;
    }
    who.refused(call, rpc.code);
    if (call.error) call.error.name = errorName(rpc.code, who.era());
  }

  /** Of a request that the server made: the client's call that it belongs to. */
  function parentOf({ meta }: RpcRequest, line: MessageLine): Call["parent"] {
    const task = text(record(meta[`${META}related-task`])?.taskId);
    const byTask = task === null ? null : book.byTask(task);
    if (byTask) return { key: byTask.key, how: "task" };
    const [same, ...more] = line.exchange === null ? [] : book.during(line.exchange);
    if (same && more.length === 0) return { key: same.key, how: "exchange" };
    const [only, ...others] = book.during(null);
    return only && others.length === 0 ? { key: only.key, how: "only-one" } : null;
  }

  function noted(rpc: RpcNotification, line: MessageLine): Note {
    const call = callOf(rpc, line);
    touch(call);
    check(() => lint.notification(rpc, line, call), line.seq);
    if (rpc.method.endsWith("/list_changed")) offers.changed(rpc.method);
    const name = subjectOf(rpc.method, rpc.params);
    return {
      seq: line.seq,
      at: line.at,
      from: line.from,
      method: rpc.method,
      name: name ?? idText(rpc.params.requestId ?? rpc.params.progressToken),
      call: call?.key ?? null,
    };
  }

  function callOf({ method, params, meta }: RpcNotification, line: MessageLine): Call | null {
    switch (method) {
      case "notifications/cancelled":
        return book.cancel(params, line);
      case "notifications/progress":
        return book.progress(params, line);
      case "notifications/tasks/status":
      case "notifications/tasks":
        return book.taskTold(params, line);
      default:
        return aside(method, meta, line);
    }
  }

  /** A notification on a stream or beside a call. Over stdio a log message does not say which call it is about. */
  function aside(method: string, meta: Record<string, unknown>, line: MessageLine): Call | null {
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

  function happened(line: EventLine): void {
    const { event, fields } = line;
    if (event === "start") {
      command = text(fields.target) ?? commandOf(fields.command) ?? command;
      if (fields.transport === "http") transport = "http";
      return;
    }
    if (event === "exit") {
      over = true;
      const code = typeof fields.code === "number" ? fields.code : null;
      exit = { code, signal: text(fields.signal), seq: line.seq };
      exited(line);
      return;
    }
    if (event === "gap") lint.hole();
    if (event === "endpoint") {
      lint.oldTransport(line.seq);
      answersOn = line.exchange;
    }
    if (event === "close" && line.exchange !== null) closed(line);
  }

  /** The session is over. A server that never said a word is told of in one place, not for each thing asked of it. */
  function exited(line: EventLine): void {
    const lastWords = stderr.slice(-3).map(({ text: words }) => words);
    const beginning = { command, asked: requests, spoke, lastWords, t: line.t };
    const why = transport === "http" ? null : notStarted(line.fields, beginning);
    unanswered(`${endOf(line.fields)} before the answer came`, line, why === null ? "each" : "none");
    if (why === null) return;
    errors += 1;
    check(() => lint.notStarted(why, line.seq), line.seq);
  }

  /** What has no answer now will have none. */
  function unanswered(why: string, line: EventLine, told: "each" | "none"): void {
    const left = book.over(why, { ...line, from: "client" });
    touch(...left);
    if (told === "each") errors += left.length;
    check(() => lint.over(told === "each" ? left : [], why), line.seq);
  }

  /** An exchange is over. Since 2026-07-28 the client's hang-up is its way to cancel. */
  function closed(line: EventLine): void {
    const spot: Spot = { ...line, from: "client" };
    const { method, status, challenge } = line.fields;
    check(() => lint.challenge(text(challenge), line.seq), line.seq);
    if (method === "DELETE" && typeof status === "number" && status < 300) over = true;
    const end = exchanges.ended(line);
    if (end === null) return;
    if (end.stale) over = true;
    if (end.exchange === answersOn) {
      answersOn = null;
      return unanswered("the event stream on which answers come has ended", line, "each");
    }
    if (answersOn !== null && (end.status ?? 0) < 300 && end.how === "nothing") return;
    if (end.how === "gone" && who.era() === "modern") return touch(...book.hangUp(end.exchange, spot));
    // The rest of such a stream may come on another one; if it does not, the session's end says so.
    if (end.resumable && end.how !== "refused") return;
    const name = end.status === null || end.how === "gone" ? null : `HTTP ${end.status}`;
    const how = end.how === "moved" ? "moved" : "over";
    const left = book.failed(end.exchange, { name, message: end.why }, spot, how);
    touch(...left);
    errors += left.length;
    if (how === "moved") for (const call of left) moved.add(call);
    check(() => lint.ended(end, left, line.seq), line.seq);
  }

  /** A rule of ours that fails is a problem in the reading, never an exception. */
  function check(rule: () => void, seq: number): void {
    if (!whole) return;
    try {
      rule();
    } catch (error) {
      lint.failed(seq, error);
    }
  }

  function row(): SessionSummary {
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
      errors: errors + toolErrors,
      problems: lint.problems().length,
      probe: requests > 0 && requests === probes,
      ...(tools.length > 0 && { tools }),
    };
  }

  function head(): Omit<SessionHead, "milestones"> {
    const { state, client, server, revision, era, problems } = row();
    return {
      state,
      client,
      server,
      revision,
      era,
      messages,
      requests,
      pending: book.pending(),
      errors: errors + toolErrors,
      problems,
      offers: offers.count(),
      stderr: stderr.length,
      pollution: pollution.length,
      exit: exit && String(exit.signal ?? exit.code),
    };
  }

  function reading(): SessionReading {
    const calls = book.calls();
    const counts: Counts = {
      messages,
      requests,
      notifications: notifications.length,
      errors,
      tool_errors: toolErrors,
      pending: calls.filter((it) => isOpen(it) && it.stream === null).length,
      stderr: stderr.length,
      pollution: pollution.length,
    };
    return {
      session: row(),
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
}

/** They stand in the order of their lines. */
function noteAt(notes: readonly Note[], seq: number): Note | null {
  let [low, high] = [0, notes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (notes[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return notes[low]?.seq === seq ? notes[low]! : null;
}

/** Reads a whole session at once. */
export function readSession(lines: Iterable<unknown>): SessionReading {
  const reader = sessionReader();
  for (const line of lines) reader.add(line);
  return reader.reading();
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
  return { seq, at, from, text: beginningOf(words, SHOWN), bytes: words.length };
}

function idText(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function commandOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.map(String).join(" ");
  return text(value);
}
