/** What is known of a session while its lines come: who speaks, its calls, what is offered, what is wrong, and what is counted. */
import { callBook } from "./calls.ts";
import { exchangesInFlight } from "./exchanges.ts";
import { identity } from "./identity.ts";
import { shelves } from "./inventory.ts";
import { linter } from "./lint.ts";
import type { Call, Note, SessionReading, Text } from "./reading.ts";

export type SessionState = ReturnType<typeof sessionState>;

export function sessionState() {
  const who = identity();
  const book = callBook();
  const offers = shelves();
  return {
    who,
    book,
    offers,
    lint: linter(who, offers, book),
    exchanges: exchangesInFlight(),
    notifications: [] as Note[],
    pollution: [] as Text[],
    stderr: [] as Text[],
    /** Lists that were asked for with a cursor, by call: they do not start over. */
    nextPages: new Set<string>(),
    /** HTTP+SSE: the exchange of the stream on which all answers come; a post is only accepted. */
    answersOn: null as string | null,
    /** Calls that HTTP sent elsewhere. */
    moved: new Set<Call>(),
    /** Calls of which more is known since this was last asked. */
    touched: new Set<Call>(),
    id: "",
    /** Of the first and of the last line that says when it was. */
    at: NaN,
    lastAt: NaN,
    command: null as string | null,
    transport: "stdio" as "stdio" | "http",
    exit: null as SessionReading["exit"],
    over: false,
    lines: 0,
    messages: 0,
    /** Whether the server said anything. */
    spoke: false,
    requests: 0,
    errors: 0,
    toolErrors: 0,
    probes: 0,
    /** Of a line that is an outline, without its contents, nothing can be said against the contents. */
    whole: true,
  };
}

export function touch({ touched }: SessionState, ...calls: readonly (Call | null)[]): void {
  for (const call of calls) if (call) touched.add(call);
}

/** A rule of ours that fails is a problem in the reading, never an exception. */
export function check({ whole, lint }: SessionState, rule: () => void, seq: number): void {
  if (!whole) return;
  try {
    rule();
  } catch (error) {
    lint.failed(seq, error);
  }
}
