/** What is told of one exchange: in order, masked, within the limit, with exactly one ending. */
import { header } from "../../fact/exchange.ts";
import type { Bytes, Close, Ending, Header, Open, Tell } from "../../fact/fact.ts";
import type { Mask, Told } from "../../fact/mask.ts";
import { atOnce, PART_BYTES, type InParts } from "../../fact/parts.ts";
import { CodedBody, CodedMessages, type Say } from "./coded-body.ts";
import { codingsOf } from "./decoder.ts";
import { undeclaredCoding } from "./undeclared-coding.ts";
import type { Protocol } from "../dial.ts";
import { Echoes } from "./echoes.ts";
import type { Taken } from "../http1/body.ts";
import { FactQueue, type FactTask } from "./fact-queue.ts";
import type { Later } from "./later.ts";
import { BodyMask } from "./mask-body.ts";
import { EventStreamMask } from "./mask-event-stream.ts";
import type { Kind } from "../websocket.ts";

export type RecordOptions = {
  readonly tell: Tell;
  /** When what is told is masked: behind the traffic. */
  readonly later: Later;
  readonly mask: Mask | null;
  /** True where a source should be stopped until `room` is called: the record is far behind. */
  readonly shouldPause: (room: () => void) => boolean;
  /** Told of bytes that are not kept. */
  readonly released: (bytes: number) => void;
  /**
   * Bytes of one body that are kept, decoded where it is coded: 1 MB may say 1 GB. What passes beyond is counted and told
   * as a gap. The wire is never cut.
   */
  readonly bodyLimit: number;
};

/** `cut`: something of it is not kept, and be it a message without a byte. */
type Side = { kept: number; pieces: number; lost: number; cut: boolean };
type Talker = "client" | "server";

/** How an exchange ended, as far as it is known only when all that passed was read. */
export type Ended = {
  readonly ending: Ending;
  readonly error: string | null;
  readonly socket?: Close["socket"];
};

/** Decoded, messages are larger: so many times what is kept of them, all together. */
const DECODED_MESSAGES = 2;

/** Pieces and messages of one side that are kept: each costs whoever reads them far more than its bytes. */
const MOST_PIECES = 150_000;

/** A socket carries many requests, each of which is kept as a body is: so many times what is kept of one. */
const SOCKET = 8;

/** Each is looked through for all that the client has signed in with. */
const HEADERS_AT_ONCE = 32;

export class Recording {
  readonly id: string;
  readonly #target: string;
  readonly #options: RecordOptions;
  readonly #start = performance.now();
  readonly #sides: Record<Talker, Side> = {
    client: { kept: 0, pieces: 0, lost: 0, cut: false },
    server: { kept: 0, pieces: 0, lost: 0, cut: false },
  };
  readonly #echoes = new Echoes();
  readonly #bodyMasks: { [from in Talker]: BodyMask | EventStreamMask | null } = {
    client: null,
    server: null,
  };
  /** Of the few sides that speak in a coding. */
  #bodies: { [from in Talker]?: CodedBody } | null = null;
  /** Text of which nothing came yet. */
  readonly #unseen: { [from in Talker]?: boolean } = {};
  #messages: { [from in Talker]?: CodedMessages } | null = null;
  #extensions = "";
  readonly #queue: FactQueue;
  /** How many bodies' worth is kept of each side. */
  #worth = 1;
  #isOver = false;
  /** What the recorder itself failed with. */
  #failure: string | null = null;

  /** `added`: a key of ours that goes upstream with the request. */
  constructor(options: RecordOptions, open: Omit<Open, "fact" | "id" | "at">, added: string | null = null) {
    this.#options = options;
    this.id = Bun.randomUUIDv7();
    this.#target = open.target;
    this.#queue = new FactQueue(options.later, (error) => this.#failed(error));
    const at = Date.now();
    this.#push(0, () => this.#tellOpen(at, open, added));
  }

  /** The URL that is asked, masked: for sentences that are recorded too. */
  get target(): string {
    return this.#options.mask?.url(this.#target) ?? this.#target;
  }

  /** True where the source of what passes should be stopped until `resume` is called. */
  shouldPause(resume: () => void): boolean {
    const { later, shouldPause } = this.#options;
    return this.#queue.shouldPause(resume) || later.shouldPause(resume) || shouldPause(resume);
  }

  // What passes. Each of these costs the traffic a push to a list.

  head(status: number, headers: readonly Header[], protocol: Protocol = "http/1.1"): void {
    if (this.#isOver) return;
    const t = this.#now();
    this.#push(0, () => this.#tellHead(t, status, headers, protocol));
  }

  bytes(from: Talker, bytes: Uint8Array): void {
    // What passes while a connection is taken down is no part of the exchange any more.
    if (this.#isOver) return;
    const kept = this.#keep(from, bytes);
    if (kept === null) return;
    const t = this.#now();
    this.#push(kept.byteLength, () => this.#tellBody(from, t, kept));
  }

  /** Bytes of another protocol than HTTP, which `read` makes messages of in its turn. */
  tunnelled(bytes: number, read: (t: number) => ReturnType<FactTask>): void {
    if (this.#isOver) return;
    const t = this.#now();
    this.#push(bytes, () => read(t));
  }

  /** What stands behind a body, which is thereby over. */
  trailers(from: Talker, { trailers = [], missed = 0 }: Pick<Taken, "trailers" | "missed">): void {
    if (this.#isOver || trailers.length + missed === 0) return;
    const t = this.#now();
    this.#push(0, () => this.#tellTrailers(from, t, trailers, missed));
  }

  /** The request's body has ended: nothing of it needs to be held back any longer. */
  requestEnded(): void {
    if (this.#sides.client.pieces === 0) return;
    const t = this.#now();
    this.#push(0, () => this.#endBody("client", t, this.#howEnded("client")));
  }

  /** The first ending counts: what breaks while things are torn down is no second one. */
  close(ending: Ending, error: string | null): void {
    this.closeAs(() => ({ ending, error }));
  }

  /** `ended` is asked when all that passed was read. */
  closeAs(ended: () => Ended): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const t = this.#now();
    this.#push(0, () => this.#close(t, ended));
  }

  *#close(t: number, ended: () => Ended): InParts {
    const how = ended();
    yield* this.#finish("client", t, "cut");
    yield* this.#finish("server", t, how.ending === "complete" ? this.#howEnded("server") : "cut");
    this.#tellClose(t, how);
  }

  /** One message of a WebSocket, or a piece of another protocol: only in the turn of `tunnelled`. */
  message(from: Talker, t: number, bytes: Uint8Array, kind?: Kind): void | InParts {
    if (kind) this.#worth = SOCKET;
    const kept = this.#keep(from, bytes);
    if (kept === null) return;
    if (kind?.deflated) return this.#messagesOf(from).take(t, kept, kind.frame);
    return this.#tellMasked(from, t, kept, kind?.frame);
  }

  #push(bytes: number, task: FactTask): void {
    this.#queue.push(task, bytes);
  }

  /** ms since the request, to a hundredth. */
  #now(): number {
    return Math.round((performance.now() - this.#start) * 100) / 100;
  }

  /** What the record has room for; null for nothing. */
  #keep(from: Talker, bytes: Uint8Array): Uint8Array | null {
    const side = this.#sides[from];
    const { bytes: limit, pieces } = this.#limits();
    const left = side.pieces < pieces ? limit - side.kept : 0;
    if (bytes.byteLength > left || side.pieces === pieces) {
      const kept = Math.max(0, left);
      const rest = bytes.byteLength - kept;
      side.lost += rest;
      side.cut = true;
      this.#options.released(rest);
      if (kept === 0) return null;
      bytes = bytes.subarray(0, kept);
    }
    side.kept += bytes.byteLength;
    side.pieces++;
    return bytes;
  }

  #limits(): { bytes: number; pieces: number } {
    return { bytes: this.#worth * this.#options.bodyLimit, pieces: this.#worth * MOST_PIECES };
  }

  // What is told, in its turn.

  *#tellOpen(at: number, open: Omit<Open, "fact" | "id" | "at">, added: string | null): InParts {
    const { mask, tell } = this.#options;
    const found: Told = (credential, source) => this.#echoes.add(credential, source);
    if (added !== null) this.#echoes.add(added);
    const masked = mask && {
      method: yield* this.#safely("", mask.textInParts(open.method)),
      headers: yield* this.#safely([], mask.headersInParts(open.headers, found)),
      path: yield* this.#safely("", mask.urlInParts(open.path, found)),
      target: yield* this.#safely("", mask.urlInParts(open.target, found)),
    };
    this.#startBody("client", open.headers);
    tell({ fact: "open", id: this.id, at, ...open, ...masked });
  }

  #startBody(from: Talker, headers: readonly Header[]): void {
    const { mask, bodyLimit } = this.#options;
    const kind = from === "server" ? answerKind(headers, this.#target) : kindOf(headers);
    this.#bodyMasks[from] =
      mask &&
      (isEventStream(headers)
        ? new EventStreamMask(mask, this.#echoes)
        : new BodyMask(mask, kind, this.#echoes));
    const codings = codingsOf(headers);
    // What is text by its name may be coded without a word about it: its first bytes say so.
    this.#unseen[from] = codings.length === 0 && kindOf(headers) !== null;
    if (codings.length > 0) this.#decode(from, codings, bodyLimit);
  }

  #decode(from: Talker, codings: readonly string[], bodyLimit: number): CodedBody {
    this.#bodies ??= {};
    const unreadable = this.#options.mask ? "lost" : "kept";
    return (this.#bodies[from] = new CodedBody(codings, bodyLimit, unreadable, this.#say(from)));
  }

  #say(from: Talker): Say {
    return {
      bytes: (t, bytes, passed) => {
        const told = this.#tellMasked(from, t, bytes, undefined, passed);
        if (told) atOnce(told);
      },
      message: (t, bytes, passed, frame) => this.#tellMasked(from, t, bytes, frame, passed),
      gap: (t, lost, why) => this.#options.tell({ fact: "gap", id: this.id, t, from, lost, why }),
    };
  }

  *#tellHead(t: number, status: number, headers: readonly Header[], protocol: Protocol): InParts {
    const { mask, tell } = this.#options;
    // HTTP/2 has no such header: it is what the client is given instead of its frames.
    const sent = protocol === "h2" ? headers.filter(([name]) => name !== "transfer-encoding") : headers;
    this.#startBody("server", sent);
    if (status === 101 && mask)
      for (const from of ["client", "server"] as const)
        this.#bodyMasks[from] = new BodyMask(mask, "stream", this.#echoes);
    if (status === 101) this.#extensions = header(sent, "sec-websocket-extensions") ?? "";
    const masked = mask && (yield* this.#safely([], this.#maskHeaders(mask, sent)));
    const spoken = protocol === "h2" ? { protocol: "HTTP/2" as const } : {};
    tell({ fact: "head", id: this.id, t, status, headers: masked ?? sent, ...spoken });
  }

  *#maskHeaders(mask: Mask, headers: readonly Header[], found?: Told): InParts<Header[]> {
    const masked: Header[] = [];
    for (const [name, value] of yield* mask.headersInParts(headers, found)) {
      if (masked.length % HEADERS_AT_ONCE === HEADERS_AT_ONCE - 1) yield;
      masked.push([name, this.#echoes.masked(value, mask.secret)]);
    }
    return masked;
  }

  #tellBody(from: Talker, t: number, bytes: Uint8Array): ReturnType<FactTask> {
    const body = this.#bodies?.[from] ?? this.#undeclared(from, bytes);
    if (body) return body.take(t, bytes);
    return this.#tellMasked(from, t, bytes);
  }

  #undeclared(from: Talker, bytes: Uint8Array): CodedBody | null {
    if (!this.#unseen[from]) return null;
    this.#unseen[from] = false;
    const coding = undeclaredCoding(bytes);
    return coding === null ? null : this.#decode(from, [coding], this.#options.bodyLimit);
  }

  #messagesOf(from: Talker): CodedMessages {
    this.#messages ??= {};
    const limit = DECODED_MESSAGES * this.#limits().bytes;
    return (this.#messages[from] ??= new CodedMessages(from, this.#extensions, limit, this.#say(from)));
  }

  #tellMasked(
    from: Talker,
    t: number,
    bytes: Uint8Array,
    frame?: Bytes["frame"],
    passed?: number,
  ): void | InParts {
    const { id } = this;
    const tell = (masked: Uint8Array) => {
      const fact = { fact: "bytes" as const, id, t, from, bytes: masked };
      if (frame === undefined && passed === undefined) this.#options.tell(fact);
      else this.#options.tell({ ...fact, ...(frame && { frame }), ...(passed !== undefined && { passed }) });
    };
    const { mask } = this.#options;
    const body = this.#bodyMasks[from];
    if (!mask || !body) return tell(bytes);
    const how = frame ? "message" : "push";
    if (bytes.byteLength > PART_BYTES) return body.inParts(how, bytes, tell);
    body[how](bytes, tell);
  }

  /** An error of our own there must not cost the ending. */
  *#finish(from: Talker, t: number, how: "whole" | "cut"): InParts {
    try {
      const waits = this.#endBody(from, t, how);
      if (waits) yield waits;
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Tells what is held back of a body. */
  #endBody(from: Talker, t: number, how: "whole" | "cut"): void | Promise<void> {
    const coded = this.#bodies?.[from];
    if (!coded) return this.#bodyMasks[from]?.end();
    delete this.#bodies![from];
    return coded.end(t, how).finally(() => this.#bodyMasks[from]?.end());
  }

  #howEnded(from: Talker): "whole" | "cut" {
    return this.#sides[from].cut ? "cut" : "whole";
  }

  *#tellTrailers(from: Talker, t: number, trailers: readonly Header[], missed: number): InParts {
    yield* this.#finish(from, t, this.#howEnded(from));
    const { id } = this;
    const { mask, tell } = this.#options;
    const found: Told = (credential, source) => this.#echoes.add(credential, source);
    const headers = mask
      ? yield* this.#maskHeaders(mask, trailers, from === "client" ? found : undefined)
      : trailers;
    if (headers.length > 0) tell({ fact: "trailers", id, t, from, headers });
    const why = "more trailers passed than are kept, or some that are none";
    if (missed > 0) tell({ fact: "gap", id, t, from, lost: missed, why });
  }

  #tellClose(t: number, { ending, error, socket: closed }: Ended): void {
    const { mask, tell } = this.#options;
    const limits = this.#limits();
    this.#messages?.client?.close();
    this.#messages?.server?.close();
    for (const from of ["client", "server"] as const) {
      const { lost, pieces, cut } = this.#sides[from];
      if (!cut) continue;
      const most = pieces < limits.pieces ? `${limits.bytes} bytes` : `${limits.pieces} pieces`;
      const of = this.#worth === 1 ? "a body" : "one side of a socket";
      const why = `the record keeps ${most} of ${of}; everything passed`;
      tell({ fact: "gap", id: this.id, t, from, lost, why });
    }
    const said = (text: string) => {
      try {
        return mask ? this.#echoes.masked(mask.text(text), mask.secret) : text;
      } catch (error) {
        this.#failed(error);
        return "";
      }
    };
    if (this.#failure !== null)
      tell({ fact: "gap", id: this.id, t, from: "server", lost: -1, why: this.#failure });
    const socket = closed && { ...closed, reason: said(closed.reason) };
    tell({
      fact: "close",
      id: this.id,
      t,
      ending,
      error: error === null ? null : said(error),
      ...(socket && { socket }),
    });
  }

  /** An error of our own costs this exchange a part of its record, and nobody anything else. */
  *#safely<T>(instead: T, work: InParts<T>): InParts<T> {
    try {
      return yield* work;
    } catch (error) {
      this.#failed(error);
      return instead;
    }
  }

  /** Not the error's message: what passed may stand in it. */
  #failed(error: unknown): void {
    const name = error instanceof Error ? error.name : "error";
    this.#failure ??= `the recorder failed (${name}), so that a part of this is missing; everything passed`;
  }
}

/** Whatever else a body is called, it may be a text: an error that is called an image, JSON in a binary message. */
function kindOf(headers: readonly Header[]): "text" | "form" {
  return /x-www-form-urlencoded/i.test(header(headers, "content-type") ?? "") ? "form" : "text";
}

/** What it says of itself: other answers are streams when a second object comes. */
function answerKind(headers: readonly Header[], target: string): "stream" | "answer" {
  // Gemini's stream may be an array whose elements come one by one.
  if (/:stream(?:GenerateContent|RawPredict)\b/.test(target)) return "stream";
  const type = header(headers, "content-type") ?? "";
  return /event-?stream|ndjson|jsonl|json-?lines|json-seq|stream\+json/i.test(type) ? "stream" : "answer";
}

/** AWS's, whose messages have checksums. */
function isEventStream(headers: readonly Header[]): boolean {
  return /vnd\.amazon\.eventstream/i.test(header(headers, "content-type") ?? "");
}
