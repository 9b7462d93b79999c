/** The upstream's end of a client's connection: dialled when it is first asked, kept for the next request. */
import type { Network, Protocol, Wire } from "./dial.ts";
import { reach } from "./http2/reach.ts";
import { Sink, type ByteBudget, type Flow } from "./sink.ts";
import { Turns } from "./turns.ts";
import type { Route } from "./upstreams.ts";

/** Told only until the wire is dropped. */
export type UpstreamEvents = {
  failed(code: string, message: string): void;
  data(bytes: Buffer): void;
  /** It has said all it will say. */
  end(): void;
  /** It is over; `error` when it broke rather than ended. */
  close(error: Error | null): void;
};

export class UpstreamWire {
  /** One place on the network. */
  readonly #key: string;
  readonly sink: Sink;
  readonly turns: Turns;
  /** It has answered before, so that it may be closing just when it is asked again. */
  used = false;
  protocol: Protocol = "http/1.1";
  wire: Wire | null = null;
  #isOurs = true;
  #isFinishing = false;
  readonly #giveUp: () => void;

  /** `flow`: of whoever speaks to the upstream. `isFull`: what the upstream says has nowhere to go. */
  constructor(
    route: Route,
    network: Network,
    flow: Flow,
    isFull: () => boolean,
    budget: ByteBudget,
    events: UpstreamEvents,
  ) {
    this.#key = keyOf(route);
    this.sink = new Sink(flow, budget);
    const source = { pause: () => this.wire?.pause(), resume: () => isFull() || this.wire?.resume() };
    this.turns = new Turns(source, (bytes) => this.#isOurs && events.data(bytes));
    this.#giveUp = reach(route, network, {
      open: (wire, protocol) => {
        if (!this.#isOurs) return wire.terminate();
        this.wire = wire;
        this.protocol = protocol;
        this.sink.open(wire);
      },
      failed: (code, message) => this.#isOurs && events.failed(code, message),
      data: (bytes) => this.#isOurs && this.turns.data(bytes),
      drain: () => (this.#isOurs || this.#isFinishing) && this.sink.drain(),
      end: () => this.turns.whenRead(() => (this.#isOurs ? events.end() : this.wire?.end())),
      close: (error) => this.turns.whenRead(() => this.#isOurs && events.close(error)),
    });
  }

  /** Whether it can take a request for this place. */
  serves(route: Route): boolean {
    return this.#key === keyOf(route) && !this.wire?.spent;
  }

  /** Says that no more is said to it, and goes on listening. */
  shutdown(): void {
    this.sink.flushed(() => this.wire?.shutdown());
  }

  /** Nothing is told of it any more. */
  forget(): void {
    this.#isOurs = false;
    this.turns.drop();
    this.sink.drop();
  }

  /** Nothing is told of it any more; it ends when what was sent has left. */
  finish(): void {
    this.#isOurs = false;
    this.#isFinishing = true;
    this.sink.flushed(() => this.drop("end"));
  }

  drop(how: "end" | "terminate"): void {
    this.forget();
    this.#giveUp();
    this.wire?.[how]();
  }
}

function keyOf({ protocol, host, port }: Route): string {
  return `${protocol}//${host}:${port}`;
}
