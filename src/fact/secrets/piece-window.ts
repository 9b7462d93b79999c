/**
 * The bytes that a search in pieces sees: the first piece as it came, or a copy of ours with what is still needed of those
 * before the last. Places in it are counted from its own start.
 */

/** It is moved when this much of it is not needed any more: so a byte is moved once, not with each piece. */
export const SPARE = 64 * 1024;

/** The texts of a stream's deltas grow from nothing. */
const LEAST_BYTES = 512;

/** Below this a copy by hand is quicker than a call. */
const BY_HAND = 24;

const NOTHING = new Uint8Array(0);

export class PieceWindow {
  /** Behind `size` stands nothing that counts. */
  bytes = NOTHING;
  size = 0;
  /** Where it begins, counted from the beginning of all pieces. */
  base = 0;
  isCopy = false;

  /** What counts of the bytes. */
  get whole(): Uint8Array {
    return this.size === this.bytes.byteLength ? this.bytes : this.bytes.subarray(0, this.size);
  }

  last(size: number): Uint8Array {
    return this.bytes.subarray(Math.max(0, this.size - size), this.size);
  }

  /** Most bodies come in one piece: it is looked through where it lies. */
  takesWhereItLies(bytes: Uint8Array, start: number, end: number): boolean {
    const size = end - start;
    if (this.size > 0 || this.isCopy || size !== bytes.byteLength) return false;
    this.bytes = bytes as Uint8Array<ArrayBuffer>;
    this.size = size;
    return true;
  }

  /** Behind what is here, as a copy. Gives where it stands. */
  append(bytes: Uint8Array, start: number, end: number): number {
    const more = end - start;
    const from = this.size;
    const size = from + more;
    if (size > this.bytes.byteLength || !this.isCopy) {
      const larger = new Uint8Array(Math.max(size, 2 * from, LEAST_BYTES));
      larger.set(from === this.bytes.byteLength ? this.bytes : this.bytes.subarray(0, from));
      this.bytes = larger;
      this.isCopy = true;
    }
    if (more === bytes.byteLength) this.bytes.set(bytes, from);
    else if (more > BY_HAND) this.bytes.set(bytes.subarray(start, end), from);
    else for (let n = 0; n < more; n++) this.bytes[from + n] = bytes[start + n]!;
    this.size = size;
    return from;
  }

  /** This piece in place of all that is here. */
  replace(piece: Uint8Array): void {
    this.base += this.size;
    this.bytes = piece as Uint8Array<ArrayBuffer>;
    this.isCopy = false;
    this.size = piece.byteLength;
  }

  /** So many of its first bytes are looked at no more. */
  forget(unneeded: number): void {
    if (this.isCopy) this.bytes.copyWithin(0, unneeded, this.size);
    else this.bytes = this.bytes.subarray(unneeded, this.size);
    this.size -= unneeded;
    this.base += unneeded;
  }

  /** What comes next begins anew. Room of our own is kept for it. */
  clear(): void {
    this.base += this.size;
    this.size = 0;
    if (!this.isCopy) this.bytes = NOTHING;
  }
}
