/**
 * The next sign that means something within a string of JSON: its end, an escape, a line's end that no string has. Each
 * of the three is searched for by the system, and what was found is kept until it is passed: so no byte is searched twice.
 */

const [QUOTE, BACKSLASH, LF] = [34, 92, 10];

export class StringSigns {
  #bytes: Uint8Array | null = null;
  // Where the next of each stands, at least.
  #quote = 0;
  #backslash = 0;
  #lineEnd = 0;

  /** The first of them from `at` on, or the end of the bytes. Places of the same bytes are asked for in their order. */
  next(bytes: Uint8Array, at: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#quote = this.#backslash = this.#lineEnd = -1;
    }
    if (this.#quote < at) this.#quote = placeOf(bytes, QUOTE, at);
    if (this.#backslash < at) this.#backslash = placeOf(bytes, BACKSLASH, at);
    if (this.#lineEnd < at) this.#lineEnd = placeOf(bytes, LF, at);
    return Math.min(this.#quote, this.#backslash, this.#lineEnd);
  }

  /** The bytes are let go of. */
  end(): void {
    this.#bytes = null;
  }
}

function placeOf(bytes: Uint8Array, sign: number, at: number): number {
  const found = bytes.indexOf(sign, at);
  return found < 0 ? bytes.byteLength : found;
}
