/**
 * One client connection, and the upstream connection that mirrors it: the hot path, in the order of the wire.
 *
 * Bodies are passed on as they came, chunk framing and trailers included; heads are read and written again with the
 * hop's own headers changed (RFC 9110 7.6.1). A client connection has an upstream connection of its own and keeps it
 * for its next request, so that connections are opened, reused and lost as they would be without us.
 */
import type { Network, Wire } from "./dial.ts";
import { asksUpgrade, clientHeaders, mayAddKey, upstreamHeaders } from "./headers.ts";
import { responseFraming } from "./http1/body.ts";
import { HeadBuffer } from "./http1/head-buffer.ts";
import {
  BARE_LF,
  LARGEST_HEAD,
  notHttp1,
  parseResponseHead,
  requestHeadBytes,
  responseHeadBytes,
  type RequestHead,
  type ResponseHead,
} from "./http1/head.ts";
import type { RecordOptions } from "./recording.ts";
import { answerBytes, recordRefused, refusal, unreachable, type Refusal } from "./refusal.ts";
import { RelayedExchange } from "./relayed-exchange.ts";
import { isRefusal, readRequest, routeOf, type Request, type Routing } from "./request.ts";
import { ByteBudget, sendTogether, Sink } from "./sink.ts";
import type { Route } from "./upstreams.ts";
import { UpstreamWire } from "./upstream-wire.ts";

export type ConnectionOptions = Omit<Routing, "endpoints"> & {
  readonly network: Network;
  readonly record: RecordOptions;
};

/** What the connections of one proxy share. */
export type Shared = ConnectionOptions & Routing;

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
  readonly #inbox = new HeadBuffer();
  #current: RelayedExchange | null = null;
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
      current.tunnel.read("client", bytes);
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
    const tunnel = this.#current?.tunnel;
    if (tunnel && this.#upstream) {
      const { wire, sink } = this.#upstream;
      sink.flushed(() => wire?.shutdown());
      tunnel.end("client");
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
      if (this.#current.tunnel) this.#current.tunnel.gone("client");
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
    this.#inbox.add(bytes);
    if (this.busy && this.#inbox.size > HELD_BYTES) this.#wire.pause();
  }

  #nextRequest(): void {
    // RFC 9112 2.2: an empty line before the request line is to be ignored.
    this.#inbox.skipEmptyLines();
    if (this.#inbox.size === 0) return;
    const end = this.#inbox.look();
    if (end === "more") return;
    if (end === "too-large")
      return this.#refuse(null, refusal(431, `the request's headers are larger than ${LARGEST_HEAD} bytes`));
    if (end === "bare-lf") return this.#refuse(null, refusal(400, BARE_LF));
    const bytes = this.#inbox.take();
    const rest = bytes.subarray(end);
    const request = readRequest(bytes.subarray(0, end));
    if ("refusal" in request) return this.#refuse(request.head, request.refusal);
    const found = routeOf(request, this.#options);
    if (!(found instanceof Promise)) return this.#routed(request, found, rest);
    this.#state = "routing";
    this.#hold(rest);
    void found.then((route) => {
      if (this.#state !== "routing") return;
      this.#state = "open";
      this.#wire.resume();
      this.#routed(request, route, this.#inbox.take());
    });
  }

  #routed(request: Request, found: Route | Refusal, rest: Buffer): void {
    if (isRefusal(found)) this.#refuse(request.head, found);
    else this.#ask(request, found, rest);
  }

  #ask(request: Request, route: Route, rest: Buffer): void {
    const { record, isOwnHost } = this.#options;
    const { head, path } = request;
    const { key } = route.upstream;
    const addKey = key !== null && mayAddKey(head.headers, path, isOwnHost);
    const current = new RelayedExchange(record, request, route, addKey ? key : null);
    this.#current = current;
    const { sink } = this.#connect(route);
    const headers = upstreamHeaders(head.headers, route, head.version, addKey);
    const bytes = requestHeadBytes({ ...head, target: route.path, headers });
    if (current.hasRequestBody) return this.#requestBytes(current, rest, bytes);
    sink.send(bytes);
    this.#requestEnded(current, rest);
  }

  /** `before`: the head, which leaves with the first piece of the body when both came together. */
  #requestBytes(current: RelayedExchange, bytes: Buffer, before: Buffer = NOTHING): void {
    const taken = current.takeRequest(bytes);
    const { used, done, broken } = taken;
    if (this.#upstream) sendTogether(this.#upstream.sink, before, bytes.subarray(0, used));
    if (!done) this.#mindRecord(current, this.#wire, this.#upstream?.sink);
    if (broken !== undefined) {
      const what = `the request's body cannot be understood: ${broken}`;
      current.recording.close("refused", what);
      this.#current = null;
      this.#dropUpstream("terminate");
      // Before the response's head an answer can still be given; after it only a cut tells the truth.
      if (current.head === null) this.#answer(refusal(400, what));
      else this.#cut("terminate");
    } else if (done) {
      current.recording.trailers("client", taken);
      this.#requestEnded(current, bytes.subarray(used));
    }
  }

  #requestEnded(current: RelayedExchange, rest: Buffer): void {
    current.endRequest();
    if (rest.byteLength > 0) this.#hold(rest);
    if (current.responseDone) this.#exchangeEnded(current);
  }

  // The upstream's side of the wire.

  #connect(route: Route): UpstreamWire {
    if (this.#upstream?.serves(route)) return this.#upstream;
    this.#dropUpstream("end");
    const flow = { pause: () => this.#wire.pause(), resume: () => this.#wire.resume() };
    return (this.#upstream = new UpstreamWire(route, this.#options.network, flow, uploads, {
      failed: (code, message) => this.#upstreamFailed(code, message),
      data: (bytes) => this.#responseBytes(bytes),
      end: () => this.#upstreamSaidAll(),
      close: (error) => this.#upstreamGone(error),
    }));
  }

  #responseBytes(bytes: Buffer): void {
    const current = this.#current;
    // An upstream that talks when it was not asked cannot be trusted with the next request.
    if (!current) return this.#dropUpstream("terminate");
    if (current.responseDone) return this.#exchangeEnded(current, "untrusted");
    if (current.tunnel) {
      this.#toClient.send(bytes);
      current.tunnel.read("server", bytes);
      this.#mindRecord(current, this.#upstream?.wire, this.#toClient);
      return;
    }
    if (current.head) return this.#responseBody(current, bytes, NOTHING);
    const { incoming } = current;
    incoming.add(bytes);
    for (;;) {
      const end = incoming.look();
      if (end === "too-large")
        return this.#brokenUpstream(`its headers are larger than ${LARGEST_HEAD} bytes`);
      if (end === "more" || end === "bare-lf") {
        const what = notHttp1(incoming.bytes) ?? (end === "bare-lf" ? BARE_LF : null);
        if (what !== null) this.#brokenUpstream(what);
        return;
      }
      const came = incoming.take();
      const head = parseResponseHead(came.subarray(0, end));
      if (typeof head === "string") return this.#brokenUpstream(head);
      const rest = came.subarray(end);
      if (head.status >= 200 || head.status === 101) return this.#responseHead(current, head, rest);
      // Interim responses (100, 102, 103) are the client's business; HTTP/1.0 has none.
      if (current.request.version === "1.1")
        this.#toClient.send(responseHeadBytes({ ...head, headers: clientHeaders(head.headers, null) }));
      incoming.add(rest);
    }
  }

  #responseHead(current: RelayedExchange, head: ResponseHead, rest: Buffer): void {
    const { request, path, route, recording } = current;
    const framing = responseFraming(head, request.method);
    if (typeof framing === "string") return this.#brokenUpstream(framing);
    if (head.status === 101 && !asksUpgrade(request.headers))
      return this.#brokenUpstream("it switched to another protocol, which nobody had asked for");
    current.endpoint = this.#options.endpoints.watch({ method: request.method, path }, route, head);
    recording.head(head.status, head.headers, this.#upstream?.protocol);
    if (head.status === 101) this.#upgraded(current, head, rest);
    else this.#responseBody(current, rest, current.start(head, framing, this.#stopping));
  }

  /** `before`: the head's own bytes, which leave with the first piece of the body when both came together. */
  #responseBody(current: RelayedExchange, bytes: Buffer, before: Buffer): void {
    const taken = current.takeResponse(bytes);
    const { used, done, broken } = taken;
    // Broken framing is passed on as it came, then the transfer is cut: the client sees what we saw.
    const passed = broken !== undefined || used === bytes.byteLength ? bytes : bytes.subarray(0, used);
    sendTogether(this.#toClient, before, passed);
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
  #mindRecord({ recording }: RelayedExchange, source: Wire | null | undefined, sink: Sink | undefined): void {
    if (source && recording.shouldPause(() => sink?.full || source.resume())) source.pause();
  }

  #responseEnded(current: RelayedExchange, clean: boolean): void {
    current.responseDone = true;
    if (!clean) this.#exchangeEnded(current, "untrusted");
    else if (current.requestDone) this.#exchangeEnded(current);
    // Else the rest of the request goes on until it ends, or until the upstream wants no more of it.
  }

  /** `untrusted`: the upstream said more than its response. */
  #exchangeEnded(current: RelayedExchange, upstream: "clean" | "untrusted" = "clean"): void {
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

  #upgraded(current: RelayedExchange, head: ResponseHead, rest: Buffer): void {
    this.#toClient.send(current.upgrade(head, () => this.#tunnelOver(current)));
    const early = this.#inbox.take();
    if (rest.byteLength > 0) this.#responseBytes(rest);
    if (early.byteLength > 0) this.data(early);
  }

  // Endings that nobody wished for.

  /** On a connection of its own protocol each side may go on when the other has said its last word. */
  #upstreamSaidAll(): void {
    const tunnel = this.#current?.tunnel;
    if (tunnel) {
      this.#toClient.flushed(() => this.#wire.shutdown());
      tunnel.end("server");
      return;
    }
    const wire = this.#upstream?.wire;
    this.#upstreamGone(null);
    wire?.end();
  }

  #tunnelOver(current: RelayedExchange): void {
    if (this.#current !== current) return;
    this.#current = null;
    this.#upstream?.finish();
    this.#upstream = null;
    this.#hangUp();
  }

  #upstreamGone(error: Error | null): void {
    const current = this.#current;
    const used = this.#upstream?.used;
    this.#forgetUpstream();
    if (!current) return;
    if (current.tunnel) {
      current.tunnel.gone("server");
      this.#current = null;
      this.#hangUp();
    } else if (current.responseDone) this.#exchangeEnded(current);
    else if (used && current.head === null && current.incoming.size === 0) {
      // A server may close a kept connection at any time, and a client knows what it may then send again.
      const how = "the upstream closed the kept connection instead of answering";
      current.recording.close("upstream-error", how);
      this.#current = null;
      this.#cut(error ? "terminate" : "end");
    } else if (current.head === null) {
      this.#upstreamFailed(
        "ECONNRESET",
        error
          ? `the connection broke before an answer came: ${error.message}`
          : "it closed the connection before it answered",
      );
    } else if (current.endsWithConnection && error === null) {
      current.recording.close("complete", null);
      this.#current = null;
      this.#hangUp();
    } else {
      const how = error ? error.message : "it closed the connection";
      current.recording.close("upstream-error", `the upstream stopped in the middle of its response: ${how}`);
      this.#current = null;
      this.#cut(current.endsWithConnection ? "terminate" : "end");
    }
  }

  #upstreamFailed(code: string, message: string): void {
    const current = this.#current;
    this.#forgetUpstream();
    if (current) this.#fail(current, unreachable(askedOf(current), code, message));
  }

  #brokenUpstream(what: string): void {
    const current = this.#current!;
    this.#dropUpstream("terminate");
    const message = `its answer is not HTTP/1.1: ${what}`;
    this.#fail(current, unreachable(askedOf(current), "EPROTO", message));
  }

  #fail({ recording }: RelayedExchange, answer: Refusal): void {
    recording.head(answer.status, answer.headers);
    recording.bytes("server", answer.body);
    recording.close("upstream-error", answer.message);
    this.#current = null;
    this.#answer(answer);
  }

  #refuse(head: RequestHead | null, answer: Refusal): void {
    recordRefused(this.#options.record, head, answer);
    this.#answer(answer);
  }

  #answer(answer: Refusal): void {
    this.#toClient.send(answerBytes(answer));
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
    this.#upstream = null;
    upstream?.drop(how);
  }

  #forgetUpstream(): void {
    this.#upstream?.forget();
    this.#upstream = null;
  }
}

function askedOf({ recording, route }: RelayedExchange): { target: string; upstream: string } {
  return { target: recording.target, upstream: route.upstream.name };
}
