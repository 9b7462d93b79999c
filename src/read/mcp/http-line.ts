/** Lines of a session over HTTP: the shapes that `http.ts` makes and the files hold. */
import type { LineBody } from "../../fact/session-format.ts";

/**
 * A line without what only its session knows (id, time, number). `t` is ms since the exchange's request; `source` is
 * the message's own text, with its numbers as they passed.
 */
export type HttpLine = { readonly t: number; readonly body: HttpBody; readonly source?: string };

/** Of the lines of a file those that a session over HTTP has; each names its exchange. */
export type HttpBody = { exchange_id: string } & Exclude<
  LineBody,
  { event: "start" | "exit" | "end" } | { from: "stderr" }
>;

/** Of what came in an event of a stream: its id; a name that makes clients drop it; that the stream ended inside it. */
export type InEvent = { event_id?: string; event_name?: string; unfinished?: true };
