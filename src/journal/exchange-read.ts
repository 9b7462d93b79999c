/** Reads the file of an exchange back. Files of strangers lie here too: every member is checked before it is believed. */
import type { Static } from "@sinclair/typebox";
import { TypeCompiler, type TypeCheck } from "@sinclair/typebox/compiler";
import type { Exchange, Piece } from "../fact/exchange.ts";
import type { Before, Ending, Header } from "../fact/fact.ts";
import { DEEPEST_IN_FILES, isTooMuch, MOST_VALUES } from "../fact/nesting.ts";
import { bytesOf, piecesOf, type Chunk } from "./body-json.ts";
import type { Passed } from "./exchange-file.ts";
import { ExchangeFile, type File, type Said } from "../fact/exchange-format.ts";

/** `passed`: sizes on the wire, where the file tells them. */
export type Parsed = { exchange: Exchange; passed?: Passed };

/** An `error` is a sentence for people: the file is not one of ours, or it is broken. */
export function parseExchange(text: string): Parsed | { error: string } {
  let json: unknown;
  if (isTooMuch(text, DEEPEST_IN_FILES))
    return {
      error: `it is nested deeper than ${DEEPEST_IN_FILES} levels, or holds more than ${MOST_VALUES} values`,
    };
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return { error: `it is not JSON: ${cause instanceof Error ? cause.message : cause}` };
  }
  if (
    typeof json === "object" &&
    json !== null &&
    "format" in json &&
    typeof json.format === "number" &&
    json.format > 1
  ) {
    return { error: `it has format ${json.format}, from a later version of this program` };
  }
  const wrong = firstError(json);
  if (wrong) return { error: `it is not an exchange: ${wrong.path || "/"} ${wrong.message.toLowerCase()}` };
  const file = json as File;
  const at = Date.parse(file.timestamp);
  if (Number.isNaN(at))
    return { error: `it is not an exchange: /timestamp ${JSON.stringify(file.timestamp)} is not a time` };
  const { request_bytes: request, response_bytes: response } = file;
  const told = request !== undefined && response !== undefined;
  return { exchange: fromFile(file, at), ...(told && { passed: { request, response } }) };
}

/** A hundred thousand files are checked when the index is built: compiled with the first, a check costs some microseconds. */
function firstError(json: unknown): { path: string; message: string } | undefined {
  checked ??= TypeCompiler.Compile(ExchangeFile);
  return checked.Check(json) ? undefined : checked.Errors(json).First();
}

let checked: TypeCheck<typeof ExchangeFile> | null = null;

function fromFile(file: File, at: number): Exchange {
  const requestPieces = file.request_chunks
    ? piecesOf(file.request_chunks as Chunk[])
    : whole(bytesOf(file.body, file.body_raw), 0);
  const ttfb = file.ttfb_ms ?? 0;
  const chunks = file.response_chunks as Chunk[] | undefined;
  const pieces = chunks
    ? piecesOf(chunks)
    : whole(bytesOf(file.response_body, file.response_body_raw), file.duration_ms ?? ttfb);
  return {
    id: file.id,
    at,
    wire: file.wire ?? "http",
    upstream: file.upstream ?? "",
    ...(typeof file.run === "string" && { run: file.run.slice(0, 64) }),
    ...(file.socket_id !== undefined && { part: { socket: file.socket_id, n: file.n ?? 1 } }),
    ...(file.before_chunks && { before: beforeOf(file.before_chunks) }),
    ...(file.responses !== undefined && { responses: file.responses }),
    method: file.method,
    path: file.path,
    target: file.target ?? "",
    request: {
      headers: pairs(file.headers),
      pieces: requestPieces,
      ...(file.trailers && { trailers: pairs(file.trailers) }),
    },
    response:
      file.response_status === null
        ? null
        : {
            status: file.response_status,
            headers: pairs(file.response_headers ?? {}),
            pieces,
            ttfb,
            ...(file.protocol === "HTTP/2" && { protocol: file.protocol }),
            ...(file.response_trailers && { trailers: pairs(file.response_trailers) }),
          },
    gaps: (file.gaps ?? []).map((gap) => ({ t: gap.t_ms, from: gap.from, lost: gap.bytes, why: gap.why })),
    close: {
      t: file.duration_ms ?? 0,
      ending: file.ending as Ending,
      error: file.error,
      ...(file.socket && { socket: file.socket }),
    },
  };
}

function beforeOf(chunks: Static<typeof Said>): Before[] {
  return piecesOf(chunks as Chunk[]).map(({ t, bytes, frame }, n) => ({
    t,
    from: chunks[n]!.from,
    bytes,
    ...(frame && { frame }),
  }));
}

function whole(bytes: Uint8Array | null, t: number): Piece[] {
  return bytes === null || bytes.byteLength === 0 ? [] : [{ t, bytes }];
}

function pairs(headers: Readonly<Record<string, string | string[]>>): Header[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): Header => [name, one]),
  );
}
