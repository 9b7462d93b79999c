/** What an earlier life left in the spool, put together again: exchanges that end there, and ones that have no end. */
import type { Exchange } from "../fact/exchange.ts";
import type { Fact } from "../fact/fact.ts";
import type { Decoded } from "../fact/line.ts";
import type { SpoolRange } from "../journal/spool.ts";
import type { LargeBodies } from "../journal/large-bodies.ts";
import { hasLast, sideOf } from "./exchange-sides.ts";
import type { Flight } from "./flight.ts";
import { reasonOf } from "./of-the-disk.ts";

export type RecoveredOptions = {
  readonly flight: Pick<Flight, "add" | "takeParts" | "end">;
  readonly large: LargeBodies;
  readonly isKnown: (id: string) => boolean;
  readonly lose: (id: string, why: string) => void;
};

export class Recovered {
  readonly #options: RecoveredOptions;
  /** Without an end so far. */
  readonly left = new Map<string, Exchange>();
  readonly ended = new Set<string>();

  constructor(options: RecoveredOptions) {
    this.#options = options;
  }

  take({ facts, broken, bytes }: Decoded & { bytes: Uint8Array }, part: SpoolRange): void {
    const { flight, large, isKnown, lose } = this.#options;
    for (const id of broken) lose(id, "a part of the spool is no record of ours");
    const take = (fact: Fact): void => {
      // Their open was lost with the start of the file, or is known: nothing can be made of the rest.
      if (fact.fact === "open" ? isKnown(fact.id) || this.ended.has(fact.id) : !this.left.has(fact.id))
        return;
      try {
        const isOver = fact.fact === "close";
        if (isOver) flight.takeParts(fact, this.left.get(fact.id), take);
        const exchange = flight.add(this.left.get(fact.id), fact);
        this.left.set(fact.id, exchange);
        if (fact.fact === "bytes" && hasLast(exchange, fact))
          large.added(exchange, sideOf(fact), bytes, part);
        if (!isOver) return flight.takeParts(fact, exchange, take);
        this.left.delete(fact.id);
        this.ended.add(fact.id);
        flight.end(exchange);
      } catch (error) {
        lose(fact.id, `a part of the spool could not be taken in: ${reasonOf(error)}`);
      }
    };
    for (const fact of facts) take(fact);
  }
}
