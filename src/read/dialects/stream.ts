/**
 * What the streams of all APIs have in common, in one place: the end mark, errors in every form, events of nobody's,
 * data that is no JSON, the first token. A dialect only takes what is its own.
 */
import { wireError } from "../error.ts";
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { isObject, text, type Json } from "../json.ts";
import { isEndMark } from "../frames/frame.ts";
import { packed } from "../frames/packed.ts";
import { isEmpty } from "./keep.ts";
import { errorIn, isNamedError, type StreamError } from "./stream-error.ts";
import { streamProblems, type StreamProblems } from "./stream-problems.ts";
import { brief, written } from "./values.ts";

export type Fold = {
  /** Takes one event. Null when the dialect does not know it: it is then an error or foreign, and no part of the answer. */
  take(json: Json, event: StreamEvent): readonly Added[] | null;
  /** Takes the text of an event that is no JSON, where the API sends such. */
  takeText?(event: StreamEvent): readonly Added[] | null;
  /** The answer so far in the API's own non-streamed shape; null when nothing of it came. */
  message(): unknown;
  /** Tells what is missing when no more will come. Is not asked after an error: then nothing more was due. */
  atEnd?(tell: StreamProblems["tell"], done: boolean): void;
  /** After an error instead: what the error has cut. */
  afterError?(tell: StreamProblems["tell"]): void;
  /** Sound is a token without text. */
  hasSound?: boolean;
  /** True when the dialect takes its errors itself: they are then part of its message. */
  ownErrors?: boolean;
};

/** `make` gets the list of the stream's problems, for what is wrong in the middle. */
export function folded(
  source: string,
  glimpse: Pick<Glimpse, "exchange"> | null,
  make: (problems: StreamProblems) => Fold,
): Assembler {
  const problems = streamProblems(source);
  const fold = make(problems);
  // Under an error's status the stream holds the error and nothing else, which the status has told already.
  const failed = (glimpse?.exchange.response?.status ?? 0) >= 400;
  let error: StreamError | null = null;
  let whole: unknown = null;
  let done = false;
  let came = false;
  let token: number | null = null;
  let isPacked = false;

  function add(event: StreamEvent): readonly Added[] {
    const inside = event.json === undefined && !fold.takeText ? packed(event.data) : null;
    if (inside === null || isEndMark(event.data)) return addOne(event);
    // A client that reads line by line has all of them; the first is told, the others are of the same kind.
    if (!isPacked) problems.tell(event.n, "stream/packed-events", packedWords(inside.length));
    isPacked = true;
    return inside.flatMap(({ data, json }) => addOne({ ...event, data, json }));
  }

  function addOne(event: StreamEvent): readonly Added[] {
    if (isEndMark(event.data)) {
      done = true;
      return [{ lane: "control", text: "[DONE]" }];
    }
    const json = isObject(event.json) ? event.json : null;
    const own = json ? fold.take(json, event) : (fold.takeText?.(event) ?? null);
    if (own) came = true;
    const failure = isDue(event, json, own !== null) ? errorIn(event, own !== null) : null;
    const added = failure ? [...(own ?? []), fail(event, failure)] : (own ?? foreign(event, json));
    if (token === null && added.some(isToken)) token = event.n;
    return added;
  }

  /** Nearly every event of a stream is one of its own, and says of no error: that is seen at a glance. */
  function isDue({ from, name }: StreamEvent, json: Json | null, own: boolean): boolean {
    if (from === "client" || (own && fold.ownErrors)) return false;
    return !own || json?.["error"] !== undefined || (name !== null && isNamedError(name));
  }

  function isToken({ lane, text: said }: Added): boolean {
    return TOKENS.has(lane) && (said !== "" || fold.hasSound === true);
  }

  function fail({ n, json }: StreamEvent, failure: StreamError): Added {
    const why = wordsOf(failure.error);
    if (!failed) problems.tell(n, "stream/error-event", `the API broke the stream off: ${why}`, "error");
    error ??= failure;
    whole ??= isObject(json) && json["error"] === failure.error ? json : { error: failure.error };
    return { lane: "error", text: why };
  }

  function foreign({ n, name, data, from }: StreamEvent, json: Json | null): Added[] {
    if (from === "client") return [{ lane: "control", text: text(json?.["type"]) ?? "message" }];
    if (json && !isBeat(name) && !isBeat(text(json["type"])))
      problems.unknown(n, name === null || name === json["type"] ? json : { [name]: json });
    else if (!json && data.trim() !== "" && !isBeat(name) && !isBeat(data.trim()))
      problems.tell(n, "stream/not-json", `data that is not a JSON object: ${brief(data)}`);
    return [];
  }

  function message(): unknown {
    const made = fold.message();
    if (error === null) return made ?? null;
    if (made === null || made === undefined) return whole;
    // What the answer itself says of its failure is more than what an event says of it.
    const own = isObject(made) && !isEmpty(made["error"]);
    return isObject(made) && !own ? { ...made, error: error.error, ...error.beside } : made;
  }

  function found(ended: boolean): ReturnType<Assembler["problems"]> {
    if (!ended) return problems.found();
    const late = streamProblems(source);
    if (came && error === null) fold.atEnd?.(late.tell, done);
    if (came && error !== null) fold.afterError?.(late.tell);
    return [...problems.found(), ...late.found()];
  }

  return { add, message, problems: found, firstToken: () => token };
}

const TOKENS = new Set(["text", "reasoning", "tool"]);

/** What only says that the line is alive. */
function isBeat(word: string | null): boolean {
  return word !== null && /^(ping|heartbeat|keep-?alive)$/i.test(word);
}

function packedWords(count: number): string {
  const how =
    count === 1
      ? `"data:" stands twice before this event`
      : `${count} events stand in this one without a blank line between them`;
  return `${how}: clients that keep to the standard cannot read it`;
}

function wordsOf(error: unknown): string {
  const said = wireError({ error });
  const words = [said?.type, said?.message].filter(
    (word) => word !== null && word !== undefined && word !== "",
  );
  return words.length > 0 ? words.join(": ") : brief(written(error));
}
