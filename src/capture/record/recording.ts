/** What is told of one exchange: in order, masked, within the limit, with exactly one ending. */
import { header } from "../../fact/exchange.ts";
import type { Close, Ending, Header, Open } from "../../fact/fact.ts";
import type { InParts } from "../../fact/parts.ts";
import type { Protocol } from "../dial.ts";
import type { Taken } from "../http1/body.ts";
import type { Kind } from "../websocket.ts";
import { Echoes } from "./echoes.ts";
import { FactQueue, type FactTask } from "./fact-queue.ts";
import { HeadMasks, type Asked } from "./head-masks.ts";
import { bytesIn, KeptSide, type Room } from "./kept-side.ts";
import type { RecordOptions } from "./record-options.ts";
import { ToldBodies, type Talker } from "./told-bodies.ts";

/** How an exchange ended, as far as it is known only when all that passed was read. */
export type Ended = {
  readonly ending: Ending;
  readonly error: string | null;
  readonly socket?: Close["socket"];
};

/** A socket carries many requests, each of which is kept as a body is: so many times what is kept of one. */
const SOCKET = 8;

export class Recording {
  readonly id: string;
  readonly #target: string;
  readonly #options: RecordOptions;
  readonly #start = performance.now();
  readonly #sides: Record<Talker, KeptSide> = { client: new KeptSide(), server: new KeptSide() };
  readonly #heads: HeadMasks | null;
  readonly #bodies: ToldBodies;
  readonly #queue: FactQueue;
  #room: Room;
  #isOver = false;
  /** What the recorder itself failed with. */
  #failure: string | null = null;

  /** `added`: a key of ours that goes upstream with the request. */
  constructor(options: RecordOptions, open: Omit<Open, "fact" | "id" | "at">, added: string | null = null) {
    const { mask, later, bodyLimit } = options;
    const failed = (error: unknown) => this.#failed(error);
    const echoes = new Echoes();
    if (added !== null) echoes.add(added);
    this.#options = options;
    this.id = Bun.randomUUIDv7();
    this.#target = open.target;
    this.#room = { bodyLimit, worth: 1 };
    this.#heads = mask && new HeadMasks(mask, echoes, failed);
    this.#bodies = new ToldBodies(this.id, open.target, options, echoes);
    this.#queue = new FactQueue(later, failed);
    const at = Date.now();
    this.#queue.push(() => this.#tellOpen(at, open), 0);
  }

  /** The URL that is asked, masked: for sentences that are recorded too. */
  get target(): string {
    return this.#options.mask?.url(this.#target) ?? this.#target;
  }

  /** True where the source of what passes should be stopped until `resume` is called. */
  shouldPause(resume: () => void): boolean {
    const { later, shouldPause } = this.#options;
    return this.#queue.shouldPause(resume) || later.shouldPause(resume) || shouldPause(resume);
  }

  // What passes. Each of these costs the traffic a push to a list.

  head(status: number, headers: readonly Header[], protocol: Protocol = "http/1.1"): void {
    if (this.#isOver) return;
    const t = this.#now();
    this.#queue.push(() => this.#tellHead(t, status, headers, protocol), 0);
  }

  bytes(from: Talker, bytes: Uint8Array): void {
    // What passes while a connection is taken down is no part of the exchange any more.
    if (this.#isOver) return;
    const kept = this.#sides[from].take(bytes, this.#room, this.#options.released);
    if (kept === null) return;
    const t = this.#now();
    this.#queue.push(() => this.#bodies.take(from, t, kept), kept.byteLength);
  }

  /** Bytes of another protocol than HTTP, which `read` makes messages of in its turn. */
  tunnelled(bytes: number, read: (t: number) => ReturnType<FactTask>): void {
    if (this.#isOver) return;
    const t = this.#now();
    this.#queue.push(() => read(t), bytes);
  }

  /** What stands behind a body, which is thereby over. */
  trailers(from: Talker, { trailers = [], missed = 0 }: Pick<Taken, "trailers" | "missed">): void {
    if (this.#isOver || trailers.length + missed === 0) return;
    const t = this.#now();
    this.#queue.push(() => this.#tellTrailers(from, t, trailers, missed), 0);
  }

  /** The request's body has ended: nothing of it needs to be held back any longer. */
  requestEnded(): void {
    if (this.#sides.client.isEmpty) return;
    const t = this.#now();
    this.#queue.push(() => this.#bodies.end("client", t, this.#howEnded("client")), 0);
  }

  /** The first ending counts: what breaks while things are torn down is no second one. */
  close(ending: Ending, error: string | null): void {
    this.closeAs(() => ({ ending, error }));
  }

  /** `ended` is asked when all that passed was read. */
  closeAs(ended: () => Ended): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const t = this.#now();
    this.#queue.push(() => this.#close(t, ended()), 0);
  }

  /** One message of a WebSocket, or a piece of another protocol: only in the turn of `tunnelled`. */
  message(from: Talker, t: number, bytes: Uint8Array, kind?: Kind): void | InParts {
    if (kind && this.#room.worth === 1) this.#room = { ...this.#room, worth: SOCKET };
    const kept = this.#sides[from].take(bytes, this.#room, this.#options.released);
    if (kept !== null) return this.#bodies.message(from, t, kept, kind, bytesIn(this.#room));
  }

  /** ms since the request, to a hundredth. */
  #now(): number {
    return Math.round((performance.now() - this.#start) * 100) / 100;
  }

  #howEnded(from: Talker): "whole" | "cut" {
    return this.#sides[from].isCut ? "cut" : "whole";
  }

  // What is told, in its turn.

  #tellOpen(at: number, open: Omit<Open, "fact" | "id" | "at">): void | InParts {
    this.#bodies.start("client", open.headers);
    const tell = (masked: Asked) => this.#options.tell({ fact: "open", id: this.id, at, ...open, ...masked });
    const masked = this.#heads?.asked(open) ?? open;
    if (!("next" in masked)) return tell(masked);
    return behind(masked, tell);
  }

  #tellHead(t: number, status: number, headers: readonly Header[], protocol: Protocol): void | InParts {
    const isH2 = protocol === "h2";
    // HTTP/2 has no such header: it is what the client is given instead of its frames.
    const sent = isH2 ? headers.filter(([name]) => name !== "transfer-encoding") : headers;
    this.#bodies.start("server", sent);
    if (status === 101) this.#bodies.upgrade(header(sent, "sec-websocket-extensions") ?? "");
    const tell = (masked: readonly Header[]) => {
      const fact = { fact: "head" as const, id: this.id, t, status, headers: masked };
      this.#options.tell(isH2 ? { ...fact, protocol: "HTTP/2" } : fact);
    };
    const masked = this.#heads?.headers(sent, "echoing") ?? sent;
    if (!("next" in masked)) return tell(masked);
    return behind(masked, tell);
  }

  *#tellTrailers(from: Talker, t: number, trailers: readonly Header[], missed: number): InParts {
    const waits = this.#endBody(from, t, this.#howEnded(from));
    if (waits) yield waits;
    const { id } = this;
    const { tell } = this.#options;
    const masked = this.#heads?.headers(trailers, from === "client" ? "signing in" : "echoing") ?? trailers;
    const headers = "next" in masked ? yield* masked : masked;
    if (headers.length > 0) tell({ fact: "trailers", id, t, from, headers });
    const why = "more trailers passed than are kept, or some that are none";
    if (missed > 0) tell({ fact: "gap", id, t, from, lost: missed, why });
  }

  #close(t: number, how: Ended): void | InParts {
    const whole = how.ending === "complete" ? this.#howEnded("server") : "cut";
    const waits = this.#endBody("client", t, "cut");
    if (waits) return this.#closeBehind(waits, t, how, whole);
    const others = this.#endBody("server", t, whole);
    if (others) return this.#closeBehind(others, t, how, null);
    this.#tellClose(t, how);
  }

  /** `server`: its body is still to be ended. */
  *#closeBehind(waits: Promise<void>, t: number, how: Ended, server: "whole" | "cut" | null): InParts {
    yield waits;
    const others = server && this.#endBody("server", t, server);
    if (others) yield others;
    this.#tellClose(t, how);
  }

  /** Tells what is held back of a body. An error of our own there must not cost the ending, nor the other side's. */
  #endBody(from: Talker, t: number, how: "whole" | "cut"): void | Promise<void> {
    try {
      return this.#bodies.end(from, t, how);
    } catch (error) {
      this.#failed(error);
    }
  }

  #tellClose(t: number, { ending, error, socket: closed }: Ended): void {
    const { id } = this;
    const { tell } = this.#options;
    this.#bodies.close();
    for (const from of ["client", "server"] as const) {
      const gap = this.#sides[from].gap(this.#room);
      if (gap) tell({ fact: "gap", id, t, from, ...gap });
    }
    const said = (text: string) => this.#heads?.sentence(text) ?? text;
    const socket = closed && { ...closed, reason: said(closed.reason) };
    const masked = error === null ? null : said(error);
    if (this.#failure !== null) tell({ fact: "gap", id, t, from: "server", lost: -1, why: this.#failure });
    const fact = { fact: "close" as const, id, t, ending, error: masked };
    tell(socket ? { ...fact, socket } : fact);
  }

  /** Not the error's message: what passed may stand in it. */
  #failed(error: unknown): void {
    const name = error instanceof Error ? error.name : "error";
    this.#failure ??= `the recorder failed (${name}), so that a part of this is missing; everything passed`;
  }
}

function* behind<T>(work: InParts<T>, tell: (masked: T) => void): InParts {
  tell(yield* work);
}
