/**
 * Exchanges in flight, read while they pass: who follows one is told what was added, and everybody how its row grows.
 * Each piece is taken once; what it added is told with all that came in the same display's frame.
 */
import type { GrowingText } from "../fact/growing-text.ts";
import type { Exchange, Piece } from "../fact/exchange.ts";
import type { EventRow } from "../fact/live.ts";
import type { LiveTimes } from "../fact/live.ts";
import type { Feed } from "../feed/feed.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import { inOrder, liveReading, type LiveReading, type LiveSnapshot } from "../read/live.ts";
import { answeredSoFar } from "../read/story.ts";
import type { FlyingRows } from "./flying-rows.ts";

export type LiveReadingsOptions = {
  readonly feed: Feed;
  readonly rows: FlyingRows;
  /** With all of its bytes, wherever they are. */
  readonly whole: (id: string) => Exchange | null;
  /** Holds back what may be a secret, for each part of an answer. Absent: nothing is. */
  readonly mask?: () => GrowingText;
};

type Live = {
  readonly reading: LiveReading;
  /** All that was told, for whoever comes later; null where nobody came yet. */
  rows: EventRow[] | null;
  ttfb: number | null;
  rowAt: number;
  usageAt: number;
};

/** A display's frame. */
const TELL_MS = 16;
/** A row of the list is drawn at most four times a second. */
const ROW_MS = 250;
/** Of those that nobody follows the rows grow: a busy moment has some hundreds, a hostile one any number. */
const MOST_UNFOLLOWED = 500;
/** Exchanges of which all events are kept, for some open windows; of one more the first one is read again when asked. */
const MOST_WATCHED = 4;

export class LiveReadings {
  readonly #options: LiveReadingsOptions;
  readonly #live = new Map<string, Live>();
  readonly #moved = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: LiveReadingsOptions) {
    this.#options = options;
  }

  /** A piece that stands in the exchange by now. */
  piece(exchange: Exchange, from: "client" | "server", piece: Piece): void {
    const { id } = exchange;
    const known = this.#live.get(id);
    if (known) known.reading.take(from, piece);
    else if (!this.#isWanted(exchange) || !this.#begin(exchange, from, piece)) return;
    this.#moved.add(id);
    this.#timer ??= setTimeout(() => this.#tell(), TELL_MS);
  }

  /**
   * What one in flight has come to, its events from a number on; null when it is not in flight. Read once, when it is asked
   * for first: from then on it costs what it gives.
   */
  snapshot(id: string, from: number): (LiveSnapshot & LiveTimes) | null {
    let live = this.#live.get(id);
    if (!live?.rows) live = this.#watch(id) ?? undefined;
    if (!live?.rows) return null;
    // What was added and not told yet is told before it is in an answer.
    this.#tellAdded(id);
    const { reading, rows, ttfb } = live;
    const facts = reading.facts();
    // As they are now: they go on.
    const parts = facts.parts.map(({ kind, name, text }) => ({ kind, name, text }));
    return { ...facts, parts, events: rows.slice(Math.max(0, from)), ttfb };
  }

  /** It is over: what it came to is read of the whole. */
  over(id: string): void {
    if (this.#moved.delete(id)) this.#tellAdded(id);
    this.#live.delete(id);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#live.clear();
  }

  #isWanted({ id, response }: Exchange): boolean {
    const { feed, rows } = this.#options;
    if (feed.isFollowed({ what: "added", of: id })) return true;
    // A row that was read once goes on from there; most exchanges are over before.
    const row = rows.get(id);
    const isRead = response !== null && row?.dialect != null && !row.responses;
    return isRead && feed.isHeard() && this.#live.size < MOST_UNFOLLOWED;
  }

  /** What was before is in the snapshot that the follower asks for; this piece may not be. */
  #begin({ id }: Exchange, from: "client" | "server", piece: Piece): boolean {
    const exchange = this.#options.whole(id);
    if (!exchange) return false;
    const reading = this.#reading(exchange);
    const all = inOrder(exchange);
    const at = all.findLastIndex(([side, one]) => side === from && one.t === piece.t);
    for (const [side, one] of all.slice(0, at)) reading.take(side, one);
    reading.added();
    for (const [side, one] of all.slice(at)) reading.take(side, one);
    this.#keep(exchange, reading, null);
    return true;
  }

  #watch(id: string): Live | null {
    const exchange = this.#options.whole(id);
    if (!exchange) return null;
    this.#tellAdded(id);
    const reading = this.#reading(exchange);
    for (const [side, one] of inOrder(exchange)) reading.take(side, one);
    const watched = [...this.#live.values()].filter(({ rows }) => rows);
    if (watched.length >= MOST_WATCHED && watched[0]) watched[0].rows = null;
    this.#live.delete(id);
    return this.#keep(exchange, reading, reading.added()?.events ?? []);
  }

  #reading(exchange: Exchange): LiveReading {
    const { whole, mask } = this.#options;
    return liveReading(exchange, { whole: () => whole(exchange.id) ?? exchange, ...(mask && { mask }) });
  }

  #keep({ id, response }: Exchange, reading: LiveReading, rows: EventRow[] | null): Live {
    const { usageAt } = reading.facts();
    const live = { reading, rows, ttfb: response?.ttfb ?? null, rowAt: 0, usageAt };
    this.#live.set(id, live);
    return live;
  }

  #tell(): void {
    this.#timer = null;
    const now = performance.now();
    const later = new Set<string>();
    for (const id of this.#moved) {
      const live = this.#live.get(id);
      if (!live) continue;
      this.#tellAdded(id);
      if (now - live.rowAt < ROW_MS) later.add(id);
      else this.#tellRow(id, live, now);
    }
    this.#moved.clear();
    // A row that was drawn just now is drawn again when its time has come, also when nothing more comes.
    for (const id of later) this.#moved.add(id);
    if (later.size > 0) this.#timer = setTimeout(() => this.#tell(), ROW_MS / 4);
  }

  #tellAdded(id: string): void {
    const live = this.#live.get(id);
    const added = live?.reading.added();
    const { feed, rows } = this.#options;
    if (!live || !added) return;
    live.ttfb ??= rows.get(id)?.ttfb_ms ?? null;
    if (live.rows && added.fresh) live.rows = [];
    if (live.rows) for (const row of added.events) live.rows[row[0]] = row;
    if (!feed.isFollowed({ what: "added", of: id })) return;
    feed.publish({ type: "exchange.added", id, ttfb: live.ttfb, ttft: live.reading.facts().ttft, ...added });
  }

  #tellRow(id: string, live: Live, now: number): void {
    const { feed, rows } = this.#options;
    live.rowAt = now;
    // What a socket's responses say stands in their own rows.
    if (!feed.isHeard() || rows.get(id)?.responses) return;
    const facts = live.reading.facts();
    const row = rows.grow(id, {
      ...(facts.parts.length > 0 && answeredSoFar(facts.parts)),
      ...(facts.ttft !== null && { ttft_ms: facts.ttft }),
      ...this.#usage(live, facts.usageAt),
    });
    if (row) feed.publish({ type: "exchange.row", row });
  }

  /** To put the counts together costs what came so far: done when there is twice as much. */
  #usage(live: Live, at: number): Partial<ExchangeRow> {
    if (at < 2 * live.usageAt || at === 0) return {};
    live.usageAt = at;
    const usage = live.reading.usage();
    return usage ? { tokens_in: usage.input, tokens_out: usage.output, tokens_cached: usage.cached } : {};
  }
}
