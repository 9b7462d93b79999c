/** What those who know a protocol do with the messages of a socket: begin responses, add to them, end them. */
import type { Said } from "./said.ts";

/** A response that has begun and is not over. */
export type Made = {
  readonly id: string;
  readonly n: number;
  /** When it began, ms since the socket's request. */
  readonly begun: number;
  /** Where several run side by side, the lane that the client named. */
  readonly lane: string | null;
  /** The protocol's own id, when the server has told it. */
  name: string | null;
  /** The server has said something about it. */
  answered: boolean;
  /** Which message of the socket it had last, and when. */
  touched: number;
  last: number;
  /** It is all there unless more comes: what has no event for its end. */
  rests: boolean;
  /** Its counts have come. */
  counted: boolean;
  /** The server began it, and nothing is known that asked for it. */
  unasked: boolean;
  /** Ids of the items that it makes, by which some events name it. */
  readonly items: Set<string>;
};

export type Begun = {
  readonly lane?: string | null;
  /** When it was asked for, where that was before this message. */
  readonly since?: number | null;
  /** Earlier messages beside those that were kept. */
  readonly before?: readonly Said[];
};

export interface Hands {
  /** Begun and not over, the oldest first. */
  readonly open: readonly Made[];
  /** A response, of which this is the first message. What was kept is what it rests on. */
  begin(first: Said, how?: Begun): Made;
  /** A message stands in a response once. */
  add(made: Made, said: Said): void;
  end(made: Made): void;
  /** For the response that begins next. */
  keep(said: Said): void;
  /** For all that begin, until the next one of that name. */
  hold(name: string, said: Said): void;
}

/** Takes the messages of one socket, one by one. */
export type Protocol = (said: Said) => void;

/**
 * The response that a question belongs to which comes behind the beginning of its answer: the two sides of a socket are two
 * streams, and nothing is made that nobody asked for.
 */
export function overtaken(open: readonly Made[]): Made | undefined {
  return open.find(({ unasked }) => unasked);
}

/** It is over; one that nobody asked for waits for its question, until something else begins. */
export function over(made: Made, end: (made: Made) => void): void {
  if (made.unasked) made.rests = true;
  else end(made);
}

/** The question has come. */
export function asked(made: Made, end: (made: Made) => void): void {
  made.unasked = false;
  if (made.rests) end(made);
}

/** Something else begins: what waited for more has all that there is. */
export function settle(open: readonly Made[], end: (made: Made) => void): void {
  for (const made of open.filter(({ rests }) => rests)) end(made);
}

/** The one that was touched last. */
export function latest(all: readonly Made[]): Made | undefined {
  let found: Made | undefined;
  for (const made of all) if (!found || made.touched > found.touched) found = made;
  return found;
}

/** Items of one response by which events are told apart; more are not remembered. */
const MOST_ITEMS = 1_000;

export function remember(made: Made, item: unknown): void {
  if (typeof item === "string" && made.items.size < MOST_ITEMS) made.items.add(item);
}
