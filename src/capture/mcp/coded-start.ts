/** The first bytes of a body that passes in a coding, read at once: who waits for them may act before a decoder's turn. */
import * as zlib from "node:zlib";

/** Of what passes; and of what it is, so that a bomb is none. */
const LOOKED_AT_BYTES = 16 * 1024;
const MOST_BYTES = 64 * 1024;
/** Each piece is decoded with all before it: a first event comes in one or two. */
const MOST_PIECES = 100;

type Decode = (bytes: Buffer) => Buffer;

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants;
const options = { maxOutputLength: MOST_BYTES };
const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: (bytes) => zlib.gunzipSync(bytes, { ...options, finishFlush: Z_SYNC_FLUSH }),
  "x-gzip": (bytes) => zlib.gunzipSync(bytes, { ...options, finishFlush: Z_SYNC_FLUSH }),
  deflate: (bytes) => zlib.inflateSync(bytes, { ...options, finishFlush: Z_SYNC_FLUSH }),
  br: (bytes) => zlib.brotliDecompressSync(bytes, { ...options, finishFlush: BROTLI_OPERATION_FLUSH }),
  zstd: (bytes) => zlib.zstdDecompressSync(bytes, { ...options, finishFlush: ZSTD_e_flush }),
};

export class CodedStart {
  readonly #decode: Decode | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #told = 0;
  #pieces = 0;

  constructor(coding: string) {
    this.#decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  }

  /** What these bytes add; null when no more will be read. */
  take(piece: Uint8Array): Uint8Array | null {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    const isTooMuch = this.#bytes.byteLength > LOOKED_AT_BYTES || ++this.#pieces > MOST_PIECES;
    if (!this.#decode || isTooMuch) return null;
    try {
      const all = this.#decode(this.#bytes);
      const added = all.subarray(this.#told);
      this.#told = all.byteLength;
      return added;
    } catch {
      return null; // not what it says, or larger than any such event: then nothing is read of it
    }
  }
}
