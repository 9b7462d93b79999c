/**
 * Exchanges in flight: takes their facts one by one, and tells the list and whoever follows one what each has added. The
 * responses of a socket are exchanges of their own, made of the socket's facts.
 */
import { addFact, type Exchange } from "../fact/exchange.ts";
import type { Fact, Part } from "../fact/fact.ts";
import { growingText } from "../fact/growing-text.ts";
import type { Mask } from "../fact/mask.ts";
import type { Feed } from "../feed/feed.ts";
import type { SpoolRange } from "../journal/spool.ts";
import type { LargeBodies } from "../journal/large-bodies.ts";
import { hasLast, lastTime, sideOf } from "./exchange-sides.ts";
import type { Faults } from "./faults.ts";
import { FirstLooks } from "./first-looks.ts";
import type { FlyingRows } from "./flying-rows.ts";
import type { InFlight } from "./flying-steps.ts";
import { FollowedBytes } from "./followed-bytes.ts";
import { LiveReadings } from "./live-readings.ts";
import { reasonOf } from "./of-the-disk.ts";
import { isTimeToLook } from "./open-socket.ts";
import { rowOf } from "./row.ts";
import { SocketLimits } from "./socket-limits.ts";
import { SocketParts } from "./socket-parts.ts";

export type FlightOptions = {
  readonly feed: Feed;
  readonly rows: FlyingRows;
  readonly faults: Faults;
  readonly large: LargeBodies;
  readonly mask: Mask | null;
  readonly bodyLimit: number;
  /** Each fact, as it comes, for whoever makes more of it. When it throws, it has missed that fact. */
  readonly onFact: (fact: Fact) => void;
  readonly onEnded: (exchange: Exchange) => void;
  readonly onLost: (id: string, why: string) => void;
};

export class Flight {
  readonly #options: FlightOptions;
  readonly #inFlight = new Map<string, Exchange>();
  readonly #live: LiveReadings;
  readonly #parts: SocketParts;
  readonly #limits: SocketLimits;
  readonly #followed: FollowedBytes;
  readonly #looks: FirstLooks;
  /** Exchanges of which only an end was told. */
  #beheaded = 0;

  constructor(options: FlightOptions) {
    this.#options = options;
    const { feed, rows, faults, mask, bodyLimit, large } = options;
    const flying = (id: string) => this.#inFlight.get(id);
    this.#looks = new FirstLooks({ feed, rows, flying });
    this.#followed = new FollowedBytes(feed);
    this.#limits = new SocketLimits(bodyLimit);
    this.#parts = new SocketParts((error) => faults.add("listener", reasonOf(error)));
    this.#live = new LiveReadings({
      feed,
      rows,
      ...(mask && { mask: () => growingText((credential) => mask.secret(credential)) }),
      whole: (id) => {
        const found = flying(id);
        return found ? large.whole(found) : null;
      },
    });
  }

  get size(): number {
    return this.#inFlight.size;
  }

  get beheaded(): number {
    return this.#beheaded;
  }

  get(id: string): Exchange | undefined {
    return this.#inFlight.get(id);
  }

  /** Who is in flight since when. */
  all(): InFlight[] {
    return [...this.#inFlight.values()].map(({ id, at, wire, part }) => ({
      id,
      at,
      wire,
      ...(part && { part }),
    }));
  }

  /** What one has come to, for who begins to follow it; null for any that is not in flight. */
  live(id: string, from: number): ReturnType<LiveReadings["snapshot"]> {
    return this.#inFlight.has(id) ? this.#live.snapshot(id, from) : null;
  }

  /** One of an earlier life that goes on. */
  goesOn(exchange: Exchange): void {
    this.#inFlight.set(exchange.id, exchange);
  }

  /** One that ends without a fact that says so. */
  interrupt(exchange: Exchange, error: string): void {
    exchange.close = { t: lastTime(exchange), ending: "interrupted", error };
    this.#parts.forget(exchange.id);
    this.end(exchange);
  }

  end(exchange: Exchange): void {
    for (const gap of this.#limits.over(exchange.id)) addFact(exchange, gap);
    this.#options.onEnded(exchange);
  }

  /** All of them end here. */
  stop(error: string): void {
    this.#looks.close();
    this.#live.close();
    for (const exchange of this.#inFlight.values()) this.interrupt(exchange, error);
    this.#inFlight.clear();
  }

  /** What a socket's record has no room for is counted, and told at its end. */
  add(exchange: Exchange | undefined, fact: Fact): Exchange {
    return exchange && fact.fact === "bytes" && !this.#limits.hasRoom(fact)
      ? exchange
      : addFact(exchange, fact);
  }

  /** The responses of a socket are exchanges of their own: what this fact of the socket is for them. */
  takeParts(fact: Fact, socket: Exchange | undefined, take: (fact: Fact) => void): void {
    const before = this.#parts.count(fact.id);
    const facts = this.#parts.take(fact);
    const count = Math.max(before, this.#parts.count(fact.id));
    if (socket && count > 0) socket.responses = count;
    for (const each of facts) {
      try {
        take(each);
      } catch (error) {
        this.#options.onLost(each.id, `a part of the record could not be taken in: ${reasonOf(error)}`);
      }
    }
  }

  #tell(fact: Fact): void {
    try {
      this.#options.onFact(fact);
    } catch (error) {
      this.#options.faults.add("listener", reasonOf(error));
    }
  }

  apply(fact: Fact, batch: Uint8Array, range: SpoolRange | null): void {
    const before = this.#inFlight.get(fact.id);
    if (!before && fact.fact !== "open") {
      // Its beginning was in the memory of an observer that died while the disk refused.
      if (fact.fact === "close") this.#beheaded++;
      return;
    }
    const takeParts = (socket: Exchange | undefined) =>
      this.takeParts(fact, socket, (each) => this.apply(each, batch, range));
    // What is still being made on a socket ends before it.
    if (fact.fact === "close") takeParts(before);
    const exchange = this.add(before, fact);
    if (!exchange.part) this.#tell(fact);
    this.#take(fact, exchange, batch, range);
    if (fact.fact !== "close") takeParts(exchange);
  }

  #take(fact: Fact, exchange: Exchange, batch: Uint8Array, range: SpoolRange | null): void {
    const { feed, rows, large } = this.#options;
    switch (fact.fact) {
      case "open":
        this.#inFlight.set(fact.id, exchange);
        feed.publish({ type: "exchange.open", row: rows.open(exchange) });
        if (exchange.part) this.#countAt(exchange.part);
        this.#looks.later(exchange);
        return;
      case "head":
        feed.publish({
          type: "exchange.head",
          row: rows.head(exchange) ?? rowOf(exchange, null),
          headers: fact.headers,
        });
        this.#looks.later(exchange);
        return;
      case "bytes":
        rows.bytes(fact);
        if (feed.isFollowed({ what: "bytes", of: fact.id })) this.#followed.show(exchange, fact);
        if (!hasLast(exchange, fact)) return;
        large.added(exchange, sideOf(fact), batch, range);
        if (fact.frame && isTimeToLook(exchange)) this.#looks.later(exchange);
        if (fact.from !== "stderr") this.#live.piece(exchange, fact.from, fact);
        return;
      case "trailers":
      case "gap":
        return;
      case "close":
        this.#inFlight.delete(fact.id);
        this.#looks.over(fact.id);
        this.#followed.over(fact.id);
        this.#live.over(fact.id);
        this.end(exchange);
        return;
      default:
        fact satisfies never;
    }
  }

  /** The socket's row says how many it holds. */
  #countAt({ socket, n }: Part): void {
    const row = this.#options.rows.grow(socket, { responses: n });
    if (row) this.#options.feed.publish({ type: "exchange.row", row });
  }
}
