/**
 * Pieces of a body that wait until it is known whether a credential goes on in the next one. They are told in their
 * order, each as long as it was.
 */

/** `own`: a copy, since the original may still wait to be sent. */
type Held = { start: number; bytes: Uint8Array; own: boolean; tell: (bytes: Uint8Array) => void };

export class HeldPieces {
  #held: Held[] = [];
  #size = 0;

  push(bytes: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    this.#held.push({ start: this.#size, bytes, own: false, tell });
    this.#size += bytes.byteLength;
  }

  /** Writes a text of one byte a character over what stands there. Places are counted from the first piece's start. */
  write(start: number, text: string): void {
    const end = start + text.length;
    for (let n = this.#at(start); n < this.#held.length; n++) {
      const held = this.#held[n]!;
      if (held.start >= end) break;
      const to = held.start + held.bytes.byteLength;
      if (!held.own) held.bytes = new Uint8Array(held.bytes);
      held.own = true;
      const last = Math.min(end, to);
      for (let at = Math.max(start, held.start); at < last; at++)
        held.bytes[at - held.start] = text.charCodeAt(at - start);
    }
  }

  get count(): number {
    return this.#held.length;
  }

  /** The first that ends behind this place. */
  #at(place: number): number {
    let low = 0;
    let high = this.#held.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { start, bytes } = this.#held[middle]!;
      if (start + bytes.byteLength <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Tells all that ends before this place. */
  release(before: number): void {
    const n = this.#at(before);
    if (n === 0) return;
    const released = n === this.#held.length ? this.#held : this.#held.splice(0, n);
    if (released === this.#held) this.#held = [];
    for (const { bytes, tell } of released) tell(bytes);
  }
}
