/**
 * The one search for credentials, in bytes of which nothing is known. It goes over them once: a table says where a name
 * may have ended or a key begun (`:`, `=`, `>`, the last sign of a form), and what stands around such a place is looked
 * at within bounds. So tenfold bytes are tenfold steps whatever they are; where they are not, the search gives up and
 * says that all of it may be one.
 */
import { address, botToken } from "./addresses.ts";
import {
  ANYTHING,
  APOSTROPHE,
  BACKSLASH,
  BLANK,
  COLON,
  COMMA,
  DASH,
  DIGIT,
  EQUALS,
  QUOTE,
  SLASH,
  textOf,
  type Chars,
} from "./chars.ts";
import { PART_BYTES, type InParts } from "../parts.ts";
import { coded, isCoded } from "./coded.ts";
import { anchorOf, type Began, formAround, FORMS, isWhole, isWithinBase64, mayBeForm } from "./forms.ts";
import { endsEscaped, member } from "./members.ts";
import { mayFollowAName } from "./name-ends.ts";
import { LONGEST_KEY } from "./values.ts";
import { option } from "./options.ts";
import { isShort, shortOption } from "./short-options.ts";
import { listed, subscript, told } from "./spoken.ts";
import { element } from "./elements.ts";
import { entityElement, entityMember, mayCloseATag, mayEndAnEntity } from "./entities.ts";
import { pair } from "./pairs.ts";
import { blockOrScheme } from "./schemes.ts";

/** `half`: nobody knows all of it, so nothing of it may be kept that could be known again. */
export type Span = {
  readonly start: number;
  readonly end: number;
  readonly kind: "secret" | "half";
  /** What it says, where it is written in another way. */
  readonly credential?: string;
};

/** The bytes end before it is known. `from`: where to search again; `hold`: from here on it may be a credential. */
export type Open = { readonly from: number; readonly hold: number; readonly until: Chars };

/** What a value goes on until, where it went on for too long to wait for its end. */
export type Inside = { readonly quote: number; readonly slashes: number };

/** `parameters`: an address, or a form. There is no code in it and no prose, so a name says more. */
export type Kind = "text" | "parameters" | "form";

/** Far more than any text of people takes: 2 to 4 steps a byte. */
const MOST_STEPS = 64;
const FREE_STEPS = 64 * 1024;

export class Scan {
  bytes: Uint8Array = new Uint8Array(0);
  end = 0;
  kind: Kind = "text";
  /** Nothing comes behind the end. */
  isOver = true;
  /** Nothing stands before the first byte. */
  isBeginning = true;
  spans: Span[] = [];
  open: Open | null = null;
  inside: Inside | null = null;
  steps = 0;
  /** Starts and ends of what was looked at more closely: the search passed over all else with one look at each byte. */
  stops: number[] = [];
  readonly #budget: { readonly free: number; readonly byte: number };
  /** Of all bytes, and of those in lists and objects that were looked into ahead. */
  #passed = 0;
  #ahead = 0;
  /** True where it gave up: the last span is all that it did not look through. */
  gaveUp = false;
  /** Of lists and objects: found before what stands in them is looked at. */
  #early: Span[] = [];
  /** Where the last one that was found ends. */
  #done = 0;
  /** Where this search began, where it goes on, and the steps with which it gives up. */
  #from = 0;
  #at = 0;
  #most = 0;

  /** `budget`: steps that a text may take, by itself and for each of its bytes. */
  constructor(budget = { free: FREE_STEPS, byte: MOST_STEPS }) {
    this.#budget = budget;
  }

  run(from: number): void {
    this.#start(from);
    this.#goOn(Infinity);
  }

  /** The same; others have their turn after each part of the bytes. */
  *inParts(from: number): InParts {
    this.#start(from);
    while (this.#goOn(PART_BYTES) === "again") yield;
  }

  #start(from: number): void {
    this.spans = [];
    this.stops = [];
    this.#early = [];
    this.open = null;
    this.inside = null;
    this.gaveUp = false;
    this.#done = 0;
    this.#from = from;
    this.#at = from;
    this.#most = this.steps + this.#budget.free + this.#budget.byte * (this.end - from);
  }

  #goOn(part: number): "again" | "done" {
    const { bytes, end } = this;
    const stop = Math.min(end, this.#at + part);
    let at = nextAnchor(bytes, this.#at, stop, end);
    while (at < stop) {
      const next = this.#look(at);
      const isOpen = this.open !== null || this.inside !== null;
      this.stops.push(at, isOpen ? end : next);
      if (isOpen) break;
      at = next < stop ? nextAnchor(bytes, next, stop, end) : next;
      if (this.steps <= this.#most || at >= end) continue;
      this.gaveUp = true;
      this.stops.push(at, end);
      this.spans.push({ start: at, end, kind: "half" });
      break;
    }
    if (at >= stop && at < end && !this.gaveUp) {
      this.#at = at;
      return "again";
    }
    this.steps += end - this.#from;
    this.#passed += end - this.#from;
    if (this.#early.length > 0) this.spans = merged([...this.spans, ...this.#early]);
    return "done";
  }

  /** Bytes that were passed over elsewhere. */
  passed(bytes: number): void {
    this.steps += bytes;
    this.#passed += bytes;
  }

  #look(at: number): number {
    switch (this.bytes[at]) {
      case COLON:
        return this.#named(at) ?? botToken(this, at) ?? at + 1;
      case EQUALS:
        if (at + 1 === this.end && !this.isOver) {
          this.wait(at, this.end, ANYTHING);
          return at + 1;
        }
        if (this.bytes[at + 1] === CLOSES_TAG) return member(this, at, 2) ?? pair(this, at) ?? at + 1;
        return coded(this, at) ?? subscript(this, at) ?? pair(this, at) ?? at + 1;
      case CLOSES_TAG:
        return element(this, at) ?? at + 1;
      case SEMICOLON:
        return entityElement(this, at) ?? at + 1;
      case COMMA:
        return listed(this, at) ?? at + 1;
      case APOSTROPHE:
        return told(this, at) ?? at + 1;
      case DASH:
        if (this.bytes[at - 1] === DASH) return option(this, at) ?? at + 1;
        return shortOption(this, at) ?? this.#form(at);
      case B:
        return blockOrScheme(this, at) ?? this.#form(at);
      default:
        return this.#form(at);
    }
  }

  /** Behind a colon. */
  #named(at: number): number | null {
    return address(this, at) ?? member(this, at) ?? pair(this, at) ?? entityMember(this, at);
  }

  #form(at: number): number {
    const began = formAround(this.bytes, at, this.end);
    if (began === null) return at + 1;
    if (began === "open") {
      if (!this.isOver) this.wait(at, at, ANYTHING);
      return at + 1;
    }
    const end = began.start < this.#done ? null : this.#key(at, began);
    if (end === null) return at + 1;
    this.found(began.start, end);
    return end;
  }

  /** Where the key ends that begins here; null where it is none, or where that is not known yet. */
  #key(at: number, { form, start }: Began): number | null {
    const from = start + form.starts.length;
    let end = this.skip(from, form.of);
    if (end === this.end && !this.isOver) {
      if (end - from <= LONGEST_KEY) this.wait(at, start, form.dotted ? ANYTHING : NOT.get(form.of)!);
      return null;
    }
    if (!isWhole(form, this.text(from, end))) return null;
    for (const { starts, least, must } of form.dotted ?? []) {
      const next = this.bytes[end] === DOT ? this.skip(end + 1, form.of) : end;
      if (next === this.end && !this.isOver) {
        if (next - from <= LONGEST_KEY) this.wait(at, start, ANYTHING);
        return null;
      }
      const isPart = next > end && next - end > least && this.#startsWith(end + 1, starts);
      if (isPart) end = next;
      else if (must) return null;
      else break;
    }
    return isWithinBase64(form, this.bytes[end]) ? null : end;
  }

  #startsWith(at: number, word: string): boolean {
    for (let n = 0; n < word.length; n++) if (this.bytes[at + n] !== word.charCodeAt(n)) return false;
    return true;
  }

  /** The first place from `at` on where none of these stands. */
  skip(at: number, of: Chars): number {
    const from = at;
    while (at < this.end && of[this.bytes[at]!] === 1) at++;
    this.steps += at - from;
    return at;
  }

  /** The first place from `at` on where one of these stands. */
  until(at: number, ends: Chars): number {
    const from = at;
    while (at < this.end && ends[this.bytes[at]!] === 0) at++;
    this.steps += at - from;
    return at;
  }

  /** How many of this byte stand in front of `at`. */
  before(at: number, byte: number, most: number): number {
    let n = 0;
    while (n < most && at - n > 0 && this.bytes[at - n - 1] === byte) n++;
    this.steps += n;
    return n;
  }

  text(start: number, end: number): string {
    this.steps += end - start;
    return textOf(this.bytes, start, end);
  }

  /** Whether this text, which these bytes mean, holds a credential. */
  holdsOne(text: string): boolean {
    const inner = new Scan(this.#budget);
    inner.bytes = new TextEncoder().encode(text);
    inner.end = inner.bytes.byteLength;
    inner.run(0);
    this.steps += inner.steps;
    return inner.spans.length > 0;
  }

  /** What was found before in the same bytes stays. */
  found(start: number, end: number, kind: Span["kind"] = "secret"): void {
    if (start < this.#done || start >= end) return;
    this.spans.push({ start, end, kind });
    this.#done = end;
  }

  /** Lists in lists are looked into a few times, and those that are never closed not again and again. */
  get mayLookAhead(): boolean {
    return this.#ahead < FREE_STEPS + 8 * this.#passed + 8 * this.end;
  }

  lookedAhead(steps: number): void {
    this.#ahead += steps;
    this.steps += steps;
  }

  foundEarly(start: number, end: number): void {
    if (start < end) this.#early.push({ start, end, kind: "secret" });
  }

  wait(from: number, hold: number, until: Chars): void {
    this.open ??= { from, hold: Math.max(hold, this.#done), until };
  }
}

const CLOSES_TAG = 62;
const SEMICOLON = 59;
const DOT = 46;
const B = 66;
const ANCHORS = new Uint8Array(256);
const [OF_FORMS, OF_NAMES, DASH_OF_FORMS, OF_SCHEMES] = [1, 2, 4, 8];
for (const form of FORMS) ANCHORS[form.starts.charCodeAt(anchorOf(form))] = OF_FORMS;
for (const byte of [COLON, EQUALS, CLOSES_TAG, SEMICOLON, COMMA, APOSTROPHE]) ANCHORS[byte] = OF_NAMES;
ANCHORS[DASH] = DASH_OF_FORMS;
ANCHORS[B] = OF_SCHEMES;

/** The next place before `stop` that is worth a closer look; `stop` where there is none. Most bytes are none, and most of the rest cannot be one for what stands in front of them. */
export function nextAnchor(bytes: Uint8Array, from: number, stop: number, end: number): number {
  const anchors = ANCHORS;
  let at = from;
  for (;;) {
    // Four at a time: this is where nearly all of the time goes.
    while (
      at + 4 <= stop &&
      (anchors[bytes[at]!]! |
        anchors[bytes[at + 1]!]! |
        anchors[bytes[at + 2]!]! |
        anchors[bytes[at + 3]!]!) ===
        0
    )
      at += 4;
    while (at < stop && anchors[bytes[at]!] === 0) at++;
    if (at >= stop) return stop;
    const byte = bytes[at]!;
    switch (anchors[byte]) {
      case OF_FORMS:
        if (mayBeForm(bytes, at)) return at;
        break;
      case OF_NAMES:
        if (mayBeNamed(bytes, at, byte, end)) return at;
        break;
      case DASH_OF_FORMS:
        if ((at > 0 && bytes[at - 1] === DASH) || isShort(bytes, at, end) || mayBeForm(bytes, at)) return at;
        break;
      default:
        return at;
    }
    at++;
  }
}

const [LETTER_A, LETTER_E, CLOSES_INDEX] = [65, 101, 93];

/** A first look at what stands in front of a sign that may part a name from its value. */
function mayBeNamed(bytes: Uint8Array, at: number, byte: number, end: number): boolean {
  const front = bytes[at - 1];
  switch (byte) {
    case COLON:
      if (front === SEMICOLON) return mayEndAnEntity(bytes, at);
      return mayFollowAName(bytes, at) || isAddress(bytes, at, end) || endsEscaped(bytes, at);
    case EQUALS:
      if (front === LETTER_E || front === (LETTER_E & ~32) || front === CLOSES_INDEX || front === BLANK)
        return true;
      return isCoded(bytes, at, end) || mayFollowAName(bytes, at);
    case CLOSES_TAG:
      return front === QUOTE || front === BACKSLASH || front === APOSTROPHE || mayFollowAName(bytes, at);
    case SEMICOLON:
      return mayCloseATag(bytes, at);
    case COMMA:
      return (front === QUOTE || front === APOSTROPHE) && mayFollowAName(bytes, at);
    default:
      return front === BLANK && mayFollowAName(bytes, at);
  }
}

/** `://`, as far as it has come, or the number of a bot in front of its token. */
function isAddress(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at + 1] === LETTER_A && DIGIT[bytes[at - 1]!] === 1) return true;
  if (at + 1 >= end || bytes[at + 1] === BACKSLASH) return true;
  return bytes[at + 1] === SLASH && (at + 2 >= end || bytes[at + 2] === SLASH);
}

const NOT = new Map(FORMS.map(({ of }) => [of, of.map((is) => 1 - is)]));

/** In order and without overlaps: of two that overlap the first stays, and of the other what it does not cover. */
function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  let done = 0;
  for (const { start, end, kind } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= done) continue;
    out.push(start >= done ? { start, end, kind } : { start: done, end, kind: "half" });
    done = end;
  }
  return out;
}
