/**
 * What an exchange has come to: its answer so far and its events from a number on. The page asks once; what comes after
 * it is told (`exchange.added`).
 */
import type { Exchange } from "../fact/exchange.ts";
import type { EventRow, LivePart } from "../fact/live.ts";
import { eventRow, readRow } from "../read/event-row.ts";
import { liveSnapshot } from "../read/live.ts";
import type { Part } from "../read/reading.ts";
import type { Readings, Seen } from "./readings.ts";

export type Live = {
  state: "waiting" | "streaming" | "done" | "gone";
  ttfb: number | null;
  ttft: number | null;
  total: number | null;
  parts: { type: string; name: string | null; text: string }[];
  events: readonly EventRow[];
};

export async function liveOf(see: Readings, id: string, from: number): Promise<Live> {
  const found = await see.found(id);
  if (!found) return { state: "gone", ttfb: null, ttft: null, total: null, parts: [], events: [] };
  return "reading" in found ? finished(found, Math.max(0, from)) : inFlight(found, Math.max(0, from));
}

/** By the same way as what is added to it will be told. */
function inFlight(exchange: Exchange, from: number): Live {
  const { events, parts, ttft } = liveSnapshot(exchange);
  return {
    state: exchange.response ? "streaming" : "waiting",
    ttfb: exchange.response?.ttfb ?? null,
    ttft,
    total: null,
    parts: parts.map(({ kind, name, text }: LivePart) => ({ type: kind, name, text })),
    events: events.slice(from),
  };
}

function finished({ exchange, look, reading }: Seen, from: number): Live {
  const { timing, answer } = reading;
  return {
    state: "done",
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
