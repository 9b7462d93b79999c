/** Decides how a response body is framed, by its content type and else by its first bytes, and takes it apart. */
import type { Exchange } from "../fact/exchange.ts";
import { concat } from "../fact/concat.ts";
import { header } from "../fact/exchange.ts";
import { crc32, eventStream } from "./frames/eventstream.ts";
import { decode, type Frame, type Framer, type Trouble } from "./frames/frame.ts";
import { jsonArray } from "./frames/json-array.ts";
import { ndjson } from "./frames/ndjson.ts";
import { sse } from "./frames/sse.ts";
import { messages } from "./frames/websocket.ts";
import { parseJson } from "./json.ts";

export type Framing = "sse" | "ndjson" | "json-array" | "eventstream" | "websocket";
/** `unread`: how many frames there are beyond those. */
export type Framed = {
  framing: Framing;
  frames: Frame[];
  unread: number;
  troubles: readonly Trouble[];
};

/** Null when the response is not a stream (or nothing came yet that would say so). */
export function framed(exchange: Exchange): Framed | null {
  const framing = framingOf(exchange);
  const pieces = exchange.response?.pieces ?? [];
  switch (framing) {
    case null:
      return null;
    case "websocket":
      return { framing, ...messages(exchange.request.pieces, pieces), troubles: [] };
    default:
      return fold(exchange, framing, framerOf(framing));
  }
}

/** Messages of a socket need none: none is cut. */
export function framerOf(framing: Exclude<Framing, "websocket">): Framer;
export function framerOf(framing: Framing): Framer | null;
export function framerOf(framing: Framing): Framer | null {
  switch (framing) {
    case "sse":
      return sse();
    case "ndjson":
      return ndjson();
    case "json-array":
      return jsonArray();
    case "eventstream":
      return eventStream();
    case "websocket":
      return null;
    default:
      return framing satisfies never;
  }
}

function fold(exchange: Exchange, framing: Framing, framer: Framer): Framed {
  const frames: Frame[] = [];
  for (const { bytes, t } of exchange.response?.pieces ?? [])
    for (const frame of framer.feed(bytes, t)) frames.push(frame);
  // In flight the unfinished frame is not an ending: it may be whole with the next piece.
  if (exchange.close) for (const frame of framer.end()) frames.push(frame);
  return { framing, frames, unread: framer.unread(), troubles: framer.troubles() };
}

function framingOf(exchange: Exchange): Framing | null {
  const { response } = exchange;
  if (!response) return exchange.wire === "websocket" ? "websocket" : null;
  const decide = framingSoFar(exchange);
  let framing = decide(NOTHING);
  for (const { bytes } of response.pieces) {
    if (framing.isSure) break;
    framing = decide(bytes);
  }
  return framing.framing;
}

/** What the bytes so far say, and whether more of them may say something else. */
export type Decided = { readonly framing: Framing | null; readonly isSure: boolean };

const NOTHING = new Uint8Array(0);
/** Bytes by which an answer of another name shows that it is a stream. */
const HEAD = 4096;
/** A first line that is longer is no line of a stream. */
const LONGEST_FIRST_LINE = 8 * 1024 * 1024;

/**
 * Decides piece by piece; each costs no more than it is long, but for the first few KB and for the first two lines of
 * JSON.
 */
export function framingSoFar({ wire, response, path }: Exchange): (bytes: Uint8Array) => Decided {
  const named = wire === "websocket" ? "websocket" : namedFraming(response);
  if (named === "websocket" || named === "none" || named === "eventstream" || named === "json-array") {
    const framing = named === "none" ? null : named;
    return () => ({ framing, isSure: true });
  }
  const head: Uint8Array[] = [];
  let size = 0;
  let first: number | undefined;
  let hasLine = false;

  return (bytes) => {
    first ??= bytes.find((byte) => byte > 32);
    // An error, or lines of JSON, may come under the stream's name; no line of an event stream begins with a bracket.
    if (named === "sse" && !isBracket(first)) return { framing: "sse", isSure: first !== undefined };
    if (named === "ndjson" && first === undefined) return { framing: "ndjson", isSure: false };
    head.push(bytes);
    size += bytes.byteLength;
    if (named === "ndjson") return linesOrOther(concat(head), path, size);
    const end = first === 0x7b && !hasLine ? bytes.indexOf(10) : -1;
    const isSecond =
      first === 0x7b && (hasLine || end >= 0) && bytes.subarray(end + 1).some((byte) => byte > 32);
    hasLine ||= end >= 0;
    if (first === 0x7b && !isSecond) return { framing: null, isSure: size > LONGEST_FIRST_LINE };
    const framing = sniff(concat(head), path);
    return { framing, isSure: framing !== null || isSecond || size >= HEAD };
  };
}

/** Under the name of lines of JSON: those, server-sent events, or one document printed over several lines. */
function linesOrOther(bytes: Uint8Array, path: string, size: number): Decided {
  const head = decode(bytes.subarray(0, HEAD))
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (!/^[{[]/.test(head)) return { framing: sniff(bytes, path) ?? "ndjson", isSure: size >= 16 };
  if (/^[{[][ \t\r]*\n/.test(head)) return { framing: null, isSure: true };
  return { framing: "ndjson", isSure: head.includes("\n") || size >= HEAD };
}

function isBracket(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b;
}

/** `unnamed`: its bytes have to say it. */
function namedFraming(response: Exchange["response"]): Framing | "none" | "unnamed" {
  if (!response) return "unnamed";
  const type = mediaType(header(response.headers, "content-type"));
  if (type === "text/event-stream") return "sse";
  if (type === "application/vnd.amazon.eventstream") return "eventstream";
  if (
    type !== null &&
    /^application\/(x-)?(ndjson|jsonl|jsonlines|json-lines|stream\+json|json-seq)$/.test(type)
  )
    return "ndjson";
  return type !== null && /^(audio|image|video)\//.test(type) ? "none" : "unnamed";
}

/** For recordings without headers and servers that send a stream under another name. */
function sniff(bytes: Uint8Array, path: string): Framing | null {
  const head = decode(bytes.subarray(0, 4096)).replace(/^\uFEFF/, "");
  if (/^\s*(data|event|id|retry)?:/.test(head)) return "sse";
  if (/^\s*\[/.test(head) && (path.includes(":streamGenerateContent") || isGeminiArray(head)))
    return "json-array";
  if (/^\s*\{/.test(head)) return hasTwoJsonLines(bytes) ? "ndjson" : null;
  return isEventStream(bytes) ? "eventstream" : null;
}

function isGeminiArray(head: string): boolean {
  return /^\s*\[\s*\{/.test(head) && /"(candidates|promptFeedback|usageMetadata)"\s*:/.test(head);
}

function hasTwoJsonLines(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(10);
  if (end < 0 || parseJson(decode(bytes.subarray(0, end))) === undefined) return false;
  return bytes.subarray(end).some((byte) => byte > 32);
}

function isEventStream(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return crc32(bytes.subarray(0, 8)) === view.getUint32(8);
}

export function mediaType(contentType: string | undefined): string | null {
  return contentType?.split(";")[0]?.trim().toLowerCase() || null;
}
