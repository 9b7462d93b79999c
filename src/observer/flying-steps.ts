/**
 * Model calls that have not been answered yet, as steps of their runs: read once each, when most calls would be over, and
 * told as they begin and end. They are in no file and in no index.
 */
import type { Exchange } from "../fact/exchange.ts";
import type { RunRow, StepRow } from "../fact/rows.ts";
import type { News } from "../feed/feed.ts";
import { look } from "../read/look.ts";
import { read } from "../read/read.ts";
import type { RunBook } from "../read/run/book.ts";
import { modelEvidence } from "../read/run/from-exchange.ts";
import { threadKeys } from "../read/thread.ts";

export type FlyingStep = { readonly step: StepRow; readonly run: RunRow };
export type InFlight = Pick<Exchange, "id" | "at" | "wire" | "part">;

/** Younger ones are mostly over before anybody could see them. */
const AGE_MS = 300;
/** Read in one look; a request may be some MB. */
const AT_ONCE = 10;
const MOST_FLYING = 200;

export class FlyingSteps {
  readonly #publish: (news: News) => void;
  /** Null: it is no model call of a run. */
  readonly #known = new Map<string, FlyingStep | null>();

  constructor(publish: (news: News) => void) {
    this.#publish = publish;
  }

  all(): FlyingStep[] {
    return [...this.#known.values()].filter((step) => step !== null);
  }

  /** `whole` gives what came of one so far. A step that `book` has is in the index by now. */
  look(
    flying: readonly InFlight[],
    now: number,
    whole: (id: string) => Exchange | null,
    book: Pick<RunBook, "flying" | "isStep">,
  ): void {
    const ids = new Set(flying.map(({ id }) => id));
    for (const [id, known] of this.#known) {
      if (ids.has(id)) continue;
      this.#known.delete(id);
      // Its answer is a step of its own name, or an attempt of another one.
      if (known && !book.isStep(id))
        this.#publish({ type: "run.gone", runs: [], steps: [known.step.id], ties: [] });
    }
    const fresh = flying.filter(
      ({ id, at, wire, part }) =>
        (wire === "http" || part !== undefined) && now - at > AGE_MS && !this.#known.has(id),
    );
    for (const { id } of fresh.slice(0, AT_ONCE)) {
      if (this.#known.size >= MOST_FLYING) return;
      const exchange = whole(id);
      const step = exchange && stepOf(exchange, book);
      this.#known.set(id, step);
      if (!step) continue;
      this.#publish({ type: "run.step", row: step.step });
      this.#publish({ type: "run.row", row: step.run });
    }
  }
}

function stepOf(exchange: Exchange, book: Pick<RunBook, "flying">): FlyingStep | null {
  try {
    const seen = look(exchange);
    const reading = read(exchange, seen);
    const it = modelEvidence(exchange, seen, reading, threadKeys(reading, exchange, seen));
    return it && it.purpose === "turn" ? book.flying(it) : null;
  } catch {
    return null; // what cannot be read now is read, and told, when it has ended
  }
}
