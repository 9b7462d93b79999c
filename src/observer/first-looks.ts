/** What an exchange in flight asks is read once, a moment after it came: by then most are over, and need no look. */
import { header, type Exchange } from "../fact/exchange.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import type { Feed } from "../feed/feed.ts";
import { read } from "../read/read.ts";
import type { FlyingRows } from "./flying-rows.ts";
import { beginningOf } from "./open-socket.ts";
import { rowOf } from "./row.ts";

export type FirstLooksOptions = {
  readonly feed: Feed;
  readonly rows: FlyingRows;
  readonly flying: (id: string) => Exchange | undefined;
};

/** When the list is told what an exchange in flight asks: most are over by then, and their heads need no reading. */
const LOOK_MS = 100;

/** A body that goes up for seconds is told of so often: four times a second, as all that grows. */
const AGAIN_MS = 250;

export class FirstLooks {
  readonly #options: FirstLooksOptions;
  /** Not yet read, and when they will be: the first one first. */
  readonly #unread = new Map<string, number>();
  #looking: ReturnType<typeof setTimeout> | null = null;

  constructor(options: FirstLooksOptions) {
    this.#options = options;
  }

  later({ id }: Exchange): void {
    this.#unread.delete(id);
    this.#unread.set(id, performance.now() + LOOK_MS);
    this.#looking ??= setTimeout(() => this.#lookAtNext(), LOOK_MS);
  }

  /** One at a time, behind everything that waits. */
  #lookAtNext(): void {
    this.#looking = null;
    const [next] = this.#unread;
    if (!next) return;
    const [id, due] = next;
    const wait = due - performance.now();
    if (wait <= 0) this.#lookAt(id);
    if (this.#unread.size > 0) this.#looking = setTimeout(() => this.#lookAtNext(), Math.max(2, wait));
  }

  #lookAt(id: string): void {
    this.#unread.delete(id);
    const exchange = this.#options.flying(id);
    if (!exchange) return;
    const { feed, rows } = this.#options;
    // What is still on its way up is told with how far it is, and read when it is all there.
    const sending = exchange.response === null ? bytesOf(exchange) : 0;
    if (sending > (rows.get(id)?.bytes_in ?? 0)) {
      const row = rows.grow(id, { sending });
      if (row && feed.isHeard()) feed.publish({ type: "exchange.row", row });
      this.#unread.set(id, performance.now() + AGAIN_MS);
      return;
    }
    const row = rows.read(soFar(exchange));
    const headers = exchange.response?.headers;
    feed.publish(headers ? { type: "exchange.head", row, headers } : { type: "exchange.row", row });
  }

  over(id: string): void {
    this.#unread.delete(id);
  }

  close(): void {
    if (this.#looking) clearTimeout(this.#looking);
  }
}

/** Of the request's body, as it says itself; 0 where it does not. */
function bytesOf({ request, wire }: Exchange): number {
  const said = wire === "websocket" ? undefined : header(request.headers, "content-length");
  return said !== undefined && /^\d{1,15}$/.test(said) ? Number(said) : 0;
}

/**
 * The row of what is in flight. An open WebSocket may go on for hours: its beginning says what it is about. One that
 * cannot be read has a row all the same: the list is everybody's.
 */
function soFar(exchange: Exchange): ExchangeRow {
  try {
    return rowOf(exchange, read(exchange.wire === "websocket" ? beginningOf(exchange) : exchange));
  } catch {
    return rowOf(exchange, null);
  }
}
