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

/** Enough for a few open windows; an exchange may hold 32 MiB. */
const KEPT = 4;

export type Readings = ReturnType<typeof readings>;

export function readings({ load }: Pick<Sources, "load">) {
  const kept = new Map<string, Seen>();

  async function see(id: string): Promise<Seen | null> {
    const found = await see.found(id);
    return found && "id" in found ? seenOf(found) : found;
  }

  /** One in flight as it is, unread: it may have grown by the next time. */
  see.found = async function (id: string): Promise<Seen | Exchange | null> {
    const known = kept.get(id) ?? null;
    const exchange = known ? null : await load(id);
    if (exchange && !exchange.close) return exchange;
    const seen = known ?? (exchange && seenOf(exchange));
    if (!seen) return null;
    kept.delete(id);
    kept.set(id, seen);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return seen;
  };

  return see;
}

function seenOf(exchange: Exchange): Seen {
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
