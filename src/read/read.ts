/**
 * The three questions that everybody asks of an exchange: its reading, the final message of its stream, and its
 * stream event by event. Pure; in flight or finished; none of them throws.
 */
import type { Exchange } from "../fact/exchange.ts";
import type { Answered, Asked } from "./dialect.ts";
import { costOf } from "./cost.ts";
import { isObject, object, text } from "./json.ts";
import { raw } from "./dialects/raw.ts";
import { errorIn } from "./dialects/stream-error.ts";
import { errorBeside } from "./dialects/values.ts";
import { providerNamed, providerOf } from "./hosts.ts";
import { errorOf } from "./error.ts";
import { attempt, look, type Look } from "./look.ts";
import { modelInPath } from "./model-in-path.ts";
import { firstOfEach, problemsOf } from "./problems.ts";
import { formatNotes } from "./problems/format.ts";
import type { Part, Problem, ReadError, Reading } from "./reading.ts";
import { timingOf } from "./timing.ts";

export { events, type TimelineEvent } from "./timeline.ts";

/** Give the same look to all three questions to take the exchange apart only once. */
export function read(exchange: Exchange, seen: Look = look(exchange)): Reading {
  const { glimpse, dialect, message } = seen;
  const problems: Problem[] = [...seen.problems];
  const asked = attempt(problems, "request", NOTHING_ASKED, () =>
    dialect.asked(glimpse.requestBody, glimpse),
  );
  const came = message !== null && message !== undefined;
  const answered = attempt(problems, "response", NOTHING_ANSWERED, () =>
    came ? dialect.answered(message, glimpse) : NOTHING_ANSWERED,
  );
  const lint = attempt(
    problems,
    "rules",
    [],
    () => dialect.lint?.(asked, answered, glimpse.requestBody, message) ?? [],
  );
  for (const problem of lint) problems.push(problem);
  const provider = providerOf(glimpse.host) ?? providerNamed(glimpse.upstream) ?? dialect.provider;
  const model = answered.model || asked.model || modelInPath(exchange.path);
  const { usage, stated_cost } = answered;
  const nothing = answered.choices.length === 0 && !answered.extra && !seen.stream && dialect !== raw;
  const told = answered.error ?? (nothing ? errorInside(message) : null);
  const [first] = answered.choices;
  const parts = first?.parts ?? [];
  const reading: Reading = {
    dialect: dialect.name,
    provider,
    model,
    streamed: seen.stream !== null || (asked.streamed && !answeredWhole(exchange)),
    system: asked.system,
    messages: asked.messages,
    tools: asked.tools,
    settings: asked.settings,
    answer: { parts, choices: answered.choices },
    text: textOf(parts),
    reasoning: reasoningOf(parts),
    refusal: refusalOf(parts),
    tool_calls: answered.tool_calls,
    finish_reason: first?.finish_reason ?? null,
    usage,
    cost: attempt(problems, "cost", null, () =>
      costOf(provider, model, usage, exchange.at, stated_cost, text(object(message)["service_tier"])),
    ),
    timing: timingOf(exchange, seen, usage, reasoningOf(parts)),
    error: attempt(problems, "response", null, () => errorOf(exchange, told, glimpse.responseBody)),
    problems,
    thread: null,
    ...answered.extra,
  };
  const notes = attempt(problems, "rules", [], () => formatNotes({ exchange, seen, reading }));
  const found = firstOfEach([...problems, ...problemsOf({ exchange, seen, reading })]);
  return { ...reading, problems: found, ...(notes.length > 0 && { notes }) };
}

/** The final message of a stream in the API's own non-streamed shape; null when it is not a stream. */
export function assembled(exchange: Exchange, seen: Look = look(exchange)): unknown {
  return seen.stream ? seen.message : null;
}

/** An answer with status 200 that is nothing but an error, in the forms that streams know. */
function errorInside(message: unknown): ReadError | null {
  const found = isObject(message) ? errorIn({ name: null, data: "", json: message }, false) : null;
  return found && errorBeside(found.error);
}

/** A request for a stream may be answered in one piece: an error is. */
function answeredWhole({ response, close }: Exchange): boolean {
  return close !== null && (response?.pieces.length ?? 0) > 0;
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

function reasoningOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "reasoning" ? (part.text ?? "") : "")).join("");
}

function refusalOf(parts: readonly Part[]): string | null {
  return parts.map((part) => (part.type === "refusal" ? part.text : "")).join("") || null;
}

const NOTHING_ASKED: Asked = {
  model: null,
  system: [],
  messages: [],
  tools: [],
  settings: {},
  streamed: false,
};
const NOTHING_ANSWERED: Answered = { model: null, choices: [], tool_calls: [], usage: null, error: null };
