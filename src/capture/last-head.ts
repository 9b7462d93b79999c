/**
 * The head with which a connection asked last. A client says the same again and again, but for the length of its body:
 * such a head is not read again, and what follows from it is known.
 */
import { framingAgain } from "./http1/body.ts";
import type { Request } from "./request.ts";

/** A client's own take some hundred bytes; each connection keeps one. */
const LONGEST_KEPT = 4 * 1024;

const LENGTH = /\r\ncontent-length:[ \t]*([1-9]\d{0,14})[ \t]*(?=\r\n)/gi;
const [ZERO, NINE] = [48, 57];

export class LastHead {
  #bytes: Buffer | null = null;
  #request: Request | null = null;
  /** Where the digits of its `content-length` stand; nowhere in a head without one. */
  #from = 0;
  #to = 0;

  /** The request that begins with this head, where it is the last one's. */
  again(bytes: Buffer): Request | null {
    const last = this.#request;
    const known = this.#bytes;
    if (last === null || known === null) return null;
    if (bytes.equals(known)) return { ...last, framing: framingAgain(last.framing) };
    if (this.#to === 0) return null;
    const { length } = known;
    let at = this.#from;
    const others = length - (this.#to - at);
    if (bytes.byteLength <= others || bytes.compare(known, 0, at, 0, at) !== 0) return null;
    if (bytes[at] === ZERO) return null;
    while (at - this.#from < 15 && bytes[at]! >= ZERO && bytes[at]! <= NINE) at++;
    if (at === this.#from || bytes.compare(known, this.#to, length, at) !== 0) return null;
    const size = bytes.toString("latin1", this.#from, at);
    const headers = last.head.headers.map((header) =>
      header[0].length === 14 && header[0].toLowerCase() === "content-length"
        ? ([header[0], size] as const)
        : header,
    );
    return { ...last, head: { ...last.head, headers }, framing: framingAgain(last.framing, Number(size)) };
  }

  /** `bytes`: the head of this request; they are copied. */
  keep(bytes: Buffer, request: Request): void {
    this.#request = null;
    this.#bytes = null;
    // Who says the token to us says it again each time, and is counted each time.
    if (bytes.byteLength > LONGEST_KEPT || request.token !== null) return;
    this.#request = request;
    this.#bytes = Buffer.from(bytes);
    this.#to = 0;
    if (request.framing.kind !== "length") return;
    const [found, second] = bytes.toString("latin1").matchAll(LENGTH);
    if (!found?.[1] || second) return;
    this.#from = found.index + found[0].indexOf(found[1], "\r\ncontent-length:".length);
    this.#to = this.#from + found[1].length;
  }
}
