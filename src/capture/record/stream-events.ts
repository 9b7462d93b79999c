/**
 * Cuts the JSON objects out of a stream, whatever its framing is: events, lines, the elements of an array. Where none is
 * in sight it costs a search for one byte; what is larger than any delta is passed over.
 */

/** An object of this size says something whole. */
const LARGEST = 16 * 1024;

const [LF, QUOTE, BACKSLASH, OPENS, CLOSES, OPENS_LIST, CLOSES_LIST] = [10, 34, 92, 123, 125, 91, 93];

const SIGNS = new Uint8Array(256);
for (const byte of [LF, QUOTE, OPENS, CLOSES, OPENS_LIST, CLOSES_LIST]) SIGNS[byte] = 1;

export class StreamEvents {
  readonly #tell: (event: Uint8Array, start: number) => void;
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

  /** `start`: counted from the beginning of all pieces. */
  constructor(tell: (event: Uint8Array, start: number) => void) {
    this.#tell = tell;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.byteLength) {
      if (this.#depth === 0) {
        at = bytes.indexOf(OPENS, at);
        if (at < 0) break;
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
  }

  /** Where the object ends, or the bytes do. */
  #end(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.byteLength) {
      if (this.#isString) {
        at = this.#stringEnd(bytes, at);
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
    if (this.#size > LARGEST) {
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
    this.#tell(parts.length === 0 ? part : joined([...parts, part], this.#size), start);
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
