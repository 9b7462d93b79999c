/** What was coded on the wire could not be masked there: credentials in it are masked when it has been decoded. */
import { header, joined, type Exchange, type Piece } from "../fact/exchange.ts";
import type { Header } from "../fact/fact.ts";
import { maskBody } from "../fact/mask-body.ts";
import type { Mask } from "../fact/mask.ts";

export function maskDecoded(exchange: Exchange, mask: Mask): Exchange {
  const { wire, request, response } = exchange;
  const asked = wire === "websocket" || isCoded(request.headers);
  const answered = response && (wire === "websocket" || isCoded(response.headers));
  if (!asked && !answered) return exchange;
  const each = (pieces: readonly Piece[]) =>
    wire === "websocket" ? pieces.flatMap((piece) => masked([piece], mask)) : masked(pieces, mask);
  return {
    ...exchange,
    request: asked ? { ...request, pieces: each(request.pieces) } : request,
    response: answered ? { ...response, pieces: each(response.pieces) } : response,
  };
}

function isCoded(headers: readonly Header[]): boolean {
  const coding = header(headers, "content-encoding");
  return coding !== undefined && coding.trim().toLowerCase() !== "identity";
}

/** The pieces of one text: a credential may lie across their borders. */
function masked(pieces: readonly Piece[], mask: Mask): Piece[] {
  if (pieces.some(({ deflated }) => deflated)) return [...pieces];
  const bytes = joined(pieces);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const told = maskBody(text, mask);
  if (told === text) return [...pieces];
  const whole = Buffer.from(told, "latin1");
  let at = 0;
  return pieces.map((piece) => {
    const from = at;
    at += piece.bytes.byteLength;
    return { ...piece, bytes: whole.subarray(from, at) };
  });
}
