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
  push(bytes: Uint8Array): void;
  /** The stream ended: a last line without a line end is a line. */
  end(): void;
};

const LF = 10;
const CR = 13;
/** `ignoreBOM` keeps a byte order mark in the text: it passed, and it is what breaks the host's parser. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Splits pieces into lines. Keeps at most `limit` bytes of a line; a longer one is hashed on, never stored. */
export function lineSplitter(limit: number, emit: (line: Line) => void): LineSplitter {
  let parts: Uint8Array[] = [];
  let kept = 0;
  let length = 0;
  let hash: Bun.CryptoHasher | null = null;

  function add(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    length += bytes.byteLength;
    if (hash === null && length > limit + 1) {
      hash = new Bun.CryptoHasher("sha256");
      for (const part of parts) hash.update(part);
    }
    hash?.update(bytes);
    const room = limit + 1 - kept; // one more, for a "\r" that does not count
    if (room <= 0) return;
    parts.push(bytes.subarray(0, room));
    kept += Math.min(room, bytes.byteLength);
  }

  function finish(end: "lf" | "none"): void {
    const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    const crlf = end === "lf" && length === kept && whole[length - 1] === CR;
    const bytes = crlf ? whole.subarray(0, -1) : whole;
    const eol = crlf ? "crlf" : end;
    if (hash === null && bytes.byteLength <= limit) emit({ bytes, text: decode(bytes), eol });
    else {
      hash ??= new Bun.CryptoHasher("sha256").update(whole);
      const beginning = bytes.subarray(0, wholeCharacters(bytes, limit));
      const truncated = { bytes: length, sha256: hash.digest("hex") };
      emit({ bytes: beginning, text: decode(beginning), eol, truncated });
    }
    parts = [];
    kept = 0;
    length = 0;
    hash = null;
  }

  return {
    push(bytes: Uint8Array): void {
      let from = 0;
      for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, from)) {
        add(bytes.subarray(from, at));
        finish("lf");
        from = at + 1;
      }
      add(bytes.subarray(from));
    },
    end(): void {
      if (length > 0) finish("none");
    },
  };
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
