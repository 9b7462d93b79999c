/** Masks the keys that a client put into a JSON body, in the record only: the bytes on the wire are not touched. */
import type { Mask } from "../fact/mask.ts";

/** What ends the name of a member that holds a key: looked for with a fast search before anything else is done. */
const NEEDLES = ['ey"', 'oken"', 'ecret"', 'assword"', 'ization"', 'EY"', 'OKEN"', 'ECRET"', 'ASSWORD"'].map(
  (text) => Buffer.from(text),
);

const NAME =
  '"(?:[\\w-]{0,64}(?:api|access|secret|private|subscription)[_-]?key|(?:access|refresh|auth|bearer|session|id|security|api)[_-]?token|token|[\\w-]{0,64}secret|password|(?:proxy[_-])?authorization)"';

const MEMBER = new RegExp(`${NAME}\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, "gis");
const BEFORE_VALUE = new RegExp(`${NAME}\\s*:\\s*$`, "i");
const NAME_ENDS = new RegExp(`${NAME}$`, "i");
const LONGEST_NAME = 160;

/** A value that is longer than this is masked without waiting for its end. */
const LONGEST_VALUE = 256 * 1024;

type Held = { bytes: Buffer; tell: (bytes: Uint8Array) => void };

/**
 * Pieces go in as they come and are told at once, except where a key may go on in the next piece: then they wait for
 * it. Lengths stay, so that sizes, the borders of the pieces and `content-length` still agree with what passed.
 */
export class BodyMask {
  /** Pieces that wait, and how much of their end may be the beginning of a key. */
  #held: Held[] = [];
  #open = 0;
  /** Inside a value that was too long to wait for. */
  #inside = false;

  constructor(readonly mask: Mask) {}

  push(piece: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    const bytes = this.#inside ? this.#starred(piece) : bufferOf(piece);
    this.#held.push({ bytes, tell });
    const text = this.#mask(this.#open + bytes.byteLength);
    if (text !== null) this.#open = text.length - (openAt(text) ?? text.length);
    else this.#open = bytes.byteLength - (openAt(bytes) ?? bytes.byteLength);
    if (this.#open > LONGEST_VALUE) {
      this.#inside = true;
      this.end();
    } else if (this.#open === 0) this.#tell();
  }

  /** The body ended, or nothing more will be told: half a key is masked too. */
  end(): void {
    if (this.#held.length === 0) return;
    if (this.#open > 0) this.#mask(this.#open, "open");
    this.#tell();
  }

  #tell(): void {
    for (const { bytes, tell } of this.#held) tell(bytes);
    this.#held = [];
    this.#open = 0;
  }

  /** Masks the members in the last `size` bytes of what waits; returns them as text when there was a reason to look. */
  #mask(size: number, value: "closed" | "open" = "closed"): string | null {
    const last = this.#held.at(-1)!.bytes;
    if (this.#held.length === 1 && value === "closed" && !NEEDLES.some((needle) => last.includes(needle)))
      return null;
    const whole = this.#held.length === 1 ? last : Buffer.concat(this.#held.map(({ bytes }) => bytes));
    const start = whole.byteLength - size;
    const text = whole.toString("latin1", start);
    for (const match of text.matchAll(MEMBER)) {
      const end = match.index + match[0].length;
      // Not so when the piece ends here, or behind the first half of an escape.
      const isOpen = text[end] !== '"';
      if (isOpen && value === "closed") continue;
      const secret = match[1]!;
      if (secret !== "")
        this.#write(start + end - secret.length, isOpen ? stars(secret) : masked(secret, this.mask));
    }
    return text;
  }

  /** Writes into copies: the originals may still wait to be sent. */
  #write(at: number, text: string): void {
    let from = 0;
    for (const held of this.#held) {
      const size = held.bytes.byteLength;
      if (at < from + size && at + text.length > from) {
        const copy = Buffer.from(held.bytes);
        const skip = Math.max(0, from - at);
        copy.write(text.slice(skip), Math.max(0, at - from), "latin1");
        held.bytes = copy;
      }
      from += size;
    }
  }

  #starred(piece: Uint8Array): Buffer {
    const bytes = Buffer.from(piece);
    const end = bytes.indexOf('"');
    this.#inside = end < 0;
    return bytes.fill("*", 0, end < 0 ? bytes.byteLength : end);
  }
}

/** The same bytes with keys masked; for a text that is whole. */
export function maskWhole(bytes: Uint8Array, mask: Mask): Uint8Array {
  let told: Uint8Array = bytes;
  const body = new BodyMask(mask);
  body.push(bytes, (masked) => (told = masked));
  body.end();
  return told;
}

/** Where a member begins that may hold a key and has not ended, or null. */
function openAt(bytes: Buffer | string): number | null {
  const text = typeof bytes === "string";
  let quote = bytes.lastIndexOf('"');
  // An escaped quote is part of a value.
  while (quote > 0 && isEscaped(bytes, quote)) quote = bytes.lastIndexOf('"', quote - 1);
  if (quote < 0) return null;
  const near = Math.max(0, quote - LONGEST_NAME);
  const before = text ? bytes.slice(near, quote + 1) : bytes.toString("latin1", near, quote + 1);
  const value = BEFORE_VALUE.exec(before.slice(0, -1));
  if (value) return near + value.index;
  if (bytes.length - quote > LONGEST_NAME) return null;
  const after = text ? bytes.slice(quote + 1) : bytes.toString("latin1", quote + 1);
  const name = /^\s*:?\s*$/.test(after) ? NAME_ENDS.exec(before) : null;
  if (name) return near + name.index;
  return /^[\w-]{0,100}$/.test(after) ? quote : null;
}

function isEscaped(bytes: Buffer | string, at: number): boolean {
  let slashes = 0;
  while (
    at - slashes > 0 &&
    (typeof bytes === "string" ? bytes.charCodeAt(at - slashes - 1) : bytes[at - slashes - 1]) === 92
  )
    slashes++;
  return slashes % 2 === 1;
}

function masked(value: string, mask: Mask): string {
  if (/^\*+$/.test(value)) return value;
  const scheme = /^(?:Bearer|Basic|Token) +/i.exec(value)?.[0] ?? "";
  const secret = value.slice(scheme.length);
  const plain = mask.secret(secret).replace("…", "*");
  return scheme + (plain.length > secret.length ? stars(secret) : plain.padEnd(secret.length, "*"));
}

function stars(text: string): string {
  return "*".repeat(text.length);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
