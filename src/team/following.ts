/**
 * Exchanges in flight elsewhere that somebody at this page follows: what they have come to, put together from what their recorder
 * tells. It begins with all that came so far (`fresh`), so whoever opens one here sees what the recorder's own page shows.
 */
import type { EventRow, LivePart } from "../fact/live.ts";
import type { Frame } from "../fact/frame.ts";
import type { LiveTimes } from "../fact/live.ts";
import type { Feed } from "../feed/feed.ts";
import type { LiveSnapshot } from "../read/live.ts";

export type Following = {
  /** The feed for the page: what is followed through it is followed here too. */
  readonly feed: Feed;
  live(id: string, from: number): (LiveSnapshot & LiveTimes) | null;
  close(): void;
};

type Told = { events: EventRow[]; parts: LivePart[]; times: LiveTimes };

/** Open windows of some people. */
const MOST_FOLLOWED = 50;
/** Of one; a longer answer is shown when it is over. */
const MOST_EVENTS = 100_000;

export function followingAt(feed: Feed): Following {
  const known = new Map<string, Told>();
  const followed = new Set<string>();
  const own = feed.listen((frames) => {
    for (const frame of frames) hear(frame);
    return "sent";
  });

  function hear(frame: Frame): void {
    if (frame.type === "exchange.close") return drop(frame.row.id);
    if (frame.type !== "exchange.added") return;
    if (frame.fresh) known.set(frame.id, { events: [], parts: [], times: { ttfb: null, ttft: null } });
    const told = known.get(frame.id);
    // What came before is not known yet: its recorder tells it next.
    if (told === undefined || frame.from_n > told.events.length || told.events.length > MOST_EVENTS) return;
    told.events.splice(frame.from_n, Infinity, ...frame.events);
    for (const { n, kind, name, at, append } of frame.parts) {
      const text = (told.parts[n]?.text ?? "").slice(0, at) + append;
      told.parts[n] = { kind, name, text };
    }
    told.times = { ttfb: frame.ttfb, ttft: frame.ttft };
  }

  function follow(id: string): void {
    followed.delete(id);
    followed.add(id);
    own.subscribe({ what: "added", of: id });
    const [oldest] = followed;
    if (followed.size > MOST_FOLLOWED && oldest !== undefined) drop(oldest);
  }

  function drop(id: string): void {
    known.delete(id);
    if (followed.delete(id)) own.unsubscribe({ what: "added", of: id });
  }

  return {
    feed: {
      ...feed,
      listen(send, since) {
        const listener = feed.listen(send, since);
        return {
          ...listener,
          subscribe(topic) {
            if (topic.what === "added") follow(topic.of);
            listener.subscribe(topic);
          },
        };
      },
    },
    live(id, from) {
      const told = known.get(id);
      if (told === undefined) return null;
      const { events, parts, times } = told;
      return { dialect: null, usageAt: 0, ...times, parts, events: events.slice(Math.max(0, from)) };
    },
    close: () => own.close(),
  };
}
