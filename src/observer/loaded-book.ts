/**
 * The book of runs with what of the index is in it: whatever a piece of evidence may touch is read again before it is taken.
 * What it knows is a cache: it may be forgotten whole, and costs reading again.
 */
import type { Evidence, LocalIndex } from "../index/index.ts";
import { type RunBook, runBook } from "../read/run/book.ts";
import type { ModelEvidence, ServedCall, SessionEvidence } from "../read/run/evidence.ts";
import { groupNamed } from "../read/run/lineage.ts";
import { reasonOf } from "./of-the-disk.ts";

export type LoadedBookOptions = {
  readonly index: Pick<LocalIndex, "evidence" | "aloneBefore">;
  readonly warn: (message: string) => void;
  /** Of each exchange that is taken, also of those that are read again. */
  readonly onModel: (it: ModelEvidence) => void;
};

/** Pieces of one run, and of one hour, that are read again. */
const OF_A_RUN = 50_000;
const OF_AN_HOUR = 2_000;
const HOUR = 3_600_000;

export class LoadedBook {
  readonly #options: LoadedBookOptions;
  book: RunBook = runBook();
  readonly #loaded = new Set<string>();
  readonly #hours = new Set<number>();
  #coming = new Set<string>();
  readonly #parsed = new WeakMap<Evidence, unknown>();

  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  constructor(options: LoadedBookOptions) {
    this.#options = options;
  }

  get size(): number {
    const { exchanges, calls } = this.book.size();
    return exchanges + calls;
  }

  /** What is held of evidence, as it is written: the book takes a few times as much. */
  get bytes(): number {
    return this.#bytes;
  }

  forget(): void {
    this.book = runBook();
    this.#sizes.clear();
    this.#bytes = 0;
    this.#loaded.clear();
    this.#hours.clear();
  }

  /** Everything that these may touch, when it is not known already; they themselves are yet to be taken. */
  load(pieces: readonly Evidence[]): void {
    this.#coming = new Set(pieces.map(keyOf));
    for (const piece of pieces) this.#loadAround(piece);
    this.#coming.clear();
  }

  #loadAround(piece: Evidence): void {
    const { source, kind, at, run, parent } = piece;
    if (run !== null) this.#loadRun(run);
    if (kind === "model") {
      for (const group of groupsOf(this.#read(piece) as Partial<ModelEvidence>)) this.#loadRun(group);
      if (parent !== null && !this.book.has(parent))
        for (const before of this.#options.index.evidence({ source: parent }, 1))
          if (before.run !== null) this.#loadRun(before.run);
    } else if (!this.book.has(source)) this.#loadSession(source);
    this.#loadHours(at);
  }

  /** Those that are alone, and that this one may go on from. */
  aloneBefore(piece: Evidence): string[] {
    if (piece.kind !== "model") return [];
    const { previous, prefixes } = this.#read(piece) as Partial<ModelEvidence>;
    const keys = { previous: previous ?? null, prefixes: prefixes ?? [] };
    return this.#options.index.aloneBefore(piece.at, keys);
  }

  /** Parsed once. */
  #read(piece: Evidence): unknown {
    const known = this.#parsed.get(piece);
    if (known !== undefined) return known;
    const it: unknown = JSON.parse(piece.json);
    if (it !== null) this.#parsed.set(piece, it);
    return it;
  }

  #loadRun(run: string): void {
    if (this.#loaded.has(run)) return;
    this.#loaded.add(run);
    const sessions = new Set<string>();
    for (const piece of this.#options.index.evidence({ run }, OF_A_RUN)) {
      this.#again(piece);
      if (piece.kind === "served") sessions.add(piece.source);
    }
    for (const session of sessions) if (!this.#isNamed(session)) this.#loadSession(session);
  }

  #loadSession(session: string): void {
    for (const piece of this.#options.index.evidence({ source: session }, OF_A_RUN)) {
      this.#again(piece);
      if (piece.run !== null) this.#loadRun(piece.run);
    }
  }

  #isNamed(session: string): boolean {
    return this.#loaded.has(`session ${session}`);
  }

  /** What was recorded around that time may belong to it: two wires are two files, and one may have come first. */
  #loadHours(at: number): void {
    const hour = Math.floor(at / HOUR);
    for (const near of [hour - 1, hour, hour + 1]) {
      if (this.#hours.has(near)) continue;
      this.#hours.add(near);
      const times = { from: near * HOUR, to: (near + 1) * HOUR };
      for (const piece of this.#options.index.evidence(times, OF_AN_HOUR)) {
        if (piece.run !== null) this.#loadRun(piece.run);
        else this.#again(piece);
      }
    }
  }

  #again(piece: Evidence): void {
    if (piece.kind === "session") this.#loaded.add(`session ${piece.source}`);
    if (this.#coming.has(keyOf(piece))) return;
    if (!this.book.has(keyOf(piece)) || piece.kind === "session") this.take(piece);
  }

  /** A piece that cannot be understood costs itself, whoever asks for it. */
  take(piece: Evidence): void {
    try {
      this.#takeIn(piece);
    } catch (error) {
      this.#options.warn(
        `what ${piece.source} says of its run cannot be understood (${reasonOf(error)}); the record is complete`,
      );
    }
  }

  #weigh(piece: Evidence): void {
    const key = keyOf(piece);
    const size = piece.kind === "gone" ? 0 : piece.json.length;
    this.#bytes += size - (this.#sizes.get(key) ?? 0);
    if (size === 0) this.#sizes.delete(key);
    else this.#sizes.set(key, size);
  }

  #takeIn(piece: Evidence): void {
    this.#weigh(piece);
    switch (piece.kind) {
      case "model": {
        const it = this.#read(piece) as ModelEvidence;
        this.book.model(it);
        this.#options.onModel(it);
        return;
      }
      case "session":
        return this.book.session(this.#read(piece) as SessionEvidence);
      case "served":
        return this.book.served(this.#read(piece) as ServedCall);
      case "gone":
        return this.book.forget(piece.source);
      default:
        return piece.kind satisfies never;
    }
  }
}

function keyOf({ source, part }: Evidence): string {
  return source + part;
}

/** The run that an exchange names itself, or the session that may be its own or its parent's. */
function groupsOf({ run, session, parent_session }: Partial<ModelEvidence>): string[] {
  return groupNamed({ run: run ?? null, session: session ?? null, parent_session: parent_session ?? null });
}
