/**
 * A session as the list of its messages shows it, read on line by line: rows of what is new, and again the rows of
 * requests of which more is known. What it costs is what came.
 */
import { copyExact } from "../../fact/json-source.ts";
import type { SessionHead, ShownLine } from "../../fact/live.ts";
import { LEVEL_OF, worse } from "../../fact/milestones.ts";
import { lineOf, type Line } from "./line.ts";
import { askedOf, requestLine, shownLine, type Asked, type Blame } from "./shown-line.ts";
import type { Call, SessionProblem } from "./reading.ts";
import { sessionReader, type SessionReader } from "./session.ts";

export type SessionList = {
  readonly reader: SessionReader;
  /** `seq` is the number of the line, whatever it says itself. */
  add(fields: Record<string, unknown>, seq: number): void;
  /**
   * Since this was last asked: rows of lines that were added, and rows of before that say more now; calls of which more
   * is known, and problems that were found.
   */
  news(): { rows: ShownLine[]; changed: ShownLine[]; calls: Call[]; problems: SessionProblem[] };
  /** How the list shows a line that was added before. */
  shown(fields: Record<string, unknown>, seq: number): ShownLine;
  /** The requests before `first` of which these lines say more, as they are now. */
  changedBy(seqs: readonly number[], first: number): ShownLine[];
  problemsAt(seq: number): number;
  /** What stands above the messages. */
  head(): SessionHead;
  /** What it holds in memory, in bytes, about: requests and what was found wrong stay, most other lines do not. */
  weight(): number;
};

/** Measured: a request with its answer, what a rule has said, any line. */
const WEIGHTS = { request: 3_200, problem: 450, line: 100 };

const BLAMELESS: Blame = { problems: 0, worst: null };

/** Rounds of one call whose requests are shown again when it goes on; a call has one or two. */
const MOST_ROUNDS = 8;

export function sessionList(id: string): SessionList {
  const reader = sessionReader();
  const asks = new Map<number, Asked>();
  const problems = new Map<number, Blame>();
  let counted = 0;
  let toldProblems = 0;
  let milestones = 0;
  let lines = 0;
  let fresh: Line[] = [];
  /** Older lines about which a rule has said something. */
  const blamed = new Set<number>();

  return {
    reader,
    add,
    news,
    shown,
    changedBy,
    problemsAt: (seq) => blame(seq).problems,
    head: () => ({ ...reader.head(), milestones }),
    weight: () => asks.size * WEIGHTS.request + counted * WEIGHTS.problem + lines * WEIGHTS.line,
  };

  function blame(seq: number): Blame {
    return problems.get(seq) ?? BLAMELESS;
  }

  function add(fields: Record<string, unknown>, seq: number): void {
    const line = numbered(fields, seq);
    reader.add(line);
    const parsed = lineOf(line, seq);
    const asked = askedOf(parsed);
    if (asked && reader.callAt(seq)) asks.set(seq, asked);
    fresh.push(parsed);
    lines += 1;
    const all = reader.problems();
    for (; counted < all.length; counted++) {
      const { seq: at, severity } = all[counted]!;
      const { problems: n, worst } = blame(at);
      problems.set(at, { problems: n + 1, worst: worse(worst, LEVEL_OF[severity]) });
      if (at < seq) blamed.add(at);
    }
  }

  function news(): ReturnType<SessionList["news"]> {
    const first = fresh[0]?.seq ?? Infinity;
    const calls = reader.touched();
    const seqs = new Set(calls.flatMap(seqsOf));
    for (const seq of blamed) seqs.add(seq);
    blamed.clear();
    const rows = fresh.map(row);
    milestones += rows.filter(({ milestone }) => milestone !== null).length;
    fresh = [];
    const problems = reader.problems().slice(toldProblems);
    toldProblems += problems.length;
    return { rows, changed: requests(seqs, first), calls, problems };
  }

  function requests(seqs: Iterable<number>, first: number): ShownLine[] {
    const rows: ShownLine[] = [];
    for (const seq of seqs) {
      const [asked, call] = [asks.get(seq), reader.callAt(seq)];
      if (seq < first && asked && call) rows.push(requestLine(id, asked, call, blame(seq)));
    }
    return rows;
  }

  function changedBy(seqs: readonly number[], first: number): ShownLine[] {
    const calls = new Set(seqs.map((seq) => reader.callAt(seq) ?? aboutOf(seq)));
    return requests(new Set([...calls].flatMap((call) => (call ? seqsOf(call) : []))), first);
  }

  function aboutOf(seq: number): Call | null {
    const about = reader.noteAt(seq)?.call;
    return about ? reader.call(about) : null;
  }

  function shown(fields: Record<string, unknown>, seq: number): ShownLine {
    return row(lineOf(numbered(fields, seq), seq));
  }

  function row(line: Line): ShownLine {
    return shownLine(id, line, {
      call: reader.callAt(line.seq),
      note: reader.noteAt(line.seq),
      about: aboutOf(line.seq),
      ...blame(line.seq),
    });
  }
}

function seqsOf({ seq, rounds }: Call): number[] {
  return [seq, ...rounds.slice(-MOST_ROUNDS).map((round) => round.seq)];
}

/** Two writers of one file, or one that started over, number lines anew. */
function numbered(fields: Record<string, unknown>, seq: number): Record<string, unknown> {
  if (fields["seq"] === seq) return fields;
  const copy = copyExact(fields);
  copy["seq"] = seq;
  return copy;
}
