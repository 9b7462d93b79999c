/** The token: whoever says it is let in from anywhere. Guessing it is slow. */
import { createHash, timingSafeEqual } from "node:crypto";

export function isToken(said: string, token: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(said), hash(token));
}

/** A person mistypes a few times; a made-up token has 122 bits, and one of one's own should not fall to a word list. */
const FREE_GUESSES = 10;
const ONE_MORE_MS = 2000;
/** Addresses that have guessed; the oldest is forgotten first, which costs an attacker as many addresses. */
const MOST_ADDRESSES = 10_000;

/** What one address has guessed last: a browser that still keeps an old token says it again and again. */
const MOST_GUESSES = 8;

type Guesses = { readonly left: number; readonly at: number; readonly last: readonly string[] };

/**
 * Wrong tokens of one address: ten at once, then one in two seconds. Beyond that a token is not looked at, so that a
 * right one is no luck either; other addresses are not slowed.
 */
export class Brake {
  readonly #guesses = new Map<string, Guesses>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  mayTry(address: string): boolean {
    return this.#left(address) >= 1;
  }

  wrong(address: string, said: string): void {
    const last = this.#guesses.get(address)?.last ?? [];
    const guess = createHash("sha256").update(said).digest("base64");
    if (last.includes(guess)) return;
    const left = this.#left(address) - 1;
    this.#guesses.delete(address);
    this.#guesses.set(address, { left, at: this.#now(), last: [guess, ...last].slice(0, MOST_GUESSES) });
    const [oldest] = this.#guesses.keys();
    if (this.#guesses.size > MOST_ADDRESSES && oldest !== undefined) this.#guesses.delete(oldest);
  }

  #left(address: string): number {
    const guess = this.#guesses.get(address);
    if (!guess) return FREE_GUESSES;
    return Math.min(FREE_GUESSES, guess.left + (this.#now() - guess.at) / ONE_MORE_MS);
  }
}
