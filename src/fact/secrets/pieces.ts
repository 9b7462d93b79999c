/**
 * The search in what comes in pieces, cut anywhere: gives the same as in the whole. Keeps what may still become a
 * credential, and as much of what stood before as a name and its indent can take.
 */
import { isHalfKey, LONGEST_VALUE } from "./values.ts";
import { BACKSLASH, textOf, type Chars } from "./chars.ts";
import { bordersOf, CONTEXT, isQuietSeam, LOOKS_AHEAD } from "./borders.ts";
import { nextAnchor } from "./anchors.ts";
import { Scan } from "./scan.ts";
import type { Also, Found, Inside, Kind, Open, Span } from "./spans.ts";
import { PieceWindow, SPARE } from "./piece-window.ts";
import { Stops } from "./stops.ts";
import { uncovered } from "./uncovered.ts";

/** Beyond this, what is open is looked at again when it has grown by an eighth: so its bytes are looked at a few times. */
const SMALL = 1024;

/** A piece of this size is looked through where it lies. */
const LONG = 2 * CONTEXT;

export class PieceScan {
  readonly #scan = new Scan();
  readonly #also: Also | null;
  readonly #found: (found: Found) => void;
  readonly #window = new PieceWindow();
  /** Where the text begins that is looked at. */
  #begins = 0;
  #open: Open | null = null;
  #looked = 0;
  #inside: Inside | null = null;
  /** What ends the value that was settled before its end had come. */
  #goesOn: Chars | null = null;
  /** Where the last one that was found ends. */
  #last = 0;
  /** Where something was begun that was settled as nothing. */
  #resume: number | null = null;
  readonly #stops = new Stops();
  /** Where in the window that begins which `passes` has not passed over. */
  #from = 0;
  /** Up to here it is decided. */
  safe = 0;

  constructor(kind: Kind, found: (found: Found) => void, also: Also | null = null) {
    this.#scan.kind = kind;
    this.#found = found;
    this.#also = also;
  }

  get kind(): Kind {
    return this.#scan.kind;
  }

  set kind(kind: Kind) {
    this.#scan.kind = kind;
  }

  get steps(): number {
    return this.#scan.steps;
  }

  push(piece: Uint8Array): void {
    if (piece.byteLength <= SPARE) return this.#take(piece);
    for (let at = 0; at < piece.byteLength; at += SPARE) this.#take(piece.subarray(at, at + SPARE));
  }

  /**
   * The part of a text that stands in `bytes`, where that costs no more than a look at each byte: false where it must be
   * looked at more closely, which `look` does. `isQuiet`: where it stands nothing was found worth that, so that only its
   * borders can have become so here.
   */
  passes(bytes: Uint8Array, start: number, end: number, isQuiet: boolean): boolean {
    this.#from = this.#append(bytes, start, end);
    return this.#isPassed(this.#from, isQuiet);
  }

  look(): void {
    this.#takeFrom(this.#from);
  }

  /** Whether the search passed over these bytes, without a closer look at any. Of what came long ago nobody knows. */
  isQuiet(start: number, end: number): boolean {
    return end <= this.#window.base + this.#looked && this.#stops.isQuiet(start, end);
  }

  /** Nothing more comes, or what comes begins anew: half a credential is one too. */
  end(): void {
    if (this.#open !== null || this.#resume !== null) this.#look("over");
    this.#open = null;
    this.#window.clear();
    this.#begins = this.#window.base;
    this.#looked = 0;
    this.#inside = null;
    this.#goesOn = null;
    this.#resume = null;
  }

  /** Waits no longer: what may be a part of one is masked as such, and what goes on with it when it comes. */
  settle(): void {
    if (this.#open === null) return;
    const { from, hold, until } = this.#open;
    const [start, end] = [this.#window.base + hold, this.#window.base + this.#window.size];
    const resume = this.#window.base + from;
    const isHalf =
      until !== ALL && isHalfKey(textOf(this.#window.bytes, hold, Math.min(this.#window.size, hold + SMALL)));
    this.#look("over");
    if (isHalf && this.#last < start) this.#starred(start - this.#window.base, this.#window.size);
    if (until !== ALL && (this.#last === end || isHalf)) this.#goesOn = until;
    else this.#resume = resume;
  }

  #take(piece: Uint8Array): void {
    if (piece.byteLength >= LONG && this.#window.size > 0 && !this.#isWaiting && this.#takeWhereItLies(piece))
      return;
    const from = this.#append(piece, 0, piece.byteLength);
    if (!this.#isPassed(from, false)) this.#takeFrom(from);
  }

  #takeFrom(from: number): void {
    if (this.#goesOn !== null) return this.#goOnUntil(this.#goesOn, from);
    if (this.#inside !== null) return this.#goOnInside(from);
    if (this.#open === null || this.#mayClose(this.#open, from)) this.#look("goes on");
  }

  /** What comes next goes on with something. */
  get #isWaiting(): boolean {
    return this.#open !== null || this.#inside !== null || this.#goesOn !== null || this.#resume !== null;
  }

  /**
   * A long piece is not copied behind what came before: only the border between them is looked at together. False where
   * something stands so near to it that a name in front of it may begin in the piece before.
   */
  #takeWhereItLies(piece: Uint8Array): boolean {
    const size = piece.byteLength;
    const seam = bordersOf(piece, 0, size);
    if (seam > CONTEXT || this.#also?.mayGoOn(this.#window.bytes, this.#window.size)) return false;
    const before = this.#window.last(CONTEXT);
    if (!isQuietSeam(before, piece, seam)) return false;
    const first = nextAnchor(piece, seam, size, size);
    if (first < CONTEXT) return false;
    this.#window.replace(piece);
    this.#looked = 0;
    const others = first === size ? this.#also?.find(piece, 0, size, false) : undefined;
    if (first < size || (others && (others.hold < size || others.spans.length > 0)))
      this.#look("goes on", first);
    else this.#passed(0);
    return true;
  }

  /** Nothing is open, and nothing in what has come is worth a closer look. */
  #isPassed(from: number, isQuiet: boolean): boolean {
    if (this.#isWaiting) return false;
    const { bytes } = this.#window;
    const end = this.#window.size;
    const head = isQuiet ? Math.min(end, bordersOf(bytes, from, end)) : end;
    if (nextAnchor(bytes, from, head, end) < head) return false;
    const tail = Math.max(head, end - LOOKS_AHEAD);
    if (tail < end && nextAnchor(bytes, tail, end, end) < end) return false;
    if (this.#also) {
      if (isQuiet && this.#also.mayGoOn(bytes, from)) return false;
      // Within what is quiet there is none.
      const others = this.#also.find(bytes, isQuiet ? Math.max(from, end - 1) : from, end, false);
      if (others.hold < end || others.spans.length > 0) return false;
    }
    return this.#passed(from);
  }

  #passed(from: number): true {
    const end = this.#window.size;
    this.#scan.passed(end - from);
    this.#looked = end;
    this.safe = this.#window.base + end;
    this.#trim();
    return true;
  }

  /** Gives where it stands in the window. */
  #append(bytes: Uint8Array, start: number, end: number): number {
    const window = this.#window;
    if (window.takesWhereItLies(bytes, start, end)) return 0;
    if (!window.isCopy) this.#forget(this.#unneeded());
    return window.append(bytes, start, end);
  }

  #mayClose({ hold, until }: Open, from: number): boolean {
    const held = this.#window.size - hold;
    if (held > LONGEST_VALUE) return true;
    if (held > SMALL && this.#window.size - this.#looked < held / 8) return false;
    const { bytes, size } = this.#window;
    for (let at = Math.max(from, this.#looked); at < size; at++) if (until[bytes[at]!] === 1) return true;
    return false;
  }

  /** `first`: before it there is nothing that is worth a closer look. */
  #look(then: "goes on" | "over", first = 0): void {
    const scan = this.#scan;
    scan.bytes = this.#window.whole;
    scan.end = this.#window.size;
    scan.isOver = then === "over";
    scan.isBeginning = this.#window.base === this.#begins;
    const known = this.safe - this.#window.base;
    const again =
      this.#resume === null ? Math.max(known, first) : Math.max(0, this.#resume - this.#window.base);
    scan.run(this.#open?.from ?? again);
    this.#resume = null;
    const open = scan.open as Open | null;
    let hold = open?.hold ?? this.#window.size;
    const others = this.#also?.find(scan.bytes, known, this.#window.size, scan.isOver);
    if (others) {
      hold = Math.min(hold, others.hold);
      for (const { start, end } of others.spans) {
        if (start < hold && end > hold) hold = start;
        scan.stops.push(start, end);
      }
    }
    this.#stops.add(this.#window.base, scan.stops, this.#window.size);
    this.#tell(scan.spans, others?.spans ?? [], known, hold);
    this.#inside = scan.inside;
    this.#looked = this.#window.size;
    // What an echo holds back is searched again from there, what a name holds back from its name on.
    const from = Math.min(open?.from ?? hold, hold);
    this.#open =
      open !== null || hold < this.#window.size
        ? { hold, from, until: open && hold === open.hold ? open.until : ALL }
        : null;
    this.safe = this.#window.base + hold;
    this.#trim();
  }

  #tell(spans: readonly Span[], others: readonly Span[], known: number, hold: number): void {
    // What was told of one is the beginning that its mask shows as well.
    const tell = (span: Span) => {
      const { start, end } = span;
      if (end <= known || start >= hold) return;
      const bytes = this.#window.bytes.slice(start, end);
      this.#last = this.#window.base + end;
      this.#found({ ...span, start: this.#window.base + start, end: this.#last, bytes });
    };
    for (const span of spans) tell(span);
    for (const span of uncovered(others, spans)) tell(span);
  }

  /** In what was settled before its end had come. */
  #goOnUntil(until: Chars, from: number): void {
    let stop = from;
    const { bytes, size } = this.#window;
    while (stop < size && until[bytes[stop]!] === 0) stop++;
    this.#starred(from, stop);
    if (stop === this.#window.size) return this.#trim();
    this.#goesOn = null;
    this.#look("goes on");
  }

  #starred(from: number, stop: number): void {
    if (stop > from) {
      const bytes = this.#window.bytes.slice(from, stop);
      this.#stops.add(this.#window.base, [from, stop], this.#window.size);
      this.#found({ start: this.#window.base + from, end: this.#window.base + stop, kind: "half", bytes });
    }
    this.safe = this.#window.base + stop;
  }

  /** In a value that has no end in sight: all of it is masked as it comes. */
  #goOnInside(from: number): void {
    const end = this.#closing(from);
    this.#starred(from, end < 0 ? this.#window.size : end);
    if (end < 0) return this.#trim();
    this.#inside = null;
    this.#look("goes on");
  }

  #closing(from: number): number {
    const { quote, slashes } = this.#inside!;
    const bytes = this.#window.whole;
    for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
      let n = 0;
      while (n < at && n < 64 && bytes[at - n - 1] === BACKSLASH) n++;
      if (n % (2 * (slashes + 1)) <= slashes) return at;
    }
    return -1;
  }

  #trim(): void {
    if (!this.#window.isCopy) return;
    const unneeded = this.#unneeded();
    if (unneeded >= SPARE) this.#forget(unneeded);
  }

  /** How much of the window nobody looks at any more. */
  #unneeded(): number {
    return Math.max(
      0,
      Math.min(this.#open?.from ?? this.#window.size, this.safe - this.#window.base) - CONTEXT,
    );
  }

  #forget(unneeded: number): void {
    if (unneeded === 0) return;
    this.#window.forget(unneeded);
    this.#looked -= unneeded;
    const open = this.#open;
    if (open) this.#open = { hold: open.hold - unneeded, from: open.from - unneeded, until: open.until };
  }
}

const ALL = new Uint8Array(256).fill(1);
