/** A key by the form that its maker gave it, from its first sign to its last. */
import { ANYTHING } from "./chars.ts";
import { type Began, formAround, FORMS, isWhole, isWithinBase64 } from "./forms.ts";
import type { Search } from "./search.ts";
import { LONGEST_KEY } from "./values.ts";

const DOT = 46;
const NOT = new Map(FORMS.map(({ of }) => [of, of.map((is) => 1 - is)]));

/** Gives where to go on: behind it, or at the next place. */
export function form(scan: Search, at: number): number {
  const began = formAround(scan.bytes, at, scan.end);
  if (began === null) return at + 1;
  if (began === "open") {
    if (!scan.isOver) scan.wait(at, at, ANYTHING);
    return at + 1;
  }
  const end = began.start < scan.done ? null : key(scan, at, began);
  if (end === null) return at + 1;
  scan.found(began.start, end);
  return end;
}

/** Where the key ends that begins here; null where it is none, or where that is not known yet. */
function key(scan: Search, at: number, { form, start }: Began): number | null {
  const from = start + form.starts.length;
  let end = scan.skip(from, form.of);
  if (end === scan.end && !scan.isOver) {
    if (end - from <= LONGEST_KEY) scan.wait(at, start, form.dotted ? ANYTHING : NOT.get(form.of)!);
    return null;
  }
  if (!isWhole(form, scan.text(from, end))) return null;
  for (const { starts, least, must } of form.dotted ?? []) {
    const next = scan.bytes[end] === DOT ? scan.skip(end + 1, form.of) : end;
    if (next === scan.end && !scan.isOver) {
      if (next - from <= LONGEST_KEY) scan.wait(at, start, ANYTHING);
      return null;
    }
    const isPart = next > end && next - end > least && startsWith(scan, end + 1, starts);
    if (isPart) end = next;
    else if (must) return null;
    else break;
  }
  return isWithinBase64(form, scan.bytes[end]) ? null : end;
}

function startsWith(scan: Search, at: number, word: string): boolean {
  for (let n = 0; n < word.length; n++) if (scan.bytes[at + n] !== word.charCodeAt(n)) return false;
  return true;
}
