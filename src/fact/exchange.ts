/**
 * An exchange: all facts of one HTTP request with its response (or of one upgraded WebSocket), put side by side.
 * This is what readers read, in flight or finished, live or from a file.
 */
import { concat } from "./concat.ts";
import type { Before, Bytes, Ending, Fact, From, Header, Part, Wire } from "./fact.ts";

/** Bytes that passed together. `t` is ms since the request. `frame` only for WebSocket messages. */
export type Piece = {
  readonly t: number;
  readonly bytes: Uint8Array;
  readonly frame?: "text" | "binary";
  /** How many bytes on the wire these were, where it is another number than they are. */
  readonly passed?: number;
};

/** A hole in the record: `lost` bytes (-1: not known) that passed and were not kept. */
export type Hole = { readonly t: number; readonly from: From; readonly lost: number; readonly why: string };

export type Exchange = {
  readonly id: string;
  /** Wall time of the request, ms since 1970 UTC. */
  readonly at: number;
  readonly wire: Wire;
  readonly upstream: string;
  readonly method: string;
  readonly path: string;
  readonly target: string;
  /** The run of an agent that the client named in the address (`/@run:ID/…`). */
  readonly run?: string;
  /** One response of a socket; without it a socket is all that passed on its connection. */
  readonly part?: Part;
  readonly before?: readonly Before[];
  /** Of a socket: how many responses were made on it, each an exchange of its own. */
  responses?: number;
  readonly request: {
    readonly headers: readonly Header[];
    readonly pieces: Piece[];
    /** Where headers came behind the body. */
    trailers?: readonly Header[];
  };
  /** Null until the response's head came. */
  response: {
    readonly status: number;
    readonly headers: readonly Header[];
    readonly pieces: Piece[];
    readonly ttfb: number;
    readonly protocol?: "HTTP/2";
    trailers?: readonly Header[];
  } | null;
  readonly gaps: Hole[];
  /** Null while in flight. */
  close: {
    readonly t: number;
    readonly ending: Ending;
    readonly error: string | null;
    readonly socket?: { readonly code: number; readonly reason: string; readonly from: "client" | "server" };
  } | null;
};

/** Starts an exchange from its `open`, or adds a fact to the one given. Facts of other ids are the caller's bug. */
export function addFact(exchange: Exchange | undefined, fact: Fact): Exchange {
  if (fact.fact === "open") {
    const { id, at, wire, upstream, method, path, target, headers, part, before } = fact;
    const begun = {
      id,
      at,
      wire,
      upstream,
      method,
      path,
      target,
      ...(fact.run !== undefined && { run: fact.run }),
      ...(part && { part }),
      ...(before && before.length > 0 && { before }),
    };
    return { ...begun, request: { headers, pieces: [] }, response: null, gaps: [], close: null };
  }
  if (exchange === undefined) throw new Error(`fact "${fact.fact}" of ${fact.id} came before its open`);
  switch (fact.fact) {
    case "head":
      exchange.response = {
        status: fact.status,
        headers: fact.headers,
        pieces: [],
        ttfb: fact.t,
        ...(fact.protocol && { protocol: fact.protocol }),
      };
      return exchange;
    case "bytes":
      addBytes(exchange, fact);
      return exchange;
    case "trailers": {
      const side = fact.from === "client" ? exchange.request : exchange.response;
      if (side) side.trailers = fact.headers;
      return exchange;
    }
    case "gap":
      exchange.gaps.push({ t: fact.t, from: fact.from, lost: fact.lost, why: fact.why });
      return exchange;
    case "close":
      exchange.close = {
        t: fact.t,
        ending: fact.ending,
        error: fact.error,
        ...(fact.socket && { socket: fact.socket }),
      };
      return exchange;
    default:
      return fact satisfies never;
  }
}

function addBytes(exchange: Exchange, { t, from, bytes, frame, passed }: Bytes): void {
  const piece: Piece =
    frame === undefined && passed === undefined
      ? { t, bytes }
      : { t, bytes, ...(frame && { frame }), ...(passed !== undefined && { passed }) };
  if (from === "client") exchange.request.pieces.push(piece);
  else exchange.response?.pieces.push(piece);
}

/** The first value of a header, whatever its case. */
export function header(headers: readonly Header[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const pair of headers)
    if (pair[0].length === wanted.length && pair[0].toLowerCase() === wanted) return pair[1];
  return undefined;
}

/** All pieces as one array of bytes, which is their own where they lie one behind the other: not to be written to. */
export function joined(pieces: readonly Piece[]): Uint8Array {
  return (
    lyingTogether(pieces.filter(({ bytes }) => bytes.byteLength > 0)) ??
    concat(pieces.map(({ bytes }) => bytes))
  );
}

/** So many bytes from their beginning, or all. */
export function firstBytes(pieces: readonly Piece[], most: number): Uint8Array {
  let size = 0;
  const end = pieces.findIndex(({ bytes }) => (size += bytes.byteLength) >= most);
  return joined(end < 0 ? pieces : pieces.slice(0, end + 1)).subarray(0, most);
}

function lyingTogether(pieces: readonly Piece[]): Uint8Array | null {
  const first = pieces[0]?.bytes;
  if (!first) return null;
  let end = first.byteOffset;
  for (const { bytes } of pieces) {
    if (bytes.buffer !== first.buffer || bytes.byteOffset !== end) return null;
    end += bytes.byteLength;
  }
  return new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}
