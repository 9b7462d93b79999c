/** Lines of a session over HTTP: the shapes that `http.ts` makes and the files hold. */
import type { Ending } from "../../fact/fact.ts";

/**
 * A line without what only its session knows (id, time, number). `t` is ms since the exchange's request; `source` is
 * the message's own text, with its numbers as they passed.
 */
export type HttpLine = { readonly t: number; readonly body: HttpBody; readonly source?: string };

/** The bodies of lines that a session over HTTP has; the fields of `MessageLine` and friends in the journal. */
export type HttpBody = { exchange_id: string } & (
  | ({
      direction: "request" | "response" | "notification";
      from: "client" | "server";
      message: Record<string, unknown>;
      batch?: { index: number; size: number };
      http?: Record<string, unknown>;
    } & InEvent)
  | ({
      from: "client" | "server";
      raw: string;
      http?: Record<string, unknown>;
      /** The record of the body ends before the body did: `raw` is its beginning. */
      truncated?: { bytes: number };
    } & InEvent)
  /** More messages came than are told: the exchange has all of them. */
  | { event: "gap"; from: "client" | "server"; lost: number; why: string }
  /** A stream without a request of its own opened: the server may speak on it at any time. */
  | { event: "stream"; method: string; path: string; http: Record<string, unknown> }
  /** HTTP+SSE: the server said where to post. */
  | { event: "endpoint"; path: string; key: string | null }
  /** The exchange is over: how, and with which status. */
  | {
      event: "close";
      method: string;
      path: string;
      status: number | null;
      ending: Ending;
      error: string | null;
      /** What a 401 or 403 asks for. */
      challenge?: string;
      /** The server said nothing: status and body are the proxy's own. */
      ours?: true;
      /** The client named a session that the server does not know (any more). */
      stale?: true;
      /** What came where no message of the server did. */
      answer?: { type: string | null; bytes: number; location?: string; retry_after?: string };
    }
);

/** Of what came in an event of a stream: its id; a name that makes clients drop it; that the stream ended inside it. */
export type InEvent = { event_id?: string; event_name?: string; unfinished?: true };
