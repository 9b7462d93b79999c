/**
 * Where a message's body ends (RFC 9112 section 6), found by watching the bytes go by. The bytes themselves are passed
 * on as they are, framing and trailers included; what is told of them is the body without the chunk framing.
 */
import type { Header } from "../../fact/fact.ts";
import { isCalled, tokens, withoutSpace, type RequestHead, type ResponseHead } from "./head.ts";

export type Taken = {
  /** How many of the bytes belong to this message, as far as they were looked at. */
  used: number;
  /** The body's own bytes among them: what passed together is one piece. */
  body: Uint8Array;
  /** What follows in the same bytes, where its parts are so large that a copy of all would cost more than pieces. */
  more?: readonly Uint8Array[];
  done: boolean;
  /** The rest is to be given again, after others had their turn. */
  again?: true;
  /** With the end of a chunked body: the headers behind it, and how many bytes of them are not among these. */
  trailers?: Header[];
  missed?: number;
  /** A sentence when the framing is broken: what follows cannot be understood any more. */
  broken?: string;
};

export interface Framing {
  /** `until-close`: only the end of the connection ends it. */
  readonly kind: "none" | "length" | "chunked" | "until-close";
  /** `watch` sees the body's bytes where they lie, before they are told, and may change them. */
  take(bytes: Uint8Array, watch?: (piece: Uint8Array) => void): Taken;
}

/** A sentence when two readers could see different ends: the door that request smuggling comes through. */
export function requestFraming(head: RequestHead): Framing | string {
  const coding = tokens(head.headers, "transfer-encoding");
  const length = contentLength(head.headers);
  if (coding.length > 0 || has(head.headers, "transfer-encoding")) {
    if (length !== null) return "the request has both content-length and transfer-encoding";
    if (head.version === "1.0") return "an HTTP/1.0 request cannot have transfer-encoding";
    if (coding.at(-1) !== "chunked" || coding.indexOf("chunked") !== coding.length - 1) {
      return `the transfer-encoding ${JSON.stringify(coding.join(", "))} does not say where the body ends`;
    }
    // RFC 9112 7: some servers leave out what they do not know, others read the whole as unknown.
    const odd = coding.find((name) => !CODINGS.has(name));
    if (odd !== undefined) return `nobody knows the transfer-encoding ${JSON.stringify(odd)}`;
    return new Chunked();
  }
  if (typeof length === "string") return length;
  // RFC 9110 8.6: the same number twice must be refused or made one; who sends that is not to be trusted.
  if (tokens(head.headers, "content-length").length > 1) return "the request has content-length twice";
  return length === null || length === 0 ? none : new Length(length);
}

/** The registry of HTTP transfer codings (IANA), less what is no coding any more (`identity`) and belongs to TE (`trailers`). */
const CODINGS = new Set(["chunked", "compress", "deflate", "gzip", "x-compress", "x-gzip"]);

export function responseFraming(head: ResponseHead, method: string): Framing | string {
  const { status, headers } = head;
  if (method === "HEAD" || status === 204 || status === 304 || status < 200) return none;
  const coding = tokens(headers, "transfer-encoding");
  if (coding.at(-1) === "chunked") return new Chunked();
  if (coding.length > 0) return untilClose;
  const length = contentLength(headers);
  if (typeof length === "string") return length;
  if (length === null) return untilClose;
  return length === 0 ? none : new Length(length);
}

/** The same framing for another message. `length`: of a body that has one. */
export function framingAgain(framing: Framing, length?: number): Framing {
  if (framing instanceof Length) return new Length(length ?? framing.length);
  return framing instanceof Chunked ? new Chunked() : framing;
}

/** One number, as nearly all say it. */
const PLAIN = /^\d{1,15}$/;

function contentLength(headers: readonly Header[]): number | null | string {
  let only: string | null = null;
  for (const [name, value] of headers) {
    if (!isCalled(name, "content-length")) continue;
    if (only !== null || !PLAIN.test(value)) return anyContentLength(headers);
    only = value;
  }
  return only === null ? null : Number(only);
}

function anyContentLength(headers: readonly Header[]): number | null | string {
  const values = new Set(tokens(headers, "content-length"));
  if (values.size === 0) return has(headers, "content-length") ? "content-length is empty" : null;
  const value = [...values][0]!;
  if (values.size > 1 || !/^\d{1,15}$/.test(value))
    return `content-length is not one number: ${[...values].join(", ").slice(0, 80)}`;
  return Number(value);
}

function has(headers: readonly Header[], name: string): boolean {
  for (const [key] of headers) if (isCalled(key, name)) return true;
  return false;
}

const NOTHING = new Uint8Array(0);

const none: Framing = { kind: "none", take: () => ({ used: 0, body: NOTHING, done: true }) };

const untilClose: Framing = {
  kind: "until-close",
  take(bytes, watch) {
    watch?.(bytes);
    return { used: bytes.byteLength, body: bytes, done: false };
  },
};

class Length implements Framing {
  readonly kind = "length";
  readonly length: number;
  #left: number;

  constructor(length: number) {
    this.length = length;
    this.#left = length;
  }

  take(bytes: Uint8Array, watch?: (piece: Uint8Array) => void): Taken {
    const used = Math.min(this.#left, bytes.byteLength);
    this.#left -= used;
    const body = used === bytes.byteLength ? bytes : bytes.subarray(0, used);
    if (used > 0) watch?.(body);
    return { used, body, done: this.#left === 0 };
  }
}

const CR = 13;
const LF = 10;

/** A line of the framing (a size with its extensions, a trailer) longer than this is no framing. */
const LONGEST_LINE = 64 * 1024;

/** Nobody sends more; in HTTP/1.1 they pass all the same. */
const MOST_TRAILERS = 100;

/** Parts of the framing that are looked at in one turn: far more than a model sends, and far below a millisecond. */
const STEPS_AT_ONCE = 10_000;

class Chunked implements Framing {
  readonly kind = "chunked";
  /** Which part of the framing the next byte belongs to. */
  #at: "size" | "data" | "data-end" | "trailer" = "size";
  /** The line so far, when its end has not come yet. */
  #line = "";
  #left = 0;
  readonly #trailers: Header[] = [];
  #missed = 0;

  take(bytes: Uint8Array, watch?: (piece: Uint8Array) => void): Taken {
    const spans = new Spans(bytes);
    const taken = this.#frame(bytes, spans);
    if (watch) spans.each(watch);
    if (!spans.areLarge) return { ...taken, body: spans.joined() };
    const [body = NOTHING, ...more] = spans.apart();
    return { ...taken, body, more };
  }

  #frame(bytes: Uint8Array, spans: Spans): Omit<Taken, "body"> {
    let at = 0;
    for (let step = 0; at < bytes.byteLength; step++) {
      if (step === STEPS_AT_ONCE) return { used: at, done: false, again: true };
      if (this.#at === "data") {
        const end = Math.min(at + this.#left, bytes.byteLength);
        spans.add(at, end);
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#at = "data-end";
        continue;
      }
      const plain = this.#line === "" ? this.#plain(bytes, at) : 0;
      if (plain > 0) {
        at += plain;
        continue;
      }
      const end = bytes.indexOf(LF, at);
      const stop = end < 0 ? bytes.byteLength : end;
      this.#line += Buffer.from(bytes.buffer, bytes.byteOffset + at, stop - at).toString("latin1");
      if (this.#line.length > LONGEST_LINE)
        return { used: at, done: false, broken: "a line of the chunk framing has no end" };
      if (end < 0) return { used: bytes.byteLength, done: false };
      at = end + 1;
      const line = this.#line.charCodeAt(this.#line.length - 1) === CR ? this.#line.slice(0, -1) : null;
      this.#line = "";
      if (line === null)
        return { used: at, done: false, broken: "a line of the chunk framing ends without CR" };
      const next = this.#next(line);
      if (next === "done") return { used: at, done: true, trailers: this.#trailers, missed: this.#missed };
      if (next !== "more") return { used: at, done: false, broken: next };
    }
    return { used: at, done: false };
  }

  /** What nearly all lines are, without a text made of them: a size alone, or none. Zero where it is another. */
  #plain(bytes: Uint8Array, from: number): number {
    let at = from;
    if (this.#at === "size") {
      let size = 0;
      for (let digit = HEX[bytes[at]!]!; digit >= 0 && at - from < 8; digit = HEX[bytes[++at]!] ?? -1)
        size = size * 16 + digit;
      if (size === 0 || bytes[at] !== CR || bytes[at + 1] !== LF) return 0;
      this.#left = size;
      this.#at = "data";
    } else if (this.#at !== "data-end" || bytes[at] !== CR || bytes[at + 1] !== LF) return 0;
    else this.#at = "size";
    return at + 2 - from;
  }

  #next(line: string): "more" | "done" | (string & {}) {
    switch (this.#at) {
      case "size": {
        const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1];
        if (size === undefined) return `a chunk's size is not a number: ${JSON.stringify(line.slice(0, 40))}`;
        this.#left = Number.parseInt(size, 16);
        this.#at = this.#left === 0 ? "trailer" : "data";
        return "more";
      }
      case "data-end":
        if (line !== "") return "a chunk is longer than its size";
        this.#at = "size";
        return "more";
      case "trailer":
        if (line === "") return "done";
        this.#trailer(line);
        return "more";
      case "data":
        return "more";
      default:
        return this.#at satisfies never;
    }
  }

  /** Passed on as it came; read for the record, and for whoever has to say it in another framing. */
  #trailer(line: string): void {
    const colon = line.indexOf(":");
    if (colon > 0 && this.#trailers.length < MOST_TRAILERS)
      this.#trailers.push([line.slice(0, colon), withoutSpace(line.slice(colon + 1))]);
    else this.#missed += line.length;
  }
}

const HEX = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

/** On average: then they are no copies. */
const LARGE = 8 * 1024;

/** Below this a copy by hand is quicker than a call. */
const BY_HAND = 24;

/** The parts of a packet that belong to the body. */
class Spans {
  readonly #bytes: Uint8Array;
  /** Starts and ends, one after another. */
  readonly #places: number[] = [];
  #size = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  add(start: number, end: number): void {
    this.#places.push(start, end);
    this.#size += end - start;
  }

  each(watch: (piece: Uint8Array) => void): void {
    for (let n = 0; n < this.#places.length; n += 2)
      watch(this.#bytes.subarray(this.#places[n], this.#places[n + 1]));
  }

  get areLarge(): boolean {
    const count = this.#places.length / 2;
    return count > 1 && this.#size >= count * LARGE;
  }

  apart(): Uint8Array[] {
    const parts: Uint8Array[] = [];
    this.each((part) => parts.push(part));
    return parts;
  }

  /** A copy only where there are several. */
  joined(): Uint8Array {
    const places = this.#places;
    if (places.length === 0) return NOTHING;
    if (places.length === 2) return this.#bytes.subarray(places[0], places[1]);
    const bytes = this.#bytes;
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (let n = 0; n < places.length; n += 2) {
      const [start, end] = [places[n]!, places[n + 1]!];
      if (end - start > BY_HAND) {
        whole.set(bytes.subarray(start, end), at);
        at += end - start;
      } else for (let from = start; from < end; from++) whole[at++] = bytes[from]!;
    }
    return whole;
  }
}
