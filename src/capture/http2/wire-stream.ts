/** A wire as a stream of node, for the one library that wants one: HTTP/2 over a connection that we have dialled. */
import { Duplex } from "node:stream";
import type { Wire } from "../dial.ts";

export class WireStream extends Duplex {
  readonly #wire: Wire;
  /** What the wire has not taken yet, and who is told when it has. */
  #unsent: Uint8Array | null = null;
  #written: (() => void) | null = null;

  constructor(wire: Wire) {
    super();
    this.#wire = wire;
    // A session does not look at the end of a stream (Bun 1.4.5), and nothing is left to be said behind it.
    this.once("end", () => this.destroy());
  }

  data(bytes: Buffer): void {
    if (!this.push(bytes)) this.#wire.pause();
  }

  ended(): void {
    this.push(null);
  }

  drain(): void {
    if (this.#unsent === null) return;
    const sent = Math.max(0, this.#wire.write(this.#unsent));
    this.#unsent = sent < this.#unsent.byteLength ? this.#unsent.subarray(sent) : null;
    if (this.#unsent !== null) return;
    const written = this.#written;
    this.#written = null;
    written?.();
  }

  override _read(): void {
    this.#wire.resume();
  }

  override _write(bytes: Buffer, _: unknown, written: () => void): void {
    this.#unsent = bytes;
    this.#written = written;
    this.drain();
  }

  override _final(done: () => void): void {
    this.#wire.shutdown();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#wire.end();
    done(error);
  }
}
