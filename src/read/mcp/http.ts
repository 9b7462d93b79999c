/**
 * MCP over HTTP, taken apart into lines of a session: JSON-RPC in the request's body (one or a batch), in a JSON
 * answer, or in SSE events; Streamable HTTP (2025-03-26 on) and the older HTTP+SSE (2024-11-05). Two ways in: the
 * machine here for bytes as they come, and `http-lines.ts` for an exchange that is on disk.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
import { header, type Exchange } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import { elementsOf, onOneLine } from "../../fact/json-source.ts";
import { concat, decode, MOST_FRAMES, type Frame } from "../frames/frame.ts";
import { sse } from "../frames/sse.ts";
import { parseJson } from "../json.ts";
import { isWellKnown, postedTo, sessionIn, withoutSession } from "./http-address.ts";
import type { HttpBody, HttpLine, InEvent } from "./http-line.ts";
import { marked } from "../../fact/secrets/values.ts";
import { fingerprint, type HttpHead } from "./http-session.ts";
import { record } from "./line.ts";
import { rpcOf, type Rpc } from "./message.ts";

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
  const missing = { client: 0, server: 0 };
  /** Messages of each side that were told, and those beyond the first ones. */
  const told = { client: 0, server: 0 };
  const beyond = { client: 0, server: 0 };
  let answer: Record<string, unknown> | undefined;
  let challenge: string | undefined;

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
      ? linesOf("server", beginning, answeredAt, {})
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

  function untold(from: "client" | "server"): number {
    return beyond[from] + (from === "server" ? frames.unread() : 0);
  }

  /** Says once for each side that more comes than is told. */
  function limited(from: "client" | "server", t: number, tell: () => HttpLine[]): HttpLine[] {
    const before = untold(from);
    const lines = tell();
    if (before === 0 && untold(from) > 0)
      lines.push(
        gap(from, t, `more than ${MOST_FRAMES} messages came in one body: the rest is not told here`),
      );
    return lines;
  }

  function gap(from: "client" | "server", t: number, what: string): HttpLine {
    const why = `${what}; the exchange ${exchange_id} has all of them`;
    return { t, body: { exchange_id, event: "gap", from, lost: 0, why } };
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
    return linesOf("server", frame.data, frame.t, {
      ...(id !== null && { event_id: id }),
      ...(name !== null && name !== "" && name !== "message" && { event_name: name }),
      ...(!whole && { unfinished: true }),
    });
  }

  /** What HTTP said stands on the first line of each side only. */
  function linesOf(from: "client" | "server", words: string, t: number, place: InEvent): HttpLine[] {
    if (words.trim() === "") return [];
    if (missing[from] > 0 && !stream) {
      const raw = words.slice(0, CUT_SHOWN_CHARS);
      const truncated = { bytes: words.length + missing[from] };
      const http = from === "client" ? requestHints() : answer;
      return [{ t, body: { exchange_id, from, raw, truncated, ...(http && { http }) } }];
    }
    // A byte order mark is no JSON, and every client's decoder takes it away.
    const plain = words.replace(/^\ufeff/, "");
    const value = parseJson(plain);
    const batch = Array.isArray(value) ? (value as unknown[]) : null;
    const each = (batch ?? [value]).slice(0, MOST_FRAMES - told[from]);
    const size = batch?.length ?? 1;
    told[from] += each.length;
    beyond[from] += size - each.length;
    const known = each.map((it) => ({ message: record(it), direction: directionOf(rpcOf(it)) }));
    const http = from === "client" ? requestHints() : answer;
    if (from === "server") answer = undefined;
    const hint = http ? { http } : {};
    if (size === 0 || known.some((it) => it.message === null || it.direction === null))
      return [{ t, body: { exchange_id, from, raw: words, ...place, ...hint } }];
    const sources = batch ? elementsOf(plain) : [plain];
    return known.map(({ message, direction }, index) => ({
      t,
      source: onOneLine(sources[index] ?? JSON.stringify(message)),
      body: {
        exchange_id,
        direction: direction ?? "request",
        from,
        message: message ?? {},
        ...(batch && { batch: { index, size } }),
        ...place,
        ...(index === 0 && hint),
      },
    }));
  }
}

const REQUEST_HEADERS = /^(mcp-.+|last-event-id|accept|content-type|user-agent|origin)$/i;
const ANSWER_HEADERS = /^(mcp-.+|content-type|www-authenticate|allow|retry-after)$/i;

/** Characters: enough to see what it was. The exchange's own file has all that was recorded. */
const CUT_SHOWN_CHARS = 64 * 1024;

function picked(headers: readonly Header[], wanted: RegExp): Record<string, string> {
  return Object.fromEntries(
    headers.filter(([name]) => wanted.test(name)).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function directionOf(rpc: Rpc): "request" | "response" | "notification" | null {
  if (rpc.kind === "request" || rpc.kind === "notification") return rpc.kind;
  return rpc.kind === "invalid" ? null : "response";
}
