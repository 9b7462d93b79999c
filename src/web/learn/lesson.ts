/** What a lesson is: a recording of ours, and steps that point at its bytes. */
import type { LessonName } from "../../fact/lessons.ts";
import type { Said } from "../../read/learn/note.ts";

/** `asked` and `replied` are the heads of an exchange, `request` and `answer` its bodies, `line` a message of a session. */
export type Part = "asked" | "request" | "replied" | "answer" | "line";

export type Step = {
  /** Number of the item in the recording. */
  readonly of: number;
  readonly at: Part;
  /** The bytes that it speaks of: the first place in that part where this stands. */
  readonly text: string;
  /** What is explained below it: a header, or a path in the body; without it the event or the message itself. */
  readonly field?: string;
  readonly lead: Said;
};

export type Question = {
  /** Asked before the step of this number is shown. */
  readonly before: number;
  readonly ask: Said;
  readonly answers: readonly { readonly words: Said; readonly right?: true; readonly why: Said }[];
};

export type Lesson = {
  readonly name: LessonName;
  readonly title: Said;
  readonly about: Said;
  readonly steps: readonly Step[];
  readonly question?: Question;
};

type Pair = readonly [en: string, zh: string];
export const both = ([en, zh]: Pair): Said => ({ en, zh });

export function step(of: number, at: Part, text: string, lead: Pair, field?: string): Step {
  return { of, at, text, lead: both(lead), ...(field !== undefined && { field }) };
}

/** The first answer is the right one here; the page shows them in an order that says nothing. */
export function question(
  before: number,
  ask: Pair,
  right: readonly [Pair, Pair],
  ...wrong: (readonly [Pair, Pair])[]
): Question {
  const [first, ...others] = [right, ...wrong].map(([words, why]) => ({
    words: both(words),
    why: both(why),
  }));
  return { before, ask: both(ask), answers: first ? [{ ...first, right: true }, ...others] : others };
}
