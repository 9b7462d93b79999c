/**
 * Content-decoding, after the fact: the wire carries gzip, br, zstd and deflate untouched, the record holds what was
 * meant. Pieces keep their times: what a compressed piece made readable stands where that piece stood.
 */
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  constants,
} from "node:zlib";
import { header, type Exchange, type Piece } from "../fact/exchange.ts";
import type { Header } from "../fact/fact.ts";

/** A decoder's stream, as little as is needed of it. */
export type Decoder = NodeJS.ReadWriteStream & { destroy(): void };

/** More than this from one body is a decompression bomb, not a conversation; the rest is left out with a gap. */
const LARGEST = 256 * 1024 * 1024;

/** A copy with decoded bodies. What cannot be decoded stays as it came, and a gap says why. */
export async function decodeContent(exchange: Exchange, limit = LARGEST): Promise<Exchange> {
  const gaps = [...exchange.gaps];
  const { request, response } = exchange;
  if (exchange.wire === "websocket") return { ...exchange, ...(await decodeMessages(exchange)) };
  const asked = await decodePieces(request.headers, request.pieces, limit);
  const answered = response && (await decodePieces(response.headers, response.pieces, limit));
  for (const [from, result] of [
    ["client", asked],
    ["server", answered],
  ] as const) {
    const t = exchange.close?.t ?? 0;
    if (result?.error)
      gaps.push({ t, from, lost: result.lost, why: `the body could not be decoded: ${result.error}` });
  }
  return {
    ...exchange,
    request: { ...request, pieces: asked.pieces },
    response: response && { ...response, pieces: answered!.pieces },
    gaps,
  };
}

type Decoded = { pieces: Piece[]; error: string | null; lost: number };

async function decodePieces(headers: readonly Header[], pieces: Piece[], limit: number): Promise<Decoded> {
  const codings = (header(headers, "content-encoding") ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase());
  let decoded: Decoded = { pieces, error: null, lost: 0 };
  // Applied in the order listed, so taken off from the last to the first (RFC 9110 8.4).
  for (const coding of codings.toReversed()) {
    if (coding === "" || coding === "identity" || decoded.error) continue;
    const decoder = decoderOf(coding, decoded.pieces[0]?.bytes);
    if (!decoder) return { ...decoded, error: `nobody here knows the coding ${coding}`, lost: 0 };
    decoded = await run(decoder, decoded.pieces, limit);
  }
  return decoded;
}

/** Null for a coding that nobody here knows. `first`: the body's first bytes, which tell two kinds of deflate apart. */
export function decoderOf(coding: string, first: Uint8Array | undefined): Decoder | null {
  const partial = { finishFlush: constants.Z_SYNC_FLUSH };
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return createGunzip(partial);
    case "deflate":
      // Some servers send it without the zlib header that RFC 9110 8.4.1.2 asks for; its low four bits are 8.
      return first !== undefined && (first[0]! & 0x0f) === 8
        ? createInflate(partial)
        : createInflateRaw(partial);
    case "br":
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case "zstd":
      return createZstdDecompress();
    default:
      return null;
  }
}

/** Writes piece after piece and notes what came out of each. */
async function run(decoder: Decoder, pieces: readonly Piece[], limit: number): Promise<Decoded> {
  const out: Piece[] = [];
  let ready: Buffer[] = [];
  let size = 0;
  let error: string | null = null;
  const { promise: failed, resolve: fail } = Promise.withResolvers<void>();
  decoder.on("data", (bytes: Buffer) => {
    size += bytes.byteLength;
    if (size <= limit) return void ready.push(bytes);
    error ??= `it is larger than ${limit} bytes`;
    decoder.destroy();
    fail();
  });
  decoder.on("error", (cause: Error) => {
    error ??= cause.message;
    fail();
  });
  const take = (t: number) => {
    const bytes = ready.length === 1 ? ready[0]! : Buffer.concat(ready);
    ready = [];
    if (bytes.byteLength > 0) out.push({ t, bytes });
  };
  for (const piece of pieces) {
    await Promise.race([
      failed,
      new Promise<void>((resolve) => decoder.write(piece.bytes as Uint8Array<ArrayBuffer>, () => resolve())),
    ]);
    take(piece.t);
    if (error) break;
  }
  if (!error) {
    await Promise.race([
      failed,
      new Promise<void>((resolve) => (decoder.once("end", resolve), decoder.end())),
    ]);
    take(pieces.at(-1)?.t ?? 0);
  }
  decoder.destroy();
  // Nothing readable came: the bytes as they passed say more than nothing.
  if (error && out.length === 0) return { pieces: [...pieces], error, lost: 0 };
  return { pieces: out, error, lost: error ? -1 : 0 };
}

/** What ends every message of permessage-deflate and is left off on the wire (RFC 7692 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

async function decodeMessages({
  request,
  response,
}: Exchange): Promise<Pick<Exchange, "request" | "response">> {
  const terms = (response && header(response.headers, "sec-websocket-extensions")) ?? "";
  const [client, server] = await Promise.all([
    inflate(request.pieces, terms.includes("client_no_context_takeover")),
    response ? inflate(response.pieces, terms.includes("server_no_context_takeover")) : [],
  ]);
  return { request: { ...request, pieces: client }, response: response && { ...response, pieces: server } };
}

async function inflate(pieces: Piece[], fresh: boolean): Promise<Piece[]> {
  if (!pieces.some((piece) => piece.deflated)) return pieces;
  const out: Piece[] = [];
  let decoder = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  for (const piece of pieces) {
    if (!piece.deflated) {
      out.push(piece);
      continue;
    }
    if (fresh && out.length > 0) {
      decoder.destroy();
      decoder = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
    }
    const bytes = await inflateOne(decoder, piece.bytes);
    // A message that cannot be read stays as it passed, marked by `deflated`.
    out.push(bytes ? { t: piece.t, bytes, ...(piece.frame && { frame: piece.frame }) } : piece);
  }
  decoder.destroy();
  return out;
}

function inflateOne(decoder: ReturnType<typeof createInflateRaw>, bytes: Uint8Array): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<Buffer | null>();
  const collect = (part: Buffer) => parts.push(part);
  const fail = () => resolve(null);
  decoder.on("data", collect).once("error", fail);
  decoder.write(Buffer.concat([bytes, TAIL]), (error) => resolve(error ? null : Buffer.concat(parts)));
  return promise.finally(() => decoder.off("data", collect).off("error", fail));
}
