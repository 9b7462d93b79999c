/** Masks the keys that a client put into a JSON body, in the record only: the bytes on the wire are not touched. */
import type { Mask } from "../fact/mask.ts";

/** What ends the name of a member that holds a key: looked for with a fast search before anything else is done. */
const NEEDLES = ['ey"', 'oken"', 'ecret"', 'assword"', 'ization"'].map((text) => Buffer.from(text));

const MEMBER =
  /"(?:[\w-]*(?:api|access|secret|private|subscription)[_-]?key|(?:access|refresh|auth|bearer|session|id|security|api)[_-]?token|token|[\w-]*secret|password|(?:proxy[_-])?authorization)"\s*:\s*"((?:[^"\\]|\\.)*)/gi;

/** A member whose name or value may still go on in the next piece: how much of a piece's end is looked at again. */
const SEAM = 4096;

type Held = { bytes: Uint8Array; tell: (bytes: Uint8Array) => void };

/**
 * Pieces go in as they come and are told one piece later, so that a key cut in two by the network is still found.
 * Lengths stay, so that sizes, the borders of the pieces and `content-length` still agree with what passed.
 */
export class BodyMask {
  #held: Held | null = null;

  constructor(readonly mask: Mask) {}

  push(bytes: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    const piece = { bytes: maskedCopy(bytes, this.mask), tell };
    if (this.#held) this.#seam(this.#held, piece);
    this.end();
    this.#held = piece;
  }

  /** The body ended, or nothing more will be told. */
  end(): void {
    this.#held?.tell(this.#held.bytes);
    this.#held = null;
  }

  #seam(left: Held, right: Held): void {
    const tail = left.bytes.subarray(Math.max(0, left.bytes.byteLength - SEAM));
    const both = Buffer.concat([tail, right.bytes.subarray(0, SEAM)]);
    const masked = maskedCopy(both, this.mask);
    if (masked === both) return;
    left.bytes = Buffer.concat([
      left.bytes.subarray(0, left.bytes.byteLength - tail.byteLength),
      masked.subarray(0, tail.byteLength),
    ]);
    right.bytes = Buffer.concat([masked.subarray(tail.byteLength), right.bytes.subarray(SEAM)]);
  }
}

/** The same bytes when there is nothing to mask, else a copy: the original may still wait to be sent. */
function maskedCopy(bytes: Uint8Array, mask: Mask): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!NEEDLES.some((needle) => buffer.includes(needle))) return bytes;
  const text = buffer.toString("latin1");
  let copy: Buffer | null = null;
  for (const match of text.matchAll(MEMBER)) {
    const value = match[1]!;
    if (value === "" || /^\**$/.test(value)) continue;
    copy ??= Buffer.from(buffer);
    copy.write(sameLength(value, mask.secret(value)), match.index + match[0].length - value.length, "latin1");
  }
  return copy ?? bytes;
}

function sameLength(value: string, masked: string): string {
  const plain = masked.replace("…", "*");
  if (plain.length > value.length) return "*".repeat(value.length);
  return plain + "*".repeat(value.length - plain.length);
}
