/**
 * Masks credentials in bodies, in the record only: the bytes on the wire are not touched. Found are values of JSON
 * members and of form fields whose name says it, keys by the form that their makers gave them, and whatever the client
 * signed in with when somebody says it again. Lengths stay, so that sizes, the borders of the pieces and
 * `content-length` still agree with what passed.
 *
 * Made for the thread that the traffic passes: a piece is looked through with a fast search for what every credential
 * has in it, and only what that finds is looked at.
 */
import { maskValue, SCHEME } from "../fact/mask-value.ts";
import type { Mask } from "../fact/mask.ts";
import {
  isSecretParameter,
  isSecretValue,
  keyAt,
  LONGEST_SHAPE,
  SECRET_MEMBER,
  SHAPES,
  type Shape,
} from "../fact/secrets.ts";

import { Echoes } from "./echoes.ts";

/** How values are named in a kind of body. */
type Grammar = {
  /** What ends a name. */
  readonly needles: readonly Buffer[];
  /** The name at the end of a text, with what must stand before it. */
  readonly name: RegExp;
  /** What may be the beginning of one at the end of a text. */
  readonly tail: RegExp;
  /** What stands before a body, as it were. */
  readonly before: string;
  /** What stands between the name's end and its value, as far as it has come. */
  readonly between: RegExp;
  readonly valueEnds: '"' | "&";
  readonly isSecret: (name: string, value: string) => boolean;
};

const buffers = (...texts: string[]) => texts.map((text) => Buffer.from(text));

const JSON_BODY: Grammar = {
  needles: buffers('ey"', 'oken"', 'ecret"', 'assword"', 'ization"', 'EY"', 'OKEN"', 'ECRET"', 'ASSWORD"'),
  // In a text inside of the JSON the quote has a backslash before it.
  name: new RegExp(`(?<=[{,\\s])"(${SECRET_MEMBER})"$`, "i"),
  tail: /(?<=[{,\s])"[\w-]{0,100}$/,
  before: "{",
  between: /\s*(?::\s*("?))?/y,
  valueEnds: '"',
  isSecret: isSecretValue,
};

const FORM: Grammar = {
  needles: buffers("="),
  name: /(?<=&)([^&=]+)=$/,
  tail: /(?<=&)[^&=]{0,100}$/,
  before: "&",
  between: /()/y,
  valueEnds: "&",
  isSecret: (name, value) => value !== "" && isSecretParameter(name),
};

const STARTS = SHAPES.map((shape) => ({ shape, needle: Buffer.from(shape.starts) }));

/** Characters with which a name or a form may break off. */
const MAY_BEGIN = new Uint8Array(256).map((_, byte) => (/[\w."-]/.test(String.fromCharCode(byte)) ? 1 : 0));

const LONGEST_NAME = 160;
const LONGEST_BETWEEN = 64;

/** A value that is longer than this is masked without waiting for its end. */
const LONGEST_VALUE = 256 * 1024;

/** `own`: a copy, since the original may still wait to be sent. */
type Held = { bytes: Buffer; own: boolean; tell: (bytes: Uint8Array) => void };

type Span = { readonly start: number; readonly end: number };

/** `open`: the text ends before it is known whether it is one; `half`: the rest of it will never come. */
type Found = Span & { readonly kind: "secret" | "half" | "open" };

/**
 * Pieces go in as they come and are told at once, except where a credential may go on in the next piece: then they
 * wait for it.
 */
export class BodyMask {
  readonly #mask: Mask;
  #grammar: Grammar;
  readonly #echoes: Echoes;
  /** Pieces that wait, and how much of their end may be the beginning of a credential. */
  #held: Held[] = [];
  #open = 0;
  /** The last character of what was told. */
  #before: string;
  /** Inside a value that was too long to wait for. */
  #inside = false;

  /** `echoes`: what the client signed in with; masked wherever it is said again. What is found here is added. */
  constructor(mask: Mask, kind: "json" | "form" = "json", echoes = new Echoes()) {
    this.#mask = mask;
    this.#grammar = kind === "form" ? FORM : JSON_BODY;
    this.#echoes = echoes;
    this.#before = this.#grammar.before;
  }

  push(piece: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    // What `curl -d '{…}'` sends is called a form.
    if (this.#grammar === FORM && this.#before === FORM.before && (piece[0] === 0x7b || piece[0] === 0x5b)) {
      this.#grammar = JSON_BODY;
      this.#before = JSON_BODY.before;
    }
    if (this.#held.length === 0 && !this.#inside && this.#isPlain(bufferOf(piece))) {
      if (piece.byteLength > 0) this.#before = String.fromCharCode(piece[piece.byteLength - 1]!);
      return tell(piece);
    }
    const bytes = this.#inside ? this.#starred(piece) : bufferOf(piece);
    this.#held.push({ bytes, own: false, tell });
    this.#look(this.#open + bytes.byteLength, "goes-on");
    if (this.#open > LONGEST_VALUE) {
      this.#inside = this.#look(this.#open, "over") === "half";
      this.#tell();
    } else if (this.#open === 0) this.#tell();
  }

  /** Nothing in it is worth a look, and its end is no beginning: so it is with nearly all. */
  #isPlain(bytes: Buffer): boolean {
    if (bytes.byteLength === 0) return true;
    const last = bytes[bytes.byteLength - 1]!;
    if (MAY_BEGIN[last] === 1 || this.#grammar === FORM) return false;
    for (const needle of this.#grammar.needles) if (bytes.includes(needle)) return false;
    for (const { needle } of STARTS) if (bytes.includes(needle)) return false;
    for (const echo of this.#echoes.bytes) if (echo.includes(last) || bytes.includes(echo)) return false;
    return true;
  }

  /** The body ended, or nothing more will be told: half a credential is masked too. */
  end(): void {
    if (this.#held.length === 0) return;
    if (this.#open > 0) this.#look(this.#open, "over");
    this.#tell();
  }

  #tell(): void {
    const last = this.#held.at(-1)!.bytes;
    if (last.byteLength > 0) this.#before = String.fromCharCode(last[last.byteLength - 1]!);
    for (const { bytes, tell } of this.#held) tell(bytes);
    this.#held = [];
    this.#open = 0;
  }

  /** Masks what is found in the last `size` bytes of what waits, and notes from where on it is not known yet. */
  #look(size: number, then: "goes-on" | "over"): "whole" | "half" {
    const whole =
      this.#held.length === 1 ? this.#held[0]!.bytes : Buffer.concat(this.#held.map(({ bytes }) => bytes));
    const from = whole.byteLength - size;
    const named = [...this.#named(whole, from, then)].sort((a, b) => a.start - b.start);
    let open = then === "over" ? whole.byteLength : this.#tail(whole, from);
    for (const { kind, start } of named) if (kind === "open") open = Math.min(open, start);
    // What begins where it is not known yet is found again with what comes.
    const known = named.filter(({ kind, start }) => kind !== "open" && start < open);
    const covered = this.#writeAll(whole, known, []);
    const echoed = [...this.#echoed(whole, from)].filter(({ start }) => start < open);
    this.#writeAll(
      whole,
      echoed.sort((a, b) => a.start - b.start),
      covered,
    );
    this.#open = whole.byteLength - open;
    return known.some(({ kind }) => kind === "half") ? "half" : "whole";
  }

  /**
   * Each once, and of those that overlap what no other has covered. Both lists go by their start. Gives what they cover
   * together, without overlaps.
   */
  #writeAll(whole: Buffer, found: readonly Found[], covered: readonly Span[]): Span[] {
    const spans: { start: number; end: number }[] = [];
    let n = 0;
    for (const one of found) {
      const last = spans.at(-1);
      let start = Math.max(one.start, last?.end ?? 0);
      while (n < covered.length && covered[n]!.end <= start) n++;
      for (let k = n; k < covered.length && covered[k]!.start < one.end; k++) {
        this.#writePart(whole, one, start, covered[k]!.start);
        start = Math.max(start, covered[k]!.end);
      }
      this.#writePart(whole, one, start, one.end);
      if (last && one.start < last.end) last.end = Math.max(last.end, one.end);
      else spans.push({ start: one.start, end: one.end });
    }
    return spans;
  }

  /** A part of a credential is no credential that could be known again. */
  #writePart(whole: Buffer, { kind, ...one }: Found, start: number, end: number): void {
    if (start >= end) return;
    const isAll = start === one.start && end === one.end;
    this.#write(whole, { start, end, kind: isAll ? kind : "half" });
  }

  *#named(whole: Buffer, from: number, then: "goes-on" | "over"): Generator<Found> {
    for (const needle of this.#grammar.needles)
      for (let at = whole.indexOf(needle, from); at >= 0; at = whole.indexOf(needle, at + 1)) {
        const found = this.#member(whole, from, at + needle.byteLength, then);
        if (found) yield found;
      }
    for (const { shape, needle } of STARTS)
      for (let at = whole.indexOf(needle, from); at >= 0; at = whole.indexOf(needle, at + 1)) {
        const found = this.#shaped(whole, at, shape, then);
        if (found) yield found;
      }
  }

  *#echoed(whole: Buffer, from: number): Generator<Found> {
    for (const needle of this.#echoes.bytes)
      for (let at = whole.indexOf(needle, from); at >= 0; at = whole.indexOf(needle, at + 1))
        yield { start: at, end: at + needle.byteLength, kind: "secret" };
  }

  /** The value behind a name that ends at `nameEnd`. */
  #member(whole: Buffer, from: number, nameEnd: number, then: "goes-on" | "over"): Found | null {
    const { name: pattern, between, valueEnds, isSecret } = this.#grammar;
    const near = Math.max(from, nameEnd - LONGEST_NAME);
    const name = pattern.exec(this.#behind(whole, near) + whole.toString("latin1", near, nameEnd));
    if (!name) return null;
    const open: Found = { start: near + name.index - 1, end: whole.byteLength, kind: "open" };
    const after = whole.toString("latin1", nameEnd, nameEnd + LONGEST_BETWEEN);
    between.lastIndex = 0;
    const [gap = "", quote] = between.exec(after) ?? [];
    const start = nameEnd + gap.length;
    if (start === whole.byteLength) return then === "goes-on" ? open : null;
    if (valueEnds === '"' && quote !== '"') return null;
    const end = endOf(whole, start, valueEnds);
    if (end < 0 && then === "goes-on") return open;
    const stop = end < 0 ? whole.byteLength : end;
    const value = whole.toString("latin1", start, Math.min(stop, start + LONGEST_VALUE));
    return isSecret(name[1]!, value)
      ? { start, end: stop, kind: end < 0 && valueEnds === '"' ? "half" : "secret" }
      : null;
  }

  /** The character before this place: patterns look at it. */
  #behind(whole: Buffer, at: number): string {
    return at === 0 ? this.#before : String.fromCharCode(whole[at - 1]!);
  }

  #shaped(whole: Buffer, at: number, shape: Shape, then: "goes-on" | "over"): Found | null {
    const text = this.#behind(whole, at) + whole.toString("latin1", at, at + LONGEST_SHAPE + 1);
    const end = keyAt(then === "over" ? `${text} ` : text, 1, shape);
    if (end === "open") return { start: at, end: whole.byteLength, kind: "open" };
    return end === null ? null : { start: at, end: at + end - 1, kind: "secret" };
  }

  /** Where the end of the text may be the beginning of a name, of a form or of an echo. */
  #tail(whole: Buffer, from: number): number {
    const near = Math.max(from, whole.byteLength - LONGEST_NAME);
    const text = this.#behind(whole, near) + whole.toString("latin1", near);
    const word = TAIL_WORD.exec(text)?.[0] ?? "";
    let start = text.length;
    if (word !== "" && SHAPES.some(({ starts }) => starts.startsWith(word) && starts !== word))
      start -= word.length;
    const name = this.#grammar.tail.exec(text);
    if (name && name[0] !== "") start = Math.min(start, name.index);
    const last = whole[whole.byteLength - 1]!;
    for (const echo of this.#echoes.bytes)
      if (echo.includes(last)) start = Math.min(start, echoTail(text, echo));
    return near + Math.max(1, start) - 1;
  }

  #write(whole: Buffer, { start, end, kind }: Found): void {
    const secret = whole.toString("latin1", start, end);
    if (kind === "secret") this.#echoes.add(secret.replace(SCHEME, ""));
    const text = kind === "half" ? stars(secret) : maskValue(secret, this.#mask);
    let from = 0;
    for (const held of this.#held) {
      const size = held.bytes.byteLength;
      if (start < from + size && end > from) {
        if (!held.own) held.bytes = Buffer.from(held.bytes);
        held.own = true;
        held.bytes.write(text.slice(Math.max(0, from - start)), Math.max(0, start - from), "latin1");
      }
      from += size;
    }
  }

  #starred(piece: Uint8Array): Buffer {
    const bytes = Buffer.from(piece);
    const end = bytes.indexOf(this.#grammar.valueEnds);
    this.#inside = end < 0;
    return bytes.fill("*", 0, end < 0 ? bytes.byteLength : end);
  }
}

/** The same bytes with credentials masked; for a text that is whole. */
export function maskWhole(bytes: Uint8Array, mask: Mask, echoes = new Echoes()): Uint8Array {
  let told: Uint8Array = bytes;
  const body = new BodyMask(mask, "json", echoes);
  body.push(bytes, (masked) => (told = masked));
  body.end();
  return told;
}

const TAIL_WORD = /(?<![\w.-])[\w.-]{0,16}$/;

function echoTail(text: string, echo: Buffer): number {
  const word = echo.toString("latin1");
  for (let at = Math.max(0, text.length - word.length + 1); at < text.length; at++)
    if (word.startsWith(text.slice(at))) return at;
  return text.length;
}

/** Where a value ends; a quote behind an odd number of backslashes is part of it. */
function endOf(bytes: Buffer, start: number, sign: '"' | "&"): number {
  for (let at = bytes.indexOf(sign, start); at >= 0; at = bytes.indexOf(sign, at + 1)) {
    let slashes = 0;
    while (at - slashes > start && bytes[at - slashes - 1] === 92) slashes++;
    if (sign === "&" || slashes % 2 === 0) return at;
  }
  return -1;
}

function stars(text: string): string {
  return "*".repeat(text.length);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
