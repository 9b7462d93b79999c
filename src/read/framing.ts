/** Decides how a response body is framed, by its content type and else by its first bytes, and takes it apart. */
import type { Exchange } from "../fact/exchange.ts";
import { header, joined } from "../fact/exchange.ts";
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
    case "sse":
      return fold(exchange, framing, sse());
    case "ndjson":
      return fold(exchange, framing, ndjson());
    case "json-array":
      return fold(exchange, framing, jsonArray());
    case "eventstream":
      return fold(exchange, framing, eventStream());
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
  if (exchange.wire === "websocket") return "websocket";
  if (!exchange.response) return null;
  const type = mediaType(header(exchange.response.headers, "content-type"));
  // An error may come as JSON under the stream's name; no line of an event stream begins with a bracket.
  if (type === "text/event-stream") return startsAsJson(exchange) ? null : "sse";
  if (type === "application/vnd.amazon.eventstream") return "eventstream";
  if (
    type !== null &&
    /^application\/(x-)?(ndjson|jsonl|jsonlines|json-lines|stream\+json|json-seq)$/.test(type)
  )
    return "ndjson";
  if (type !== null && /^(audio|image|video)\//.test(type)) return null;
  return sniff(joined(exchange.response.pieces), exchange.path);
}

function startsAsJson({ response }: Exchange): boolean {
  for (const { bytes } of response?.pieces ?? []) {
    const first = bytes.find((byte) => byte > 32);
    if (first !== undefined) return first === 0x7b || first === 0x5b;
  }
  return false;
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
