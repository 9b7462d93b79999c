/** What is in flight at the recorders, as they tell it: rows until they are over, or until nobody speaks of them any more. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { Frame } from "../fact/frame.ts";
import type { Feed } from "../feed/feed.ts";

/** A recorder speaks of what is in flight every five seconds; one that does not is gone, or away. */
const SILENT_MS = 20_000;
/** Of all recorders together. */
const MOST_EXCHANGES = 5_000;

export type Flying = {
  rows(): ExchangeRow[];
  row(id: string): ExchangeRow | null;
  close(): void;
};

export function flyingAt(feed: Pick<Feed, "listen">, now: () => number = () => performance.now()): Flying {
  const known = new Map<string, { row: ExchangeRow; at: number }>();
  /** A row that was on its way when it ended must not bring it back. */
  const over = new Map<string, number>();
  const listener = feed.listen((frames) => {
    for (const frame of frames) hear(frame);
    return "sent";
  });

  function hear(frame: Frame): void {
    switch (frame.type) {
      case "exchange.open":
      case "exchange.head":
      case "exchange.row":
        if (frame.row.state === "done" || over.has(frame.row.id)) return;
        known.delete(frame.row.id);
        known.set(frame.row.id, { row: frame.row, at: now() });
        if (known.size > MOST_EXCHANGES) forget(known);
        return;
      case "exchange.close":
        known.delete(frame.row.id);
        over.set(frame.row.id, now());
        if (over.size > MOST_EXCHANGES) forget(over);
        return;
      case "resync":
        // What ended meanwhile was not told: whoever still flies is told of within seconds.
        known.clear();
        return;
    }
  }

  function alive(): void {
    const before = now() - SILENT_MS;
    for (const [id, { at }] of known) if (at < before) known.delete(id);
  }

  return {
    rows() {
      alive();
      return [...known.values()].map(({ row }) => row);
    },
    row(id) {
      alive();
      return known.get(id)?.row ?? null;
    },
    close: () => listener.close(),
  };
}

function forget(from: Map<string, unknown>): void {
  const [oldest] = from.keys();
  if (oldest !== undefined) from.delete(oldest);
}
