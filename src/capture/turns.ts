/**
 * What a socket gives, in turns: a reader for which it is too much at once puts the rest back and has its next turn when
 * all others had theirs. So a packet of a hundred thousand tiny chunks makes nobody else wait for all of them.
 */
import type { Flow } from "./sink.ts";

export class Turns {
  readonly #read: (bytes: Buffer) => void;
  readonly #source: Flow;
  #waiting: Buffer[] = [];
  #isScheduled = false;
  #whenRead: (() => void) | null = null;

  constructor(source: Flow, read: (bytes: Buffer) => void) {
    this.#source = source;
    this.#read = read;
  }

  data(bytes: Buffer): void {
    if (this.#isScheduled) this.#waiting.push(bytes);
    else this.#read(bytes);
  }

  /** The rest of what was just given. */
  again(rest: Buffer): void {
    this.#waiting.unshift(rest);
    if (this.#isScheduled) return;
    this.#source.pause();
    this.#schedule();
  }

  /** Runs `then` behind all that came; what was given here before is forgotten. */
  whenRead(then: () => void): void {
    if (this.#isScheduled) this.#whenRead = then;
    else then();
  }

  /** What waits is read by nobody. */
  drop(): void {
    this.#waiting = [];
    this.#whenRead = null;
  }

  #schedule(): void {
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    const bytes = this.#waiting.shift();
    this.#isScheduled = false;
    if (bytes) this.#read(bytes);
    if (this.#isScheduled) return;
    if (this.#waiting.length > 0) return this.#schedule();
    this.#source.resume();
    const then = this.#whenRead;
    this.#whenRead = null;
    then?.();
  }
}
