/**
 * The feed tells whoever listens. Bounded and resumable: a ring of the last frames, one queue limit per listener,
 * and a `resync` for whoever fell behind: it asks the API again, nothing is lost from the record. A port: in this process
 * a ring; `contract.testkit.ts` holds every implementation to it.
 */
import type { Frame } from "../fact/frame.ts";

/** A frame before the feed gives it its number. */
export type News = Frame extends infer F ? (F extends { seq: number } ? Omit<F, "seq"> : never) : never;

/**
 * What a listener asks for besides what all get: `of` an exchange its `bytes` or what it `added`, `of` a session the rest
 * of its rows and its head (`added` too).
 */
export type Topic = { readonly what: "bytes" | "added"; readonly of: string };

export interface Feed {
  /** Gives the frame its number and hands it to every listener. Never blocks, never throws. */
  publish(news: News): void;
  /** True when somebody asked for it: making it is only worth it then. */
  isFollowed(topic: Topic): boolean;
  /** True when anybody listens at all. */
  isHeard(): boolean;
  /** The number of the last frame. */
  seq(): number;
  /**
   * From `since` (exclusive) on, or from now. When `since` is older than the ring, or the listener's queue is full,
   * it gets `resync` instead of what it missed. `send` gets what came in some ms at once, and answers "full" when it
   * sent none of it: that comes again (or as `resync`) after `drained`. What has a topic is not kept for later: a follower
   * asks the API for what was before its first frame. `hello`, the heartbeat, is each connection's own affair.
   */
  listen(send: (frames: readonly Frame[]) => "sent" | "full", since?: number): Listener;
}

export type Listener = {
  subscribe(topic: Topic): void;
  unsubscribe(topic: Topic): void;
  /** Says that a full connection can take frames again. */
  drained(): void;
  close(): void;
};

/** Null for what everybody gets. */
export function topicOf(frame: News | Frame): Topic | null {
  switch (frame.type) {
    case "exchange.bytes":
      return { what: "bytes", of: frame.id };
    case "exchange.added":
      return { what: "added", of: frame.id };
    case "mcp.row":
    case "mcp.head":
      return { what: "added", of: frame.session_id };
    default:
      return null;
  }
}
