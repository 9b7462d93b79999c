/** The stream event by event, for the chunk timeline: when, how long after the one before, which bytes, what it added. */
import type { Exchange } from "../fact/exchange.ts";
import type { Added, Lane } from "./dialect.ts";
import type { Frame } from "./frames/frame.ts";
import { isObject, text } from "./json.ts";
import { look, type Look } from "./look.ts";

export type TimelineEvent = {
  n: number;
  t: number;
  /** ms since the event before; for the first since the response's head. */
  gap: number;
  /** Byte range [start, end) in the body after content-decoding, and the reads of its first and last byte. */
  start: number;
  end: number;
  bytes: number;
  pieces: [first: number, last: number];
  from: "client" | "server";
  name: string | null;
  /** The event's own type where the data says one, else what kind of frame it is. */
  type: string;
  /** The lane of the first thing that it added. */
  lane: Lane;
  added: readonly Added[];
  whole: boolean;
};

/** Empty when the exchange is not a stream. */
export function events(exchange: Exchange, seen: Look = look(exchange)): TimelineEvent[] {
  let before = exchange.response?.ttfb ?? 0;
  return (seen.stream?.frames ?? []).map((frame) => {
    const event = timelineEvent(frame, seen.added.get(frame.n) ?? [], before);
    before = frame.t;
    return event;
  });
}

/** `before`: when the event before came, or the response's head. */
export function timelineEvent(frame: Frame, added: readonly Added[], before: number): TimelineEvent {
  return {
    n: frame.n,
    t: frame.t,
    gap: Math.max(0, frame.t - before),
    start: frame.start,
    end: frame.end,
    bytes: frame.end - frame.start,
    pieces: [frame.first, frame.last],
    from: frame.from ?? "server",
    name: frame.name,
    type: typeOf(frame),
    lane: added[0]?.lane ?? "control",
    added,
    whole: frame.whole,
  };
}

function typeOf({ json, kind, name, data }: Frame): string {
  if (kind !== "event") return kind;
  const type = isObject(json) ? (text(json["type"]) ?? text(json["object"])) : null;
  return type ?? name ?? (json === undefined ? data.slice(0, 40) : "event");
}
