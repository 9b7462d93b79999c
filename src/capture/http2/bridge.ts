/**
 * An upstream that speaks HTTP/2 alone, as a wire of HTTP/1.1: what is written to it is a request of HTTP/1.1 and
 * becomes a stream of HTTP/2, and what that answers comes back as HTTP/1.1. Bodies stay byte for byte and piece by
 * piece, trailers and interim responses pass, and both sides are stopped when the other does not read. One session
 * for each client connection, as there is one connection for each of them where HTTP/1.1 is spoken.
 */
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { header } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import type { Address, Wire, WireEvents } from "../dial.ts";
import { requestFraming, type Framing } from "../http1/body.ts";
import {
  headEnd,
  LARGEST_HEAD,
  parseRequestHead,
  responseHeadBytes,
  type RequestHead,
} from "../http1/head.ts";
import { WireStream } from "./wire-stream.ts";

/** Loaded with the first upstream that speaks nothing else: 18 ms of processor that a start does not wait for. */
const http2 = () => process.getBuiltinModule("node:http2");

/** As far as an upstream may be ahead of a client that does not read; HTTP/2's own 64 KiB would slow distant ones. */
const WINDOW_BYTES = 1024 * 1024;

/** Belong to one connection of HTTP/1.1; RFC 9113 8.2.2 forbids them. The host is `:authority`. */
const NOT_IN_HTTP2 = new Set([
  "host",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** One request with its response. */
type Asked = {
  readonly request: RequestHead;
  readonly framing: Framing;
  stream: ClientHttp2Stream;
  requestDone: boolean;
  /** How the response's end is shown: by its length, by a last chunk, by closing, or by its head alone. */
  ends: "length" | "chunked" | "until-close" | "head" | null;
  /** Of a response with a length: what is still to come. */
  left: number;
  trailers: Header[];
};

export class Http2Wire implements Wire {
  readonly socket: WireStream;
  readonly #session: ClientHttp2Session;
  readonly #events: WireEvents;
  readonly #scheme: string;
  #asked: Asked | null = null;
  /** What was written and is no whole head yet. */
  #head: Buffer = Buffer.alloc(0);
  /** The stream takes no more until it has drained. */
  #full = false;
  #paused = false;
  #over = false;

  constructor(wire: Wire, { protocol, host, port }: Address, events: WireEvents) {
    this.#events = events;
    this.#scheme = protocol.slice(0, -1);
    this.socket = new WireStream(wire);
    this.#session = http2().connect(`${protocol}//${host.includes(":") ? `[${host}]` : host}:${port}`, {
      createConnection: () => this.socket,
      settings: { enablePush: false, initialWindowSize: WINDOW_BYTES, maxHeaderListSize: LARGEST_HEAD },
    });
    this.#session.on("goaway", () => (this.spent = true));
    this.#session.on("error", (error) => this.#broke(error));
    this.#session.on("close", () => this.#broke(null));
  }

  /** It takes no further request: the upstream has said so. */
  spent = false;

  // The wire, as the client's connection uses it.

  write(bytes: Uint8Array): number {
    if (this.#over) return -1;
    if (this.#full) return 0;
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#asked && !this.#asked.requestDone) this.#body(this.#asked, all);
    else this.#request(all);
    return bytes.byteLength;
  }

  pause(): void {
    this.#paused = true;
    this.#asked?.stream.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#asked?.stream.resume();
  }

  flush(): void {}

  shutdown(): number {
    this.end();
    return 0;
  }

  end(): number {
    if (this.#over) return 0;
    this.#over = true;
    this.#session.close();
    return 0;
  }

  terminate(): void {
    this.#over = true;
    this.#asked?.stream.close(http2().constants.NGHTTP2_CANCEL);
    this.#session.destroy();
  }

  // A request, from HTTP/1.1 to HTTP/2.

  #request(bytes: Buffer): void {
    this.#head = this.#head.byteLength === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    const end = headEnd(this.#head);
    if (end < 0) return;
    const head = parseRequestHead(this.#head.subarray(0, end));
    const rest = this.#head.subarray(end);
    this.#head = Buffer.alloc(0);
    const framing = typeof head === "string" ? head : requestFraming(head);
    // It was understood before it was written.
    if (typeof head === "string" || typeof framing === "string")
      return this.#fail(new Error(String(framing)));
    if (head.headers.some(([name]) => name.toLowerCase() === "upgrade")) {
      queueMicrotask(() => this.#events.failed("HTTP2", NO_UPGRADE));
      return;
    }
    // Since version 24 of node; its types do not say so yet.
    const stream = this.#session.request(this.#headers(head) as never, {
      endStream: framing.kind === "none",
      ...(framing.kind === "chunked" && { waitForTrailers: true }),
    });
    const requestDone = framing.kind === "none";
    const asked: Asked = { request: head, framing, stream, requestDone, ends: null, left: 0, trailers: [] };
    this.#asked = asked;
    this.#full = false;
    this.#listen(asked);
    if (this.#paused) stream.pause();
    if (!requestDone) this.#body(asked, rest);
  }

  /** Names and values one after another, so that order and repetition stay as the client sent them. */
  #headers({ method, target, headers }: RequestHead): string[] {
    const host = header(headers, "host") ?? "";
    const out = [":method", method, ":scheme", this.#scheme, ":authority", host, ":path", target];
    for (const [given, value] of headers) {
      const name = given.toLowerCase();
      if (!NOT_IN_HTTP2.has(name)) out.push(name, value);
    }
    return out;
  }

  #body(asked: Asked, bytes: Buffer): void {
    let at = 0;
    let taken = asked.framing.take(bytes);
    for (; ; taken = asked.framing.take(bytes.subarray(at))) {
      at += taken.used;
      for (const part of [taken.body, ...(taken.more ?? [])])
        if (part.byteLength > 0 && !asked.stream.write(part)) this.#full = true;
      // What is written has had its turns already.
      if (!taken.again) break;
    }
    const { done, trailers } = taken;
    if (!done) return;
    asked.requestDone = true;
    this.#full = false;
    asked.trailers = trailers ?? [];
    asked.stream.end();
  }

  // Its response, from HTTP/2 to HTTP/1.1.

  #listen(asked: Asked): void {
    const { stream } = asked;
    const mine = () => this.#asked === asked && !this.#over;
    stream.on("wantTrailers", () => stream.sendTrailers(byName(asked.trailers)));
    stream.on("drain", () => {
      if (!mine() || !this.#full) return;
      this.#full = false;
      this.#events.drain();
    });
    stream.on("headers", (_, __, raw) => mine() && this.#interim(raw as unknown as string[]));
    stream.on("response", (_, __, raw) => mine() && this.#responseHead(asked, raw as unknown as string[]));
    stream.on("data", (bytes: Buffer) => mine() && this.#responseBody(asked, bytes));
    stream.on("trailers", (_, __, raw) => (asked.trailers = headersOf(raw as unknown as string[]).headers));
    // A stream that was reset ends too, with a code.
    stream.on("end", () => mine() && (stream.rstCode ? this.#broke(null) : this.#responseEnded(asked)));
    stream.on("error", (error: Error) => mine() && this.#broke(error));
    // RFC 9113 8.1: a response may be complete before its request, which is then not wanted any more.
    stream.on("close", () => mine() && !asked.requestDone && this.#broke(null));
  }

  #interim(raw: string[]): void {
    const { status, headers } = headersOf(raw);
    this.#events.data(responseHeadBytes({ version: "1.1", status, reason: "", headers }));
  }

  #responseHead(asked: Asked, raw: string[]): void {
    const { status, headers } = headersOf(raw);
    const length = headers.find(([name]) => name === "content-length")?.[1];
    asked.trailers = [];
    if (asked.request.method === "HEAD" || status === 204 || status === 304) asked.ends = "head";
    else if (length !== undefined) asked.ends = "length";
    else asked.ends = asked.request.version === "1.0" ? "until-close" : "chunked";
    asked.left = Number(length ?? 0);
    if (asked.ends === "chunked") headers.push(["transfer-encoding", "chunked"]);
    if (this.spent) headers.push(["connection", "close"]);
    this.#events.data(responseHeadBytes({ version: "1.1", status, reason: "", headers }));
  }

  #responseBody(asked: Asked, bytes: Buffer): void {
    if (bytes.byteLength === 0 || asked.ends === "head") return;
    asked.left -= bytes.byteLength;
    if (asked.ends !== "chunked") return this.#events.data(bytes);
    const size = Buffer.from(`${bytes.byteLength.toString(16)}\r\n`, "latin1");
    this.#events.data(Buffer.concat([size, bytes, CRLF]));
  }

  #responseEnded(asked: Asked): void {
    if (asked.ends === null || (asked.ends === "length" && asked.left !== 0)) return this.#broke(null);
    if (asked.ends === "until-close") return this.#broke(null);
    if (asked.ends !== "chunked") return;
    const trailers = asked.trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.#events.data(Buffer.from(`0\r\n${trailers}\r\n`, "latin1"));
  }

  /** The session, or the one stream that matters, is over; null where nothing more is known than that. */
  #broke(error: Error | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#session.destroy();
    if (error) this.#events.close(error);
    else this.#events.end();
  }

  #fail(error: Error): void {
    queueMicrotask(() => this.#broke(error));
  }
}

const CRLF = Buffer.from("\r\n");

const NO_UPGRADE =
  "it speaks HTTP/2 only, in which a connection cannot be upgraded to a WebSocket or another protocol";

/** `:status` and the rest, from names and values one after another. */
function headersOf(raw: readonly string[]): { status: number; headers: Header[] } {
  let status = 0;
  const headers: Header[] = [];
  for (let n = 0; n + 1 < raw.length; n += 2) {
    const [name, value] = [raw[n]!, raw[n + 1]!];
    if (name === ":status") status = Number(value);
    else if (!name.startsWith(":") && !NOT_IN_HTTP2.has(name)) headers.push([name, value]);
  }
  return { status, headers };
}

function byName(headers: readonly Header[]): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null);
  for (const [name, value] of headers) (values[name.toLowerCase()] ??= []).push(value);
  return values;
}
