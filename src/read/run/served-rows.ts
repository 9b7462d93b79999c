/** Rows of a call that a server served: its tie to whoever asked, and the step of one that nobody asked for. */
import { NOTHING_OF_A_STEP } from "../../fact/no-step.ts";
import type { StepRow, TieRow } from "../../fact/rows.ts";
import type { ServedCall, SessionEvidence } from "./evidence.ts";
import { cut, MOST_SHOWN_CHARS, wordsOf } from "./excerpt.ts";
import { confirms } from "./confirms.ts";
import type { Served } from "./world.ts";

export function tieRow(served: Served, run: string | null): TieRow | null {
  const { tie, it } = served;
  if (tie === null) return null;
  const [only] = tie.asked;
  const sure = tie.certainty === "ambiguous" ? null : (only ?? null);
  return {
    id: served.key,
    run,
    at: it.at,
    certainty: tie.certainty,
    rule: tie.rule,
    confirmed: sure !== null && confirms(sure, served),
    asked: tie.asked.map(({ key }) => key),
    served: { session: it.session, seq: it.seq, answer_seq: it.answer_seq, request: it.request },
    seen: sure?.seen?.node.key ?? null,
  };
}

/** A call that no model asked for: a person's, or a script's. */
export function loneStep(it: ServedCall, session: SessionEvidence | undefined, run: string): StepRow {
  const closed = session?.closed === true;
  return {
    ...NOTHING_OF_A_STEP,
    id: it.key,
    run,
    kind: "tool",
    at: it.at,
    ended: it.ended,
    lane: `server ${session?.name ?? ""}`,
    name: it.name,
    asked: cut(it.args.text, MOST_SHOWN_CHARS),
    answered: cut(wordsOf(it.result?.blocks ?? []), MOST_SHOWN_CHARS),
    state: "nobody",
    ties: [it.key],
    attempts: [],
    ...(it.marks && { marks: it.marks }),
    problems: [
      { rule: "join/not-asked", severity: "note", what: "no recorded model asked for this call" },
      ...(it.state === "open" && closed
        ? [{ rule: "join/no-answer", severity: "error" as const, what: "the server never answered" }]
        : []),
    ],
  };
}
