/**
 * Takes a coding off bytes as they pass, for the record only: the wire carries them untouched. zlib works on threads of
 * its own, so that the traffic's has nothing to do but to hand over what comes.
 */
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  constants,
  createZstdDecompress,
} from "node:zlib";
import type { Header } from "../../fact/fact.ts";
import { PART_BYTES } from "../../fact/parts.ts";
import { tokens } from "../http1/head.ts";

type Stream = NodeJS.ReadWriteStream & { destroy(): void };

/** What comes out at once, and is looked through at once. */
const PART = { chunkSize: 2 * PART_BYTES };

/** 8 MB: RFC 9659 lets the coding `zstd` have no larger window. One of 128 MB would take that much for each body. */
const WINDOW = 23;

/** Codings of a body in the order in which they were applied (RFC 9110 8.4); none for nearly all. */
export function codingsOf(headers: readonly Header[]): string[] {
  const content = tokens(headers, "content-encoding");
  const transfer = tokens(headers, "transfer-encoding");
  if (content.length === 0 && transfer.length === 0) return content;
  return [...content, ...transfer].filter((coding) => coding !== "identity" && coding !== "chunked");
}

export class Decoder {
  readonly #coding: string;
  readonly #limit: number;
  #stream: Stream | null = null;
  #size = 0;
  /** Why nothing can be read any more. */
  #broken: string | null = null;
  #isEnding = false;
  #told: (part: Uint8Array) => void = () => {};
  #done: () => void = () => {};

  /** `messages`: each ends as RFC 7692 says, and all are of one stream. `limit`: bytes that may come out of it. */
  constructor(coding: string | "messages", limit: number) {
    this.#coding = coding;
    this.#limit = limit;
  }

  /**
   * Tells in parts what these bytes made readable, then resolves: with null, or with a sentence when the rest of them and
   * all that follows cannot be read. Never rejects. One call at a time.
   */
  async take(bytes: Uint8Array, told: (part: Uint8Array) => void): Promise<string | null> {
    if (this.#broken !== null || bytes.byteLength === 0) return this.#broken;
    this.#stream ??= this.#open(bytes[0]!);
    const stream = this.#stream;
    if (stream === null) return this.#broken;
    this.#told = told;
    await new Promise<void>((done) => {
      this.#done = done;
      stream.write(bytes as Uint8Array<ArrayBuffer>, () => done());
    });
    return this.#broken;
  }

  /** Nothing more comes: a sentence when the coding has not come to its end. */
  async end(): Promise<string | null> {
    const stream = this.#stream;
    if (this.#broken !== null || stream === null) return this.#broken;
    this.#isEnding = true;
    await new Promise<void>((done) => {
      this.#done = done;
      stream.end();
    });
    return this.#broken;
  }

  /** As if nothing had come; what has come out of it still counts. */
  reset(): void {
    this.#stream?.destroy();
    this.#stream = null;
    this.#broken = null;
  }

  #open(first: number): Stream | null {
    const stream = streamOf(this.#coding, first);
    if (stream === null) this.#broken = "nobody here knows its coding";
    stream?.on("data", (part: Buffer) => {
      if (this.#broken !== null || this.#stream !== stream) return;
      this.#size += part.byteLength;
      if (this.#size <= this.#limit) this.#told(part);
      else this.#break(`decoded it is larger than ${this.#limit} bytes`);
    });
    stream?.on("error", (error: Error) => this.#stream === stream && this.#break(error.message));
    stream?.on("end", () => {
      if (this.#stream !== stream) return;
      // A message may be the last of its stream; the next one begins another.
      if (this.#coding === "messages") this.reset();
      else if (!this.#isEnding) this.#break("it goes on behind its end");
      this.#done();
    });
    return stream;
  }

  #break(why: string): void {
    this.#broken ??= why;
    this.#stream?.destroy();
    this.#done();
  }
}

/** Null for a coding that nobody here knows. */
function streamOf(coding: string, first: number): Stream | null {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return createGunzip(PART);
    case "deflate":
      // Some servers send it without the zlib header that RFC 9110 8.4.1.2 asks for; its low four bits are 8.
      return (first & 0x0f) === 8 ? createInflate(PART) : createInflateRaw(PART);
    case "messages":
      return createInflateRaw(PART);
    case "br":
      return createBrotliDecompress(PART);
    case "zstd":
      return createZstdDecompress({ ...PART, params: { [constants.ZSTD_d_windowLogMax]: WINDOW } });
    default:
      return null;
  }
}
