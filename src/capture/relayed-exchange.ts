/** One exchange as it is relayed: how far each side of it is, and what is told of what passed. */
import type { Ending } from "../fact/fact.ts";
import type { Asked, EndpointWatch } from "./mcp/endpoints.ts";
import { asksUpgrade, clientHeaders } from "./headers.ts";
import { responseFraming, type Framing, type Taken } from "./http1/body.ts";
import { keepsOpen, responseHeadBytes, tokens, type RequestHead, type ResponseHead } from "./http1/head.ts";
import { ResponseHeads } from "./http1/response-heads.ts";
import { redirectedThroughUs } from "./mcp/location.ts";
import type { RecordOptions } from "./record/record-options.ts";
import { Recording } from "./record/recording.ts";
import { unreachable, type Refusal } from "./refusal.ts";
import type { Request } from "./request.ts";
import { Tunnel } from "./tunnel.ts";
import type { Route } from "./upstreams.ts";
import { SANDBOX } from "./web-page.ts";

export class RelayedExchange {
  readonly recording: Recording;
  readonly request: RequestHead;
  readonly route: Route;
  /** What the response may have to do with: how it was asked for. */
  readonly asked: Omit<Asked, "isAlive">;
  requestDone = false;
  /** A response may be complete while the request still goes on: the exchange ends with the later of both. */
  responseDone = false;
  readonly heads = new ResponseHeads();
  head: ResponseHead | null = null;
  /** While the stream may still say where to post. */
  endpoint: EndpointWatch | null = null;
  /** Both sides agreed on another protocol: bytes pass in both directions until both have ended. */
  tunnel: Tunnel | null = null;
  /** Our own time for it so far, ms. */
  worked = 0;
  keepClient: boolean;
  keepUpstream = false;
  readonly #isNavigation: boolean;
  readonly #framing: Framing;
  #response: Framing | null = null;

  /** `key`: one of ours that goes upstream with the request. */
  constructor(
    options: RecordOptions,
    { head, framing, path, facts }: Request,
    route: Route,
    key: string | null,
  ) {
    this.request = head;
    this.route = route;
    this.asked = { method: head.method, path, headers: head.headers, hasKey: key !== null };
    this.#framing = framing;
    const open = {
      wire: facts.isWebSocket ? ("websocket" as const) : ("http" as const),
      method: head.method,
      path,
      upstream: route.upstream.name,
      target: route.target,
      headers: head.headers,
      ...(route.run !== undefined && { run: route.run }),
    };
    this.recording = new Recording(options, open, key);
    this.keepClient = facts.keepsOpen;
    this.#isNavigation = facts.isNavigation;
  }

  get hasRequestBody(): boolean {
    return this.#framing.kind !== "none";
  }

  takeRequest(bytes: Buffer): Taken {
    const taken = this.#framing.take(bytes);
    this.#tell("client", taken);
    return taken;
  }

  endRequest(): void {
    this.requestDone = true;
    this.recording.requestEnded();
  }

  /** The response's head has come. Gives what the client is told of it. `hangUp`: no further request is taken. */
  start(head: ResponseHead, framing: Framing, hangUp: boolean): Buffer {
    this.head = head;
    this.#response = framing;
    // An HTTP/1.0 request was sent with `Connection: close`.
    this.keepUpstream = this.request.version === "1.1" && keepsOpen(head);
    if (framing.kind === "until-close" || hangUp) this.keepClient = false;
    const word = !this.keepClient ? "close" : this.request.version === "1.0" ? "keep-alive" : null;
    const headers = redirectedThroughUs(head.headers, head.status, this.asked.path, this.route);
    const sent = clientHeaders(headers, word);
    if (this.#isNavigation) sent.push(SANDBOX);
    return responseHeadBytes({ ...head, headers: sent });
  }

  /** What the client is told of interim responses (100, 102, 103), which are its own business; HTTP/1.0 has none. */
  interim(heads: readonly ResponseHead[]): Buffer {
    if (heads.length === 0 || this.request.version === "1.0") return Buffer.alloc(0);
    return Buffer.concat(
      heads.map((head) => responseHeadBytes({ ...head, headers: clientHeaders(head.headers, null) })),
    );
  }

  /** A sentence where the answer's borders, or what it switches to, are not what was asked for. */
  framingOf(head: ResponseHead): Framing | string {
    if (head.status === 101 && !asksUpgrade(this.request.headers))
      return "it switched to another protocol, which nobody had asked for";
    return responseFraming(head, this.request.method);
  }

  /** `onOver`: nothing is to pass any more. */
  upgrade(head: ResponseHead, onOver: () => void): Buffer {
    this.head = head;
    this.requestDone = true;
    const isWebSocket = tokens(head.headers, "upgrade").includes("websocket");
    this.tunnel = new Tunnel(this.recording, isWebSocket ? "websocket" : "other", onOver);
    return responseHeadBytes({ ...head, headers: clientHeaders(head.headers, "upgrade") });
  }

  /** What a stream says of where to post is read, and may be changed, before it leaves. */
  takeResponse(bytes: Buffer): Taken {
    const watch = (piece: Uint8Array) => {
      if (this.endpoint?.take(piece) === "done") this.endpoint = null;
    };
    const taken = this.#response!.take(bytes, this.endpoint ? watch : undefined);
    this.#tell("server", taken);
    return taken;
  }

  /**
   * The upstream is gone before the response was complete. `leave`: how the client is left; a reset where an end would
   * look finished.
   */
  brokeOff(error: Error | null, connection: "kept" | "fresh"): BrokenOff {
    if (connection === "kept" && !this.heads.hasBegun) {
      // A server may close a kept connection at any time, and a client knows what it may then send again.
      const how = "the upstream closed the kept connection instead of answering";
      return { ending: "upstream-error", error: how, leave: error ? "terminate" : "end" };
    }
    if (this.head === null)
      return {
        unanswered: error
          ? `the connection broke before an answer came: ${error.message}`
          : "it closed the connection before it answered",
      };
    const endsWithConnection = this.#response?.kind === "until-close";
    if (endsWithConnection && error === null) return { ending: "complete", error: null, leave: "end" };
    const how = error ? error.message : "it closed the connection";
    return {
      ending: "upstream-error",
      error: `the upstream stopped in the middle of its response: ${how}`,
      leave: endsWithConnection ? "terminate" : "end",
    };
  }

  /** The upstream gave no answer that can be passed on: what the client is told instead is recorded like one. */
  unanswered(code: string, message: string): Refusal {
    const asked = { target: this.recording.target, upstream: this.route.upstream.name };
    const answer = unreachable(asked, code, message);
    this.recording.head(answer.status, answer.headers);
    this.recording.bytes("server", answer.body);
    this.recording.close("upstream-error", answer.message);
    return answer;
  }

  #tell(from: "client" | "server", taken: Taken): void {
    if (taken.body.byteLength > 0) this.recording.bytes(from, taken.body);
    if (taken.more) for (const part of taken.more) this.recording.bytes(from, part);
    if (taken.done) this.recording.trailers(from, taken);
  }
}

type BrokenOff =
  | { readonly unanswered: string }
  | { readonly ending: Ending; readonly error: string | null; readonly leave: "end" | "terminate" };
