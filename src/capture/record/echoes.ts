/** What a client has signed in with in one exchange, so that it is found wherever anybody says it again. */
import type { Also } from "../../fact/secrets/spans.ts";
import type { Span } from "../../fact/secrets/spans.ts";
import type { Source } from "../../fact/secrets/spellings.ts";
import { SHOWN_CHARS, spelled, type Spelling } from "./spelled.ts";

/** Each is looked for in every piece; nobody signs in with more. */
const MOST_CREDENTIALS = 32;
const MOST_SPELLINGS = 192;

type Looked = { readonly spans: Span[]; readonly hold: number };

const NO_SPANS: Span[] = [];

export class Echoes implements Also {
  readonly #known: string[] = [];
  #spellings: readonly Spelling[] = [];
  /** The bytes with which a beginning of one can end; shared as long as there is one of them. */
  #ends = new Uint8Array(0);

  add(credential: string, source: Source = "signed in"): void {
    for (const one of spelled(credential, source)) {
      if (this.#known.length >= MOST_CREDENTIALS || this.#known.includes(one.credential)) continue;
      this.#known.push(one.credential);
      if (this.#spellings.length === 0) {
        this.#spellings = one.spellings;
        this.#ends = one.ends as Uint8Array<ArrayBuffer>;
        continue;
      }
      this.#spellings = [...this.#spellings, ...one.spellings].slice(0, MOST_SPELLINGS);
      this.#ends = this.#ends.map((may, byte) => may | one.ends[byte]!);
    }
  }

  /** The same text with each of them masked. */
  masked(text: string, secret: (credential: string) => string): string {
    for (const { text: spelling, credential } of this.#spellings)
      if (text.length >= spelling.length && text.includes(spelling))
        text = text.replaceAll(spelling, secret(credential));
    return text;
  }

  find(bytes: Uint8Array, from: number, end: number, isOver: boolean): Looked {
    if (this.#spellings.length === 0) return { spans: NO_SPANS, hold: end };
    const spans = this.#said(bytes, Math.max(0, from - SHOWN_CHARS), end);
    if (isOver || this.#ends[bytes[end - 1] ?? 0] === 0) return { spans, hold: end };
    let hold = end;
    for (const spelling of this.#spellings) hold = Math.min(hold, beganAt(bytes, from, end, spelling));
    return { spans, hold };
  }

  mayGoOn(bytes: Uint8Array, end: number): boolean {
    for (const { bytes: word, shown } of this.#spellings)
      for (let size = Math.min(shown, end); size > 0; size--) {
        let n = 0;
        while (n < size && bytes[end - size + n] === word[n]) n++;
        if (n === size) return true;
      }
    return false;
  }

  #said(bytes: Uint8Array, from: number, end: number): Span[] {
    let spans = NO_SPANS;
    for (const { bytes: word, credential } of this.#spellings)
      for (let at = indexOf(bytes, word, from, end); at >= 0;) {
        if (spans === NO_SPANS) spans = [];
        spans.push({ start: at, end: at + word.byteLength, kind: "secret", credential });
        at = indexOf(bytes, word, at + word.byteLength, end);
      }
    if (spans.length > 1) spans.sort((a, b) => a.start - b.start || b.end - a.end);
    return spans;
  }
}

/** Below this the search by hand is quicker than a call, and needs no object made for it. */
const BY_HAND = 512;

function indexOf(bytes: Uint8Array, word: Uint8Array, from: number, end: number): number {
  const last = end - word.byteLength;
  if (last < from) return -1;
  if (end - from > BY_HAND) {
    const at = Buffer.prototype.indexOf.call(bytes.subarray(from, end), word);
    return at < 0 ? -1 : from + at;
  }
  const [a, b] = [word[0], word[1]];
  for (let at = from; at <= last; at++) {
    if (bytes[at] !== a || bytes[at + 1] !== b) continue;
    let n = 2;
    while (n < word.byteLength && bytes[at + n] === word[n]) n++;
    if (n === word.byteLength) return at;
  }
  return -1;
}

/** Where the end of the text may be the beginning of it. */
function beganAt(text: Uint8Array, from: number, end: number, { bytes, shown, again }: Spelling): number {
  let length = 0;
  for (let at = Math.max(0, from - SHOWN_CHARS, end - bytes.byteLength + 1); at < end; at++) {
    while (length > 0 && bytes[length] !== text[at]) length = again[length - 1]!;
    if (bytes[length] === text[at]) length++;
  }
  return length > shown ? end - length : end;
}
