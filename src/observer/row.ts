/** The line that the list shows for an exchange, and the text by which it is found. */
import { joined, type Exchange, type Piece } from "../fact/exchange.ts";
import type { ExchangeRow } from "../index/index.ts";
import type { Part, Reading } from "../read/reading.ts";
import { story } from "../read/story.ts";

/** Sizes on the wire, before content-decoding. */
export type Passed = { readonly request: number; readonly response: number };

/** `reading` is null for an exchange of which nothing can be said yet. */
export function rowOf(
  exchange: Exchange,
  reading: Reading | null,
  passed: Passed = passedOf(exchange),
): ExchangeRow {
  const { close, response } = exchange;
  const told = reading && story(reading, exchange);
  return {
    id: exchange.id,
    at: exchange.at,
    state: close ? "done" : response ? "streaming" : "waiting",
    wire: exchange.wire === "websocket" ? "websocket" : "http",
    upstream: exchange.upstream,
    method: exchange.method,
    path: exchange.path,
    target: exchange.target,
    status: response?.status ?? null,
    ending: close?.ending ?? null,
    error: close?.error ?? reading?.error?.message ?? null,
    dialect: reading?.dialect ?? null,
    provider: reading?.provider ?? null,
    model: reading?.model ?? null,
    streamed: reading?.streamed ?? false,
    ttfb_ms: response?.ttfb ?? null,
    ttft_ms: reading?.timing.ttft_ms ?? null,
    duration_ms: close?.t ?? null,
    tokens_in: reading?.usage?.input ?? null,
    tokens_out: reading?.usage?.output ?? null,
    tokens_cached: reading?.usage?.cached ?? null,
    cost: reading?.cost?.total ?? null,
    bytes_in: passed.request,
    bytes_out: passed.response,
    asked: told?.asked ?? "",
    answered: told?.answered ?? "",
    tools: [...new Set(reading?.tool_calls.map((call) => call.name))],
    problems: reading?.problems.filter((problem) => problem.severity !== "note").length ?? 0,
    conversation: reading?.thread?.conversation ?? null,
    turn: reading?.thread?.turn ?? null,
    parent: reading?.thread?.parent ?? null,
  };
}

export function passedOf({ request, response }: Exchange): Passed {
  return { request: sizeOf(request.pieces), response: sizeOf(response?.pieces ?? []) };
}

function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.bytes.byteLength, 0);
}

/** Beyond this an exchange is found by its beginning: an index must not grow by every context that is sent again. */
const SEARCHABLE = 64 * 1024;

/** What people look for: the words that were said, the tools' names and arguments; else the bodies as text. */
export function searchText(exchange: Exchange, reading: Reading): string {
  const said = [
    reading.system,
    ...reading.messages.slice(-8).map((turn) => turn.parts),
    reading.answer.parts,
  ].flatMap((parts) => parts.map(textOf));
  const words = [exchange.path, reading.model, reading.error?.message, exchange.close?.error, ...said]
    .filter(Boolean)
    .join("\n");
  const plain = said.some((text) => text !== "") ? words : `${words}\n${bodies(exchange)}`;
  return plain.length <= SEARCHABLE ? plain : plain.slice(-SEARCHABLE);
}

function textOf(part: Part): string {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "reasoning":
      return part.text ?? "";
    case "tool_call":
      return `${part.name} ${part.arguments}`;
    case "tool_result":
      return part.parts.map(textOf).join("\n");
    case "citation":
      return [part.title, part.url, part.text].filter(Boolean).join(" ");
    case "unknown":
      return JSON.stringify(part.value) ?? "";
    default:
      return "name" in part ? (part.name ?? "") : "";
  }
}

const decoder = new TextDecoder();

function bodies({ request, response }: Exchange): string {
  const first = (pieces: readonly Piece[]) => decoder.decode(joined(pieces).subarray(0, SEARCHABLE / 2));
  return `${first(request.pieces)}\n${response ? first(response.pieces) : ""}`;
}
