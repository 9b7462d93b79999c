/** The line that the list shows for an exchange. */
import { header, type Exchange, type Piece } from "../fact/exchange.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import { isTraceParent } from "../fact/traceparent.ts";
import type { Passed } from "../journal/exchange-file.ts";
import { clientOf } from "../read/client.ts";
import { contentsOf } from "../read/contents.ts";
import { expertOf } from "../read/milestones/exchange.ts";
import { wireError } from "../read/error.ts";
import { object, parseJson } from "../read/json.ts";
import type { Reading } from "../read/reading.ts";
import { story } from "../read/story.ts";

/** `reading` is null for an exchange of which nothing can be said yet. */
export function rowOf(
  exchange: Exchange,
  reading: Reading | null,
  passed: Passed = passedOf(exchange),
): ExchangeRow {
  const { close, response, part, responses } = exchange;
  if (responses) return socketRow(exchange, reading, responses, passed);
  const told = reading && story(reading, exchange);
  // Who leaves behind the last event has the whole answer: nothing went wrong.
  const hasLeft = reading?.problems.some(({ rule }) => rule === "transfer/client-left") === true;
  return {
    id: exchange.id,
    at: exchange.at,
    state: close ? "done" : response ? "streaming" : "waiting",
    wire: exchange.wire === "websocket" ? "websocket" : "http",
    ...(part && { socket: part.socket, n: part.n }),
    upstream: exchange.upstream,
    method: exchange.method,
    path: exchange.path,
    target: exchange.target,
    // On a socket the status of what was refused stands in the error: 101 is the socket's own.
    status: (part && reading?.error?.status) ?? response?.status ?? null,
    ending: close?.ending ?? null,
    error: hasLeft ? null : (close?.error ?? reading?.error?.message ?? null),
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
    ...(reading && more(exchange, reading)),
    cost: reading?.cost?.total ?? null,
    bytes_in: passed.request,
    bytes_out: passed.response,
    asked: told?.asked ?? "",
    answered: told?.answered ?? "",
    tools: [...new Set(reading?.tool_calls.map((call) => call.name))],
    client: clientOf(exchange.request.headers),
    has: reading ? contentsOf(reading) : [],
    problems: reading?.problems.filter((problem) => problem.severity !== "note").length ?? 0,
    rules: [...new Set(reading?.problems.map(({ rule }) => rule))],
    expert: reading ? expertOf(exchange, reading) : [],
    conversation: reading?.thread?.conversation ?? null,
    turn: reading?.thread?.turn ?? null,
    parent: reading?.thread?.parent ?? null,
    run: null,
  };
}

/** What most exchanges do not have. */
function more({ request }: Exchange, { usage, finish_reason, error }: Reading): Partial<ExchangeRow> {
  const traceparent = header(request.headers, "traceparent");
  return {
    ...(usage?.cache_write != null && { tokens_written: usage.cache_write }),
    ...(usage?.reasoning != null && { tokens_reasoning: usage.reasoning }),
    ...(finish_reason !== null && { finish: finish_reason }),
    ...(error?.type != null && { error_type: error.type }),
    ...(traceparent !== undefined && isTraceParent(traceparent) && { traceparent }),
  };
}

/**
 * What was said on a socket stands in the rows of its responses: its own row says whose it is, and how many it holds. A
 * client that leaves cuts off the response that is being made, which says so itself.
 */
function socketRow(
  exchange: Exchange,
  reading: Reading | null,
  responses: number,
  passed: Passed,
): ExchangeRow {
  const row = rowOf({ ...exchange, responses: 0 }, null, passed);
  const hasLeft = exchange.close?.ending === "client-gone";
  return {
    ...row,
    responses,
    error: lastWord(exchange) ?? (hasLeft ? null : row.error),
    dialect: reading?.dialect ?? null,
    provider: reading?.provider ?? null,
    model: reading?.model ?? null,
    streamed: true,
    problems: exchange.gaps.length,
    rules: [
      ...(hasLeft ? ["transfer/client-left"] : []),
      ...(exchange.gaps.length > 0 ? ["record/gap"] : []),
    ],
  };
}

/** A longer message is no error. */
const LONGEST_ERROR = 64 * 1024;

/** What the server said last, where that was an error: it may have been about no response, but about the socket. */
function lastWord({ response }: Exchange): string | null {
  const bytes = response?.pieces.at(-1)?.bytes;
  if (!bytes || bytes.byteLength > LONGEST_ERROR) return null;
  const said = object(parseJson(new TextDecoder().decode(bytes)));
  return said["type"] === "error" ? (wireError(said)?.message ?? null) : null;
}

/** Sizes on the wire, wherever the bytes are now. */
export function passedOf({ request, response }: Exchange): Passed {
  return { request: sizeOf(request.pieces), response: sizeOf(response?.pieces ?? []) };
}

function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes, passed }) => sum + (passed ?? bytes.byteLength), 0);
}
