/** By what an exchange is found as part of a conversation, and finds what it continues (see `read/thread.ts`). */

/** Store `header`, `response_id` and `whole` with the exchange, indexed; `previous` and `prefixes` are what to look up. */
export type ThreadKeys = {
  /** `name:value` of the session that the client named. */
  header: string | null;
  /** The id of this answer. */
  response_id: string | null;
  /** The id of the answer that this request continues. */
  previous: string | null;
  /** Hash of the messages with the answer: what a continuation will begin with. Null when nothing was answered. */
  whole: string | null;
  /** Hashes of the request's messages up to each earlier answer, the longest first. */
  prefixes: string[];
  /** Hash of the request's messages alone: a retry and a fallback have the same. */
  request?: string;
  /** Asked beside the conversation: it is no turn of it, and nothing goes on from it. */
  aside?: true;
};

export type ThreadKnown = { id: string; conversation: string; turn: number };

/** Each gives the latest exchange with that key, or null. */
export type ThreadLookup = {
  byHeader(header: string): ThreadKnown | null;
  /** Of that header the latest that continues another: no title's request, no count, nothing else beside the conversation. */
  continuing(header: string): ThreadKnown | null;
  byResponse(response_id: string): ThreadKnown | null;
  /** With the first of these that any exchange has: a long context asks for hundreds. */
  byWhole(wholes: readonly string[]): ThreadKnown | null;
};

export type ThreadAt = { conversation: string; turn: number; parent: string | null };
