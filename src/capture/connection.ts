/**
 * One client connection, and the upstream connection that mirrors it: the hot path, in the order of the wire.
 *
 * Bodies are passed on as they came, chunk framing and trailers included; heads are read and written again with the
 * hop's own headers changed (RFC 9110 7.6.1). A client connection has an upstream connection of its own and keeps it
 * for its next request, so that connections are opened, reused and lost as they would be without us.
 */
import type { Header } from "../fact/fact.ts";
import type { Network, Protocol, Wire } from "./dial.ts";
import type { Endpoints, EndpointWatch } from "./endpoints.ts";
import { asksUpgrade, clientHeaders, mayAddKey, namesUs, upstreamHeaders } from "./headers.ts";
import { requestFraming, responseFraming, type Framing } from "./http1/body.ts";
import {
  headEnd,
  LARGEST_HEAD,
  parseRequestHead,
  parseResponseHead,
  requestHeadBytes,
  responseHeadBytes,
  tokens,
  type RequestHead,
  type ResponseHead,
} from "./http1/head.ts";
import { reach } from "./http2/reach.ts";
import { Recording, type RecordOptions } from "./recording.ts";
import { refusal, unreachable, type Refusal } from "./refusal.ts";
import { ByteBudget, Sink } from "./sink.ts";
import { routeTo, splitPath, type FindUpstream, type Route, type Split, type Upstream } from "./upstreams.ts";
import { MessageReader } from "./websocket.ts";

export type ConnectionOptions = {
  readonly defaultUpstream: Upstream;
  readonly find: FindUpstream;
  readonly network: Network;
  readonly record: RecordOptions;
  /** True for the names under which this proxy may be reached on this machine: keys are only added there. */
  readonly isOwnHost: (host: string) => boolean;
};

/** What the connections of one proxy share. */
export type Shared = ConnectionOptions & { readonly endpoints: Endpoints };

/** `used`: it has answered before, so that it may be closing just when it is asked again. */
type UpstreamWire = {
  readonly key: string;
  readonly sink: Sink;
  wire: Wire | null;
  protocol: Protocol;
  used: boolean;
  giveUp: () => void;
};

/** One exchange on this connection. */
type Current = {
  readonly recording: Recording;
  readonly request: RequestHead;
  readonly route: Route;
  readonly path: string;
  readonly framing: Framing;
  requestDone: boolean;
  /** A response may be complete while the request still goes on: the exchange ends with the later of both. */
  responseDone: boolean;
  /** The response's head as far as it came. */
  headBytes: Buffer;
  head: ResponseHead | null;
  response: Framing | null;
  /** While the stream may still say where to post. */
  endpoint: EndpointWatch | null;
  /** Both sides agreed on another protocol: bytes pass in both directions until one side ends. */
  tunnel: { client: MessageReader; server: MessageReader } | null;
  keepClient: boolean;
  keepUpstream: boolean;
};

/** Pipelined requests, and one that waits for its upstream to be found: beyond this the client is paused. */
const HELD_BYTES = 1024 * 1024;

/** Requests whose upstream does not read: more than the system's buffers hold of one, for all of them together. */
const uploads = new ByteBudget(16 * 1024 * 1024);

/** How long a client that is still sending gets to read an answer that came early, before the connection is closed. */
const LINGER_MS = 2000;

const NOTHING = Buffer.alloc(0);

export class Connection {
  readonly #wire: Wire;
  readonly #toClient: Sink;
  readonly #options: Shared;
  /** Bytes that are not part of the exchange in progress: a head that is not complete, or the next request. */
  #inbox: Buffer = NOTHING;
  #current: Current | null = null;
  #upstream: UpstreamWire | null = null;
  /** `routing`: a request waits for its upstream to be found. `over`: what still comes is thrown away. */
  #state: "open" | "routing" | "over" = "open";
  #stopping = false;

  constructor(wire: Wire, options: Shared) {
    this.#wire = wire;
    this.#options = options;
    this.#toClient = new Sink({
      pause: () => this.#upstream?.wire?.pause(),
      resume: () => this.#upstream?.wire?.resume(),
    });
    this.#toClient.open(wire);
  }

  get busy(): boolean {
    return this.#current !== null || this.#state === "routing";
  }

  // The client's side of the wire.

  data(bytes: Buffer): void {
    if (this.#state === "over") return;
    const current = this.#current;
    if (current === null || this.#state === "routing") this.#hold(bytes);
    else if (current.tunnel) {
      this.#upstream?.sink.send(bytes);
      current.tunnel.client.read(bytes, (message, kind) => current.recording.bytes("client", message, kind));
      this.#mindRecord(current, this.#wire, this.#upstream?.sink);
    } else if (current.requestDone) this.#hold(bytes);
    else this.#requestBytes(current, bytes);
    if (this.#current === null && this.#state === "open") this.#nextRequest();
  }

  drain(): void {
    this.#toClient.drain();
  }

  /** The client has said all it will say. With a response outstanding that is a hang-up, as every server takes it. */
  end(): void {
    const current = this.#current;
    if (current?.tunnel && this.#upstream) {
      const { wire, sink } = this.#upstream;
      sink.flushed(() => wire?.shutdown());
      this.#endTunnel(current, "client");
      return;
    }
    this.close(null);
    this.#wire.end();
  }

  close(error: Error | null): void {
    if (this.#current) {
      const how = error
        ? `the client's connection broke: ${error.message}`
        : "the client closed the connection before the response was complete";
      if (this.#current.tunnel) this.#endTunnel(this.#current, "client");
      else if (this.#current.responseDone) this.#current.recording.close("complete", null);
      else this.#current.recording.close("client-gone", how);
    }
    this.#current = null;
    this.#state = "over";
    this.#dropUpstream("terminate");
  }

  /** No further request on this connection; the one in progress may finish. */
  stop(): void {
    this.#stopping = true;
    if (this.busy) return;
    this.#state = "over";
    this.#dropUpstream("end");
    this.#wire.end();
  }

  /** The time for finishing is over. */
  abort(): void {
    this.#current?.recording.close("interrupted", "the proxy was stopped");
    this.#current = null;
    this.#state = "over";
    this.#dropUpstream("terminate");
    this.#wire.terminate();
  }

  // A request, from its first byte to its last.

  #hold(bytes: Buffer): void {
    this.#inbox = this.#inbox.byteLength === 0 ? bytes : Buffer.concat([this.#inbox, bytes]);
    if (this.busy && this.#inbox.byteLength > HELD_BYTES) this.#wire.pause();
  }

  #nextRequest(): void {
    // RFC 9112 2.2: an empty line before the request line is to be ignored.
    while (this.#inbox[0] === 13 && this.#inbox[1] === 10) this.#inbox = this.#inbox.subarray(2);
    if (this.#inbox.byteLength === 0) return;
    const end = headEnd(this.#inbox);
    if (end < 0 ? this.#inbox.byteLength > LARGEST_HEAD : end > LARGEST_HEAD) {
      return this.#refuse(null, refusal(431, `the request's headers are larger than ${LARGEST_HEAD} bytes`));
    }
    if (end < 0) {
      if (endsWithBareLf(this.#inbox)) this.#refuse(null, refusal(400, BARE_LF));
      return;
    }
    const head = parseRequestHead(this.#inbox.subarray(0, end));
    const rest = this.#inbox.subarray(end);
    this.#inbox = NOTHING;
    if (typeof head === "string") return this.#refuse(null, refusal(400, head));
    const framing = requestFraming(head);
    if (typeof framing === "string") return this.#refuse(head, refusal(400, framing));
    const path = originForm(head.target);
    if (path === null || head.method === "CONNECT")
      return this.#refuse(head, refusal(405, NOT_A_FORWARD_PROXY));
    const named = head.method === "POST" ? this.#options.endpoints.find(path) : undefined;
    if (named) return this.#ask(head, framing, path, named, rest);
    const split = splitPath(path);
    const found = split.name === null ? this.#options.defaultUpstream : this.#options.find(split.name);
    if (!(found instanceof Promise)) return this.#route(head, framing, path, found, split, rest);
    this.#state = "routing";
    this.#inbox = rest;
    const routed = (upstream: Upstream | undefined) => {
      if (this.#state !== "routing") return;
      this.#state = "open";
      const held = this.#inbox;
      this.#inbox = NOTHING;
      this.#wire.resume();
      this.#route(head, framing, path, upstream, split, held);
    };
    found.then(routed, () => routed(undefined));
  }

  #route(
    head: RequestHead,
    framing: Framing,
    path: string,
    upstream: Upstream | undefined,
    split: Split,
    rest: Buffer,
  ): void {
    if (!upstream)
      return this.#refuse(
        head,
        refusal(
          404,
          `no upstream is called ${JSON.stringify(split.name)}; see \`bun run status\` for those there are`,
        ),
      );
    const route = routeTo(upstream, split);
    if (typeof route === "string") return this.#refuse(head, refusal(404, route));
    this.#ask(head, framing, path, route, rest);
  }

  #ask(head: RequestHead, framing: Framing, path: string, route: Route, rest: Buffer): void {
    const { upstream } = route;
    if (upstream.name.startsWith("mcp/") && !namesUs(head.headers, this.#options.isOwnHost))
      return this.#refuse(head, refusal(403, NOT_OUR_NAME));
    const addKey = upstream.key !== null && mayAddKey(head.headers, path, this.#options.isOwnHost);
    const current = this.#open(head, route, framing, path, addKey ? upstream.key : null);
    this.#connect(route);
    const bytes = requestHeadBytes({
      ...head,
      target: route.path,
      headers: upstreamHeaders(head.headers, route, head.version, addKey),
    });
    if (framing.kind === "none") {
      this.#upstream!.sink.send(bytes);
      this.#requestEnded(current, rest);
    } else this.#requestBytes(current, rest, bytes);
  }

  #open(head: RequestHead, route: Route, framing: Framing, path: string, key: string | null): Current {
    const open = {
      wire: isWebSocketRequest(head) ? ("websocket" as const) : ("http" as const),
      method: head.method,
      path,
      upstream: route.upstream.name,
      target: route.target,
      headers: head.headers,
    };
    const recording = new Recording(this.#options.record, open, key);
    const connection = tokens(head.headers, "connection");
    const keepClient =
      head.version === "1.1" ? !connection.includes("close") : connection.includes("keep-alive");
    return (this.#current = {
      recording,
      request: head,
      route,
      path,
      framing,
      requestDone: false,
      responseDone: false,
      headBytes: NOTHING,
      head: null,
      response: null,
      endpoint: null,
      tunnel: null,
      keepClient,
      keepUpstream: false,
    });
  }

  /** `before`: the head, which leaves with the first piece of the body when both came together. */
  #requestBytes(current: Current, bytes: Buffer, before: Buffer = NOTHING): void {
    const taken = current.framing.take(bytes);
    const { used, body, done, broken } = taken;
    if (this.#upstream) sendTogether(this.#upstream.sink, before, bytes.subarray(0, used));
    for (const piece of body) current.recording.bytes("client", piece);
    if (!done) this.#mindRecord(current, this.#wire, this.#upstream?.sink);
    if (broken !== undefined) {
      current.recording.close("refused", `the request's body cannot be understood: ${broken}`);
      this.#current = null;
      this.#dropUpstream("terminate");
      // Before the response's head an answer can still be given; after it only a cut tells the truth.
      if (current.head === null)
        this.#answer(refusal(400, `the request's body cannot be understood: ${broken}`));
      else this.#cut("terminate");
    } else if (done) {
      current.recording.trailers("client", taken);
      this.#requestEnded(current, bytes.subarray(used));
    }
  }

  #requestEnded(current: Current, rest: Buffer): void {
    current.requestDone = true;
    current.recording.requestEnded();
    if (rest.byteLength > 0) this.#hold(rest);
    if (current.responseDone) this.#exchangeEnded(current);
  }

  // The upstream's side of the wire.

  #connect(route: Route): void {
    const key = `${route.protocol}//${route.host}:${route.port}`;
    if (this.#upstream?.key === key && !this.#upstream.wire?.spent) return;
    this.#dropUpstream("end");
    const sink = new Sink({ pause: () => this.#wire.pause(), resume: () => this.#wire.resume() }, uploads);
    const upstream: UpstreamWire = {
      key,
      sink,
      wire: null,
      protocol: "http/1.1",
      used: false,
      giveUp: () => {},
    };
    this.#upstream = upstream;
    const mine = () => this.#upstream === upstream;
    upstream.giveUp = reach(route, this.#options.network, {
      open: (wire, protocol) => {
        if (!mine()) return wire.terminate();
        upstream.wire = wire;
        upstream.protocol = protocol;
        sink.open(wire);
      },
      failed: (code, message) => mine() && this.#upstreamFailed(code, message),
      data: (bytes) => mine() && this.#responseBytes(bytes),
      drain: () => mine() && sink.drain(),
      end: () => {
        if (mine()) this.#upstreamEnded(null);
        upstream.wire?.end();
      },
      close: (error) => mine() && this.#upstreamEnded(error),
    });
  }

  #responseBytes(bytes: Buffer): void {
    const current = this.#current;
    // An upstream that talks when it was not asked cannot be trusted with the next request.
    if (!current) return this.#dropUpstream("terminate");
    if (current.responseDone) return this.#exchangeEnded(current, "untrusted");
    if (current.tunnel) {
      this.#toClient.send(bytes);
      current.tunnel.server.read(bytes, (message, kind) => current.recording.bytes("server", message, kind));
      this.#mindRecord(current, this.#upstream?.wire, this.#toClient);
      return;
    }
    if (current.head) return this.#responseBody(current, bytes, NOTHING);
    current.headBytes =
      current.headBytes.byteLength === 0 ? bytes : Buffer.concat([current.headBytes, bytes]);
    for (;;) {
      const end = headEnd(current.headBytes);
      if (end < 0 ? current.headBytes.byteLength > LARGEST_HEAD : end > LARGEST_HEAD) {
        return this.#brokenUpstream(`its headers are larger than ${LARGEST_HEAD} bytes`);
      }
      if (end < 0) {
        const start = current.headBytes.subarray(0, 7).toString("latin1");
        if (!"HTTP/1.".startsWith(start)) this.#brokenUpstream(notHttp1(current.headBytes));
        else if (endsWithBareLf(current.headBytes)) this.#brokenUpstream(BARE_LF);
        return;
      }
      const head = parseResponseHead(current.headBytes.subarray(0, end));
      if (typeof head === "string") return this.#brokenUpstream(head);
      const rest = current.headBytes.subarray(end);
      if (head.status >= 200 || head.status === 101) return this.#responseHead(current, head, rest);
      // Interim responses (100, 102, 103) are the client's business; HTTP/1.0 has none.
      if (current.request.version === "1.1")
        this.#toClient.send(responseHeadBytes({ ...head, headers: clientHeaders(head.headers, null) }));
      current.headBytes = rest;
    }
  }

  #responseHead(current: Current, head: ResponseHead, rest: Buffer): void {
    const framing = responseFraming(head, current.request.method);
    if (typeof framing === "string") return this.#brokenUpstream(framing);
    if (head.status === 101 && !asksUpgrade(current.request.headers))
      return this.#brokenUpstream("it switched to another protocol, which nobody had asked for");
    current.head = head;
    current.response = framing;
    const { request, path, route } = current;
    current.endpoint = this.#options.endpoints.watch({ method: request.method, path }, route, head);
    current.recording.head(head.status, head.headers, this.#upstream?.protocol);
    if (head.status === 101) return this.#upgraded(current, head, rest);
    const connection = tokens(head.headers, "connection");
    // An HTTP/1.0 request was sent with `Connection: close`.
    if (current.request.version === "1.0") current.keepUpstream = false;
    else
      current.keepUpstream =
        head.version === "1.1" ? !connection.includes("close") : connection.includes("keep-alive");
    if (framing.kind === "until-close" || this.#stopping) current.keepClient = false;
    const word = !current.keepClient ? "close" : current.request.version === "1.0" ? "keep-alive" : null;
    this.#responseBody(
      current,
      rest,
      responseHeadBytes({ ...head, headers: clientHeaders(head.headers, word) }),
    );
  }

  /** `before`: the head's own bytes, which leave with the first piece of the body when both came together. */
  #responseBody(current: Current, bytes: Buffer, before: Buffer): void {
    const taken = current.response!.take(bytes);
    const { used, body, done, broken } = taken;
    // Broken framing is passed on as it came, then the transfer is cut: the client sees what we saw.
    const passed = broken !== undefined || used === bytes.byteLength ? bytes : bytes.subarray(0, used);
    for (const piece of current.endpoint ? body : []) {
      if (current.endpoint?.take(piece) === "done") current.endpoint = null;
    }
    sendTogether(this.#toClient, before, passed);
    for (const piece of body) current.recording.bytes("server", piece);
    if (!done) this.#mindRecord(current, this.#upstream?.wire, this.#toClient);
    if (broken !== undefined) {
      current.recording.close("upstream-error", `the upstream's chunk framing is broken: ${broken}`);
      this.#current = null;
      this.#dropUpstream("terminate");
      this.#cut("end");
    } else if (done) {
      current.recording.trailers("server", taken);
      this.#responseEnded(current, used === bytes.byteLength);
    }
  }

  /** `sink`: where the source's bytes go, which may have stopped it too. */
  #mindRecord({ recording }: Current, source: Wire | null | undefined, sink: Sink | undefined): void {
    if (source && recording.shouldPause(() => sink?.full || source.resume())) source.pause();
  }

  #responseEnded(current: Current, clean: boolean): void {
    current.responseDone = true;
    if (!clean) this.#exchangeEnded(current, "untrusted");
    else if (current.requestDone) this.#exchangeEnded(current);
    // Else the rest of the request goes on until it ends, or until the upstream wants no more of it.
  }

  /** `untrusted`: the upstream said more than its response. */
  #exchangeEnded(current: Current, upstream: "clean" | "untrusted" = "clean"): void {
    current.recording.close("complete", null);
    this.#current = null;
    if (upstream === "untrusted" || !current.keepUpstream || !current.requestDone) this.#dropUpstream("end");
    else this.#upstream!.used = true;
    if (!current.requestDone) this.#linger();
    else if (!current.keepClient || this.#stopping) this.#hangUp();
    else {
      this.#wire.resume();
      this.#nextRequest();
    }
  }

  #upgraded(current: Current, head: ResponseHead, rest: Buffer): void {
    const sockets = tokens(head.headers, "upgrade").includes("websocket");
    current.tunnel = { client: new MessageReader(sockets), server: new MessageReader(sockets) };
    current.requestDone = true;
    const bytes = responseHeadBytes({ ...head, headers: clientHeaders(head.headers, "upgrade") });
    this.#toClient.send(bytes);
    const early = this.#inbox;
    this.#inbox = NOTHING;
    if (rest.byteLength > 0) this.#responseBytes(rest);
    if (early.byteLength > 0) this.data(early);
  }

  /** One side of a tunnel ended: the other is told, and the first end says who it was. */
  #endTunnel(current: Current, from: "client" | "server"): void {
    const { client, server } = current.tunnel!;
    const said = from === "client" ? (client.closed ?? server.closed) : (server.closed ?? client.closed);
    const first =
      server.closed && (!client.closed || server.closed.at < client.closed.at) ? "server" : "client";
    const socket = said && { code: said.code, reason: said.reason, from: first as "client" | "server" };
    if (socket || !client.sockets) current.recording.close("complete", null, socket ? { socket } : {});
    else if (from === "client")
      current.recording.close("client-gone", "the client closed the connection without a close frame");
    else
      current.recording.close("upstream-error", "the upstream closed the connection without a close frame");
  }

  // Endings that nobody wished for.

  #upstreamEnded(error: Error | null): void {
    const current = this.#current;
    const used = this.#upstream?.used;
    this.#forgetUpstream();
    if (!current) return;
    if (current.tunnel) {
      this.#endTunnel(current, "server");
      this.#current = null;
      this.#hangUp();
    } else if (current.responseDone) this.#exchangeEnded(current);
    else if (used && current.headBytes.byteLength === 0) {
      // A server may close a kept connection at any time, and a client knows what it may then send again.
      current.recording.close(
        "upstream-error",
        "the upstream closed the kept connection instead of answering",
      );
      this.#current = null;
      this.#cut(error ? "terminate" : "end");
    } else if (current.head === null) {
      this.#upstreamFailed(
        "ECONNRESET",
        error
          ? `the connection broke before an answer came: ${error.message}`
          : "it closed the connection before it answered",
      );
    } else if (current.response!.kind === "until-close" && error === null) {
      current.recording.close("complete", null);
      this.#current = null;
      this.#hangUp();
    } else {
      const how = error ? error.message : "it closed the connection";
      current.recording.close("upstream-error", `the upstream stopped in the middle of its response: ${how}`);
      this.#current = null;
      this.#cut(current.response!.kind === "until-close" ? "terminate" : "end");
    }
  }

  #upstreamFailed(code: string, message: string): void {
    const current = this.#current;
    this.#forgetUpstream();
    if (!current) return;
    this.#fail(current, unreachable(current.recording.target, code, message));
  }

  #brokenUpstream(what: string): void {
    const current = this.#current!;
    this.#dropUpstream("terminate");
    this.#fail(
      current,
      unreachable(current.recording.target, "EPROTO", `its answer is not HTTP/1.1: ${what}`),
    );
  }

  #fail(current: Current, answer: Refusal): void {
    current.recording.head(answer.status, answer.headers);
    current.recording.bytes("server", answer.body);
    current.recording.close("upstream-error", answer.message);
    this.#current = null;
    this.#answer(answer);
  }

  /** A request that goes nowhere is recorded too, with what we answered. */
  #refuse(head: RequestHead | null, answer: Refusal): void {
    const { method, target, headers } = head ?? { method: "", target: "", headers: [] as Header[] };
    const open = { wire: "http", method, path: target, upstream: "", target: "", headers } as const;
    const recording = new Recording(this.#options.record, open);
    recording.head(answer.status, answer.headers);
    recording.bytes("server", answer.body);
    recording.close("refused", answer.message);
    this.#answer(answer);
  }

  #answer(answer: Refusal): void {
    const head: ResponseHead = {
      version: "1.1",
      status: answer.status,
      reason: answer.reason,
      headers: [...answer.headers, ["Connection", "close"]],
    };
    this.#toClient.send(Buffer.concat([responseHeadBytes(head), answer.body]));
    this.#linger();
  }

  /** Closes the connection after what was sent; what the client still says is read and thrown away for a while,
   * since closing with bytes unread would make its system drop our answer. */
  #linger(): void {
    this.#state = "over";
    this.#wire.resume();
    this.#toClient.flushed(() => this.#wire.shutdown());
    setTimeout(() => this.#wire.end(), LINGER_MS).unref();
  }

  #hangUp(): void {
    this.#state = "over";
    this.#dropUpstream("end");
    this.#toClient.flushed(() => this.#wire.end());
  }

  /** The client must see that the transfer broke. An end shows it where a length or a last chunk is missing, behind
   * every byte that came; a reset can overtake bytes, and is needed where an end would look finished. */
  #cut(how: "end" | "terminate"): void {
    this.#state = "over";
    this.#toClient.flushed(() => this.#wire[how]());
  }

  #dropUpstream(how: "end" | "terminate"): void {
    const upstream = this.#upstream;
    this.#forgetUpstream();
    if (!upstream) return;
    upstream.giveUp();
    if (how === "end") upstream.wire?.end();
    else upstream.wire?.terminate();
  }

  #forgetUpstream(): void {
    this.#upstream?.sink.drop();
    this.#upstream = null;
  }
}

/** Beyond this a second write costs less than the copy. */
const WORTH_A_COPY = 16 * 1024;

/** A head and what came with it: in one packet when it is small. */
function sendTogether(sink: Sink, head: Buffer, bytes: Buffer): void {
  if (head.byteLength > 0 && bytes.byteLength > 0 && bytes.byteLength < WORTH_A_COPY)
    return sink.send(Buffer.concat([head, bytes]));
  sink.send(head);
  sink.send(bytes);
}

const NOT_OUR_NAME =
  "the Host of this request is not a name of this machine, so a web page may be behind it, and the MCP server can no longer see that for itself; --allow-host adds a name";
const BARE_LF = "its lines end with LF where HTTP has CR LF";

/** A head that would never end for a strict reader, and has ended for a lenient one. */
function endsWithBareLf(head: Buffer): boolean {
  return head.includes("\n\n") || head.includes("\n\r\n");
}

function notHttp1(bytes: Buffer): string {
  // A server's HTTP/2 starts with a SETTINGS frame (RFC 9113 3.4): three bytes of length, then its type.
  if (bytes[0] === 0 && bytes[3] === 4)
    return "it speaks HTTP/2, and did not say so when the connection was opened";
  return `the status line is not HTTP/1.1: ${JSON.stringify(bytes.subarray(0, 80).toString("latin1"))}`;
}

const NOT_A_FORWARD_PROXY =
  "this is not a forward proxy: point the client's base URL here instead of setting HTTP_PROXY to it";

/** The path of a request target: origin form as it is, absolute form without its authority (RFC 9112 3.2.2). */
function originForm(target: string): string | null {
  if (target.startsWith("/")) return target;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target);
  if (absolute) return absolute[1]!.startsWith("/") ? absolute[1]! : `/${absolute[1]!}`;
  return null;
}

function isWebSocketRequest(head: RequestHead): boolean {
  return asksUpgrade(head.headers) && tokens(head.headers, "upgrade").includes("websocket");
}
