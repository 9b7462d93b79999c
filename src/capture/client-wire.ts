/** The client's end of its connection: what it says comes in turns, and it is left so that it sees what has happened. */
import type { Wire } from "./dial.ts";
import { Sink, type Flow } from "./sink.ts";
import { Turns } from "./turns.ts";

/** How long a client that is still sending gets to read an answer that came early, before the connection is closed. */
const LINGER_MS = 2000;

export class ClientWire {
  readonly sink: Sink;
  readonly turns: Turns;
  readonly #wire: Wire;
  /** What it still says is thrown away. */
  isOver = false;

  /** `flow`: of whoever speaks to the client. `isFull`: what the client says has nowhere to go. */
  constructor(wire: Wire, flow: Flow, isFull: () => boolean, read: (bytes: Buffer) => void) {
    this.#wire = wire;
    this.sink = new Sink(flow);
    this.sink.open(wire);
    const source = { pause: () => wire.pause(), resume: () => void (isFull() || wire.resume()) };
    this.turns = new Turns(source, (bytes) => this.isOver || read(bytes));
  }

  pause(): void {
    this.#wire.pause();
  }

  resume(): void {
    this.#wire.resume();
  }

  /** Says that no more is said to it, and goes on listening. */
  shutdown(): void {
    this.sink.flushed(() => this.#wire.shutdown());
  }

  /** Closes the connection after what was sent; what the client still says is read and thrown away for a while,
   * since closing with bytes unread would make its system drop our answer. */
  linger(): void {
    this.isOver = true;
    this.resume();
    this.shutdown();
    setTimeout(() => this.#wire.end(), LINGER_MS).unref();
  }

  /** Leaves behind all that was sent. Where the transfer broke the client must see it. An end shows it where a length or a last chunk is missing, behind
   * every byte that came; a reset can overtake bytes, and is needed where an end would look finished. */
  cut(how: "end" | "terminate"): void {
    this.isOver = true;
    this.sink.flushed(() => this.#wire[how]());
  }

  /** At once. */
  leave(how: "end" | "terminate"): void {
    this.isOver = true;
    this.#wire[how]();
  }
}
