/**
 * The feed tells whoever listens. Bounded and resumable: a ring of the last frames, one queue limit per listener,
 * and a `resync` for whoever fell behind: it asks the API again, nothing is lost from the record.
 */
import type { Ending, From, Header } from "../fact/fact.ts";
import type {
  ExchangeRow,
  MessageRow,
  RunRow,
  SessionRow,
  StepRow,
  TieRow,
  UnreadableFile,
} from "../fact/rows.ts";

/**
 * One JSON object a WebSocket frame. No frame but `html` may have a top-level `content`, `payload`, `target`,
 * `swap` or `select`: htmx 4 would swap it into the page as HTML.
 */
export type Frame =
  | { type: "hello"; seq: number; at: number }
  | { type: "resync"; seq: number; from: number }
  | { type: "exchange.open"; seq: number; row: ExchangeRow }
  | { type: "exchange.head"; seq: number; row: ExchangeRow; headers: readonly Header[] }
  /** Only to listeners that subscribed to this id. `text` for UTF-8 text as it came, else `base64`. */
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
  | { type: "mcp.message"; seq: number; row: MessageRow }
  | { type: "run.row"; seq: number; row: RunRow }
  | { type: "run.step"; seq: number; row: StepRow }
  | { type: "run.tie"; seq: number; row: TieRow }
  /** Of each kind the ids that are no more. */
  | { type: "run.gone"; seq: number; runs: string[]; steps: string[]; ties: string[] }
  /** About ourselves: counters, gaps, files that could not be read. */
  | { type: "status"; seq: number; status: Status }
  | { type: "html"; seq: number; content: string };

/** A frame before the feed gives it its number. */
export type News = Frame extends infer F ? (F extends { seq: number } ? Omit<F, "seq"> : never) : never;

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
};

export interface Feed {
  /** Gives the frame its number and hands it to every listener. Never blocks, never throws. */
  publish(news: News): void;
  /** True when somebody asked for the bytes of this exchange: making them readable is only worth it then. */
  isFollowed(id: string): boolean;
  /** The number of the last frame. */
  seq(): number;
  /**
   * From `since` (exclusive) on, or from now. When `since` is older than the ring, or the listener's queue is full,
   * it gets `resync` instead of what it missed. `send` gets what came in some ms at once, and answers "full" when it
   * sent none of it: that comes again (or as `resync`) after `drained`. Bytes are not kept for later: a subscriber asks
   * the API for what was before its first frame. `hello`, the heartbeat, is each connection's own affair.
   */
  listen(send: (frames: readonly Frame[]) => "sent" | "full", since?: number): Listener;
}

export type Listener = {
  /** Asks for `exchange.bytes` of this exchange. */
  subscribe(id: string): void;
  unsubscribe(id: string): void;
  /** Says that a full connection can take frames again. */
  drained(): void;
  close(): void;
};
