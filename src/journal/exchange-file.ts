/**
 * The file of an exchange: the public format 1, written once and readable by anybody with a JSON parser. A member a
 * line, so that it can be read and searched as text. What a reader made of the exchange stands at the end, for people
 * who grep; this program derives it again from the facts.
 */
import { type Static, Type } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { header, joined, type Exchange, type Piece } from "../fact/exchange.ts";
import type { Before, Ending, Header } from "../fact/fact.ts";
import { DEEPEST_IN_FILES, isTooMuch, MOST_VALUES } from "../fact/nesting.ts";
import { bodyOf, bytesOf, chunksOf, piecesOf, unreadOf, Written, type Chunk } from "./body-json.ts";

const Headers = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]));
const Binary = Type.Object({ $base64: Type.String() });
const Side = Type.Union([Type.Literal("client"), Type.Literal("server")]);
const Chunk = Type.Object({
  t_ms: Type.Number(),
  data: Type.Optional(Type.Union([Type.String(), Binary])),
  cut: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  frame: Type.Optional(Type.Union([Type.Literal("text"), Type.Literal("binary")])),
});
const Chunks = Type.Array(Chunk);
const Said = Type.Array(Type.Composite([Chunk, Type.Object({ from: Side })]));
const Kept = Type.Optional(Type.Unknown());

/** What every exchange file has; more members may stand beside these. */
export const ExchangeFile = Type.Object({
  format: Type.Literal(1),
  id: Type.String({ pattern: "^[0-9A-Za-z._-]{1,100}$" }),
  timestamp: Type.String(),
  method: Type.String(),
  path: Type.String(),
  target: Type.Union([Type.String(), Type.Null()]),
  headers: Headers,
  body: Type.Unknown(),
  trailers: Type.Optional(Headers),
  response_status: Type.Union([Type.Integer(), Type.Null()]),
  response_headers: Type.Optional(Type.Union([Headers, Type.Null()])),
  response_body: Type.Optional(Type.Unknown()),
  response_trailers: Type.Optional(Headers),
  response_chunks: Type.Optional(Chunks),
  request_chunks: Type.Optional(Chunks),
  wire: Type.Optional(Type.Literal("websocket")),
  /** Of a response on a socket: the socket's exchange, its number there, what was said before on which it rests. */
  socket_id: Type.Optional(Type.String({ pattern: "^[0-9A-Za-z._-]{1,100}$" })),
  n: Type.Optional(Type.Integer({ minimum: 1 })),
  before_chunks: Type.Optional(Said),
  /** Of a socket: how many responses were made on it, each in a file of its own. */
  responses: Type.Optional(Type.Integer({ minimum: 0 })),
  protocol: Type.Optional(Type.String()),
  upstream: Type.Optional(Type.String()),
  run: Kept,
  body_raw: Kept,
  response_body_raw: Kept,
  request_bytes: Type.Optional(Type.Number({ minimum: 0 })),
  response_bytes: Type.Optional(Type.Number({ minimum: 0 })),
  gaps: Type.Optional(
    Type.Array(
      Type.Object({
        t_ms: Type.Number(),
        from: Type.Union([Side, Type.Literal("stderr")]),
        bytes: Type.Number(),
        why: Type.String(),
      }),
    ),
  ),
  socket: Type.Optional(Type.Object({ code: Type.Number(), reason: Type.String(), from: Side })),
  ttfb_ms: Type.Union([Type.Number(), Type.Null()]),
  duration_ms: Type.Union([Type.Number(), Type.Null()]),
  ending: Type.Union(
    (["complete", "client-gone", "upstream-error", "refused", "interrupted"] as const).map((word) =>
      Type.Literal(word),
    ),
  ),
  error: Type.Union([Type.String(), Type.Null()]),
});

/** A hundred thousand files are checked when the index is built: compiled once, a check costs some microseconds. */
const checked = TypeCompiler.Compile(ExchangeFile);

type File = Static<typeof ExchangeFile>;

/**
 * What others make of the exchange, to stand in its file. `assembled`: a stream's final message, or undefined. `bodies`:
 * the bodies as they were parsed already, which saves doing it again; "as text" parses nothing.
 */
export type Derived = {
  readonly assembled: unknown;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly bodies?: { readonly request: unknown; readonly response: unknown } | "as text";
};

/** Where it belongs, below the log folder. Sorts by time. */
export function exchangePath({ id, at }: Pick<Exchange, "id" | "at">): string {
  return `llm_proxy/${new Date(at).toISOString().replaceAll(":", "-")}_${id}.json`;
}

/** The file's text. `passed` are the sizes on the wire. */
export function exchangeText(exchange: Exchange, derived: Derived, passed: Passed): string {
  let text = "";
  for (const part of exchangeParts(exchange, derived, passed))
    text += typeof part === "string" ? part : Buffer.from(part).toString("utf8");
  return text;
}

/** Sizes on the wire, before content-decoding. */
export type Passed = { readonly request: number; readonly response: number };

/** The file's text in parts, which a large exchange need not be in memory as one string for. */
export function* exchangeParts(
  exchange: Exchange,
  derived: Derived,
  passed: Passed,
): Generator<string | Uint8Array> {
  let text = "{\n";
  let end = "";
  for (const [name, value] of membersOf(exchange, derived, passed)) {
    text += `${end}  "${name}": `;
    end = ",\n";
    if (!(value instanceof Written)) {
      text += JSON.stringify(value) ?? "null";
      continue;
    }
    for (const part of value.parts) {
      if (typeof part === "string") text += part;
      if (typeof part === "string" && text.length < GATHERED) continue;
      yield text;
      text = "";
      if (typeof part !== "string") yield part;
    }
  }
  yield `${text}\n}\n`;
}

/** Characters that are handed on together. */
const GATHERED = 128 * 1024;

type Member = readonly [name: string, value: unknown];

/** Names and values, in the order of the file. No name needs an escape. */
function membersOf(exchange: Exchange, derived: Derived, passed: Passed): Member[] {
  const { request, response, close, gaps, wire } = exchange;
  // A reader may find a stream under a name that is none.
  const streamed = isStream(exchange) || (derived.assembled ?? null) !== null;
  const members: Member[] = [
    ["format", 1],
    ["id", exchange.id],
    ["timestamp", new Date(exchange.at).toISOString()],
  ];
  const add = (name: string, value: unknown) => members.push([name, value]);
  const { bodies } = derived;
  const known = (side: "request" | "response") =>
    bodies === "as text" ? bodies : { parsed: bodies?.[side] };
  if (wire === "websocket") add("wire", wire);
  if (exchange.part) {
    add("socket_id", exchange.part.socket);
    add("n", exchange.part.n);
  }
  if (exchange.responses !== undefined) add("responses", exchange.responses);
  add("upstream", exchange.upstream);
  if (exchange.run !== undefined) add("run", exchange.run);
  add("method", exchange.method);
  add("path", exchange.path);
  add("target", exchange.target);
  add("headers", byName(request.headers));
  if (wire === "websocket") {
    add("body", null);
    if (exchange.before) add("before_chunks", new Written(saidLines(exchange.before)));
    add("request_chunks", new Written(chunkLines(request.pieces)));
  } else addBody(members, "body", request, known("request"));
  if (request.trailers) add("trailers", byName(request.trailers));
  if (response?.protocol) add("protocol", response.protocol);
  add("response_status", response?.status ?? null);
  add("response_headers", response ? byName(response.headers) : null);
  if (streamed) {
    add("response_body", derived.assembled ?? null);
    add("response_chunks", new Written(chunkLines(response?.pieces ?? [])));
  } else if (response) addBody(members, "response_body", response, known("response"));
  else add("response_body", null);
  if (response?.trailers) add("response_trailers", byName(response.trailers));
  add("ttfb_ms", response?.ttfb ?? null);
  add("duration_ms", close?.t ?? null);
  add("ending", close?.ending ?? "interrupted");
  add("error", close?.error ?? null);
  add("request_bytes", passed.request);
  add("response_bytes", passed.response);
  if (close?.socket) add("socket", close.socket);
  const lost = gaps.reduce((sum, gap) => sum + Math.max(0, gap.lost), 0);
  if (gaps.some((gap) => gap.lost !== 0)) add("truncated", { bytes: lost });
  if (gaps.length > 0)
    add(
      "gaps",
      gaps.map((gap) => ({ t_ms: gap.t, from: gap.from, bytes: gap.lost, why: gap.why })),
    );
  members.push(...Object.entries(derived.summary));
  return members;
}

function addBody(
  members: Member[],
  name: string,
  { headers, pieces }: { headers: readonly Header[]; pieces: readonly Piece[] },
  known: { readonly parsed: unknown } | "as text",
): void {
  if (known === "as text") return void members.push([name, unreadOf(joined(pieces))]);
  const { value, raw } = bodyOf(joined(pieces), header(headers, "content-type"), known.parsed);
  members.push([name, value]);
  if (raw !== undefined) members.push([`${name}_raw`, raw]);
}

function chunkLines(pieces: readonly Piece[]): Generator<string> {
  // The end of a coding is bytes that mean nothing by themselves.
  return lines(chunksOf(pieces.filter(({ bytes, passed }) => bytes.byteLength > 0 || !passed)));
}

function saidLines(before: readonly Before[]): Generator<string> {
  return lines(
    before.flatMap((said) => [...chunksOf([said])].map((chunk) => ({ from: said.from, ...chunk }))),
  );
}

/** Each on a line of its own, so that they can be read and searched as text. */
function* lines(chunks: Iterable<Chunk>): Generator<string> {
  let line = "[\n";
  for (const chunk of chunks) {
    yield `${line}    ${JSON.stringify(chunk)}`;
    line = ",\n";
  }
  yield line === "[\n" ? "[]" : "\n  ]";
}

/** Sent in pieces whose times mean something: events, lines, frames; or a JSON array streamed element by element. */
export function isStream({ wire, response, path }: Exchange): boolean {
  if (wire === "websocket") return true;
  const type = (response && header(response.headers, "content-type")) ?? "";
  return (
    /event-?stream|ndjson|jsonl|json-?lines|json-seq|stream\+json/i.test(type) ||
    (/:streamGenerateContent\b|:streamRawPredict\b/.test(path) && response?.status === 200)
  );
}

/** By name; a name that came more than once has its values as an array, in order. */
function byName(headers: readonly Header[]): Record<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of headers) {
    const before = values.get(name);
    if (before === undefined) values.set(name, value);
    else if (typeof before === "string") values.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(values);
}

/** `passed`: sizes on the wire, where the file tells them. */
export type Parsed = { exchange: Exchange; passed?: Passed };

/** Reads a file back. An `error` is a sentence for people: the file is not one of ours, or it is broken. */
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
  const wrong = checked.Check(json) ? undefined : checked.Errors(json).First();
  if (wrong) return { error: `it is not an exchange: ${wrong.path || "/"} ${wrong.message.toLowerCase()}` };
  const file = json as File;
  const at = Date.parse(file.timestamp);
  if (Number.isNaN(at))
    return { error: `it is not an exchange: /timestamp ${JSON.stringify(file.timestamp)} is not a time` };
  const { request_bytes: request, response_bytes: response } = file;
  const told = request !== undefined && response !== undefined;
  return { exchange: fromFile(file, at), ...(told && { passed: { request, response } }) };
}

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
