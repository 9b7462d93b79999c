/**
 * Writes the file of an exchange, as `exchange-format.ts` describes it: once, and readable by anybody with a JSON parser.
 * A member a line, so that it can be read and searched as text. What a reader made of the exchange stands at the end, for people
 * who grep; this program derives it again from the facts.
 */
import { header, joined, type Exchange, type Piece } from "../fact/exchange.ts";
import type { Before, Header } from "../fact/fact.ts";
import { bodyOf, chunksOf, unreadOf, Written, type Chunk } from "./body-json.ts";

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
      if (typeof part === "string" && text.length < GATHERED_CHARS) continue;
      yield text;
      text = "";
      if (typeof part !== "string") yield part;
    }
  }
  yield `${text}\n}\n`;
}

/** Characters that are handed on together. */
const GATHERED_CHARS = 128 * 1024;

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
