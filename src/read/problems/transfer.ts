/** The transfer: how it ended, what the record lacks, what the stream says of itself. */
import { header } from "../../fact/exchange.ts";
import { isTooMuch } from "../../fact/nesting.ts";
import { isEndMark } from "../frames/frame.ts";
import { mediaType } from "../framing.ts";
import { ownAnswer, type OwnAnswer } from "../own-answer.ts";
import type { Look } from "../look.ts";
import type { Problem, Reading } from "../reading.ts";
import { isPage } from "./silence.ts";
import { isDeepBody } from "../too-deep.ts";
import { problem, type Rule } from "./rule.ts";

const HTTP = "https://www.rfc-editor.org/rfc/rfc9112#section-8";

export const transfer: readonly Rule[] = [ending, gaps, errorInStream, notJson];

function ending({ exchange, seen, reading }: Parameters<Rule>[0]): Problem[] {
  const { close, response } = exchange;
  const why = close?.error ? `: ${close.error}` : "";
  const own = ownAnswer(exchange);
  switch (close?.ending) {
    case "client-gone":
      if (isWhole(seen, reading)) {
        const what = "the client hung up after the last event: the answer is complete";
        return [problem("note", "transfer/client-left", "response", what, HTTP)];
      }
      return [
        problem(
          "note",
          "transfer/client-gone",
          "response",
          `the client hung up before the answer was complete${why}`,
          HTTP,
        ),
      ];
    case "upstream-error": {
      if (own) return [unanswered(own, why)];
      const when = response ? "in the middle of the answer" : "before it answered";
      return [
        problem(
          "error",
          "transfer/upstream-error",
          "response",
          `the API broke the connection ${when}${why}`,
          HTTP,
        ),
      ];
    }
    case "refused":
      return [
        problem(
          "error",
          "transfer/refused",
          "request",
          `this proxy answered by itself and sent the request to nobody${why}`,
          HTTP,
        ),
      ];
    case "interrupted":
      return [
        problem(
          "note",
          "transfer/interrupted",
          "record",
          `the recorder stopped before this exchange ended${why}`,
        ),
      ];
    default:
      return [];
  }
}

/** The status and the body are the proxy's own: what matters is why there is no other. */
function unanswered({ why }: OwnAnswer, said: string): Problem {
  if (why === "broken") {
    const what = `the API gave no answer that could be passed on${said}`;
    return problem("error", "transfer/upstream-error", "response", what, HTTP);
  }
  const what =
    why === "not-running"
      ? `nothing listens at the API's address${said}`
      : `the API could not be reached${said}`;
  return problem("error", "transfer/unreachable", "request", what, HTTP);
}

/** Codex and Mistral's SDK leave as soon as they have the last event, before the stream has ended. */
function isWhole({ stream, message, problems }: Look, { answer, finish_reason, error }: Reading): boolean {
  if (message === null || error !== null || answer.choices.length === 0) return false;
  if (!stream) return typeof message === "object";
  const isCut = problems.some(({ rule, severity }) => rule.startsWith("stream/") && severity === "error");
  const isOpen = finish_reason === "in_progress" || finish_reason === "queued";
  return !isCut && !isOpen && (finish_reason !== null || stream.frames.some(({ data }) => isEndMark(data)));
}

function gaps({ exchange }: Parameters<Rule>[0]): Problem[] {
  return exchange.gaps.map(({ lost, why, from }) => {
    const size = lost < 0 ? "an unknown number of bytes" : `${lost} bytes`;
    return problem(
      "warning",
      "record/gap",
      from === "client" ? "request" : "response",
      `${size} are not in the record: ${why}`,
    );
  });
}

function errorInStream({ exchange, seen, reading: { error } }: Parameters<Rule>[0]): Problem[] {
  const status = exchange.response?.status ?? 0;
  const said = seen.problems.some(({ rule }) => rule === "stream/error-event");
  if (!error || !seen.stream || status >= 400 || said) return [];
  const event = [...seen.added].find(([, added]) => added.some(({ lane }) => lane === "error"))?.[0];
  const what = `the status was ${status}, and then an error came inside the stream: ${error.message || (error.type ?? "")}`;
  const where = event === undefined ? "stream" : `event ${event}`;
  return [
    problem(
      "error",
      "stream/error-event",
      where,
      what,
      "https://html.spec.whatwg.org/multipage/server-sent-events.html",
    ),
  ];
}

function notJson({ exchange, seen }: Parameters<Rule>[0]): Problem[] {
  const { response, close } = exchange;
  const found: Problem[] = [];
  if (!response || !close || close.ending !== "complete") return found;
  const type = mediaType(header(response.headers, "content-type"));
  if (
    !isPage({ exchange }) &&
    !seen.stream &&
    type === "application/json" &&
    typeof seen.message === "string" &&
    !isDeepBody(seen.message) &&
    exchange.gaps.length === 0
  )
    found.push(
      problem(
        "error",
        "answer/not-json",
        "response",
        "the answer says that it is JSON, but it is not",
        "https://www.rfc-editor.org/rfc/rfc8259",
      ),
    );
  // Words may be an error's; the dialect's own reader may have told them with the event.
  const isTold = seen.problems.some(({ rule }) => rule === "stream/not-json");
  const odd = (seen.stream?.frames ?? []).filter(
    ({ n, kind, json, data, whole }) =>
      kind === "event" &&
      whole &&
      json === undefined &&
      data.trim() !== "" &&
      !isEndMark(data) &&
      !isTooMuch(data) &&
      !seen.added.get(n)?.length,
  );
  if (!isTold && odd.length > 0 && seen.dialect.name !== "raw" && seen.stream?.framing !== "websocket") {
    const what = `${odd.length === 1 ? "an event of the stream is" : `${odd.length} events of the stream are`} not JSON`;
    found.push(
      problem(
        "warning",
        "stream/not-json",
        `event ${odd[0]?.n ?? 0}`,
        what,
        "https://www.rfc-editor.org/rfc/rfc8259",
      ),
    );
  }
  return found;
}
