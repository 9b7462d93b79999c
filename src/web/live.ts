/**
 * What an exchange has come to: its answer so far and its events from a number on. The page asks once; what comes after
 * it is told (`exchange.added`).
 */
import type { Exchange } from "../fact/exchange.ts";
import type { EventRow } from "../fact/live.ts";
import { eventRow, readRow } from "../read/event-row.ts";
import type { Part } from "../read/reading.ts";
import type { Readings, Seen } from "./readings.ts";
import type { Sources } from "./sources.ts";

export type Live = {
  state: "waiting" | "streaming" | "done" | "gone";
  ttfb: number | null;
  ttft: number | null;
  total: number | null;
  parts: { type: string; name: string | null; text: string }[];
  events: readonly EventRow[];
};

/** What the time above the panels is drawn from: when something came, and of which kind. */
export type Marks = Pick<Live, "state" | "ttfb" | "ttft" | "total"> & {
  /** ms since the request, by the clock here: the page's own may be another. */
  elapsed: number;
  marks: (readonly [t: number, lane: string])[];
};

/** A strip has fewer pixels than these: of more events each so many are marked. */
const MOST_MARKS = 3_000;

export async function marksOf(sources: Sources, see: Readings, id: string): Promise<Marks> {
  const { state, ttfb, ttft, total, events } = await liveOf(sources, see, id, 0);
  const at = (await see(id))?.exchange.at ?? Date.now();
  const each = Math.ceil(events.length / MOST_MARKS);
  const marks = events.filter(([n], i) => i % each === 0 || n === events.length - 1);
  return {
    state,
    ttfb,
    ttft,
    total,
    elapsed: Date.now() - at,
    marks: marks.map((event) => [event[1], event[5]]),
  };
}

export async function liveOf(sources: Sources, see: Readings, id: string, from: number): Promise<Live> {
  const live = sources.live(id, from);
  if (live) return inFlight(live);
  const seen = await see(id);
  if (!seen) return { state: "gone", ttfb: null, ttft: null, total: null, parts: [], events: [] };
  return finished(seen, Math.max(0, from));
}

function inFlight({ parts, ttfb, ttft, events }: NonNullable<ReturnType<Sources["live"]>>): Live {
  return {
    state: ttfb === null ? "waiting" : "streaming",
    ttfb,
    ttft,
    total: null,
    parts: parts.map(({ kind, name, text }) => ({ type: kind, name, text })),
    events,
  };
}

function finished({ exchange, look, reading }: Seen, from: number): Live {
  const { timing, answer } = reading;
  return {
    state: exchange.close ? "done" : exchange.response ? "streaming" : "waiting",
    ttfb: timing.ttfb_ms,
    ttft: timing.ttft_ms,
    total: exchange.close?.t ?? null,
    parts: answer.parts.map(liveOfPart),
    events: look.stream ? eventsOf(exchange, look, from) : readsOf(exchange, from),
  };
}

function eventsOf(exchange: Exchange, { stream, added }: Seen["look"], from: number): EventRow[] {
  const frames = stream?.frames ?? [];
  return frames.slice(from).map((frame) => {
    const before = frames[frame.n - 1]?.t ?? exchange.response?.ttfb ?? 0;
    const piece = (frame.from === "client" ? exchange.request : exchange.response)?.pieces[frame.first];
    return eventRow(frame, added.get(frame.n) ?? [], before, piece?.frame === "binary" ? piece.bytes : null);
  });
}

function readsOf({ response }: Exchange, from: number): EventRow[] {
  const pieces = response?.pieces ?? [];
  return pieces.slice(from).map((piece, at) => {
    const n = from + at;
    return readRow(n, piece, pieces[n - 1]?.t ?? piece.t);
  });
}

function liveOfPart(part: Part): Live["parts"][number] {
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: part.type, name: null, text: part.text };
    case "reasoning":
      return { type: part.type, name: null, text: part.text ?? "" };
    case "tool_call":
      return { type: part.type, name: part.name, text: part.arguments };
    default:
      return { type: part.type, name: null, text: "" };
  }
}
