/**
 * MCP over HTTP: what came in each exchange that is in flight, and, when it is over, why what was asked in it has no
 * answer: nobody will give one any more.
 */
import { beginningOf } from "../../fact/beginning.ts";
import { wireError } from "../error.ts";
import { parseJson } from "../json.ts";
import { record, text, type EventLine, type MessageLine, type RawLine } from "./line.ts";

/** What came of the server in an exchange. */
type Came = {
  messages: number;
  /** The first words that are no message. */
  words: string | null;
  type: string | null;
  /** Its events have ids: a client may ask for the rest on another stream (2025-11-25, Resumability). */
  resumable: boolean;
  unfinished: boolean;
  /** The client named a session. */
  named: boolean;
  /** What the first error of JSON-RPC says. */
  refusal: string | null;
};

const NO_SESSION =
  /\bsession\b.{0,40}\b(not found|unknown|expired|terminated|invalid|does(n't| not) exist)|\b(no|unknown|invalid|expired)( active| valid| such)? (mcp[- ])?session|session_?not_?found/i;

export type Ended = {
  readonly exchange: string;
  readonly status: number | null;
  /** A sentence: why there is no answer to what was asked here. */
  readonly why: string;
  /** `refused`: by a status of 400 or more. `moved`: the client asks the same again elsewhere. `gone`: the client left. */
  readonly how: "refused" | "moved" | "gone" | "nothing";
  readonly resumable: boolean;
  readonly stale: boolean;
};

/** Exchanges in flight in one session; a client has a handful. Of a hostile one the oldest are forgotten. */
const MOST_IN_FLIGHT = 10_000;
const WORDS = 120;

export function exchangesInFlight() {
  const inFlight = new Map<string, Came>();

  return {
    heard(line: MessageLine | RawLine): void {
      if (line.exchange === null) return;
      const came = inFlight.get(line.exchange) ?? nothing();
      inFlight.set(line.exchange, came);
      if (line.http?.headers["mcp-session-id"] !== undefined) came.named ||= line.from === "client";
      if (line.from !== "server") return;
      const [oldest] = inFlight.keys();
      if (inFlight.size > MOST_IN_FLIGHT && oldest !== undefined) inFlight.delete(oldest);
      came.type ??= line.http?.headers["content-type"] ?? null;
      if (line.inEvent?.id !== undefined) came.resumable = true;
      if (line.inEvent?.unfinished) came.unfinished = true;
      if (line.kind === "message") {
        came.messages += 1;
        came.refusal ??= text(record(record(line.message)?.error)?.message);
      } else came.words ??= beginningOf(ownWords(line.text), WORDS);
    },

    ended({ exchange, fields }: EventLine): Ended | null {
      if (exchange === null) return null;
      const came = inFlight.get(exchange) ?? nothing();
      inFlight.delete(exchange);
      const status = typeof fields.status === "number" ? fields.status : null;
      // Many a server that was started again says it in words, and with another status than 404.
      const isLost = came.named && NO_SESSION.test(came.refusal ?? came.words ?? "");
      const stale = fields.stale === true || (isLost && fields.ours !== true);
      const place = { exchange, status, stale, resumable: came.resumable };
      const error = text(fields.error);
      switch (fields.ending) {
        case "client-gone":
          return { ...place, how: "gone", why: "the client hung up before the answer came" };
        case "upstream-error":
        case "refused":
          if (fields.ours !== true && came.unfinished)
            return { ...place, how: "nothing", why: `the stream was cut inside an event: ${error}` };
          return { ...place, how: "nothing", resumable: false, why: error ?? unsaid(status) };
        case "interrupted":
          return {
            ...place,
            how: "nothing",
            why: error ?? "the recorder was stopped before the answer came",
          };
        default:
          return { ...place, ...instead(status, fields, came) };
      }
    },
  };
}

/** What an API says of its error, without the JSON around it. */
function ownWords(said: string): string {
  const error = wireError(parseJson(said));
  return [error?.type, error?.message].filter(Boolean).join(": ") || said;
}

function nothing(): Came {
  return {
    messages: 0,
    words: null,
    type: null,
    resumable: false,
    unfinished: false,
    named: false,
    refusal: null,
  };
}

function instead(status: number | null, fields: EventLine["fields"], came: Came): Pick<Ended, "how" | "why"> {
  const answer = record(fields.answer) ?? {};
  const type = came.type ?? text(answer.type);
  const isPage = /html/i.test(type ?? "") || /^\s*<(!doctype|html)/i.test(came.words ?? "");
  const words = came.words === null || isPage ? "" : `: ${JSON.stringify(came.words)}`;
  if (status === null) return { how: "nothing", why: "the server did not answer" };
  if (status >= 300 && status < 400) {
    const where = text(answer.location);
    return {
      how: "moved",
      why: `HTTP ${status} sends the client ${where === null ? "nowhere: it has no Location" : `to ${where}`}`,
    };
  }
  if (status >= 400) {
    const later = text(answer.retry_after);
    const when = later === null ? "" : `, to be tried again after ${later}${/^\d+$/.test(later) ? " s" : ""}`;
    return { how: "refused", why: `the server refused it with HTTP ${status}${when}${words}` };
  }
  const how = "nothing";
  if (came.messages > 0)
    return { how, why: `HTTP ${status} brought ${count(came.messages, "message")} and no answer to it` };
  if (came.unfinished) return { how, why: `the stream ended inside an event${words}` };
  if (isPage) return { how, why: `HTTP ${status} with a web page (${type ?? "HTML"}) instead of an answer` };
  if (came.words !== null)
    return { how, why: `HTTP ${status} with ${type ?? "no content type"} instead of an answer${words}` };
  if (status === 202)
    return { how, why: "HTTP 202 (accepted) without an answer: that is the reply to a notification" };
  if (/event-stream/i.test(type ?? "")) return { how, why: "the stream ended without the answer" };
  const bytes = typeof answer.bytes === "number" ? answer.bytes : 0;
  if (bytes > 0 && type !== null) return { how, why: `HTTP ${status} with ${type} instead of an answer` };
  return { how, why: `HTTP ${status} with an empty body` };
}

function unsaid(status: number | null): string {
  return (status ?? 0) >= 400 ? `the server refused it with HTTP ${status}` : "the server did not answer";
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
