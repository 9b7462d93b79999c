/** Recordings of MCP sessions as the fixtures keep them. Only tests use it. */
import type { Exchange, Piece } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import { sessionLines } from "./http-lines.ts";

type Said = { t: number; text: string };
type Recorded = Pick<Exchange, "at" | "method" | "path" | "close"> & {
  request: { headers: Header[]; pieces: Said[] };
  response: { status: number; headers: Header[]; pieces: Said[]; ttfb: number } | null;
};

export function exchangesOf(text: string): Exchange[] {
  const { exchanges } = JSON.parse(text) as { exchanges: Recorded[] };
  return exchanges.map((it, n) => ({
    ...it,
    id: `x${n}`,
    wire: "http",
    upstream: "mcp/recorded",
    target: "",
    request: { headers: it.request.headers, pieces: it.request.pieces.map(pieceOf) },
    response: it.response && { ...it.response, pieces: it.response.pieces.map(pieceOf) },
    gaps: [],
  }));
}

/** The lines of a recording, whichever way it was made. */
export function recordedLines(name: string, text: string): unknown[] {
  if (name.endsWith(".json")) return sessionLines("recorded", exchangesOf(text));
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

function pieceOf({ t, text }: Said): Piece {
  return { t, bytes: new TextEncoder().encode(text) };
}
