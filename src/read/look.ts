/** A first look at an exchange that every question shares: its frames, its dialect, the message put together. */
import type { Exchange } from "../fact/exchange.ts";
import { header, joined } from "../fact/exchange.ts";
import { bodyOf } from "./body.ts";
import { choose } from "./choose.ts";
import type { Added, Assembler, Dialect, Glimpse } from "./dialect.ts";
import { dialects } from "./dialects.ts";
import { raw } from "./dialects/raw.ts";
import { framed, type Framed } from "./framing.ts";
import { exactArguments, LONGEST_EXACT } from "./dialects/exact.ts";
import { decode, isEndMark, type Frame } from "./frames/frame.ts";
import { packed } from "./frames/packed.ts";
import { saidBefore } from "./frames/websocket.ts";
import { isObject } from "./json.ts";
import type { Problem } from "./reading.ts";
import { deepEvents } from "./too-deep.ts";

/** `added` has an entry for each frame that the assembler took, by the frame's number. */
export type Look = {
  glimpse: Glimpse;
  dialect: Dialect;
  stream: Framed | null;
  added: Map<number, readonly Added[]>;
  /** The non-streamed shape, received or put together; null when nothing came. */
  message: unknown;
  firstToken: number | null;
  problems: Problem[];
};

export function look(exchange: Exchange): Look {
  const problems: Problem[] = [];
  const stream = attempt(problems, "stream", null, () => framed(exchange));
  const glimpse = glimpseOf(exchange, stream, problems);
  const dialect = attempt(problems, "dialect", raw, () => choose(dialects, glimpse));
  const first: Look = {
    glimpse,
    dialect,
    stream,
    added: new Map(),
    message: null,
    firstToken: null,
    problems,
  };
  if (!stream) return { ...first, message: glimpse.responseBody };
  for (const { at, rule, what } of stream.troubles)
    problems.push(streamProblem(rule, rule === "stream/more" ? "note" : "error", `byte ${at}`, what));
  if (stream.unread > 0) problems.push(tooMany(stream));
  const assembler = attempt(problems, "stream", undefined, () => dialect.assembler?.(glimpse));
  if (!assembler) return first;
  addAll(assembler, stream.frames, first);
  const { message, firstToken } = attempt(problems, "stream", first, () => ({
    message: assembler.message(),
    firstToken: assembler.firstToken(),
  }));
  const isOver = exchange.close !== null && stream.unread === 0;
  const told = attempt(problems, "stream", [], () => assembler.problems(isOver));
  // It may well be JSON: it was not parsed, and another rule says so.
  const deep = new Set(told.some(isNotJson) ? deepEvents(first.stream).map((n) => `event ${n}`) : []);
  for (const problem of told) if (!isNotJson(problem) || !deep.has(problem.where)) problems.push(problem);
  return { ...first, message: message ?? null, firstToken };
}

/** The look at an exchange at which a reader of ours failed for `error`: nothing of it is understood. */
export function unread(exchange: Exchange, error: unknown): Look {
  const { method, upstream } = exchange;
  const glimpse: Glimpse = {
    method,
    path: "",
    host: null,
    upstream,
    requestBody: null,
    responseType: null,
    responseBody: null,
    exchange,
  };
  const problems = [failure("exchange", error)];
  return { glimpse, dialect: raw, stream: null, added: new Map(), message: null, firstToken: null, problems };
}

function isNotJson({ rule }: Problem): boolean {
  return rule === "stream/not-json";
}

function addAll(assembler: Assembler, frames: readonly Frame[], { added, problems }: Look): void {
  let failed = false;
  for (const frame of frames) {
    if (frame.kind !== "event") continue;
    if (!frame.whole) problems.push(unfinished(frame, isToFold(frame) ? "whole" : "cut"));
    if (!isToFold(frame)) continue;
    try {
      const steps = assembler.add(frame);
      if (steps) added.set(frame.n, steps);
    } catch (error) {
      if (!failed) problems.push(failure(`event ${frame.n}`, error));
      failed = true;
    }
  }
}

/** Not the beginning of an event whose rest did not come. */
export function isToFold({ whole, json, data }: Frame): boolean {
  return whole || json !== undefined || isEndMark(data) || packed(data) !== null;
}

function tooMany({ frames, unread }: Framed): Problem {
  const what = `the first ${frames.length} of ${frames.length + unread} events were read: the answer is put together from those, the raw view has all of them`;
  return { where: "stream", what, rule: "stream/too-many-events", severity: "warning", source: null };
}

function unfinished({ n }: Frame, data: "whole" | "cut"): Problem {
  const where = `event ${n}`;
  if (data === "cut")
    return streamProblem(
      "stream/cut",
      "warning",
      where,
      "the stream ends inside an event: the rest of it did not come",
    );
  // A browser would drop it; the SDKs of Google read it.
  return streamProblem("stream/no-final-blank-line", "note", where, "no blank line closes the last event");
}

export function glimpseOf(exchange: Exchange, stream: Framed | null, problems: Problem[]): Glimpse {
  const { request, response } = exchange;
  const contentType = header(request.headers, "content-type");
  const requestBody = attempt(problems, "request", null, () =>
    exchange.wire === "websocket" && stream
      ? [...saidBefore(exchange.before ?? []), ...stream.frames]
          .filter((frame) => frame.from === "client")
          .map((frame) => frame.json ?? frame.data)
      : bodyOf(request.pieces, contentType),
  );
  const responseType = response ? (header(response.headers, "content-type") ?? null) : null;
  const responseBody = attempt(problems, "response", null, () =>
    stream
      ? (stream.frames.find((frame) => frame.kind === "event" && frame.from !== "client")?.json ?? null)
      : wholeBody(exchange, responseType ?? undefined),
  );
  const path = (exchange.path.split("?")[0] ?? "").replace(/^https?:\/\/[^/]+/, "");
  const host = hostOf(exchange.target);
  return {
    method: exchange.method,
    path,
    host,
    upstream: exchange.upstream,
    requestBody,
    responseType,
    responseBody,
    exchange,
  };
}

/** A JSON document that is still coming is not yet anything; its beginning must not be taken for a text. */
function wholeBody({ response, close }: Exchange, type: string | undefined): unknown {
  const pieces = response?.pieces ?? [];
  const read = bodyOf(pieces, type);
  const bytes = joined(pieces);
  const isShort = isObject(read) && bytes.byteLength <= LONGEST_EXACT;
  const body = isShort ? exactArguments(read, decode(bytes)) : read;
  return close === null && typeof body === "string" && /^\s*[{[]/.test(body) ? null : body;
}

function hostOf(target: string): string | null {
  return /^[a-z]+:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(target)?.[1] ?? null;
}

/** A reader of ours that fails is a problem in the reading, never an exception. */
export function attempt<T>(problems: Problem[], where: string, otherwise: T, make: () => T): T {
  try {
    return make();
  } catch (error) {
    problems.push(failure(where, error));
    return otherwise;
  }
}

function failure(where: string, error: unknown): Problem {
  const what = `our reader failed here: ${error instanceof Error ? error.message : "unknown reason"}; the raw view is complete`;
  return { where, what, rule: "reader/failed", severity: "note", source: null };
}

export function streamProblem(
  rule: string,
  severity: Problem["severity"],
  where: string,
  what: string,
): Problem {
  const source = rule.startsWith("stream/bad-") ? EVENTSTREAM : SSE;
  return { where, what, rule, severity, source };
}

const SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation";
const EVENTSTREAM = "https://smithy.io/2.0/aws/amazon-eventstream.html";
