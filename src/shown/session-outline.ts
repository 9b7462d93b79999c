/**
 * The messages of a session as a list shows them: in sections, calls with what belongs to them, and what repeats folded. Pure,
 * shared by the page and its tests. The order is that of time: a fold hides, it never moves.
 */
import type { ShownLine } from "../fact/live.ts";

export type Section = "handshake" | "inventory" | "work";

export type Fold = "open" | "folded" | null;

export type OutlineItem =
  | {
      kind: "section";
      key: string;
      section: Section;
      calls: number;
      messages: number;
      fold: "open" | "folded";
    }
  | {
      kind: "message";
      key: number;
      row: ShownLine;
      /** 0; 1 of what the server asks while it serves a call, and of what is shown below a call. */
      depth: number;
      /** Whether something can be folded under it. */
      fold: Fold;
      /** How many messages it stands for, when more than itself. */
      times: number;
      /** Of a folded call: what came of it. */
      answer: ShownLine | null;
    };

/** A sequence shows each message of a call, a list one row for one call. */
export type View = "sequence" | "list";

/** What somebody folded or opened by hand: the opposite of how it stands by itself. */
export type Turned = ReadonlySet<string | number>;

/** Where a session is, by what is said: who they are, what there is, the work. */
const SECTIONS: readonly [Section, RegExp][] = [
  ["handshake", /^(?:initialize|notifications\/initialized|server\/discover)$/],
  ["inventory", /\/(?:templates\/)?list$/],
  ["work", /./],
];

export function outlineOf(rows: readonly ShownLine[], view: View, turned: Turned): OutlineItem[] {
  const family = familyOf(rows);
  const isFolded = (key: string | number, byItself: boolean) => turned.has(key) !== byItself;
  const items: OutlineItem[] = [];
  let section: Extract<OutlineItem, { kind: "section" }> | null = null;
  let last: Extract<OutlineItem, { kind: "message" }> | null = null;
  const groups = new Map<number, Extract<OutlineItem, { kind: "message" }>>();

  for (const row of rows) {
    const named = sectionOf(row, section?.section ?? null, family.parent.has(row.seq));
    if (named) {
      const key = `section-${row.seq}`;
      const fold = isFolded(key, false) ? "folded" : "open";
      section = { kind: "section", key, section: named, calls: 0, messages: 0, fold };
      items.push(section);
      last = null;
    }
    if (section && isMessage(row)) section.messages += 1;
    if (section && row.kind === "request" && row.from === "client") section.calls += 1;
    if (section?.fold === "folded" && isMessage(row)) continue;
    if (isUnderFold(row.seq, family.parent, (key) => isFolded(key, view === "list"))) continue;

    const progress = isProgress(row) ? row.of! : null;
    const group = progress === null ? undefined : groups.get(progress);
    if (group && isFolded(-progress! - 1, true)) {
      // The bar fills where it was first told of.
      group.row = { ...row, seq: group.row.seq, at: group.row.at };
      group.times += 1;
      continue;
    }
    if (last && isSame(last.row, row) && isFolded(`same-${last.key}`, true)) {
      last.times += 1;
      last.fold = "folded";
      continue;
    }
    const children = family.children.get(row.seq) ?? 0;
    const depth = depthOf(row, family.parent, view);
    const folded = isFolded(row.seq, view === "list");
    last = {
      kind: "message",
      key: row.seq,
      row,
      depth,
      fold: children === 0 ? null : folded ? "folded" : "open",
      times: 1,
      answer: children > 0 && folded ? (family.answer.get(row.seq) ?? null) : null,
    };
    if (progress !== null && !group) groups.set(progress, last);
    items.push(last);
  }
  return items;
}

/** What has to be turned so that a message is in sight: keys that are to be given to `turned`, or taken from it. */
export function hiding(
  rows: readonly ShownLine[],
  view: View,
  turned: Turned,
  seq: number,
): (string | number)[] {
  const { parent } = familyOf(rows);
  const isFolded = (key: string | number, byItself: boolean) => turned.has(key) !== byItself;
  const found: (string | number)[] = [];
  for (let above = parent.get(seq); above !== undefined; above = parent.get(above))
    if (isFolded(above, view === "list")) found.push(above);
  const row = rows.find((one) => one.seq === seq);
  if (row && isProgress(row) && isFolded(-row.of! - 1, true)) found.push(-row.of! - 1);
  const section = outlineOf(rows, view, turned)
    .filter((item) => item.kind === "section")
    .findLast(({ key }) => Number(key.slice("section-".length)) <= seq);
  if (section?.fold === "folded") found.push(section.key);
  return found;
}

type Family = {
  /** The request under which a message stands. */
  parent: Map<number, number>;
  children: Map<number, number>;
  answer: Map<number, ShownLine>;
};

/** What belongs to which call. What a server asks belongs to the one call that waits for it, where there is but one. */
function familyOf(rows: readonly ShownLine[]): Family {
  const family: Family = { parent: new Map(), children: new Map(), answer: new Map() };
  const waiting = new Set<number>();
  for (const row of rows) {
    const isRequest = row.kind === "request";
    const [only] = waiting;
    const above =
      row.of ?? (isRequest && row.from === "server" && waiting.size === 1 ? (only ?? null) : null);
    if (above !== null && above !== row.seq) {
      family.parent.set(row.seq, above);
      family.children.set(above, (family.children.get(above) ?? 0) + 1);
    }
    if (isRequest && row.from === "client") waiting.add(row.seq);
    if (row.of !== null && (row.kind === "result" || row.kind === "error")) {
      waiting.delete(row.of);
      family.answer.set(row.of, row);
    }
  }
  return family;
}

function isUnderFold(seq: number, parent: Family["parent"], isFolded: (seq: number) => boolean): boolean {
  for (let above = parent.get(seq); above !== undefined; above = parent.get(above))
    if (isFolded(above)) return true;
  return false;
}

/** In a sequence only what a server asks inside of a call is moved in, with its answer: any other answer is as far out as its request. */
function depthOf(row: ShownLine, parent: Family["parent"], view: View): number {
  let depth = 0;
  for (let above = parent.get(row.seq); above !== undefined; above = parent.get(above)) depth += 1;
  if (view === "list") return Math.min(depth, 3);
  const isAnswer = row.of !== null && row.kind !== "notification";
  return Math.min(isAnswer ? depth - 1 : row.kind === "request" ? depth : Math.max(0, depth - 1), 2);
}

function sectionOf(row: ShownLine, now: Section | null, isInside: boolean): Section | null {
  if (isInside || (row.kind !== "request" && row.kind !== "notification") || row.of !== null) return null;
  const found = SECTIONS.find(([, pattern]) => pattern.test(row.method ?? ""))?.[0] ?? null;
  // Who asks again in the midst of the work what there is goes on working.
  if (found === now || (now === "work" && found === "inventory") || (now !== null && found === "handshake"))
    return null;
  if (found === "work" && row.from === "server" && row.kind === "notification") return null;
  return found;
}

function isMessage({ from }: ShownLine): boolean {
  return from === "client" || from === "server";
}

function isProgress({ kind, method, of }: ShownLine): boolean {
  return kind === "notification" && method === "notifications/progress" && of !== null;
}

/** One after the other, by the same side, with nothing of their own to say. */
function isSame(a: ShownLine, b: ShownLine): boolean {
  return (
    a.kind === "notification" &&
    b.kind === "notification" &&
    a.from === b.from &&
    a.method === b.method &&
    a.of === b.of &&
    a.note === b.note &&
    !isProgress(a)
  );
}
