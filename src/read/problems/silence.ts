/** An answer with nothing in it, in every form of nothing, and a page where an API's answer is due. */
import { header } from "../../fact/exchange.ts";
import { decode, isEndMark } from "../frames/frame.ts";
import { mediaType } from "../framing.ts";
import { isObject, object } from "../json.ts";
import type { Problem, Reading } from "../reading.ts";
import { problem, quoted, type Rule } from "./rule.ts";

const HTTP = "https://www.rfc-editor.org/rfc/rfc9110#section-15.3.1";
const SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html";

export const silence: readonly Rule[] = [page, nothing];

type Read = Parameters<Rule>[0];

/** APIs whose answer is words, calls or media that a model made. */
const MAKES =
  /^(openai-(chat|responses|completions|images|audio)|anthropic-(messages|complete)|vertex-anthropic|(vertex-)?gemini(-code-assist|-interactions)?|bedrock-(converse|invoke)|cohere(-v1)?|mistral-conversations|ollama|text-generation|llama-cpp)$/;

/** Status 200 was said, all of it came, and an answer was due. */
function isDue({ exchange, reading }: Read): boolean {
  const { response, close, method, wire } = exchange;
  const status = response?.status ?? 0;
  if (close?.ending !== "complete" || exchange.gaps.length > 0 || wire === "websocket") return false;
  if (status < 200 || status >= 300 || [202, 204, 205].includes(status)) return false;
  return method !== "HEAD" && method !== "OPTIONS" && method !== "DELETE" && MAKES.test(reading.dialect);
}

/** A wrong base URL leads to a site's page, and sites answer 200. */
export function isPage({ exchange }: Pick<Read, "exchange">): boolean {
  const { response } = exchange;
  if (!response) return false;
  if (mediaType(header(response.headers, "content-type")) === "text/html") return true;
  const [first] = response.pieces;
  return (
    first !== undefined && /^\s*<(!doctype\s+html|html[\s>])/i.test(decode(first.bytes.subarray(0, 200)))
  );
}

function page(read: Read): Problem[] {
  const { exchange, reading } = read;
  const status = exchange.response?.status ?? 0;
  // A browser that opens an address is given a page as it should.
  const isAsked = exchange.method !== "GET" && isObject(read.seen.glimpse.requestBody);
  const due = MAKES.test(reading.dialect) || reading.dialect === "models" || isAsked;
  if (!due || status < 200 || status >= 300 || !isPage(read)) return [];
  const what = `the answer is a web page (HTML), not an API's answer: the base URL is likely wrong (a missing /v1, a site's own address, a sign-in page); asked was ${exchange.target.split("?")[0]}`;
  return [problem("error", "answer/not-json", "response", what, "https://www.rfc-editor.org/rfc/rfc8259")];
}

function nothing(read: Read): Problem[] {
  const { seen, reading } = read;
  if (
    !isDue(read) ||
    seen.stream?.unread ||
    isPage(read) ||
    reading.error !== null ||
    isAnswered(reading) ||
    isMeant(read)
  )
    return [];
  // A stream that was cut has been told as such.
  if (seen.problems.some(({ rule }) => rule === "stream/no-terminator")) return [];
  const events = seen.stream?.frames.filter(({ kind }) => kind === "event") ?? [];
  const isOver = events.some(({ data }) => isEndMark(data));
  if (typeof seen.message === "string" && seen.message.trim() !== "") {
    // Under JSON's own name the body has been told already.
    if (header(read.exchange.response?.headers ?? [], "content-type")?.includes("json")) return [];
    const words = `the answer is text and no JSON: ${quoted(seen.message.trim())}`;
    return [problem("error", "answer/not-json", "response", words, "https://www.rfc-editor.org/rfc/rfc8259")];
  }
  const what = `the status is ${read.exchange.response?.status}, and there is no answer: ${formOf(read, events.length, isOver)}`;
  const found = [problem("warning", "answer/empty", "answer", what, HTTP)];
  if (!seen.stream || isOver || seen.message !== null) return found;
  const cut = "the stream ended before anything came, without the event that ends it";
  return [...found, problem("error", "stream/no-terminator", "stream", cut, SSE)];
}

/** Words, calls, media, a refusal, or what a reader of its own found; thoughts alone are none. */
function isAnswered({ answer, refusal, embedding, transcription, token_count, images }: Reading): boolean {
  if (refusal !== null || embedding || token_count || images || (transcription && transcription.text !== ""))
    return true;
  return answer.choices.some(({ parts }) =>
    parts.some((part) => (part.type === "text" ? part.text.trim() !== "" : part.type !== "reasoning")),
  );
}

/** Nothing was asked for, or its absence has been told: a limit, a filter, an answer that is still being made. */
function isMeant({ seen, reading }: Read): boolean {
  const { settings, answer } = reading;
  const request = object(seen.glimpse.requestBody);
  const reasons = answer.choices.map(({ finish_reason }) => (finish_reason ?? "").toLowerCase());
  if (reasons.some((reason) => !ENDS.test(reason))) return true;
  // Warming up: a model is loaded, a cache is filled.
  const asksNothing =
    reading.messages.length === 0 && reading.system.length === 0 && request["input"] === undefined;
  if (settings["generate"] === false || settings["max_tokens"] === 0 || settings["num_predict"] === 0)
    return true;
  if (reading.dialect === "ollama" && asksNothing) return true;
  const blocked = object(object(seen.message)["promptFeedback"])["blockReason"];
  return blocked !== undefined || object(seen.message)["object"] === "response.compaction";
}

/** Ends after which words are due; other ends are told by their own rule. */
const ENDS = /^(|stop|end_turn|completed|complete|eos|eos_token|finish|finished|tool_calls|tool_use|normal)$/;

function formOf({ exchange, seen, reading }: Read, events: number, isOver: boolean): string {
  const came = (exchange.response?.pieces ?? []).some(({ bytes }) => bytes.byteLength > 0);
  if (!came) return "not one byte came";
  if (seen.stream && events === 0) return "the stream holds comments and no event";
  if (seen.stream && seen.message === null)
    return isOver ? "[DONE] came and nothing before it" : "no event of it is part of an answer";
  const { message } = seen;
  if (message === null || (isObject(message) && Object.keys(message).length === 0))
    return "the JSON is empty";
  if (reading.reasoning !== "") return "the model thought, and then said nothing and called nothing";
  return "the model said nothing and called nothing";
}
