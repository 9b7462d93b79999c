/** WebSocket messages as frames: both sides in the order of time. A message is one piece, so nothing is cut. */
import type { Piece } from "../../fact/exchange.ts";
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

function framesOf(pieces: readonly Piece[], from: "client" | "server"): Frame[] {
  let start = 0;
  return pieces.map(({ t, bytes, frame }, piece) => {
    const end = start + bytes.byteLength;
    const data = frame === "binary" ? "" : decode(bytes);
    const json = frame === "binary" ? undefined : parseJson(data);
    const place = { start, end, first: piece, last: piece };
    start = end;
    return { n: 0, t, name: null, id: null, data, json, from, kind: "event" as const, ...place, whole: true };
  });
}
