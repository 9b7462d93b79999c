/** The writing end of a wire with its back-pressure: what the wire does not take waits here, and the source is stopped. */
import type { Wire } from "./dial.ts";

/**
 * Bytes that may wait before a source is stopped, shared by all sinks that are given it. A client whose upload stands
 * still is only heard to hang up when all that it said before was read: this is how far ahead is read for that.
 */
export class ByteBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

/** What waits for a wire that is being opened leaves in one packet up to this size. */
const ONE_PACKET = 64 * 1024;

/** Stops and starts whoever feeds a sink. */
export type Flow = { pause(): void; resume(): void };

export class Sink {
  /** Null while it is being opened. */
  #wire: Wire | null = null;
  readonly #flow: Flow;
  readonly #room: ByteBudget | null;
  /** What the wire has not taken yet. Bounded: beyond the room its source is paused until all of it has left. */
  #waiting: Uint8Array[] = [];
  #taken = 0;
  #paused = false;
  #onFlushed: (() => void) | null = null;

  constructor(flow: Flow, room: ByteBudget | null = null) {
    this.#flow = flow;
    this.#room = room;
  }

  /** The source is stopped until what waits has left. */
  get full(): boolean {
    return this.#paused;
  }

  open(wire: Wire): void {
    this.#wire = wire;
    if (this.#waiting.length === 0) return;
    const size = this.#waiting.reduce((sum, bytes) => sum + bytes.byteLength, 0);
    if (size <= ONE_PACKET) this.#waiting = [Buffer.concat(this.#waiting)];
    this.drain();
  }

  send(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    const sent = this.#waiting.length > 0 ? 0 : this.#write(bytes);
    if (sent === bytes.byteLength) return;
    const rest = bytes.subarray(sent);
    this.#waiting.push(rest);
    if (this.#room?.take(rest.byteLength)) this.#taken += rest.byteLength;
    else if (!this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  /** The wire can take more. */
  drain(): void {
    while (this.#waiting.length > 0) {
      const bytes = this.#waiting[0]!;
      const sent = this.#write(bytes);
      if (sent < bytes.byteLength) {
        this.#waiting[0] = bytes.subarray(sent);
        return;
      }
      this.#waiting.shift();
    }
    this.drop();
    if (this.#paused) {
      this.#paused = false;
      this.#flow.resume();
    }
    const then = this.#onFlushed;
    this.#onFlushed = null;
    then?.();
  }

  /** Runs `then` when everything is with the wire: at once when nothing waits. */
  flushed(then: () => void): void {
    if (this.#waiting.length === 0) then();
    else this.#onFlushed = then;
  }

  /** Forgets what waits: it will never leave. */
  drop(): void {
    this.#waiting = [];
    this.#room?.give(this.#taken);
    this.#taken = 0;
  }

  #write(bytes: Uint8Array): number {
    // A wire that is gone says -1; its close comes by itself.
    return this.#wire === null ? 0 : Math.max(0, this.#wire.write(bytes));
  }
}

/** Beyond this a second write costs less than the copy. */
const WORTH_A_COPY = 16 * 1024;

/** A head and what came with it: in one packet when it is small. */
export function sendTogether(sink: Sink, head: Buffer, bytes: Buffer): void {
  if (head.byteLength > 0 && bytes.byteLength > 0 && bytes.byteLength < WORTH_A_COPY)
    return sink.send(Buffer.concat([head, bytes]));
  sink.send(head);
  sink.send(bytes);
}
