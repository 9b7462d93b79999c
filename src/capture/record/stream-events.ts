/**
 * Cuts the JSON objects out of a stream, whatever its framing is: events, lines, the elements of an array. Where none is
 * in sight it costs a search for one byte; what is larger than any delta is passed over. Nearly all of them stand whole
 * in one piece and are read where they lie.
 */
import { concat } from "../../fact/concat.ts";
import { EventReader, LARGEST_OBJECT_BYTES, type EventString } from "./event-strings.ts";

const [LF, QUOTE, BACKSLASH, OPENS, CLOSES, OPENS_LIST, CLOSES_LIST] = [10, 34, 92, 123, 125, 91, 93];

const SIGNS = new Uint8Array(256);
for (const byte of [LF, QUOTE, OPENS, CLOSES, OPENS_LIST, CLOSES_LIST]) SIGNS[byte] = 1;

/** Between two events stand a few bytes, which are passed over sooner than a call is made. */
const BY_HAND = 16;

/** `bytes`: in which the object stands from `from` to `end`. `at`: where they begin, counted from the beginning of all pieces. */
export type StreamEvent = {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly end: number;
  readonly at: number;
  readonly strings: readonly EventString[];
};

export class StreamEvents {
  readonly #tell: (event: StreamEvent) => void;
  readonly #reader = new EventReader();
  /** Brackets that are open; 0 between two objects. */
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #lines = 0;
  /** The beginning of an object whose end has not come. Null where it is too large. */
  #parts: Uint8Array[] | null = [];
  #size = 0;
  #at = 0;
  /** Where the open object begins: what is in it is not known yet. Null between two, and in a large one. */
  begun: number | null = null;

  constructor(tell: (event: StreamEvent) => void) {
    this.#tell = tell;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.byteLength) {
      if (this.#depth === 0) {
        at = opening(bytes, at);
        if (at < 0) break;
        const end = this.#reader.read(bytes, at);
        if (end > 0) {
          if (this.#reader.isWhole) this.#told(bytes, at, end, this.#at);
          at = end;
          continue;
        }
        this.begun = this.#at + at;
        this.#parts = [];
        this.#size = 0;
        this.#lines = 0;
      }
      const end = this.#end(bytes, at);
      this.#keep(bytes.subarray(at, end), this.#depth === 0);
      at = end;
    }
    this.#at += bytes.byteLength;
    this.#reader.end();
  }

  #told(bytes: Uint8Array, from: number, end: number, at: number): void {
    this.#tell({ bytes, from, end, at, strings: this.#reader.strings });
  }

  /** Where the object ends, or the bytes do. */
  #end(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.byteLength) {
      if (this.#isString) {
        at = this.#stringEnd(bytes, at);
        if (this.#depth === 0) return at;
        continue;
      }
      const byte = bytes[at++]!;
      if (SIGNS[byte] === 0) {
        if (byte > 32) this.#lines = 0;
        continue;
      }
      if (byte === QUOTE) this.#isString = true;
      else if (byte === OPENS || byte === OPENS_LIST) this.#depth++;
      else if (byte !== LF) this.#depth--;
      // An empty line ends an event, and what was begun in it.
      else if (++this.#lines > 1) this.#giveUp();
      if (byte !== LF) this.#lines = 0;
      if (this.#depth <= 0) return at;
    }
    return at;
  }

  #stringEnd(bytes: Uint8Array, from: number): number {
    let at = from;
    if (this.#isEscaped && at < bytes.byteLength) {
      at++;
      this.#isEscaped = false;
    }
    for (; at < bytes.byteLength; at++) {
      const byte = bytes[at]!;
      if (byte === BACKSLASH) {
        at++;
        this.#isEscaped = at >= bytes.byteLength;
      } else if (byte === QUOTE) {
        this.#isString = false;
        return at + 1;
      } else if (byte === LF) {
        // No string of JSON holds one: it is none.
        this.#giveUp();
        return at + 1;
      }
    }
    return bytes.byteLength;
  }

  #giveUp(): void {
    this.#depth = 0;
    this.#isString = false;
    this.#isEscaped = false;
    this.#parts = null;
  }

  /** Nothing more comes: what was begun stays as it is. */
  end(): void {
    this.begun = null;
    this.#giveUp();
  }

  #keep(part: Uint8Array, isDone: boolean): void {
    this.#size += part.byteLength;
    if (this.#size > LARGEST_OBJECT_BYTES) {
      this.#parts = null;
      this.begun = null;
    }
    if (!isDone) {
      // A copy: what passes belongs to the socket.
      this.#parts?.push(part.slice());
      return;
    }
    this.#depth = 0;
    const parts = this.#parts;
    const start = this.begun;
    this.#parts = null;
    this.begun = null;
    if (parts === null || start === null) return;
    const whole = parts.length === 0 ? part : concat([...parts, part]);
    const end = this.#reader.read(whole, 0);
    if (this.#reader.isWhole) this.#told(whole, 0, end, start);
  }
}

/** Where the next object begins, or -1. */
function opening(bytes: Uint8Array, from: number): number {
  const near = Math.min(bytes.byteLength, from + BY_HAND);
  for (let at = from; at < near; at++) if (bytes[at] === OPENS) return at;
  return near < bytes.byteLength ? bytes.indexOf(OPENS, near) : -1;
}
