/** The heads of a response: any number of interim ones, which are the client's business, and the one that counts. */
import { HeadBuffer } from "./head-buffer.ts";
import { BARE_LF, LARGEST_HEAD, notHttp1, parseResponseHead, type ResponseHead } from "./head.ts";

/** Interim responses that are read in one turn. */
const INTERIM_AT_ONCE = 100;

export type ResponseStart = {
  readonly interim: readonly ResponseHead[];
  /** `again`: the rest is to be given once more, after others had their turn. */
  readonly next:
    | { readonly head: ResponseHead; readonly rest: Buffer }
    | { readonly broken: string }
    | { readonly again: Buffer }
    | "more";
};

export class ResponseHeads {
  readonly #bytes = new HeadBuffer();
  #hasBegun = false;

  /** Something was answered, and be it half a head. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  read(bytes: Buffer): ResponseStart {
    this.#hasBegun ||= bytes.byteLength > 0;
    this.#bytes.add(bytes);
    const interim: ResponseHead[] = [];
    while (interim.length < INTERIM_AT_ONCE) {
      const end = this.#bytes.look();
      if (end === "too-large")
        return { interim, next: { broken: `its headers are larger than ${LARGEST_HEAD} bytes` } };
      if (typeof end === "string") {
        const broken = notHttp1(this.#bytes.bytes) ?? (end === "bare-lf" ? BARE_LF : null);
        return { interim, next: broken === null ? "more" : { broken } };
      }
      const came = this.#bytes.take();
      const rest = came.subarray(end);
      const head = parseResponseHead(came.subarray(0, end));
      if (typeof head === "string") return { interim, next: { broken: head } };
      if (head.status >= 200 || head.status === 101) return { interim, next: { head, rest } };
      interim.push(head);
      this.#bytes.add(rest);
    }
    return { interim, next: { again: this.#bytes.take() } };
  }
}
