/** What can be wrong with a stream as such, said in one way for all dialects. */
import type { Problem } from "../reading.ts";
import { brief, written } from "./values.ts";

export type StreamProblems = {
  /** `n` is the event's number, or null for the stream as a whole. */
  tell(n: number | null, rule: StreamRule, what: string, severity?: Problem["severity"]): void;
  /** An event of a kind that this reader does not know: kept whole here. */
  unknown(n: number, event: unknown): void;
  found(): Problem[];
};

export type StreamRule =
  | "stream/no-terminator"
  | "stream/error-event"
  | "stream/index-gap"
  | "stream/delta-without-start"
  | "stream/block-not-closed"
  | "stream/unknown-event"
  | "stream/not-json"
  | "stream/packed-events"
  | "stream/order"
  | "stream/left-out"
  | "tool/arguments-cut"
  | "tool/arguments-not-json";

/** A stream of nonsense must not fill the page: the first problems are told, the rest is counted. */
const MOST_PROBLEMS = 50;

export function streamProblems(source: string | null): StreamProblems {
  const problems: Problem[] = [];
  let more = 0;
  const tell: StreamProblems["tell"] = (n, rule, what, severity = "warning") => {
    if (problems.length >= MOST_PROBLEMS) {
      more++;
      return;
    }
    problems.push({ where: n === null ? "stream" : `event ${n}`, what, rule, severity, source });
  };
  return {
    tell,
    unknown(n, event) {
      tell(n, "stream/unknown-event", `an event of unknown kind: ${brief(written(event), 2000)}`, "note");
    },
    found() {
      if (more === 0) return [...problems];
      const what = `${more} further problems of this stream are not listed`;
      return [...problems, { where: "stream", what, rule: "stream/more", severity: "note", source: null }];
    },
  };
}
