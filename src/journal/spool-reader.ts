/** The other end of the spool: whole batches out of it, and the large bodies that are left in it until their end. */
import { closeSync, openSync, readSync } from "node:fs";
import type { Exchange, Piece } from "../fact/exchange.ts";
import { type Decoded, decodeFacts } from "../fact/line.ts";
import type { SpoolRange } from "./spool.ts";

/** Files kept open: their bytes can be read as long as they are, even when somebody deletes the folder. */
const OPEN_FILES = 8;

/** `bytes`: how many are no records, when there are none to decode. */
export type Window = {
  readonly part: SpoolRange;
  readonly bytes: number;
  readonly decoded: (Decoded & { readonly bytes: Uint8Array }) | null;
};

const WINDOW = 16 * 1024 * 1024;
/** Two of the largest records that there can be. */
const LARGEST_WINDOW = 512 * 1024 * 1024;

export class SpoolReader {
  /** In the order of their first use. */
  readonly #files = new Map<string, number>();

  /** Throws what the disk says, and when the range is not all there. */
  read({ path, at, length }: SpoolRange): Uint8Array {
    const fd = this.#files.get(path) ?? this.#open(path);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const read = readSync(fd, bytes, done, length - done, at + done);
      if (read === 0) throw new Error(`${path} ends at ${at + done}, ${length - done} bytes early`);
      done += read;
    }
    return bytes;
  }

  /**
   * The records of a range, in windows that are whole records: what a program left may be larger than memory. The bytes
   * at the end, or from where there are no records on, come as a number.
   */
  *windows({ path, at: start, length }: SpoolRange): Generator<Window> {
    const end = start + length;
    let room = WINDOW;
    for (let at = start; at < end;) {
      const part = { path, at, length: Math.min(room, end - at) };
      const bytes = this.read(part);
      const decoded = decodeFacts(bytes);
      if (decoded.rest === 0 && part.length < end - at && room < LARGEST_WINDOW) {
        room *= 2;
        continue;
      }
      if (decoded.rest === 0) return yield { part, bytes: end - at, decoded: null };
      yield { part, bytes: 0, decoded: { ...decoded, bytes } };
      at += decoded.rest;
      room = WINDOW;
    }
  }

  close(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }

  #open(path: string): number {
    const fd = openSync(path, "r");
    this.#files.set(path, fd);
    const [oldest] = this.#files;
    if (this.#files.size > OPEN_FILES && oldest) {
      closeSync(oldest[1]);
      this.#files.delete(oldest[0]);
    }
    return fd;
  }
}

/** Most exchanges are far below it; of the others this much is at hand while they are in flight. */
const IN_MEMORY = 1024 * 1024;

/** From this size on a batch is not kept alive by the pieces that are: they are copied out of it. */
const LARGE_BATCH = 128 * 1024;

type Side = "request" | "response";
type Away = SpoolRange & { readonly side: Side; readonly n: number };
type Body = { inMemory: number; readonly away: Away[] };

const NOTHING = new Uint8Array(0);

/** Which pieces of which exchanges are left in the spool. */
export class LargeBodies {
  readonly #reader: SpoolReader;
  readonly #bodies = new Map<string, Body>();

  constructor(reader: SpoolReader) {
    this.#reader = reader;
  }

  /**
   * The last piece of this side was just added. Beyond the first megabyte its bytes are let go; `batch` is what it was
   * read in, and `range` where that lies (null when it came by memory and cannot be read again).
   */
  added(exchange: Exchange, side: Side, batch: Uint8Array, range: SpoolRange | null): void {
    const pieces = exchange[side]?.pieces;
    const piece = pieces?.at(-1);
    if (!pieces || !piece || range === null) return;
    const body = this.#bodies.get(exchange.id) ?? { inMemory: 0, away: [] };
    this.#bodies.set(exchange.id, body);
    const length = piece.bytes.byteLength;
    const n = pieces.length - 1;
    if (body.inMemory + length > IN_MEMORY) {
      body.away.push({
        side,
        n,
        path: range.path,
        at: range.at + piece.bytes.byteOffset - batch.byteOffset,
        length,
      });
      pieces[n] = { ...piece, bytes: NOTHING, passed: piece.passed ?? length };
      return;
    }
    body.inMemory += length;
    if (batch.byteLength > LARGE_BATCH) pieces[n] = { ...piece, bytes: piece.bytes.slice() };
  }

  /** The exchange with everything in memory; itself when nothing was away. What cannot be read again is a gap. */
  whole(exchange: Exchange): Exchange {
    const away = this.#bodies.get(exchange.id)?.away ?? [];
    if (away.length === 0) return exchange;
    const pieces: Record<Side, Piece[]> = {
      request: [...exchange.request.pieces],
      response: [...(exchange.response?.pieces ?? [])],
    };
    const gaps = [...exchange.gaps];
    for (const part of away) {
      const { side, n, length } = part;
      const piece = pieces[side][n]!;
      try {
        pieces[side][n] = { ...piece, bytes: this.#reader.read(part) };
      } catch (error) {
        const why = `the spool could not be read again: ${error instanceof Error ? error.message : error}`;
        gaps.push({ t: piece.t, from: side === "request" ? "client" : "server", lost: length, why });
      }
    }
    return {
      ...exchange,
      request: { ...exchange.request, pieces: pieces.request },
      response: exchange.response && { ...exchange.response, pieces: pieces.response },
      gaps,
    };
  }

  forget(id: string): void {
    this.#bodies.delete(id);
  }
}
