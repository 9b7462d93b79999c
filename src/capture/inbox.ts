/** What a client says that belongs to no exchange yet: a head that is not complete, or its next requests. */
import { HeadBuffer } from "./http1/head-buffer.ts";
import { BARE_LF, LARGEST_HEAD } from "./http1/head.ts";
import { LastHead } from "./last-head.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { readRequest, type Refused, type Request } from "./request.ts";

/** Nobody needs longer for a head that has begun; who holds many of them open is answered. */
const HEAD_MS = 60_000;

export class Inbox {
  readonly #bytes = new HeadBuffer();
  readonly #onLate: (answer: Refusal) => void;
  readonly #headMs: number;
  readonly #last = new LastHead();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onLate`: a head that has begun does not end. */
  constructor(onLate: (answer: Refusal) => void, headMs = HEAD_MS) {
    this.#headMs = headMs;
    this.#onLate = onLate;
  }

  get size(): number {
    return this.#bytes.size;
  }

  add(bytes: Buffer): void {
    this.#bytes.add(bytes);
  }

  /** All of it, which is thereby no request any more. */
  take(): Buffer {
    return this.#bytes.take();
  }

  /** The next request, and what came behind its head; null while that is not complete. */
  next(): { readonly request: Request | Refused; readonly rest: Buffer } | null {
    // RFC 9112 2.2: an empty line before the request line is to be ignored.
    this.#bytes.skipEmptyLines();
    if (this.#bytes.size === 0) return null;
    const end = this.#bytes.look();
    if (end === "more") {
      this.#timer ??= setTimeout(() => this.#onLate(refusal(408, LATE)), this.#headMs).unref();
      return null;
    }
    this.close();
    const bytes = this.#bytes.take();
    if (typeof end === "number")
      return { request: this.#read(bytes.subarray(0, end)), rest: bytes.subarray(end) };
    const answer = end === "bare-lf" ? refusal(400, BARE_LF) : refusal(431, TOO_LARGE);
    return { request: { head: null, refusal: answer }, rest: bytes };
  }

  #read(head: Buffer): Request | Refused {
    const again = this.#last.again(head);
    if (again) return again;
    const request = readRequest(head);
    if (!("refusal" in request)) this.#last.keep(head, request);
    return request;
  }

  /** Nothing is waited for any more. */
  close(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

const TOO_LARGE = `the request's headers are larger than ${LARGEST_HEAD} bytes`;
const LATE = `the request's headers did not end within ${HEAD_MS / 1000} s`;
