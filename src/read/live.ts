/**
 * An exchange read while it passes: each piece costs what it brings, and what it added is told. By the same framers and
 * assemblers as a finished one, so that what was told, put together, is what `read` makes of the whole.
 */
import type { GrowingText } from "../fact/growing-text.ts";
import type { Exchange, Piece } from "../fact/exchange.ts";
import type { EventRow, LiveAdded, LivePart } from "../fact/live.ts";
import { choose } from "./choose.ts";
import { dialects } from "./dialects.ts";
import { raw } from "./dialects/raw.ts";
import { framed } from "./framing.ts";
import { liveFold, type LiveSide } from "./live-fold.ts";
import { attempt, glimpseOf } from "./look.ts";
import type { Usage } from "./reading.ts";

export type LiveReading = {
  /** A piece that stands in the exchange by now, in the order of time. */
  take(from: LiveSide, piece: Piece): void;
  /** No more will come. */
  end(): void;
  /** What was added since this was last asked; null when nothing was. */
  added(): LiveAdded | null;
  facts(): LiveFacts;
  /** The counts as far as they came; costs what came so far. */
  usage(): Usage | null;
};

/** `ttft`: ms since the request. */
export type LiveFacts = {
  readonly dialect: string | null;
  readonly ttft: number | null;
  /** How many events had come with the last one that told counts. */
  readonly usageAt: number;
  readonly parts: readonly LivePart[];
};

export type LiveSnapshot = LiveFacts & { readonly events: readonly EventRow[] };

export type LiveOptions = {
  /** The exchange so far with all of its bytes: for choosing the dialect, not for each piece. */
  readonly whole: () => Exchange;
  /** One for each part of the answer, through which its text passes before it is told. */
  readonly mask?: () => GrowingText;
};

/** Pieces come through `take` alone; of `exchange` the head counts. */
export function liveReading(exchange: Exchange, { whole, mask }: LiveOptions): LiveReading {
  let fold = liveFold(exchange, { whole, mask });
  let isFresh = false;
  /** Events that there were when it was last begun anew: to do so costs what there is, so that it is done rarely. */
  let begunWith = 0;
  let taken = 0;

  function take(from: LiveSide, piece: Piece): void {
    taken++;
    if (fold.take(from, piece) === "again" && taken >= 2 * begunWith) again();
  }

  /** With what is known by now. */
  function again(): void {
    begunWith = taken;
    const sofar = whole();
    const glimpse = attempt([], "request", null, () => glimpseOf(sofar, framed(sofar), []));
    const dialect = glimpse ? attempt([], "dialect", raw, () => choose(dialects, glimpse)) : raw;
    fold = liveFold(sofar, { whole, mask, dialect });
    isFresh = true;
    for (const [from, piece] of inOrder(sofar)) fold.take(from, piece);
  }

  function added(): LiveAdded | null {
    const { events, parts, turned } = fold.added();
    const fresh = isFresh || turned;
    isFresh = false;
    if (events.length === 0 && parts.length === 0 && !fresh) return null;
    return { from_n: events[0]?.[0] ?? fold.count(), events, parts, fresh };
  }

  return { take, end: () => fold.end(), added, facts: () => fold.facts(), usage: () => fold.usage() };
}

/** All that an exchange has come to, by the same way as it is told piece by piece. */
export function liveSnapshot(exchange: Exchange, mask?: () => GrowingText): LiveSnapshot {
  const live = liveReading(exchange, { whole: () => exchange, ...(mask && { mask }) });
  for (const [from, piece] of inOrder(exchange)) live.take(from, piece);
  if (exchange.close) live.end();
  return { events: live.added()?.events ?? [], ...live.facts() };
}

/** At the same time the client comes first: an answer cannot be earlier than its question. */
export function inOrder({ request, response }: Exchange): [LiveSide, Piece][] {
  const all: [LiveSide, Piece][] = [];
  const answers = response?.pieces ?? [];
  let n = 0;
  for (const piece of request.pieces) {
    for (; n < answers.length && answers[n]!.t < piece.t; n++) all.push(["server", answers[n]!]);
    all.push(["client", piece]);
  }
  for (; n < answers.length; n++) all.push(["server", answers[n]!]);
  return all;
}
