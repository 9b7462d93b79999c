/** Readings of the exchanges that are on somebody's screen: the panels of one exchange share one look at it. */
import type { Exchange } from "../fact/exchange.ts";
import { look, unread, type Look } from "../read/look.ts";
import { events, read, type TimelineEvent } from "../read/read.ts";
import type { Reading } from "../read/reading.ts";
import type { Sources } from "./sources.ts";

export type Seen = {
  readonly exchange: Exchange;
  readonly look: Look;
  readonly reading: Reading;
  events(): TimelineEvent[];
};

/** Enough for a few open windows. */
const KEPT_READINGS = 4;
/** Of their bodies all together, of which what is understood takes many times as much; the last one is kept whatever it has. */
const KEPT_BYTES = 16 * 1024 * 1024;
/** From here on what was made on the way to an understanding is collected at once: the page is drawn on top of it. */
const LARGE = 4 * 1024 * 1024;

export type Readings = ReturnType<typeof readings>;

export function readings({ load }: Pick<Sources, "load">) {
  const kept = new Map<string, Seen>();

  return async function see(id: string): Promise<Seen | null> {
    const known = kept.get(id);
    if (known) {
      kept.delete(id);
      kept.set(id, known);
      return known;
    }
    const exchange = await load(id);
    if (!exchange) return null;
    const seen = seenOf(exchange);
    if (!exchange.close) return seen; // still growing: read again next time
    kept.set(id, seen);
    let bytes = 0;
    for (const [n, [other, { exchange: its }]] of [...kept].toReversed().entries()) {
      bytes += bytesOf(its);
      if (n > 0 && (n >= KEPT_READINGS || bytes > KEPT_BYTES)) kept.delete(other);
    }
    if (bytesOf(exchange) > LARGE) Bun.gc(true);
    return seen;
  };
}

function bytesOf({ request, response }: Exchange): number {
  return [...request.pieces, ...(response?.pieces ?? [])].reduce(
    (sum, piece) => sum + piece.bytes.byteLength,
    0,
  );
}

export function seenOf(exchange: Exchange): Seen {
  const { seen, reading } = understood(exchange);
  let timeline: TimelineEvent[] | undefined;
  return {
    exchange,
    look: seen,
    reading,
    events: () => (timeline ??= events(exchange, seen)),
  };
}

/** What our readers fail at is shown as it came. */
function understood(exchange: Exchange): { seen: Look; reading: Reading } {
  try {
    const seen = look(exchange);
    return { seen, reading: read(exchange, seen) };
  } catch (error) {
    const seen = unread(exchange, error);
    return { seen, reading: read(exchange, seen) };
  }
}
