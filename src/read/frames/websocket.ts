/** WebSocket messages as frames: both sides in the order of time. A message is one piece, so nothing is cut. */
import type { Exchange, Piece } from "../../fact/exchange.ts";
import { parseJson } from "../json.ts";
import { decode, MOST_FRAMES, type Frame } from "./frame.ts";

/** The first messages of both sides together; the others are only counted. */
export function messages(
  client: readonly Piece[],
  server: readonly Piece[],
  most = MOST_FRAMES,
): { frames: Frame[]; unread: number } {
  const sides = [...framesOf(client.slice(0, most), "client"), ...framesOf(server.slice(0, most), "server")];
  // At the same time the client comes first: an answer cannot be earlier than its question.
  sides.sort((a, b) => a.t - b.t || Number(a.from === "server") - Number(b.from === "server"));
  const frames = sides.slice(0, most).map((frame, n) => ({ ...frame, n }));
  return { frames, unread: client.length + server.length - frames.length };
}

/** All that a reading rests on: what the socket said before, where this is one of its responses, and its own messages. */
export function talk({ before = [], request, response }: Exchange): Frame[] {
  const own = messages(request.pieces, response?.pieces ?? []).frames;
  return before.length === 0 ? own : [...saidBefore(before), ...own];
}

/** Numbered below 0, since they are no part of the exchange's own stream. */
export function saidBefore(before: NonNullable<Exchange["before"]>): Frame[] {
  const frameOf = socketFrames();
  return before
    .flatMap((said) => frameOf(said.from, said) ?? [])
    .map((frame, n) => ({
      ...frame,
      n: n - before.length,
    }));
}

function framesOf(pieces: readonly Piece[], from: "client" | "server"): Frame[] {
  const frameOf = socketFrames(Infinity);
  return pieces.map((piece) => frameOf(from, piece)!);
}

/** The same one by one, numbered as they come; null beyond the first ones that are read. */
export function socketFrames(most = MOST_FRAMES) {
  const sides = { client: { at: 0, pieces: 0 }, server: { at: 0, pieces: 0 } };
  let n = 0;
  return (from: "client" | "server", { t, bytes, frame }: Piece): Frame | null => {
    if (n >= most) return null;
    const side = sides[from];
    // Google's Live API sends its JSON in binary messages; nothing else binary begins with a brace.
    const isText = frame !== "binary" || bytes[0] === 0x7b;
    const text = isText ? decode(bytes) : "";
    const json = isText ? parseJson(text) : undefined;
    const data = frame === "binary" && json === undefined ? "" : text;
    const place = { start: side.at, end: side.at + bytes.byteLength, first: side.pieces, last: side.pieces };
    side.at = place.end;
    side.pieces++;
    return { n: n++, t, name: null, id: null, data, json, from, kind: "event", ...place, whole: true };
  };
}
