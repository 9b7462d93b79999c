/** Exchanges that have ended and wait for their files, the oldest first. When too much waits, bodies are let go of. */
import type { Exchange } from "../fact/exchange.ts";
import { heldBy } from "./exchange-sides.ts";
import { passedOf } from "./row.ts";

export const DEFAULT_LIMIT = 512 * 1024 * 1024;

/** Finished exchanges that wait in memory; more wait in the spool. */
const FULL_BYTES = 64 * 1024 * 1024;
const FULL_COUNT = 2_000;

export class Finished {
  readonly #limit: number;
  readonly #letGo: (id: string) => void;
  #queue: Exchange[] = [];
  #held = 0;
  #stripped = { exchanges: 0, bytes: 0 };

  /** `limit`: bytes that may wait for a disk that refuses them. `letGo`: the bodies of this one are needed no more. */
  constructor(limit: number, letGo: (id: string) => void) {
    this.#limit = limit;
    this.#letGo = letGo;
  }

  get length(): number {
    return this.#queue.length;
  }

  get all(): readonly Exchange[] {
    return this.#queue;
  }

  /** What was not kept, since it began. */
  get stripped(): { readonly exchanges: number; readonly bytes: number } {
    return this.#stripped;
  }

  /** What comes further waits in the spool, not in memory. */
  isFull(): boolean {
    return this.#held >= FULL_BYTES || this.#queue.length >= FULL_COUNT;
  }

  add(exchange: Exchange): void {
    const held = heldBy(exchange);
    if (this.#held + held > this.#limit) this.#strip(exchange);
    else this.#held += held;
    this.#queue.push(exchange);
  }

  find(id: string): Exchange | undefined {
    return this.#queue.findLast((exchange) => exchange.id === id);
  }

  /** The oldest one has come to rest, or is lost. */
  shift(): void {
    const exchange = this.#queue.shift();
    if (!exchange) return;
    this.#held -= Math.min(this.#held, heldBy(exchange));
    this.#letGo(exchange.id);
  }

  /** Too much waits for the disk: that there was this exchange is kept, its bodies are not, and a gap says so. */
  #strip(exchange: Exchange): void {
    const { request, response } = passedOf(exchange);
    this.#letGo(exchange.id);
    const why = "the log folder could not be written for too long; everything passed";
    const t = exchange.close?.t ?? 0;
    exchange.request.pieces.length = 0;
    if (exchange.response) exchange.response.pieces.length = 0;
    if (request > 0) exchange.gaps.push({ t, from: "client", lost: request, why });
    if (response > 0) exchange.gaps.push({ t, from: "server", lost: response, why });
    this.#stripped.exchanges++;
    this.#stripped.bytes += request + response;
  }
}
