/**
 * A dialect is a reader for one API. Dialects bid for an exchange; the highest bid reads it; the raw view always
 * works. A stream is first folded into the message that the API would have sent without streaming, so that one
 * `answer` reads both.
 */
import type { Exchange } from "../fact/exchange.ts";
import type { Part, Problem, ReadError, Reading, Tool, ToolCall, Turn, Usage } from "./reading.ts";

/**
 * What a bidder may look at. Bodies are parsed JSON where they are JSON, the fields of a form, else text or null; for
 * a socket the request's body is the list of the client's messages.
 */
export type Glimpse = {
  readonly method: string;
  /** Without the query, with everything before the API's own path still on it. */
  readonly path: string;
  readonly host: string | null;
  readonly upstream: string;
  readonly requestBody: unknown;
  readonly responseType: string | null;
  /** The first event of a stream, or the parsed body of an answer, when it came already. */
  readonly responseBody: unknown;
  readonly exchange: Exchange;
};

/** One frame of a stream: an SSE event, a line of NDJSON, an element of a JSON array, a binary event, a socket message. */
export type StreamEvent = {
  /** Number of the frame, from 0. */
  readonly n: number;
  /** ms since the request: when its last byte came. */
  readonly t: number;
  /** SSE `event:` or the binary stream's `:event-type`; null when there is none. */
  readonly name: string | null;
  readonly id: string | null;
  /** The text of the frame's data as it came. */
  readonly data: string;
  /** Parsed `data`, or undefined when it is not JSON (`[DONE]`, comments, pings without data). */
  readonly json: unknown;
  /** Who sent it; only on sockets, where both sides' messages are one stream. Else it is the server. */
  readonly from?: "client" | "server";
};

/** What an event added to the answer, for the timeline. `text` is the piece of text or arguments, or a few words. */
export type Added = {
  lane: Lane;
  text: string;
  /** Of which part of the answer, where the stream says it: events without one go on with the last part. */
  part?: string;
  /** A part of its own begins, under this name: a tool call, or thinking that is kept secret. */
  begins?: string;
};
export type Lane = "text" | "reasoning" | "tool" | "usage" | "control" | "error";

/** Folds the events of one stream. Unknown events must survive in what `message` returns or in `problems`. */
export interface Assembler {
  /** Gets every event with data, in order, `[DONE]` too. Says what the event added; nothing said is `control`. */
  add(event: StreamEvent): readonly Added[] | void;
  /** The final message in the API's own non-streamed shape, as far as it came. Null when nothing came. */
  message(): unknown;
  /** What is wrong with the stream as such: no terminator, index gaps, an error event. `ended`: no more will come. */
  problems(ended: boolean): Problem[];
  /** True from the first event that carried a token (text, reasoning or tool arguments) on; its number. */
  firstToken(): number | null;
}

export type Asked = {
  model: string | null;
  system: Part[];
  messages: Turn[];
  tools: Tool[];
  settings: Record<string, unknown>;
  streamed: boolean;
};

export type Answered = {
  model: string | null;
  choices: { parts: Part[]; finish_reason: string | null }[];
  /** Calls that the client has to run, of the first choice. */
  tool_calls: ToolCall[];
  usage: Usage | null;
  error: ReadError | null;
  /** A cost that the API itself states, US dollars. */
  stated_cost?: number;
  /** Readings of their own: embeddings, moderations, … */
  extra?: Pick<
    Reading,
    "embedding" | "moderation" | "transcription" | "token_count" | "ranking" | "models" | "images"
  >;
};

export type Dialect = {
  readonly name: string;
  /** Who serves it, when the host does not say. */
  readonly provider: string | null;
  /** From 0 (not mine) to 1 (certain). Must not throw. */
  bid(glimpse: Glimpse): number;
  /** Reads the request's body; anything may be in it. */
  asked(body: unknown, glimpse: Glimpse): Asked;
  /** Absent for APIs that never stream. */
  assembler?(glimpse: Glimpse): Assembler;
  /** Reads the non-streamed shape, received or assembled; anything may be in it. */
  answered(message: unknown, glimpse: Glimpse): Answered;
  /** Rules of this API beyond those that hold for all. */
  lint?(asked: Asked, answered: Answered, requestBody: unknown, message: unknown): Problem[];
};
