/**
 * MCP over HTTP, taken apart into lines of a session: JSON-RPC in the request's body (one or a batch), in a JSON
 * answer, or in SSE events; Streamable HTTP (2025-03-26 on) and the older HTTP+SSE (2024-11-05). Two ways in: the
 * machine here for bytes as they come, and `http-lines.ts` for an exchange that is on disk.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
import { header, type Exchange } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import { concat, decode, type Frame } from "../frames/frame.ts";
import { sse } from "../frames/sse.ts";
import { isWellKnown, postedTo, sessionIn, withoutSession } from "./http-address.ts";
import type { HttpBody, HttpLine } from "./http-line.ts";
import { ANSWER_HEADERS, CUT_SHOWN_CHARS, httpMessages, picked, REQUEST_HEADERS } from "./http-messages.ts";
import { marked } from "../../fact/secrets/values.ts";
import { fingerprint, type HttpHead } from "./http-session.ts";

export type HttpMachine = {
  /** Bytes of the request's body, after content-decoding. */
  client(bytes: Uint8Array, t: number): HttpLine[];
  head(status: number, headers: readonly Header[], t: number): HttpLine[];
  server(bytes: Uint8Array, t: number): HttpLine[];
  /** Bytes that passed and are not recorded: what there is of that side is no message. */
  lost(from: "client" | "server", bytes: number): void;
  close(close: NonNullable<Exchange["close"]>): HttpLine[];
};

export function httpMachine(head: HttpHead & { id: string }): HttpMachine {
  const { id: exchange_id, method, headers } = head;
  const path = withoutSession(head.path);
  // Of a coded body the length says nothing about what it decodes to.
  const length =
    header(headers, "content-encoding") === undefined ? header(headers, "content-length") : undefined;
  const expected = Number(length ?? NaN);
  const asked: Uint8Array[] = [];
  const answered: Uint8Array[] = [];
  const frames = sse();
  let size = 0;
  let askedAt = 0;
  let answeredAt = 0;
  let said = false;
  let status: number | null = null;
  let stream = false;
  /** The head is one that the proxy makes when there is no answer to pass on. */
  let ownHead = false;
  let received: readonly Header[] = [];
  let answeredBytes = 0;
  /** The beginning of a stream in which no event came so far: it may be something else under a stream's name. */
  let unread: Uint8Array[] | null = [];
  let answer: Record<string, unknown> | undefined;
  let challenge: string | undefined;
  const messages = httpMessages({ exchange_id, hintOf, unread: frames.unread });
  const { missing, told, untold, limited, gap, linesOf } = messages;

  return {
    client(bytes, t) {
      asked.push(bytes);
      size += bytes.byteLength;
      askedAt = t;
      // A client that sends all of its body before it reads shows its call at once; the rest wait for the head.
      return size >= expected ? request() : [];
    },
    head(code, headers, t) {
      received = headers;
      status = code;
      answeredAt = t;
      ownHead = header(received, "x-proxy-error") !== undefined;
      stream = /^text\/event-stream\b/i.test(header(received, "content-type") ?? "");
      challenge = header(received, "www-authenticate");
      answer = { status: code, headers: picked(received, ANSWER_HEADERS) };
      // No message, whatever it looks like: what the server says about itself.
      if (isWellKnown(path)) answer["path"] = path;
      const opened: HttpLine[] =
        stream && method === "GET"
          ? [{ t, body: { exchange_id, event: "stream", method, path, http: requestHints() } }]
          : [];
      // A body that is not all here may still come, or be longer than what is recorded.
      return size < expected ? opened : [...request(), ...opened];
    },
    server(bytes, t) {
      answeredAt = t;
      answeredBytes += bytes.byteLength;
      if (stream && unread !== null && answeredBytes <= CUT_SHOWN_CHARS) unread.push(bytes);
      if (stream) return limited("server", t, () => frames.feed(bytes, t).flatMap(fromFrame));
      answered.push(bytes);
      return [];
    },
    lost(from, bytes) {
      missing[from] += Math.max(0, bytes);
    },
    close({ t, ending, error }) {
      // Of an event that is cut nothing can be said; the gap in the session's file tells of it.
      const ours = ownHead && (ending === "upstream-error" || ending === "refused");
      const rest = ours ? [] : stream ? restOfStream() : limited("server", t, restOfBody);
      if (stream && untold("server") > 0) {
        const count = told.server + untold("server");
        rest.push(
          gap("server", t, `the first ${told.server} of ${count} messages of this stream are told here`),
        );
      }
      const body: HttpBody = { exchange_id, event: "close", method, path, status, ending, error };
      if (challenge !== undefined && (status === 401 || status === 403)) body.challenge = challenge;
      if (ours) body.ours = true;
      if (status === 404 && !ours && header(headers, "mcp-session-id") !== undefined) body.stale = true;
      if (status !== null && !ours && told.server === 0) body.answer = answerInstead();
      return [...request(), ...rest, { t, body }];
    },
  };

  function request(): HttpLine[] {
    if (said) return [];
    said = true;
    return limited("client", askedAt, () => linesOf("client", decode(concat(asked)), askedAt, {}));
  }

  function restOfBody(): HttpLine[] {
    return linesOf("server", decode(concat(answered)), answeredAt, {});
  }

  function restOfStream(): HttpLine[] {
    if (missing.server > 0) return [];
    const beginning = unread === null ? "" : decode(concat(unread));
    const last = frames.end().flatMap(fromFrame);
    // A message without any event around it: a body of JSON under a stream's name.
    return unread !== null && /^\s*[[{]/.test(beginning)
      ? linesOf("server", beginning, answeredAt, {}, "part")
      : last;
  }

  function answerInstead() {
    const location = header(received, "location");
    const retry_after = header(received, "retry-after");
    return {
      type: header(received, "content-type") ?? null,
      bytes: answeredBytes,
      ...(location !== undefined && { location: withoutSession(location) }),
      ...(retry_after !== undefined && { retry_after }),
    };
  }

  /** What HTTP said stands on the first line of an answer only. */
  function hintOf(from: "client" | "server"): Record<string, unknown> | undefined {
    if (from === "client") return requestHints();
    const hint = answer;
    answer = undefined;
    return hint;
  }

  function requestHints(): Record<string, unknown> {
    return { method, path, headers: picked(headers, REQUEST_HEADERS) };
  }

  function fromFrame(frame: Frame): HttpLine[] {
    if (frame.kind !== "event") return [];
    unread = null;
    if (frame.name === "endpoint") {
      const body: HttpBody = {
        exchange_id,
        event: "endpoint",
        path: withoutSession(frame.data),
        // Without a session's id in it the address itself is what the client's posts have in common.
        key: sessionIn(marked(frame.data)) ?? fingerprint(postedTo(marked(frame.data), head.path)),
      };
      return [{ t: frame.t, body }];
    }
    // An event with an id and no data primes the client for resumption (2025-11-25); it carries no message.
    if (frame.data === "") return [];
    const { id, name, whole } = frame;
    const place = {
      ...(id !== null && { event_id: id }),
      ...(name !== null && name !== "" && name !== "message" && { event_name: name }),
      ...(!whole && { unfinished: true as const }),
    };
    return linesOf("server", frame.data, frame.t, place, "part");
  }
}
