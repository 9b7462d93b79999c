/**
 * One client connection, and the upstream connection that mirrors it: the hot path, in the order of the wire.
 *
 * Bodies are passed on as they came, chunk framing and trailers included; heads are read and written again with the
 * hop's own headers changed (RFC 9110 7.6.1). A client connection has an upstream connection of its own and keeps it
 * for its next request, so that connections are opened, reused and lost as they would be without us.
 */
import { admit, type AdmissionRules, type Admitted, type Sender } from "./admission.ts";
import { ClientWire } from "./client-wire.ts";
import type { Network, Wire } from "./dial.ts";
import { mayAddKey, upstreamHeaders } from "./headers.ts";
import { carriedHeaders } from "./mcp/endpoints.ts";
import { requestHeadBytes, type RequestHead, type ResponseHead } from "./http1/head.ts";
import type { HeldBody } from "./mcp/held-body.ts";
import { Inbox } from "./inbox.ts";
import type { RecordOptions } from "./record/record-options.ts";
import { answerBytes, recordRefused, refusal, type Refusal } from "./refusal.ts";
import type { OwnTime } from "./own-time.ts";
import { RelayedExchange } from "./relayed-exchange.ts";
import { isRefusal, routeOf, type Found, type Routing } from "./routing.ts";
import { ByteBudget, sendTogether, type Flow, type Sink } from "./sink.ts";
import type { Route } from "./upstreams.ts";
import { UpstreamWire } from "./upstream-wire.ts";

export type ConnectionOptions = Omit<Routing, "endpoints"> &
  AdmissionRules & {
    readonly network: Network;
    readonly record: RecordOptions;
    /** Told what each exchange cost us. */
    readonly own?: OwnTime;
  };

/** What the connections of one proxy share. */
export type Shared = ConnectionOptions & Routing;

/** Pipelined requests, and one that waits for its upstream to be found: beyond this the client is paused. */
const HELD_BYTES = 1024 * 1024;

/** Requests whose upstream does not read: more than the system's buffers hold of one, for all of them together. */
const uploads = new ByteBudget(16 * 1024 * 1024);

const NOTHING = Buffer.alloc(0);

export class Connection {
  readonly #client: ClientWire;
  readonly #options: Shared;
  readonly #inbox = new Inbox((late) => this.#client.isOver || this.#refuse(null, late));
  #current: RelayedExchange | null = null;
  #upstream: UpstreamWire | null = null;
  /** A request waits for its upstream to be found. */
  #isRouting = false;
  #stopping = false;
  /** While what a request's body is decides where it goes. */
  #held: HeldBody | null = null;

  readonly #sender: () => Sender;

  /** `sender`: asked for each request; it remembers. */
  constructor(wire: Wire, options: Shared, sender: () => Sender) {
    this.#options = options;
    this.#sender = sender;
    const upstream = {
      pause: () => this.#upstream?.wire?.pause(),
      resume: () => this.#upstream?.wire?.resume(),
    };
    const isFull = () => this.#upstream?.sink.full ?? false;
    this.#client = new ClientWire(wire, upstream, isFull, (bytes) => this.#timed(bytes, "client"));
  }

  get busy(): boolean {
    return this.#current !== null || this.#isRouting;
  }

  // The client's side of the wire.

  data(bytes: Buffer): void {
    if (!this.#client.isOver) this.#client.turns.data(bytes);
  }

  drain(): void {
    this.#client.sink.drain();
  }

  /** The client has said all it will say. */
  end(): void {
    this.#client.turns.whenRead(() => this.#requestedAll());
  }

  close(error: Error | null): void {
    const current = this.#current;
    const how = error
      ? `the client's connection broke: ${error.message}`
      : "the client closed the connection before the response was complete";
    if (current?.tunnel) {
      current.tunnel.gone("client");
      // A side that was told the other's last word and says its own is closed at once: what it said is still to leave.
      if (error === null) this.#finishUpstream();
    } else if (current?.responseDone) current.recording.close("complete", null);
    else current?.recording.close("client-gone", how);
    this.#over();
  }

  /** No further request on this connection; the one in progress may finish. */
  stop(): void {
    this.#stopping = true;
    if (this.busy) return;
    this.#dropUpstream("end");
    this.#client.leave("end");
  }

  /** The time for finishing is over. */
  abort(): void {
    this.#current?.recording.close("interrupted", "the proxy was stopped");
    this.#over();
    this.#client.leave("terminate");
  }

  #over(): void {
    this.#current = null;
    this.#isRouting = false;
    this.#client.isOver = true;
    this.#client.turns.drop();
    this.#inbox.close();
    this.#dropUpstream("terminate");
  }

  /** Our own work on what came, for the exchange that it is of: the one that goes on, or the one that begins with it. */
  #timed(bytes: Buffer, from: "client" | "upstream"): void {
    const began = performance.now();
    const before = this.#current;
    if (from === "client") this.#requested(bytes);
    else this.#responseBytes(bytes);
    const of = before ?? this.#current;
    if (of) of.worked += performance.now() - began;
    if (before && before !== this.#current) this.#options.own?.add(before.worked);
  }

  // A request, from its first byte to its last.

  #requested(bytes: Buffer): void {
    const current = this.#current;
    if (current?.tunnel) {
      this.#upstream?.sink.send(bytes);
      current.tunnel.read("client", bytes);
      this.#mindRecord(current, this.#client, this.#upstream?.sink);
    } else if (current && !current.requestDone) this.#requestBytes(current, bytes);
    else this.#hold(bytes);
    if (!this.busy && !this.#client.isOver) this.#nextRequest();
  }

  /** With a response outstanding that is a hang-up, as every server takes it. */
  #requestedAll(): void {
    const tunnel = this.#current?.tunnel;
    if (tunnel && this.#upstream) {
      this.#upstream.shutdown();
      tunnel.end("client");
      return;
    }
    this.close(null);
    this.#client.leave("end");
  }

  #hold(bytes: Buffer): void {
    this.#inbox.add(bytes);
    this.#held?.take(bytes);
    if (this.busy && this.#inbox.size > HELD_BYTES) this.#client.pause();
  }

  #nextRequest(): void {
    const next = this.#inbox.next();
    if (next === null) return;
    const { request: asked, rest } = next;
    if ("refusal" in asked) return this.#refuse(asked.head, asked.refusal);
    const request = admit(asked, this.#sender(), this.#options);
    if ("status" in request) return this.#refuse(asked.head, request);
    const found = routeOf(request, rest, this.#options);
    if (!("found" in found)) return this.#routed(request, found, rest);
    this.#isRouting = true;
    this.#hold(rest);
    this.#held = found.held;
    void found.found.then((route) => {
      this.#held = null;
      if (!this.#isRouting) return;
      this.#isRouting = false;
      this.#client.resume();
      this.#routed(request, route, this.#inbox.take());
    });
  }

  #routed(request: Admitted, found: Found, rest: Buffer): void {
    if (isRefusal(found)) this.#refuse(request.head, found);
    else this.#ask(request, found, rest);
  }

  #ask(request: Admitted, route: Route, rest: Buffer): void {
    const { record, allowedOrigins } = this.#options;
    const isOwnHost = request.isSignedIn ? () => true : this.#options.isOwnHost;
    const { head, path } = request;
    const { key } = route.upstream;
    const addKey =
      key !== null && request.isTrusted && mayAddKey(head.headers, path, isOwnHost, allowedOrigins);
    const current = new RelayedExchange(record, request, route, addKey ? key : null);
    this.#current = current;
    const { sink } = this.#connect(route);
    const bytes = sentHead(request, route, addKey);
    if (current.hasRequestBody) return this.#requestBytes(current, rest, bytes);
    sink.send(bytes);
    this.#requestEnded(current, rest);
  }

  /** `before`: the head, which leaves with the first piece of the body when both came together. */
  #requestBytes(current: RelayedExchange, bytes: Buffer, before: Buffer = NOTHING): void {
    const { used, done, again, broken } = current.takeRequest(bytes);
    if (this.#upstream) sendTogether(this.#upstream.sink, before, bytes.subarray(0, used));
    if (!done) this.#mindRecord(current, this.#client, this.#upstream?.sink);
    if (again) this.#client.turns.again(bytes.subarray(used));
    if (broken !== undefined) {
      const what = `the request's body cannot be understood: ${broken}`;
      current.recording.close("refused", what);
      this.#current = null;
      this.#dropUpstream("terminate");
      // Before the response's head an answer can still be given; after it only a cut tells the truth.
      if (current.head === null) this.#answer(refusal(400, what));
      else this.#client.cut("terminate");
    } else if (done) this.#requestEnded(current, bytes.subarray(used));
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
    const isFull = () => this.#client.sink.full;
    return (this.#upstream = new UpstreamWire(route, this.#options.network, this.#client, isFull, uploads, {
      failed: (code, message) => this.#upstreamFailed(code, message),
      data: (bytes) => this.#timed(bytes, "upstream"),
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
      this.#client.sink.send(bytes);
      current.tunnel.read("server", bytes);
      this.#mindRecord(current, this.#upstream?.wire, this.#client.sink);
      return;
    }
    if (current.head) return this.#responseBody(current, bytes, NOTHING);
    const { interim, next } = current.heads.read(bytes);
    this.#client.sink.send(current.interim(interim));
    if (next === "more") return;
    if ("broken" in next) this.#brokenUpstream(next.broken);
    else if ("again" in next) this.#upstream?.turns.again(next.again);
    else this.#responseHead(current, next.head, next.rest);
  }

  #responseHead(current: RelayedExchange, head: ResponseHead, rest: Buffer): void {
    const { route, recording } = current;
    const framing = current.framingOf(head);
    if (typeof framing === "string") return this.#brokenUpstream(framing);
    const asked = { ...current.asked, isAlive: () => this.#current === current };
    current.endpoint = this.#options.endpoints.watch(asked, route, head);
    recording.head(head.status, head.headers, this.#upstream?.protocol);
    if (head.status === 101) this.#upgraded(current, head, rest);
    else this.#responseBody(current, rest, current.start(head, framing, this.#stopping));
  }

  /** `before`: the head's own bytes, which leave with the first piece of the body when both came together. */
  #responseBody(current: RelayedExchange, bytes: Buffer, before: Buffer): void {
    const { used, done, again, broken } = current.takeResponse(bytes);
    // Broken framing is passed on as it came, then the transfer is cut: the client sees what we saw.
    const passed = broken !== undefined || used === bytes.byteLength ? bytes : bytes.subarray(0, used);
    sendTogether(this.#client.sink, before, passed);
    if (!done) this.#mindRecord(current, this.#upstream?.wire, this.#client.sink);
    if (again) this.#upstream?.turns.again(bytes.subarray(used));
    if (broken !== undefined) {
      current.recording.close("upstream-error", `the upstream's chunk framing is broken: ${broken}`);
      this.#current = null;
      this.#dropUpstream("terminate");
      this.#client.cut("end");
    } else if (done) this.#responseEnded(current, used === bytes.byteLength);
  }

  /** `sink`: where the source's bytes go, which may have stopped it too. */
  #mindRecord({ recording }: RelayedExchange, source: Flow | null | undefined, sink: Sink | undefined): void {
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
    if (!current.requestDone) this.#client.linger();
    else if (!current.keepClient || this.#stopping) this.#hangUp();
    else {
      this.#client.resume();
      this.#nextRequest();
    }
  }

  #upgraded(current: RelayedExchange, head: ResponseHead, rest: Buffer): void {
    this.#client.sink.send(current.upgrade(head, () => this.#tunnelOver(current)));
    const early = this.#inbox.take();
    if (rest.byteLength > 0) this.#responseBytes(rest);
    if (early.byteLength > 0) this.#requested(early);
  }

  // Endings that nobody wished for.

  /** On a connection of its own protocol each side may go on when the other has said its last word. */
  #upstreamSaidAll(): void {
    const tunnel = this.#current?.tunnel;
    if (tunnel) {
      this.#client.shutdown();
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
    this.#finishUpstream();
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
      return this.#hangUp();
    }
    if (current.responseDone) return this.#exchangeEnded(current);
    const broke = current.brokeOff(error, used ? "kept" : "fresh");
    if ("unanswered" in broke) return this.#fail(current, "ECONNRESET", broke.unanswered);
    current.recording.close(broke.ending, broke.error);
    this.#current = null;
    this.#client.cut(broke.leave);
  }

  #upstreamFailed(code: string, message: string): void {
    const current = this.#current;
    this.#forgetUpstream();
    if (current) this.#fail(current, code, message);
  }

  #brokenUpstream(what: string): void {
    const current = this.#current!;
    this.#dropUpstream("terminate");
    this.#fail(current, "EPROTO", `its answer is not HTTP/1.1: ${what}`);
  }

  #fail(current: RelayedExchange, code: string, message: string): void {
    this.#current = null;
    this.#answer(current.unanswered(code, message));
  }

  #refuse(head: RequestHead | null, answer: Refusal): void {
    recordRefused(this.#options.record, head, answer);
    this.#answer(answer);
  }

  #answer(answer: Refusal): void {
    this.#client.sink.send(answerBytes(answer));
    this.#client.linger();
  }

  #hangUp(): void {
    this.#dropUpstream("end");
    this.#client.cut("end");
  }

  #finishUpstream(): void {
    const upstream = this.#upstream;
    this.#upstream = null;
    upstream?.finish();
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

/** The same one goes for the same request; nobody writes into it. */
function sentHead({ head, facts }: Admitted, route: Route, addKey: boolean): Buffer {
  const { sent } = facts;
  if (sent !== null && sent.head === head && sent.route === route && sent.addKey === addKey)
    return sent.bytes;
  const headers = upstreamHeaders(carriedHeaders(head.headers, route), route, head.version, addKey);
  const bytes = requestHeadBytes({ ...head, target: route.path, headers });
  facts.sent = { head, route, addKey, bytes };
  return bytes;
}
