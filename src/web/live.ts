/**
 * What an exchange has come to: its answer so far and the events from a number on. The page asks again when bytes
 * came, and waits for the answer before it asks again: a slow reading slows the drawing, never the feed.
 */
import type { Exchange } from "../fact/exchange.ts";
import type { Part } from "../read/reading.ts";
import type { Readings } from "./readings.ts";

/** One row of the chunk table; an array keeps ten thousand of them small. */
export type EventRow = [
  n: number,
  t: number,
  gap: number,
  bytes: number,
  type: string,
  lane: string,
  adds: string,
  first: number,
  last: number,
  whole: boolean,
  data: string,
  /** Who said it; null where only the server speaks. */
  from: "client" | "server" | null,
];

/** Text of one event that the table can show; the Raw panel has all of it. */
const SHOWN = 2000;

export type Live = {
  state: "waiting" | "streaming" | "done" | "gone";
  ttfb: number | null;
  ttft: number | null;
  total: number | null;
  parts: { type: string; name: string | null; text: string }[];
  events: EventRow[];
};

export async function liveOf(see: Readings, id: string, from: number): Promise<Live> {
  const seen = await see(id);
  if (!seen) return { state: "gone", ttfb: null, ttft: null, total: null, parts: [], events: [] };
  const { exchange, reading, look } = seen;
  const frames = look.stream?.frames ?? [];
  const isSocket = exchange.wire === "websocket";
  const events = seen
    .events()
    .slice(Math.max(0, from))
    .map((event): EventRow => {
      const adds = event.added.map(({ text }) => text).join("");
      const { n, t, gap, bytes, type, lane, pieces, whole, from } = event;
      const binary = isSocket && binaryOf(exchange, from, pieces[0]);
      return [
        n,
        round(t),
        round(gap),
        bytes,
        binary ? "binary" : type,
        lane,
        adds.slice(0, SHOWN),
        ...pieces,
        whole,
        (binary || (frames[n]?.data ?? "")).slice(0, SHOWN),
        isSocket ? from : null,
      ];
    });
  return {
    state: exchange.close ? "done" : exchange.response ? "streaming" : "waiting",
    ttfb: reading.timing.ttfb_ms,
    ttft: reading.timing.ttft_ms,
    total: exchange.close?.t ?? null,
    parts: reading.answer.parts.map(liveOfPart),
    events: look.stream ? events : piecesOf(seen.exchange.response?.pieces ?? [], from),
  };
}

/** A binary message as base64, as far as it is shown; null for a text. */
function binaryOf({ request, response }: Exchange, from: "client" | "server", n: number): string | null {
  const piece = (from === "client" ? request.pieces : response?.pieces)?.[n];
  return piece?.frame === "binary" ? piece.bytes.subarray(0, SHOWN).toBase64() : null;
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

/** An answer that is no stream came in reads all the same. */
function piecesOf(pieces: readonly { t: number; bytes: Uint8Array }[], from: number): EventRow[] {
  const text = new TextDecoder();
  return pieces.slice(from).map(({ t, bytes }, at) => {
    const n = from + at;
    const gap = round(t - (pieces[n - 1]?.t ?? t));
    const data = text.decode(bytes.subarray(0, SHOWN));
    return [
      n,
      round(t),
      gap,
      bytes.byteLength,
      "read",
      "control",
      data.slice(0, 200),
      n,
      n,
      true,
      data,
      null,
    ];
  });
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
