/** The writing end of a wire with its back-pressure: what the wire does not take waits here, and the source is paused. */
import type { Wire } from "./dial.ts";

export class Sink {
  readonly wire: Wire;
  /** Stops and starts whoever feeds this sink. */
  readonly #flow: { pause(): void; resume(): void };
  /** What the wire has not taken yet. Bounded: its source is paused as long as anything is here. */
  #waiting: Uint8Array[] = [];
  #onFlushed: (() => void) | null = null;

  constructor(wire: Wire, flow: { pause(): void; resume(): void }) {
    this.wire = wire;
    this.#flow = flow;
  }

  send(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    if (this.#waiting.length > 0) {
      this.#waiting.push(bytes);
      return;
    }
    const sent = Math.max(0, this.wire.write(bytes));
    if (sent === bytes.byteLength) return;
    this.#waiting.push(bytes.subarray(sent));
    this.#flow.pause();
  }

  /** The wire can take more. */
  drain(): void {
    while (this.#waiting.length > 0) {
      const bytes = this.#waiting[0]!;
      const sent = Math.max(0, this.wire.write(bytes));
      if (sent < bytes.byteLength) {
        this.#waiting[0] = bytes.subarray(sent);
        return;
      }
      this.#waiting.shift();
    }
    this.#flow.resume();
    this.#onFlushed?.();
    this.#onFlushed = null;
  }

  /** Runs `then` when everything is with the wire: at once when nothing waits. */
  flushed(then: () => void): void {
    if (this.#waiting.length === 0) then();
    else this.#onFlushed = then;
  }
}
