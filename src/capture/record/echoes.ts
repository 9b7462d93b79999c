/** What a client has signed in with in one exchange, so that it is found wherever anybody says it again. */
import type { Also } from "../../fact/secrets/pieces.ts";
import type { Span } from "../../fact/secrets/scan.ts";
import { userAndPassword } from "../../fact/secrets/schemes.ts";
import { mayBeSaidAgain, spellingsOf, type Source } from "../../fact/secrets/spellings.ts";

/** Each is looked for in every piece; nobody signs in with more. */
const MOST = 32;
const MOST_SPELLINGS = 96;

/** So much of the beginning of a long one may be told before the rest of it has come: its mask shows as much. */
const SHOWN = 3;
const LONG = 24;

type Spelling = {
  readonly bytes: Buffer;
  readonly credential: string;
  readonly shown: number;
  /** For each length: how long a beginning of it also ends there (Knuth, Morris and Pratt). */
  readonly again: Uint16Array;
};

export class Echoes implements Also {
  readonly #known = new Set<string>();
  #spellings: Spelling[] = [];
  /** The bytes with which a beginning of one can end. */
  readonly #may = new Uint8Array(256);

  add(credential: string, source: Source = "signed in"): void {
    const basic = source === "signed in" ? userAndPassword(credential) : null;
    if (basic) this.#add(basic.password, source);
    this.#add(credential, source);
  }

  #add(credential: string, source: Source): void {
    if (this.#known.size >= MOST || this.#known.has(credential)) return;
    if (credential.length > 0xffff || !mayBeSaidAgain(credential, source)) return;
    this.#known.add(credential);
    for (const spelling of spellingsOf(credential)) {
      if (this.#spellings.length >= MOST_SPELLINGS) return;
      const bytes = Buffer.from(spelling);
      for (const byte of bytes.subarray(0, -1)) this.#may[byte] = 1;
      const isLong = credential.length >= LONG && spelling.startsWith(credential.slice(0, SHOWN));
      this.#spellings.push({ bytes, credential, shown: isLong ? SHOWN : 0, again: againIn(bytes) });
    }
  }

  /** The same text with each of them masked. */
  masked(text: string, secret: (credential: string) => string): string {
    for (const { bytes, credential } of this.#spellings) {
      const spelling = bytes.toString();
      if (text.includes(spelling)) text = text.replaceAll(spelling, secret(credential));
    }
    return text;
  }

  find(bytes: Uint8Array, from: number, isOver: boolean): { spans: Span[]; hold: number } {
    const spans: Span[] = [];
    let hold = bytes.byteLength;
    if (this.#spellings.length === 0) return { spans, hold };
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const { bytes: word, credential } of this.#spellings)
      for (
        let at = text.indexOf(word, Math.max(0, from - SHOWN));
        at >= 0;
        at = text.indexOf(word, at + word.byteLength)
      )
        spans.push({ start: at, end: at + word.byteLength, kind: "secret", credential });
    if (spans.length > 1) spans.sort((a, b) => a.start - b.start || b.end - a.end);
    if (isOver || this.#may[text[text.byteLength - 1] ?? 0] === 0) return { spans, hold };
    for (const spelling of this.#spellings) hold = Math.min(hold, beganAt(text, from, spelling));
    return { spans, hold };
  }
}

/** Where the end of the text may be the beginning of it. */
function beganAt(text: Buffer, from: number, { bytes, shown, again }: Spelling): number {
  let length = 0;
  for (
    let at = Math.max(0, from - SHOWN, text.byteLength - bytes.byteLength + 1);
    at < text.byteLength;
    at++
  ) {
    while (length > 0 && bytes[length] !== text[at]) length = again[length - 1]!;
    if (bytes[length] === text[at]) length++;
  }
  return length > shown ? text.byteLength - length : text.byteLength;
}

function againIn(bytes: Buffer): Uint16Array {
  const again = new Uint16Array(bytes.byteLength);
  let length = 0;
  for (let at = 1; at < bytes.byteLength; at++) {
    while (length > 0 && bytes[length] !== bytes[at]) length = again[length - 1]!;
    if (bytes[length] === bytes[at]) length++;
    again[at] = length;
  }
  return again;
}
