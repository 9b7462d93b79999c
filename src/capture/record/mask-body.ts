/**
 * Masks credentials in bodies, in the record only: the bytes on the wire are not touched. Lengths stay, so that sizes,
 * the borders of the pieces and `content-length` still agree with what passed.
 *
 * Pieces go in as they come and are told at once, except where a credential may go on in the next piece: then they wait
 * for it.
 */
import { maskValue } from "../../fact/mask-value.ts";
import type { Mask } from "../../fact/mask.ts";
import { PART_BYTES, QUIET_PART_BYTES, type InParts } from "../../fact/parts.ts";
import { PieceScan } from "../../fact/secrets/pieces.ts";
import type { Found } from "../../fact/secrets/spans.ts";
import { Echoes } from "./echoes.ts";
import { HeldPieces } from "./held-pieces.ts";
import { StreamTexts } from "./stream-texts.ts";

/** Pieces that wait; each costs more than its bytes. No key is said in so many. */
const MOST_HELD = 16 * 1024;

/** A killed program loses what waits here. */
const QUIET_MS = 500;

export class BodyMask {
  readonly #mask: Mask;
  readonly #echoes: Echoes;
  readonly #held = new HeldPieces();
  readonly #scan: PieceScan;
  readonly #texts: StreamTexts | null;
  #isFirst = true;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #pushed = 0;
  /** In what was looked through last there was no credential. */
  #isQuiet = false;
  /** A part of a piece is looked through, and the rest of it is there already. */
  #isBetween = false;

  /**
   * `stream`: texts come in deltas, which are looked at together too; an `answer` may be a stream. `echoes`: what the client signed in with;
   * masked wherever it is said again. What is found here is added.
   */
  constructor(mask: Mask, kind: "text" | "form" | "stream" | "answer" = "text", echoes = new Echoes()) {
    this.#mask = mask;
    this.#echoes = echoes;
    this.#scan = new PieceScan(kind === "form" ? "form" : "text", (found) => this.#write(found), echoes);
    const write = (start: number, text: string) => {
      this.#isQuiet = false;
      this.#held.write(start, text);
    };
    const isWhole = kind === "text" || kind === "form";
    const isQuiet = (start: number, end: number) => this.#scan.isQuiet(start, end);
    const alone = kind === "stream" ? 0 : 1;
    this.#texts = isWhole ? null : new StreamTexts(mask, echoes, write, alone, isQuiet);
  }

  push(piece: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    this.#begin(piece, tell);
    this.#look(piece);
    this.#release();
  }

  /** A message that is whole by itself; the texts that are put together go on in the next one. */
  message(bytes: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    this.#begin(bytes, tell);
    this.#look(bytes);
    this.#endMessage();
  }

  /** The same for a long one: others have their turn in between. */
  *inParts(how: "push" | "message", bytes: Uint8Array, tell: (bytes: Uint8Array) => void): InParts {
    this.#begin(bytes, tell);
    this.#isBetween = true;
    for (let at = 0; at < bytes.byteLength;) {
      if (at > 0) yield;
      const part = this.#isQuiet ? QUIET_PART_BYTES : PART_BYTES;
      this.#isQuiet = true;
      this.#look(at === 0 && part >= bytes.byteLength ? bytes : bytes.subarray(at, at + part));
      at += part;
    }
    this.#isBetween = false;
    if (how === "message") this.#endMessage();
    else this.#release();
  }

  #begin(piece: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    // What `curl -d '{…}'` sends is called a form.
    if (this.#isFirst && (piece[0] === 0x7b || piece[0] === 0x5b)) this.#scan.kind = "text";
    if (piece.byteLength > 0) this.#isFirst = false;
    this.#held.push(piece, tell);
  }

  #look(bytes: Uint8Array): void {
    this.#scan.push(bytes);
    this.#texts?.push(bytes);
  }

  #endMessage(): void {
    this.#scan.end();
    this.#texts?.endMessage();
    this.#release();
  }

  /** The body ended, or nothing more will be told: half a credential is masked too. */
  end(): void {
    this.#scan.end();
    this.#texts?.end();
    this.#release();
    clearTimeout(this.#quiet);
  }

  #release(): void {
    this.#held.release(Math.min(this.#scan.safe, this.#texts?.safe ?? Infinity));
    this.#pushed++;
    if (this.#held.count > MOST_HELD) return this.#settle(this.#pushed);
    if (this.#held.count === 0 || this.#quiet !== undefined) return;
    this.#quiet = setTimeout(() => this.#settle(this.#pushed), QUIET_MS);
    this.#quiet.unref();
  }

  /** A side that says nothing for so long may say nothing for hours: what it said is told, as far as it is known. */
  #settle(pushed: number): void {
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    if (this.#isBetween) return;
    if (pushed === this.#pushed) {
      this.#scan.settle();
      this.#texts?.settle();
    }
    this.#release();
  }

  #write({ start, end, kind, bytes, credential }: Found): void {
    this.#isQuiet = false;
    if (kind === "half") return this.#held.write(start, "*".repeat(end - start));
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    if (credential === undefined) this.#echoes.add(value, "found");
    this.#held.write(start, maskValue(value, end - start, this.#mask, credential));
  }
}

/** The same bytes with credentials masked; for a text that is whole. */
export function maskWhole(bytes: Uint8Array, mask: Mask, echoes = new Echoes()): Uint8Array {
  let told: Uint8Array = bytes;
  const body = new BodyMask(mask, "text", echoes);
  body.push(bytes, (masked) => (told = masked));
  body.end();
  return told;
}
