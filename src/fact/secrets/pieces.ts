/**
 * The search in what comes in pieces, cut anywhere: gives the same as in the whole. Keeps what may still become a
 * credential, and as much of what stood before as a name and its indent can take.
 */
import { LONGEST_VALUE } from "./values.ts";
import { BACKSLASH, textOf, type Chars } from "./chars.ts";
import { Scan, type Inside, type Kind, type Open, type Span } from "./scan.ts";

/** In front of a value stand its name, a gap and an indent: see the limits of `members.ts` and `pairs.ts`. */
const CONTEXT = 768;
/** The window is moved when this much of it is not needed any more: so a byte is moved once, not with each piece. */
const SPARE = 64 * 1024;
/** Beyond this, what is open is looked at again when it has grown by an eighth: so its bytes are looked at a few times. */
const SMALL = 1024;

/** Other things that are looked for in the same bytes; `start`s below `from` are known already. */
export type Also = {
  find(
    bytes: Uint8Array,
    from: number,
    isOver: boolean,
  ): { readonly spans: readonly Span[]; readonly hold: number };
};

/** A credential that was found. Places are counted from the beginning of all pieces; `bytes` are what it was. */
export type Found = Span & { readonly bytes: Uint8Array };

export class PieceScan {
  readonly #scan = new Scan();
  readonly #also: Also | null;
  readonly #found: (found: Found) => void;
  #window = new Uint8Array(4096);
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
    for (let at = 0; at < piece.byteLength; at += SPARE) this.#take(piece.subarray(at, at + SPARE));
  }

  /** Nothing more comes, or what comes begins anew: half a credential is one too. */
  end(): void {
    this.#look("over");
    this.#base += this.#size;
    this.#begins = this.#base;
    this.#size = 0;
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
    const from = this.#size;
    this.#append(piece);
    if (this.#goesOn !== null) return this.#goOnUntil(this.#goesOn, from);
    if (this.#inside !== null) return this.#goOnInside(from);
    if (this.#open === null || this.#mayClose(this.#open, from)) this.#look("goes on");
  }

  #append(piece: Uint8Array): void {
    const size = this.#size + piece.byteLength;
    if (size > this.#window.byteLength) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#window.byteLength));
      larger.set(this.#window.subarray(0, this.#size));
      this.#window = larger;
    }
    this.#window.set(piece, this.#size);
    this.#size = size;
  }

  #mayClose({ hold, until }: Open, from: number): boolean {
    const held = this.#size - hold;
    if (held > LONGEST_VALUE) return true;
    if (held > SMALL && this.#size - this.#looked < held / 8) return false;
    for (let at = Math.max(from, this.#looked); at < this.#size; at++)
      if (until[this.#window[at]!] === 1) return true;
    return false;
  }

  #look(then: "goes on" | "over"): void {
    const scan = this.#scan;
    scan.bytes = this.#window.subarray(0, this.#size);
    scan.end = this.#size;
    scan.isOver = then === "over";
    scan.isBeginning = this.#base === this.#begins;
    const known = this.safe - this.#base;
    scan.run(this.#open?.from ?? (this.#resume === null ? known : Math.max(0, this.#resume - this.#base)));
    this.#resume = null;
    const open = scan.open as Open | null;
    let hold = open?.hold ?? this.#size;
    const others = this.#also?.find(scan.bytes, known, scan.isOver);
    if (others) {
      hold = Math.min(hold, others.hold);
      for (const { start, end } of others.spans) if (start < hold && end > hold) hold = start;
    }
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
    const needed = Math.min(this.#open?.from ?? this.#size, this.safe - this.#base) - CONTEXT;
    if (needed < SPARE) return;
    this.#window.copyWithin(0, needed, this.#size);
    this.#size -= needed;
    this.#base += needed;
    this.#looked -= needed;
    const open = this.#open;
    if (open) this.#open = { hold: open.hold - needed, from: open.from - needed, until: open.until };
  }
}

/** What has begun like a key and has a part of what is made at random. */
function isHalfKey(text: string): boolean {
  return text.length >= 14 && /\d/.test(text) && /^[\w-]+$/.test(text);
}

const ALL = new Uint8Array(256).fill(1);

/** The parts of `others` that none of `spans` covers; each list goes by its start. A part of one is no whole one. */
export function uncovered(others: readonly Span[], spans: readonly Span[]): Span[] {
  if (others.length === 0) return [];
  const out: Span[] = [];
  let done = 0;
  let n = 0;
  for (const other of others) {
    const { start, end } = other;
    let from = Math.max(start, done);
    done = Math.max(done, end);
    while (n < spans.length && spans[n]!.end <= from) n++;
    for (let k = n; k < spans.length && spans[k]!.start < end; k++) {
      if (spans[k]!.start > from) out.push({ start: from, end: spans[k]!.start, kind: "half" });
      from = Math.max(from, spans[k]!.end);
    }
    if (from < end) out.push(from === start ? other : { start: from, end, kind: "half" });
  }
  return out;
}
