/**
 * A recording as a file keeps it (`src/read/fixtures/`), and how it becomes an exchange again, in pieces of any size.
 * For tests, and for who works on the page.
 */
import type { Exchange, Piece } from "../fact/exchange.ts";
import type { Header } from "../fact/fact.ts";

export type Recording = {
  /** How it was made, when it is no recording of traffic. */
  note?: string;
  request: null | {
    method: string;
    path: string;
    host?: string | null;
    headers?: Record<string, string> | null;
    body: unknown;
  };
  response: {
    status: number;
    headers?: Record<string, string> | null;
    body: string;
    body_encoding?: "base64";
    /** When each read came, in ms since the request, and its bytes. */
    reads?: [t_ms: number, bytes: number][];
  };
  /** Of a WebSocket: all messages of both sides. */
  messages?: { t_ms: number; from: "client" | "server"; text: string }[];
};

/** `cut` says where to cut the response's body: offsets in bytes. Piece n comes at 100 + n ms unless `at` says otherwise. */
export function exchangeOf(
  { request, response, messages }: Recording,
  cut: readonly number[] = [],
  at: (piece: number) => number = (piece) => 100 + piece,
): Exchange {
  const bytes =
    response.body_encoding === "base64" ? fromBase64(response.body) : new TextEncoder().encode(response.body);
  const pieces = messages ? said(messages, "server") : piecesOf(bytes, cut, at);
  const host = request?.host ?? null;
  const path = request?.path ?? "";
  return {
    id: "01900000-0000-7000-8000-000000000000",
    at: 1_760_000_000_000,
    wire: messages ? "websocket" : "http",
    upstream: "recorded",
    method: request?.method ?? "POST",
    path,
    target: host === null ? "" : `https://${host}${path}`,
    request: {
      headers: headersOf(request?.headers),
      pieces: messages ? said(messages, "client") : piecesOf(bodyBytes(request?.body), [], () => 0),
    },
    response: { status: response.status, headers: headersOf(response.headers), pieces, ttfb: 100 },
    gaps: [],
    close: { t: at(pieces.length), ending: "complete", error: null },
  };
}

/** The exchange with the reads that were recorded. */
export function replayed(recording: Recording): Exchange {
  const reads = recording.response.reads ?? [];
  let offset = 0;
  const cuts = reads.map(([, bytes]) => (offset += bytes));
  const exchange = exchangeOf(recording, cuts, (piece) => (reads[piece] ?? reads.at(-1))?.[0] ?? 0);
  const response = exchange.response && { ...exchange.response, ttfb: reads[0]?.[0] ?? 0 };
  return { ...exchange, response };
}

function said(messages: NonNullable<Recording["messages"]>, by: "client" | "server"): Piece[] {
  return messages
    .filter(({ from }) => from === by)
    .map(({ t_ms, text }) => ({ t: t_ms, bytes: new TextEncoder().encode(text), frame: "text" as const }));
}

function piecesOf(bytes: Uint8Array, cut: readonly number[], at: (piece: number) => number): Piece[] {
  const ends = [...new Set([...cut.filter((offset) => offset > 0 && offset < bytes.length), bytes.length])];
  ends.sort((a, b) => a - b);
  return ends.map((end, i) => ({ t: at(i), bytes: bytes.subarray(ends[i - 1] ?? 0, end) }));
}

function bodyBytes(body: unknown): Uint8Array {
  if (body === null || body === undefined) return new Uint8Array();
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

/** A recording's headers may still speak of an encoding that its stored body no longer has. */
function headersOf(headers: Record<string, string> | null | undefined): Header[] {
  const gone = new Set(["content-encoding", "transfer-encoding", "content-length"]);
  return Object.entries(headers ?? {}).filter(([name]) => !gone.has(name.toLowerCase()));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
