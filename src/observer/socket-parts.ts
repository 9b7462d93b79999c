/** The responses of the sockets in flight: which facts of exchanges of their own lie in the facts of a socket. */
import type { Fact } from "../fact/fact.ts";
import { socketSplitter, type Splitter } from "../read/socket/split.ts";

export class SocketParts {
  readonly #splitters = new Map<string, Splitter>();
  readonly #failed: (error: unknown) => void;

  /** `failed`: a splitter of ours is at fault; its socket is recorded as ever. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  take(fact: Fact): Fact[] {
    if (fact.fact === "open") {
      if (fact.wire === "websocket" && !fact.part) this.#splitters.set(fact.id, socketSplitter(fact));
      return [];
    }
    const splitter = this.#splitters.get(fact.id);
    if (!splitter) return [];
    if (fact.fact === "close") this.#splitters.delete(fact.id);
    try {
      return splitter.take(fact);
    } catch (error) {
      this.#failed(error);
      this.#splitters.delete(fact.id);
      return splitter.giveUp(fact.t);
    }
  }

  /** How many responses have begun on a socket in flight; 0 for what is none. */
  count(socket: string): number {
    return this.#splitters.get(socket)?.count() ?? 0;
  }

  forget(socket: string): void {
    this.#splitters.delete(socket);
  }
}
