/** What is told of one exchange: in order, masked, within the limit, with exactly one ending. */
import { header } from "../fact/exchange.ts";
import type { Bytes, Close, Ending, From, Header, Open, Tell } from "../fact/fact.ts";
import type { Mask } from "../fact/mask.ts";
import { CodedBody, CodedMessages, type Say } from "./coded-body.ts";
import { codingsOf } from "./decoder.ts";
import type { Protocol } from "./dial.ts";
import { Echoes } from "./echoes.ts";
import type { Taken } from "./http1/body.ts";
import { FactOrder } from "./fact-order.ts";
import type { Later } from "./later.ts";
import { BodyMask, maskWhole } from "./mask-body.ts";
import type { Kind } from "./websocket.ts";

export type RecordOptions = {
  readonly tell: Tell;
  /** When what is told is masked: behind the traffic. */
  readonly later: Later;
  readonly mask: Mask | null;
  /** True where a source should be stopped until `room` is called: the record is far behind. */
  readonly shouldPause: (room: () => void) => boolean;
  /** Told of bytes that are not kept. */
  readonly released: (bytes: number) => void;
  /** Bytes of one body that are kept; what passes beyond is counted and told as a gap. The wire is never cut. */
  readonly bodyLimit: number;
};

type Side = { kept: number; lost: number };
type Talker = "client" | "server";

/** Decoded, a body is larger: so many times what is kept of one. What goes on and on behind it is a bomb. */
const DECODED = 2;

export class Recording {
  readonly id: string;
  readonly #target: string;
  readonly #options: RecordOptions;
  readonly #start = performance.now();
  readonly #sides: Record<From, Side> = {
    client: { kept: 0, lost: 0 },
    server: { kept: 0, lost: 0 },
    stderr: { kept: 0, lost: 0 },
  };
  readonly #echoes = new Echoes();
  readonly #bodyMasks: { client: BodyMask | null; server: BodyMask | null } = { client: null, server: null };
  /** Of the few sides that speak in a coding. */
  #bodies: { [from in Talker]?: CodedBody } | null = null;
  #messages: { [from in Talker]?: CodedMessages } | null = null;
  #extensions = "";
  #order: FactOrder | null = null;
  #over = false;

  /** `added`: a key of ours that goes upstream with the request. */
  constructor(options: RecordOptions, open: Omit<Open, "fact" | "id" | "at">, added: string | null = null) {
    this.#options = options;
    this.id = Bun.randomUUIDv7();
    this.#target = open.target;
    const { mask, tell, later } = options;
    const at = Date.now();
    later.push(() => {
      const found = (credential: string) => this.#echoes.add(credential);
      if (added !== null) found(added);
      const masked = mask && {
        headers: mask.headers(open.headers, found),
        path: mask.url(open.path, found),
        target: mask.url(open.target, found),
      };
      this.#startBody("client", open.headers);
      tell({ fact: "open", id: this.id, at, ...open, ...masked });
    }, 0);
  }

  /** The URL that is asked, masked: for sentences that are recorded too. */
  get target(): string {
    return this.#options.mask?.url(this.#target) ?? this.#target;
  }

  #startBody(from: Talker, headers: readonly Header[]): void {
    const { mask, bodyLimit } = this.#options;
    const kind = mask && kindOf(headers);
    this.#bodyMasks[from] = mask && kind ? new BodyMask(mask, kind, this.#echoes) : null;
    const codings = codingsOf(headers);
    if (codings.length === 0) return;
    this.#bodies ??= {};
    const unreadable = mask ? "lost" : "kept";
    this.#bodies[from] = new CodedBody(codings, DECODED * bodyLimit, unreadable, this.#say(from));
  }

  #say(from: Talker): Say {
    return {
      bytes: (t, bytes, passed, frame) => this.#tellMasked(from, t, bytes, frame, passed),
      gap: (t, lost, why) => this.#options.tell({ fact: "gap", id: this.id, t, from, lost, why }),
    };
  }

  /** True where the source of what passes should be stopped until `room` is called. */
  shouldPause(room: () => void): boolean {
    return this.#order?.shouldPause(room) || this.#options.shouldPause(room);
  }

  #decode(work: Promise<void>): void {
    this.#order ??= new FactOrder(this.#options.later.owe);
    this.#order.decode(work);
  }

  /** ms since the request, to a hundredth. */
  #now(): number {
    return Math.round((performance.now() - this.#start) * 100) / 100;
  }

  head(status: number, headers: readonly Header[], protocol: Protocol = "http/1.1"): void {
    if (this.#over) return;
    const t = this.#now();
    this.#options.later.push(() => this.#tellHead(t, status, headers, protocol), 0);
  }

  #tellHead(t: number, status: number, headers: readonly Header[], protocol: Protocol): void {
    if (this.#order?.busy) return this.#order.wait(() => this.#tellHead(t, status, headers, protocol), 0);
    const { mask, tell } = this.#options;
    // HTTP/2 has no such header: it is what the client is given instead of its frames.
    const sent = protocol === "h2" ? headers.filter(([name]) => name !== "transfer-encoding") : headers;
    this.#startBody("server", sent);
    if (status === 101) this.#extensions = header(sent, "sec-websocket-extensions") ?? "";
    const masked = mask
      ?.headers(sent)
      .map(([name, value]): Header => [name, this.#echoes.masked(value, mask.secret)]);
    const spoken = protocol === "h2" ? { protocol: "HTTP/2" as const } : {};
    tell({ fact: "head", id: this.id, t, status, headers: masked ?? sent, ...spoken });
  }

  bytes(from: From, bytes: Uint8Array, message?: Kind): void {
    // What passes while a connection is taken down is no part of the exchange any more.
    if (this.#over) return;
    const side = this.#sides[from];
    const room = this.#options.bodyLimit - side.kept;
    if (bytes.byteLength > room) {
      const rest = bytes.byteLength - Math.max(0, room);
      side.lost += rest;
      this.#options.released(rest);
      if (room <= 0) return;
      bytes = bytes.subarray(0, room);
    }
    side.kept += bytes.byteLength;
    const t = this.#now();
    const kept = bytes;
    this.#options.later.push(() => this.#tellBytes(from, t, kept, message), kept.byteLength);
  }

  #tellBytes(from: From, t: number, bytes: Uint8Array, message?: Kind): void {
    if (this.#order?.busy)
      return this.#order.wait(() => this.#tellBytes(from, t, bytes, message), bytes.byteLength);
    if (from === "stderr") return this.#tellMasked(from, t, bytes);
    if (message?.deflated) return this.#decode(this.#messagesOf(from).take(t, bytes, message.frame));
    const body = message ? undefined : this.#bodies?.[from];
    if (body) this.#decode(body.take(t, bytes));
    else this.#tellMasked(from, t, bytes, message?.frame);
  }

  #messagesOf(from: Talker): CodedMessages {
    this.#messages ??= {};
    const limit = DECODED * this.#options.bodyLimit;
    return (this.#messages[from] ??= new CodedMessages(from, this.#extensions, limit, this.#say(from)));
  }

  #tellMasked(from: From, t: number, bytes: Uint8Array, frame?: Bytes["frame"], passed?: number): void {
    const { id } = this;
    const tell = (masked: Uint8Array) => {
      const fact = { fact: "bytes" as const, id, t, from, bytes: masked };
      if (frame === undefined && passed === undefined) this.#options.tell(fact);
      else this.#options.tell({ ...fact, ...(frame && { frame }), ...(passed !== undefined && { passed }) });
    };
    const { mask } = this.#options;
    const body = from === "stderr" ? null : this.#bodyMasks[from];
    if (!mask) tell(bytes);
    else if (frame) tell(isText(frame, bytes) ? maskWhole(bytes, mask, this.#echoes) : bytes);
    else if (body) body.push(bytes, tell);
    else tell(bytes);
  }

  /** What stands behind a body, which is thereby over. */
  trailers(from: Talker, { trailers = [], missed = 0 }: Pick<Taken, "trailers" | "missed">): void {
    if (this.#over || trailers.length + missed === 0) return;
    const t = this.#now();
    this.#options.later.push(() => this.#tellTrailers(from, t, trailers, missed), 0);
  }

  #tellTrailers(from: Talker, t: number, trailers: readonly Header[], missed: number): void {
    if (!this.#hasEnded(from, t, this.#howEnded(from)))
      return this.#order!.wait(() => this.#tellTrailers(from, t, trailers, missed), 0);
    const { id } = this;
    const { mask, tell } = this.#options;
    const found = (credential: string) => this.#echoes.add(credential);
    const headers = mask
      ? mask
          .headers(trailers, from === "client" ? found : undefined)
          .map(([name, value]): Header => [name, this.#echoes.masked(value, mask.secret)])
      : trailers;
    if (headers.length > 0) tell({ fact: "trailers", id, t, from, headers });
    const why = "more trailers passed than are kept, or some that are none";
    if (missed > 0) tell({ fact: "gap", id, t, from, lost: missed, why });
  }

  /** The request's body has ended: nothing of it needs to be held back any longer. */
  requestEnded(): void {
    const t = this.#now();
    this.#options.later.push(() => this.#tellRequestEnded(t), 0);
  }

  #tellRequestEnded(t: number): void {
    if (!this.#hasEnded("client", t, this.#howEnded("client")))
      this.#order!.wait(() => this.#tellRequestEnded(t), 0);
  }

  /** Tells what is held back of a body. False where that, or what is before it, is still being decoded. */
  #hasEnded(from: Talker, t: number, how: "whole" | "cut"): boolean {
    if (this.#order?.busy) return false;
    const coded = this.#bodies?.[from];
    if (coded) {
      delete this.#bodies![from];
      this.#decode(coded.end(t, how));
      return false;
    }
    this.#bodyMasks[from]?.end();
    return true;
  }

  #howEnded(from: Talker): "whole" | "cut" {
    return this.#sides[from].lost === 0 ? "whole" : "cut";
  }

  /** The first ending counts: what breaks while things are torn down is no second one. */
  close(ending: Ending, error: string | null, more?: Pick<Close, "socket">): void {
    if (this.#over) return;
    this.#over = true;
    const t = this.#now();
    this.#options.later.push(() => this.#tellClose(t, ending, error, more), 0);
  }

  #tellClose(t: number, ending: Ending, error: string | null, more?: Pick<Close, "socket">): void {
    const whole = ending === "complete" ? this.#howEnded("server") : "cut";
    if (!this.#hasEnded("client", t, "cut") || !this.#hasEnded("server", t, whole))
      return this.#order!.wait(() => this.#tellClose(t, ending, error, more), 0);
    this.#messages?.client?.close();
    this.#messages?.server?.close();
    for (const from of ["client", "server"] as const) {
      const { lost } = this.#sides[from];
      if (lost === 0) continue;
      const why = `the record keeps ${this.#options.bodyLimit} bytes of a body; everything passed`;
      this.#options.tell({ fact: "gap", id: this.id, t, from, lost, why });
    }
    const { mask } = this.#options;
    const said = (text: string) => (mask ? this.#echoes.masked(mask.sentence(text), mask.secret) : text);
    const socket = more?.socket && { ...more.socket, reason: said(more.socket.reason) };
    this.#options.tell({
      fact: "close",
      id: this.id,
      t,
      ending,
      error: error === null ? null : said(error),
      ...(socket && { socket }),
    });
  }
}

/** Null for what is no text: nothing can be found in it, and what looks like a key is none. */
function kindOf(headers: readonly Header[]): "json" | "form" | null {
  let kind: "json" | "form" = "json";
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (key !== "content-type") continue;
    if (NO_TEXT.test(value)) return null;
    if (/x-www-form-urlencoded/i.test(value)) kind = "form";
  }
  return kind;
}

const NO_TEXT =
  /^\s*(?:image|audio|video|font)\/|octet-stream|\/(?:zip|gzip|pdf|protobuf|x-protobuf|vnd\.amazon\.eventstream)\b/i;

/** Gemini's Live API sends its JSON in binary messages. */
function isText(frame: Bytes["frame"], bytes: Uint8Array): boolean {
  return frame === "text" || bytes[0] === 0x7b || bytes[0] === 0x5b;
}
