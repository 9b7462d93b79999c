/**
 * The feed tells whoever listens. Bounded and resumable: a ring of the last frames, one queue limit per listener,
 * and a `resync` for whoever fell behind: it asks the API again, nothing is lost from the record. A port: in this process
 * a ring; `contract.testkit.ts` holds every implementation to it.
 */
import type { Ending, From, Header } from "../fact/fact.ts";
import type { LiveAdded, SessionHead, ShownLine } from "../fact/live.ts";
import type { RecorderLine } from "../fact/recorder-state.ts";
import type { ExchangeRow, RunRow, SessionRow, Star, StepRow, TieRow, UnreadableFile } from "../fact/rows.ts";

/**
 * One JSON object a WebSocket frame. No frame but `html` may have a top-level `content`, `payload`, `target`,
 * `swap` or `select`: htmx 4 would swap it into the page as HTML.
 */
export type Frame =
  | { type: "hello"; seq: number; at: number }
  | { type: "resync"; seq: number; from: number }
  | { type: "exchange.open"; seq: number; row: ExchangeRow }
  | { type: "exchange.head"; seq: number; row: ExchangeRow; headers: readonly Header[] }
  /** An exchange in flight has grown: at most 4 a second of each. */
  | { type: "exchange.row"; seq: number; row: ExchangeRow }
  /** Only to who follows this exchange: what came since the frame before. */
  | ({ type: "exchange.added"; seq: number; id: string } & LiveAdded & LiveTimes)
  /** Only to who subscribed to this id. `text` for UTF-8 text as it came, else `base64`. */
  | {
      type: "exchange.bytes";
      seq: number;
      id: string;
      t_ms: number;
      from: From;
      text?: string;
      base64?: string;
    }
  | { type: "exchange.close"; seq: number; row: ExchangeRow; ending: Ending }
  | { type: "exchange.gone"; seq: number; ids: string[] }
  | { type: "mcp.session"; seq: number; row: SessionRow }
  /** A line of a session, as the list of its messages shows it. */
  | { type: "mcp.message"; seq: number; row: ShownLine }
  /** Only to who follows this session: lines that were told before and say more by now. */
  | { type: "mcp.row"; seq: number; session_id: string; rows: ShownLine[] }
  /** Only to who follows this session: its counts. */
  | { type: "mcp.head"; seq: number; session_id: string; head: SessionHead }
  | { type: "run.row"; seq: number; row: RunRow }
  | { type: "run.step"; seq: number; row: StepRow }
  | { type: "run.tie"; seq: number; row: TieRow }
  /** Of each kind the ids that are no more. */
  | { type: "run.gone"; seq: number; runs: string[]; steps: string[]; ties: string[] }
  /** Somebody has given a star, or taken it. */
  | ({ type: "star"; seq: number; starred: boolean } & Star)
  /** About ourselves: counters, gaps, files that could not be read. */
  | { type: "status"; seq: number; status: Status }
  | { type: "html"; seq: number; content: string };

/** What came at once, for a listener that asked for it so: thousands of messages a second cost a page more than their bytes. */
export type Together = { type: "frames"; seq: number; frames: readonly Frame[] };

/** A frame before the feed gives it its number. */
export type News = Frame extends infer F ? (F extends { seq: number } ? Omit<F, "seq"> : never) : never;

/** In ms since the request; null when it did not come yet. */
export type LiveTimes = { ttfb: number | null; ttft: number | null };

export type Status = {
  /** With their files, and in the index. All that there are: `exchanges + waiting + in_flight`. */
  exchanges: number;
  sessions: number;
  in_flight: number;
  /** Exchanges that ended and wait for their files: for their turn, or for a disk that refuses them. */
  waiting: number;
  /** Facts waiting to be written. */
  backlog: number;
  /** Sentences for people: disk full, observer restarted, clipped records. Empty when all is well. */
  warnings: string[];
  unreadable: UnreadableFile[];
  /** Of a team's store: the recorders that were heard in the last day. */
  recorders?: RecorderLine[];
};

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
