/** One exchange as it is relayed: how far each side of it is, and what is told of what passed. */
import type { EndpointWatch } from "./endpoints.ts";
import { clientHeaders } from "./headers.ts";
import type { Framing, Taken } from "./http1/body.ts";
import { HeadBuffer } from "./http1/head-buffer.ts";
import { responseHeadBytes, tokens, type RequestHead, type ResponseHead } from "./http1/head.ts";
import { Recording, type RecordOptions } from "./recording.ts";
import { isWebSocketRequest, type Request } from "./request.ts";
import { Tunnel } from "./tunnel.ts";
import type { Route } from "./upstreams.ts";

export class RelayedExchange {
  readonly recording: Recording;
  readonly request: RequestHead;
  readonly route: Route;
  readonly path: string;
  requestDone = false;
  /** A response may be complete while the request still goes on: the exchange ends with the later of both. */
  responseDone = false;
  /** The response's head as far as it came, interim ones included. */
  readonly incoming = new HeadBuffer();
  head: ResponseHead | null = null;
  /** While the stream may still say where to post. */
  endpoint: EndpointWatch | null = null;
  /** Both sides agreed on another protocol: bytes pass in both directions until both have ended. */
  tunnel: Tunnel | null = null;
  keepClient: boolean;
  keepUpstream = false;
  readonly #framing: Framing;
  #response: Framing | null = null;

  /** `key`: one of ours that goes upstream with the request. */
  constructor(options: RecordOptions, { head, framing, path }: Request, route: Route, key: string | null) {
    this.request = head;
    this.route = route;
    this.path = path;
    this.#framing = framing;
    const open = {
      wire: isWebSocketRequest(head) ? ("websocket" as const) : ("http" as const),
      method: head.method,
      path,
      upstream: route.upstream.name,
      target: route.target,
      headers: head.headers,
    };
    this.recording = new Recording(options, open, key);
    this.keepClient = keepsOpen(head);
  }

  get hasRequestBody(): boolean {
    return this.#framing.kind !== "none";
  }

  /** Only the end of the connection ends the response. */
  get endsWithConnection(): boolean {
    return this.#response?.kind === "until-close";
  }

  takeRequest(bytes: Buffer): Taken {
    const taken = this.#framing.take(bytes);
    for (const piece of taken.body) this.recording.bytes("client", piece);
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
    return responseHeadBytes({ ...head, headers: clientHeaders(head.headers, word) });
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
    const taken = this.#response!.take(bytes);
    for (const piece of this.endpoint ? taken.body : []) {
      if (this.endpoint?.take(piece) === "done") this.endpoint = null;
    }
    for (const piece of taken.body) this.recording.bytes("server", piece);
    return taken;
  }
}

/** RFC 9112 9.3: whether the connection stays open behind this message. */
function keepsOpen({ version, headers }: RequestHead | ResponseHead): boolean {
  const connection = tokens(headers, "connection");
  return version === "1.1" ? !connection.includes("close") : connection.includes("keep-alive");
}
