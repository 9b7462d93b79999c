/**
 * Large bodies are left in the spool until their end; of small ones in large batches copies are kept, so that what came
 * together with a piece need not stay in memory for it.
 */
import type { Exchange, Piece } from "../fact/exchange.ts";
import type { SpoolRange } from "./spool.ts";
import type { SpoolReader } from "./spool-reader.ts";

/** Most exchanges are far below it; of the others this much is at hand while they are in flight. */
const IN_MEMORY = 1024 * 1024;

/** From this size on a batch is not kept alive by the pieces that are: they are copied out of it. */
const LARGE_BATCH = 128 * 1024;

/** An array of bytes by itself takes some 150 bytes more than it is long: many small copies share one. */
const BLOCK_BYTES = 64 * 1024;

/** Pieces that lie near each other are read together: a stream has a hundred thousand of some bytes. */
const NEAR = 256 * 1024;

type Side = "request" | "response";
type Away = SpoolRange & { readonly side: Side; readonly n: number };
type Body = { inMemory: number; block: Uint8Array; used: number; readonly away: Away[] };

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
    const body = this.#bodies.get(exchange.id) ?? { inMemory: 0, block: NOTHING, used: 0, away: [] };
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
    if (batch.byteLength > LARGE_BATCH) pieces[n] = { ...piece, bytes: copied(piece.bytes, body) };
  }

  /**
   * The exchange with everything in memory, each side in one array of bytes; itself when nothing was away. What cannot
   * be read again is a gap.
   */
  whole(exchange: Exchange): Exchange {
    const away = this.#bodies.get(exchange.id)?.away ?? [];
    if (away.length === 0) return exchange;
    const gaps = [...exchange.gaps];
    const sides = {
      request: together(exchange.request.pieces, away, "request"),
      response: together(exchange.response?.pieces ?? [], away, "response"),
    };
    for (const near of inRuns(away)) {
      const unread = this.#read(near, sides);
      for (const { side, n, length, why } of unread) {
        const piece = sides[side][n]!;
        sides[side][n] = { ...piece, bytes: NOTHING };
        gaps.push({ t: piece.t, from: side === "request" ? "client" : "server", lost: length, why });
      }
    }
    return {
      ...exchange,
      request: { ...exchange.request, pieces: sides.request },
      response: exchange.response && { ...exchange.response, pieces: sides.response },
      gaps,
    };
  }

  forget(id: string): void {
    this.#bodies.delete(id);
  }

  /** Gives those that cannot be read. */
  #read(near: readonly Away[], sides: Readonly<Record<Side, Piece[]>>): (Away & { why: string })[] {
    const [first] = near;
    const last = near.at(-1);
    if (!first || !last) return [];
    const into = ({ side, n }: Away) => sides[side][n]!.bytes;
    try {
      if (first === last) this.#reader.readInto(into(first), first);
      else {
        const bytes = this.#reader.read({ ...first, length: last.at + last.length - first.at });
        for (const one of near)
          into(one).set(bytes.subarray(one.at - first.at, one.at - first.at + one.length));
      }
      return [];
    } catch (error) {
      if (first !== last) return near.flatMap((one) => this.#read([one], sides));
      return [
        {
          ...first,
          why: `the spool could not be read again: ${error instanceof Error ? error.message : error}`,
        },
      ];
    }
  }
}

/** Blocks grow with the body: most are of one piece. */
function copied(bytes: Uint8Array, body: Body): Uint8Array {
  if (bytes.byteLength > body.block.byteLength - body.used) {
    const size = Math.min(BLOCK_BYTES, 2 * body.inMemory);
    if (bytes.byteLength > size / 2) return bytes.slice();
    body.block = new Uint8Array(size);
    body.used = 0;
  }
  const own = body.block.subarray(body.used, (body.used += bytes.byteLength));
  own.set(bytes);
  return own;
}

/** The pieces in one array, with room for those that are away. */
function together(pieces: readonly Piece[], away: readonly Away[], side: Side): Piece[] {
  const missing = new Map(away.flatMap((one) => (one.side === side ? [[one.n, one.length]] : [])));
  let size = 0;
  for (const [n, { bytes }] of pieces.entries()) size += missing.get(n) ?? bytes.byteLength;
  const all = new Uint8Array(size);
  let at = 0;
  return pieces.map((piece, n) => {
    const bytes = all.subarray(at, (at += missing.get(n) ?? piece.bytes.byteLength));
    bytes.set(piece.bytes);
    return { ...piece, bytes };
  });
}

function* inRuns(away: readonly Away[]): Generator<Away[]> {
  let run: Away[] = [];
  for (const one of away) {
    const [first] = run;
    const isNear =
      first && first.path === one.path && one.at >= first.at && one.at + one.length - first.at <= NEAR;
    if (!isNear && run.length > 0) {
      yield run;
      run = [];
    }
    run.push(one);
  }
  if (run.length > 0) yield run;
}
