/**
 * What became of a text: pieces that stayed, went and came, in order. By lines, and inside of changed lines by words.
 * Bounded: two texts that have little in common are told as one that went and one that came.
 */
export type Stretch = { kind: "same" | "gone" | "new"; text: string };

/** Myers' algorithm takes the square of the differences: of more, nobody reads the details. */
const MOST_EDITS = 400;
/** Characters of changed lines that are compared by words. */
const BY_WORDS = 4_000;

export function textDiff(before: string, after: string): Stretch[] {
  if (before === after) return before === "" ? [] : [{ kind: "same", text: before }];
  const found = diff(lines(before), lines(after));
  return joined(refined(found));
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** A changed stretch of lines, again by words. */
function refined(found: readonly Stretch[]): Stretch[] {
  const made: Stretch[] = [];
  for (let i = 0; i < found.length; i++) {
    const [gone, came] = [found[i]!, found[i + 1]];
    const isChange = gone.kind === "gone" && came?.kind === "new";
    if (!isChange || gone.text.length + came.text.length > BY_WORDS) {
      made.push(gone);
      continue;
    }
    made.push(...diff(words(gone.text), words(came.text)));
    i++;
  }
  return made;
}

function diff(before: readonly string[], after: readonly string[]): Stretch[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const middle = edits(before.slice(start, before.length - end), after.slice(start, after.length - end));
  const head: Stretch = { kind: "same", text: before.slice(0, start).join("") };
  const tail: Stretch = { kind: "same", text: end === 0 ? "" : before.slice(-end).join("") };
  return joined([head, ...middle, tail]);
}

/** The shortest way from one to the other (Myers 1986), or all of both when it is long. */
function edits(before: readonly string[], after: readonly string[]): Stretch[] {
  const all: Stretch[] = [
    { kind: "gone", text: before.join("") },
    { kind: "new", text: after.join("") },
  ];
  if (before.length === 0 || after.length === 0) return all;
  const ends = forward(before, after);
  return ends === null ? all : back(before, after, ends);
}

/** For each number of edits how far each diagonal comes; null when it takes too many. */
function forward(before: readonly string[], after: readonly string[]): Map<number, number>[] | null {
  const rounds: Map<number, number>[] = [];
  let far = new Map([[1, 0]]);
  for (let d = 0; d <= MOST_EDITS; d++) {
    rounds.push(far);
    const next = new Map(far);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (far.get(k - 1) ?? -1) < (far.get(k + 1) ?? -1));
      let x = down ? (far.get(k + 1) ?? 0) : (far.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++;
        y++;
      }
      next.set(k, x);
      if (x >= before.length && y >= after.length) return rounds;
    }
    far = next;
  }
  return null;
}

function back(
  before: readonly string[],
  after: readonly string[],
  rounds: readonly Map<number, number>[],
): Stretch[] {
  const made: Stretch[] = [];
  let [x, y] = [before.length, after.length];
  for (let d = rounds.length - 1; d >= 0 && (x > 0 || y > 0); d--) {
    const far = rounds[d]!;
    const k = x - y;
    const down = k === -d || (k !== d && (far.get(k - 1) ?? -1) < (far.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const startX = d === 0 ? 0 : (far.get(from) ?? 0);
    const startY = d === 0 ? 0 : startX - from;
    while (x > startX && y > startY) {
      made.push({ kind: "same", text: before[--x]! });
      y--;
    }
    if (d === 0) break;
    if (down && y > 0) made.push({ kind: "new", text: after[--y]! });
    else if (x > 0) made.push({ kind: "gone", text: before[--x]! });
  }
  return made.toReversed();
}

/** Neighbours of one kind are one; what went stands before what came. */
function joined(all: readonly Stretch[]): Stretch[] {
  const made: Stretch[] = [];
  let gone = "";
  let came = "";
  const change = () => {
    if (gone !== "") made.push({ kind: "gone", text: gone });
    if (came !== "") made.push({ kind: "new", text: came });
    gone = "";
    came = "";
  };
  for (const { kind, text } of all) {
    if (text === "") continue;
    if (kind === "gone") gone += text;
    else if (kind === "new") came += text;
    else {
      change();
      const last = made.at(-1);
      if (last?.kind === "same") last.text += text;
      else made.push({ kind, text });
    }
  }
  change();
  return made;
}
