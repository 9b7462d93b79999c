/** How much of one side is kept. What passes beyond is counted and told as a gap; the wire is never cut. */

/** `worth`: how many bodies' worth of bytes and pieces there is room for. */
export type Room = { readonly bodyLimit: number; readonly worth: number };

/** Pieces and messages of one side that are kept: each costs whoever reads them far more than its bytes. */
const MOST_PIECES = 150_000;

export class KeptSide {
  #bytes = 0;
  #pieces = 0;
  #lost = 0;
  /** Something of it is not kept, and be it a message without a byte. */
  isCut = false;

  get isEmpty(): boolean {
    return this.#pieces === 0;
  }

  /** What there is room for; null for nothing. `onLost`: told of bytes that are not kept. */
  take(bytes: Uint8Array, room: Room, onLost: (bytes: number) => void): Uint8Array | null {
    const most = room.worth * MOST_PIECES;
    const left = this.#pieces < most ? bytesIn(room) - this.#bytes : 0;
    let kept = bytes;
    if (bytes.byteLength > left || this.#pieces === most) {
      const size = Math.max(0, left);
      const rest = bytes.byteLength - size;
      this.#lost += rest;
      this.isCut = true;
      onLost(rest);
      if (size === 0) return null;
      kept = bytes.subarray(0, size);
    }
    this.#bytes += kept.byteLength;
    this.#pieces++;
    return kept;
  }

  /** What is not kept, with its reason; null where all is. */
  gap(room: Room): { lost: number; why: string } | null {
    if (!this.isCut) return null;
    const most = room.worth * MOST_PIECES;
    const kept = this.#pieces < most ? `${bytesIn(room)} bytes` : `${most} pieces`;
    const of = room.worth === 1 ? "a body" : "one side of a socket";
    return { lost: this.#lost, why: `the record keeps ${kept} of ${of}; everything passed` };
  }
}

export function bytesIn({ worth, bodyLimit }: Room): number {
  return worth * bodyLimit;
}
