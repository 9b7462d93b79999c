/**
 * The rows of a session that is read whole, from its lines and what a reader made of all of them: what `session-list.ts`, which
 * is fed line by line, is held against.
 */
import type { ShownLine } from "../../fact/live.ts";
import { LEVEL_OF, worse, type Level } from "../../fact/milestones.ts";
import type { Line } from "./line.ts";
import type { Call, SessionReading } from "./reading.ts";
import { shownLine } from "./shown-line.ts";

export type Whole = {
  readonly row: { readonly id: string };
  readonly lines: readonly Line[];
  readonly reading: SessionReading;
};

/** Rows after `after`, and those before of which a later line says more. Costs the lines and what is known of them, once. */
export function rowsSince(
  { row, lines, reading }: Whole,
  after: number,
): { rows: ShownLine[]; changed: ShownLine[] } {
  const calls = new Map<number, Call>();
  const goesOn = new Set<number>();
  for (const call of reading.calls) {
    const seqs = call.rounds.flatMap(({ seq, answer_seq }) =>
      answer_seq === null ? [seq] : [seq, answer_seq],
    );
    for (const seq of [call.seq, ...seqs]) calls.set(seq, call);
    if (lastSeq(call) > after) for (const { seq } of call.rounds) goesOn.add(seq);
  }
  const byKey = new Map(reading.calls.map((call) => [call.key, call]));
  const notes = new Map(reading.notifications.map((note) => [note.seq, note]));
  const problems = new Map<number, { problems: number; worst: Level | null }>();
  const blame = (seq: number) => problems.get(seq) ?? { problems: 0, worst: null };
  for (const { seq, severity } of reading.problems) {
    const { problems: n, worst } = blame(seq);
    problems.set(seq, { problems: n + 1, worst: worse(worst, LEVEL_OF[severity]) });
  }

  const shown = (line: Line): ShownLine => {
    const note = notes.get(line.seq) ?? null;
    return shownLine(row.id, line, {
      call: calls.get(line.seq) ?? null,
      note,
      about: note?.call ? (byKey.get(note.call) ?? null) : null,
      ...blame(line.seq),
    });
  };
  return {
    rows: lines.filter(({ seq }) => seq > after).map(shown),
    changed: lines.filter(({ seq }) => seq <= after && goesOn.has(seq)).map(shown),
  };
}

/** The youngest line that says something about this call. */
function lastSeq({ rounds, task, cancelled, progress }: Call): number {
  return Math.max(
    -1,
    cancelled?.seq ?? -1,
    progress.at(-1)?.seq ?? -1,
    task?.history.at(-1)?.seq ?? -1,
    ...rounds.slice(-2).map(({ answer_seq }) => answer_seq ?? -1),
  );
}
