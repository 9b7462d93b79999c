/** Bytes as they pass, as text, for who has subscribed to them. */
import type { Exchange } from "../fact/exchange.ts";
import type { Bytes } from "../fact/fact.ts";
import type { Feed } from "../feed/feed.ts";
import { LiveText } from "./live-text.ts";

export class FollowedBytes {
  readonly #feed: Feed;
  /** By id and side, while somebody has subscribed to the bytes. */
  readonly #texts = new Map<string, LiveText>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  show(exchange: Exchange, { id, from, t, bytes, frame }: Bytes): void {
    const key = id + from;
    const side = from === "client" ? exchange.request : exchange.response;
    const live =
      this.#texts.get(key) ??
      new LiveText(side?.pieces.at(-2), (t_ms, shown) =>
        this.#feed.publish({ type: "exchange.bytes", id, t_ms, from, ...shown }),
      );
    this.#texts.set(key, live);
    live.push({ t, bytes, ...(frame && { frame }) });
  }

  over(id: string): void {
    for (const from of ["client", "server"]) this.#texts.delete(id + from);
  }
}
