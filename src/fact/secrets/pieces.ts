/**
 * The search in what comes in pieces, cut anywhere: gives the same as in the whole. Keeps what may still become a
 * credential, and as much of what stood before as a name and its indent can take.
 */
import { LONGEST_VALUE } from "./values.ts";
import { BACKSLASH, textOf, type Chars } from "./chars.ts";
import { bordersOf, CONTEXT, isQuietSeam, LOOKS_AHEAD } from "./borders.ts";
import { nextAnchor } from "./anchors.ts";
import { Scan } from "./scan.ts";
import type { Inside, Kind, Open, Span } from "./spans.ts";
import { Stops } from "./stops.ts";
import { uncovered } from "./uncovered.ts";

/** The window is moved when this much of it is not needed any more: so a byte is moved once, not with each piece. */
const SPARE = 64 * 1024;
/** Beyond this, what is open is looked at again when it has grown by an eighth: so its bytes are looked at a few times. */
const SMALL = 1024;
/** The texts of a stream's deltas grow from nothing. */
const LEAST_BYTES = 512;

/** Below this a copy by hand is quicker than a call. */
const BY_HAND = 24;

/** A piece of this size is looked through where it lies. */
const LONG = 2 * CONTEXT;

const NOTHING = new Uint8Array(0);

/** Other things that are looked for in the same bytes; `start`s below `from` are known already. */
export type Also = {
  /** Bytes behind `end` are none of the text. */
  find(
    bytes: Uint8Array,
    from: number,
    end: number,
    isOver: boolean,
  ): { readonly spans: readonly Span[]; readonly hold: number };
  /** Whether the last bytes before `end`, which are not held back, may be the beginning of one. */
  mayGoOn(bytes: Uint8Array, end: number): boolean;
};

/** A credential that was found. Places are counted from the beginning of all pieces; `bytes` are what it was. */
export type Found = Span & { readonly bytes: Uint8Array };

export class PieceScan {
  readonly #scan = new Scan();
  readonly #also: Also | null;
  readonly #found: (found: Found) => void;
  /** The first piece as it came, or a copy of ours with what is still needed of those before the last. */
  #window = NOTHING;
  #isCopy = false;
  #size = 0;
  /** Where the window begins, and the text that is looked at. */
  #base = 0;
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
    return end <= this.#base + this.#looked && this.#stops.isQuiet(start, end);
  }

  /** Nothing more comes, or what comes begins anew: half a credential is one too. */
  end(): void {
    if (this.#open !== null || this.#resume !== null) this.#look("over");
    this.#open = null;
    this.#base += this.#size;
    this.#begins = this.#base;
    this.#size = 0;
    if (!this.#isCopy) this.#window = NOTHING;
    this.#looked = 0;
    this.#inside = null;
    this.#goesOn = null;
    this.#resume = null;
  }

  /** Waits no longer: what may be a part of one is masked as such, and what goes on with it when it comes. */
  settle(): void {
    if (this.#open === null) return;
    const { from, hold, until } = this.#open;
    const [start, end] = [this.#base + hold, this.#base + this.#size];
    const resume = this.#base + from;
    const isHalf = until !== ALL && isHalfKey(textOf(this.#window, hold, Math.min(this.#size, hold + SMALL)));
    this.#look("over");
    if (isHalf && this.#last < start) this.#starred(start - this.#base, this.#size);
    if (until !== ALL && (this.#last === end || isHalf)) this.#goesOn = until;
    else this.#resume = resume;
  }

  #take(piece: Uint8Array): void {
    if (piece.byteLength >= LONG && this.#size > 0 && !this.#isWaiting && this.#takeWhereItLies(piece))
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
    if (seam > CONTEXT || this.#also?.mayGoOn(this.#window, this.#size)) return false;
    const before = this.#window.subarray(Math.max(0, this.#size - CONTEXT), this.#size);
    if (!isQuietSeam(before, piece, seam)) return false;
    const first = nextAnchor(piece, seam, size, size);
    if (first < CONTEXT) return false;
    this.#base += this.#size;
    this.#window = piece as Uint8Array<ArrayBuffer>;
    this.#isCopy = false;
    this.#size = size;
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
    const bytes = this.#window;
    const end = this.#size;
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
    const end = this.#size;
    this.#scan.passed(end - from);
    this.#looked = end;
    this.safe = this.#base + end;
    this.#trim();
    return true;
  }

  /** Gives where it stands in the window. */
  #append(bytes: Uint8Array, start: number, end: number): number {
    const more = end - start;
    // Most bodies come in one piece: it is looked through where it lies.
    if (this.#size === 0 && !this.#isCopy && more === bytes.byteLength) {
      this.#window = bytes as Uint8Array<ArrayBuffer>;
      this.#size = more;
      return 0;
    }
    if (!this.#isCopy) this.#forget(this.#unneeded());
    const from = this.#size;
    const size = from + more;
    if (size > this.#window.byteLength || !this.#isCopy) {
      const larger = new Uint8Array(Math.max(size, 2 * from, LEAST_BYTES));
      larger.set(from === this.#window.byteLength ? this.#window : this.#window.subarray(0, from));
      this.#window = larger;
      this.#isCopy = true;
    }
    if (more === bytes.byteLength) this.#window.set(bytes, from);
    else if (more > BY_HAND) this.#window.set(bytes.subarray(start, end), from);
    else for (let n = 0; n < more; n++) this.#window[from + n] = bytes[start + n]!;
    this.#size = size;
    return from;
  }

  #mayClose({ hold, until }: Open, from: number): boolean {
    const held = this.#size - hold;
    if (held > LONGEST_VALUE) return true;
    if (held > SMALL && this.#size - this.#looked < held / 8) return false;
    for (let at = Math.max(from, this.#looked); at < this.#size; at++)
      if (until[this.#window[at]!] === 1) return true;
    return false;
  }

  /** `first`: before it there is nothing that is worth a closer look. */
  #look(then: "goes on" | "over", first = 0): void {
    const scan = this.#scan;
    const isWhole = this.#size === this.#window.byteLength;
    scan.bytes = isWhole ? this.#window : this.#window.subarray(0, this.#size);
    scan.end = this.#size;
    scan.isOver = then === "over";
    scan.isBeginning = this.#base === this.#begins;
    const known = this.safe - this.#base;
    const again = this.#resume === null ? Math.max(known, first) : Math.max(0, this.#resume - this.#base);
    scan.run(this.#open?.from ?? again);
    this.#resume = null;
    const open = scan.open as Open | null;
    let hold = open?.hold ?? this.#size;
    const others = this.#also?.find(scan.bytes, known, this.#size, scan.isOver);
    if (others) {
      hold = Math.min(hold, others.hold);
      for (const { start, end } of others.spans) {
        if (start < hold && end > hold) hold = start;
        scan.stops.push(start, end);
      }
    }
    this.#stops.add(this.#base, scan.stops, this.#size);
    this.#tell(scan.spans, others?.spans ?? [], known, hold);
    this.#inside = scan.inside;
    this.#looked = this.#size;
    // What an echo holds back is searched again from there, what a name holds back from its name on.
    const from = Math.min(open?.from ?? hold, hold);
    this.#open =
      open !== null || hold < this.#size
        ? { hold, from, until: open && hold === open.hold ? open.until : ALL }
        : null;
    this.safe = this.#base + hold;
    this.#trim();
  }

  #tell(spans: readonly Span[], others: readonly Span[], known: number, hold: number): void {
    // What was told of one is the beginning that its mask shows as well.
    const tell = (span: Span) => {
      const { start, end } = span;
      if (end <= known || start >= hold) return;
      const bytes = this.#window.slice(start, end);
      this.#last = this.#base + end;
      this.#found({ ...span, start: this.#base + start, end: this.#last, bytes });
    };
    for (const span of spans) tell(span);
    for (const span of uncovered(others, spans)) tell(span);
  }

  /** In what was settled before its end had come. */
  #goOnUntil(until: Chars, from: number): void {
    let stop = from;
    while (stop < this.#size && until[this.#window[stop]!] === 0) stop++;
    this.#starred(from, stop);
    if (stop === this.#size) return this.#trim();
    this.#goesOn = null;
    this.#look("goes on");
  }

  #starred(from: number, stop: number): void {
    if (stop > from) {
      const bytes = this.#window.slice(from, stop);
      this.#stops.add(this.#base, [from, stop], this.#size);
      this.#found({ start: this.#base + from, end: this.#base + stop, kind: "half", bytes });
    }
    this.safe = this.#base + stop;
  }

  /** In a value that has no end in sight: all of it is masked as it comes. */
  #goOnInside(from: number): void {
    const end = this.#closing(from);
    this.#starred(from, end < 0 ? this.#size : end);
    if (end < 0) return this.#trim();
    this.#inside = null;
    this.#look("goes on");
  }

  #closing(from: number): number {
    const { quote, slashes } = this.#inside!;
    const bytes = this.#window.subarray(0, this.#size);
    for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
      let n = 0;
      while (n < at && n < 64 && bytes[at - n - 1] === BACKSLASH) n++;
      if (n % (2 * (slashes + 1)) <= slashes) return at;
    }
    return -1;
  }

  #trim(): void {
    if (!this.#isCopy) return;
    const unneeded = this.#unneeded();
    if (unneeded >= SPARE) this.#forget(unneeded);
  }

  /** How much of the window nobody looks at any more. */
  #unneeded(): number {
    return Math.max(0, Math.min(this.#open?.from ?? this.#size, this.safe - this.#base) - CONTEXT);
  }

  #forget(unneeded: number): void {
    if (unneeded === 0) return;
    if (this.#isCopy) this.#window.copyWithin(0, unneeded, this.#size);
    else this.#window = this.#window.subarray(unneeded, this.#size);
    this.#size -= unneeded;
    this.#base += unneeded;
    this.#looked -= unneeded;
    const open = this.#open;
    if (open) this.#open = { hold: open.hold - unneeded, from: open.from - unneeded, until: open.until };
  }
}

/** What has begun like a key and has a part of what is made at random. */
function isHalfKey(text: string): boolean {
  return text.length >= 14 && /\d/.test(text) && /^[\w-]+$/.test(text);
}

const ALL = new Uint8Array(256).fill(1);
