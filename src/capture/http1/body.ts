/**
 * Where a message's body ends (RFC 9112 section 6), found by watching the bytes go by. The bytes themselves are passed
 * on as they are, framing and trailers included; what is told of them is the body without the chunk framing.
 */
import type { Header } from "../../fact/fact.ts";
import { tokens, withoutSpace, type RequestHead, type ResponseHead } from "./head.ts";

export type Taken = {
  /** How many of the bytes belong to this message. */
  used: number;
  /** The body's own bytes among them. */
  body: Uint8Array[];
  done: boolean;
  /** With the end of a chunked body: the headers behind it, and how many bytes of them are not among these. */
  trailers?: Header[];
  missed?: number;
  /** A sentence when the framing is broken: what follows cannot be understood any more. */
  broken?: string;
};

export interface Framing {
  /** `until-close`: only the end of the connection ends it. */
  readonly kind: "none" | "length" | "chunked" | "until-close";
  take(bytes: Uint8Array): Taken;
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
    return new Chunked();
  }
  if (typeof length === "string") return length;
  // RFC 9110 8.6: the same number twice must be refused or made one; who sends that is not to be trusted.
  if (tokens(head.headers, "content-length").length > 1) return "the request has content-length twice";
  return length === null || length === 0 ? none : new Length(length);
}

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

function contentLength(headers: readonly Header[]): number | null | string {
  const values = new Set(tokens(headers, "content-length"));
  if (values.size === 0) return has(headers, "content-length") ? "content-length is empty" : null;
  const value = [...values][0]!;
  if (values.size > 1 || !/^\d{1,15}$/.test(value))
    return `content-length is not one number: ${[...values].join(", ").slice(0, 80)}`;
  return Number(value);
}

function has(headers: readonly Header[], name: string): boolean {
  return headers.some(([key]) => key.toLowerCase() === name);
}

const none: Framing = { kind: "none", take: () => ({ used: 0, body: [], done: true }) };

const untilClose: Framing = {
  kind: "until-close",
  take: (bytes) => ({ used: bytes.byteLength, body: [bytes], done: false }),
};

class Length implements Framing {
  readonly kind = "length";
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  take(bytes: Uint8Array): Taken {
    const used = Math.min(this.#left, bytes.byteLength);
    this.#left -= used;
    const body = used === bytes.byteLength ? bytes : bytes.subarray(0, used);
    return { used, body: used > 0 ? [body] : [], done: this.#left === 0 };
  }
}

const CR = 13;
const LF = 10;

/** A line of the framing (a size with its extensions, a trailer) longer than this is no framing. */
const LONGEST_LINE = 64 * 1024;

/** Nobody sends more; in HTTP/1.1 they pass all the same. */
const MOST_TRAILERS = 100;

class Chunked implements Framing {
  readonly kind = "chunked";
  /** Which part of the framing the next byte belongs to. */
  #at: "size" | "data" | "data-end" | "trailer" = "size";
  /** The line so far, when its end has not come yet. */
  #line = "";
  #left = 0;
  readonly #trailers: Header[] = [];
  #missed = 0;

  take(bytes: Uint8Array): Taken {
    const body: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.byteLength) {
      if (this.#at === "data") {
        const end = Math.min(at + this.#left, bytes.byteLength);
        body.push(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#at = "data-end";
        continue;
      }
      const end = bytes.indexOf(LF, at);
      const stop = end < 0 ? bytes.byteLength : end;
      this.#line += Buffer.from(bytes.buffer, bytes.byteOffset + at, stop - at).toString("latin1");
      if (this.#line.length > LONGEST_LINE)
        return { used: at, body, done: false, broken: "a line of the chunk framing has no end" };
      if (end < 0) return { used: bytes.byteLength, body, done: false };
      at = end + 1;
      const line = this.#line.charCodeAt(this.#line.length - 1) === CR ? this.#line.slice(0, -1) : null;
      this.#line = "";
      if (line === null)
        return { used: at, body, done: false, broken: "a line of the chunk framing ends without CR" };
      const next = this.#next(line);
      if (next === "done")
        return { used: at, body, done: true, trailers: this.#trailers, missed: this.#missed };
      if (next !== "more") return { used: at, body, done: false, broken: next };
    }
    return { used: at, body, done: false };
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
