/**
 * Which exchanges nobody can belong to at the moment they end: then their run is themselves, and costs nothing until somebody
 * joins it. Whoever may have asked for them, or goes on from them, is known by the evidence that was taken before.
 */
import type { ModelEvidence } from "../read/run/evidence.ts";
import { nameOfAsked } from "../read/run/again.ts";
import { AGAIN_MS } from "../read/run/attempts.ts";
import { standsAlone } from "../read/run/alone.ts";
import { EARLY, LATE } from "../read/run/plausible.ts";
import { hasFailed } from "../read/run/world.ts";

/** Programs whose models gave a text to a tool; with more of them nobody is taken for alone. */
const MOST_AGENTS = 256;
/** Answers that somebody goes on from and that were not there; the oldest are forgotten first. */
const MOST_AWAITED = 10_000;

export class StandingAlone {
  /** When models of each program called a tool with a text that may be a sub-agent's first: the span of time. */
  readonly #prompting = new Map<string | null, { first: number; last: number }>();
  readonly #awaited = new Set<string>();
  /** What was asked and not answered, and when it may be asked again. */
  readonly #failing = new Map<string, { from: number; to: number }>();
  #isReady = false;

  /** What was recorded around this time is known from here on. */
  ready(): void {
    this.#isReady = true;
  }

  /** Others have written since: what they took is not known. */
  unready(): void {
    this.#isReady = false;
  }

  has(it: ModelEvidence): boolean {
    if (!this.#isReady || !standsAlone(it) || this.#prompting.size >= MOST_AGENTS) return false;
    const prompted = this.#prompting.get(it.agent);
    if (prompted && it.at >= prompted.first - EARLY && it.at <= prompted.last + LATE) return false;
    const failing = this.#failing.get(nameOfAsked(it) ?? "");
    if (failing && it.at >= failing.from && it.at <= failing.to) return false;
    return !endsOf(it).some((key) => this.#awaited.has(key));
  }

  /** Gives the span of time in which exchanges of this program may be its sub-agents' and were taken for alone. */
  asked(it: ModelEvidence): { from: number; to: number } | null {
    const times = it.asked.flatMap(({ prompts, at }) => (prompts.length > 0 ? [at] : []));
    if (times.length === 0) return null;
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const known = this.#prompting.get(it.agent);
    if (!known && this.#prompting.size >= MOST_AGENTS) return { from: first - EARLY, to: last + LATE };
    this.#prompting.set(it.agent, {
      first: Math.min(first, known?.first ?? first),
      last: Math.max(last, known?.last ?? last),
    });
    // Of those that came since then none was taken for alone.
    const isKnown = known && first >= known.first && last <= known.last;
    return isKnown ? null : { from: first - EARLY, to: last + LATE };
  }

  /** Gives the span of time in which exchanges of this program may ask the same again and were taken for alone. */
  failed(it: ModelEvidence): { from: number; to: number } | null {
    const name = hasFailed(it) ? nameOfAsked(it) : null;
    if (name === null) return null;
    const known = this.#failing.get(name);
    const [from, to] = [it.at, it.ended + AGAIN_MS];
    this.#failing.delete(name);
    this.#failing.set(name, {
      from: Math.min(from, known?.from ?? from),
      to: Math.max(to, known?.to ?? to),
    });
    for (const one of this.#failing.keys()) {
      if (this.#failing.size <= MOST_AWAITED) break;
      this.#failing.delete(one);
    }
    if (!known || from < known.from || from > known.to) return { from, to };
    // Of those that came since then none was taken for alone.
    return to <= known.to ? null : { from: known.to, to };
  }

  /** It goes on from an answer that is not there: who brings it is not alone. */
  awaits(it: ModelEvidence): void {
    for (const key of startsOf(it)) {
      this.#awaited.delete(key);
      this.#awaited.add(key);
    }
    for (const key of this.#awaited) {
      if (this.#awaited.size <= MOST_AWAITED) break;
      this.#awaited.delete(key);
    }
  }
}

function endsOf({ whole, response }: ModelEvidence): string[] {
  return [...(response === null ? [] : [`r ${response}`]), ...(whole === null ? [] : [`w ${whole}`])];
}

function startsOf({ previous, prefixes }: ModelEvidence): string[] {
  return [...(previous === null ? [] : [`r ${previous}`]), ...prefixes.map((prefix) => `w ${prefix}`)];
}
