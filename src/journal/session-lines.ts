/** Bytes of one direction in, whole lines out: splits on the byte "\n", decodes whole lines only, limits the copy. */

/** One line as it came, without its line end. `text` is null when the bytes are not UTF-8. */
export type Line = {
  readonly bytes: Uint8Array;
  readonly text: string | null;
  readonly eol: "lf" | "crlf" | "none";
  /** When the line was longer than the limit: length and hash of all that stood before its "\n". */
  readonly truncated?: { readonly bytes: number; readonly sha256: string };
};

export type LineSplitter = {
  /** The lines that end in these bytes, one by one as they are asked for. All have to be, before the next piece. */
  take(bytes: Uint8Array): Iterable<Line>;
  /** The stream ended: a last line without a line end is a line. */
  end(): Iterable<Line>;
};

const LF = 10;
const CR = 13;
/** `ignoreBOM` keeps a byte order mark in the text: it passed, and it is what breaks the host's parser. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Splits pieces into lines. Keeps at most `limit` bytes of a line; a longer one is hashed on, never stored. */
export function lineSplitter(limit: number): LineSplitter {
  /** What came of a line that has not ended; one more byte than the limit, for a "\r" that does not count. */
  const begun = new GrowingLine(limit + 1);
  let length = 0;
  let hash: Bun.CryptoHasher | null = null;

  function add(bytes: Uint8Array): void {
    length += bytes.byteLength;
    if (hash === null && length > limit + 1) hash = new Bun.CryptoHasher("sha256").update(begun.bytes());
    hash?.update(bytes);
    begun.add(bytes);
  }

  function line(last: Uint8Array, end: "lf" | "none"): Line {
    // Most lines come in one piece, and are not copied.
    if (length > 0 || last.byteLength > limit) add(last);
    const whole = length > 0 ? begun.bytes() : last;
    const size = Math.max(length, last.byteLength);
    const crlf = end === "lf" && size === whole.byteLength && whole[size - 1] === CR;
    const bytes = crlf ? whole.subarray(0, -1) : whole;
    const eol = crlf ? "crlf" : end;
    if (hash === null && bytes.byteLength <= limit) return forget({ bytes, text: decode(bytes), eol });
    hash ??= new Bun.CryptoHasher("sha256").update(whole);
    const beginning = bytes.subarray(0, wholeCharacters(bytes, limit));
    const truncated = { bytes: length, sha256: hash.digest("hex") };
    return forget({ bytes: beginning, text: decode(beginning), eol, truncated });
  }

  function forget(done: Line): Line {
    begun.clear();
    length = 0;
    hash = null;
    return done;
  }

  return {
    *take(bytes) {
      let from = 0;
      for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, from)) {
        const last = bytes.subarray(from, at);
        from = at + 1;
        yield line(last, "lf");
      }
      if (from < bytes.byteLength) add(bytes.subarray(from));
    },
    *end() {
      if (length > 0) yield line(NOTHING, "none");
    },
  };
}

const NOTHING = new Uint8Array(0);

/** Each byte is copied a fixed number of times, however small the pieces are. */
class GrowingLine {
  readonly #limit: number;
  #buffer = NOTHING;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#limit - this.#size);
    const size = this.#size + kept.byteLength;
    if (size > this.#buffer.byteLength) {
      const larger = new Uint8Array(Math.min(this.#limit, Math.max(size, 2 * this.#buffer.byteLength)));
      larger.set(this.bytes());
      this.#buffer = larger;
    }
    this.#buffer.set(kept, this.#size);
    this.#size = size;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#size);
  }

  /** What was given out stays as it is. */
  clear(): void {
    this.#buffer = NOTHING;
    this.#size = 0;
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null; // the answer, not an error: the caller keeps such a line as base64
  }
}

/** The largest cut at or below `limit` that is not inside a UTF-8 character. */
function wholeCharacters(bytes: Uint8Array, limit: number): number {
  let cut = Math.min(limit, bytes.byteLength);
  while (cut > limit - 4 && cut > 0 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut--;
  return cut;
}
