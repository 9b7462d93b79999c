/** How like one text is to another, of which it was made on the way. Both may be excerpts: what is said holds for what was kept. */
import { canonicalText, isSame, isWhole } from "./excerpt.ts";
import type { Excerpt } from "./evidence.ts";

/** How what was seen stands to what was served. */
export type Likeness =
  /** Character for character, but for a known wrapper, and for how JSON is laid out. */
  | "equal"
  /** The whole of it, with something of the host's around it. */
  | "inside"
  /** Its beginning, its end, or both with something left out between. */
  | "cut"
  /** Alike, and changed. */
  | "rewritten"
  | "unrelated"
  /** One of the two has no words. */
  | "unknown";

/** Shorter texts are found in others by chance. */
const TELLING = 12;

export function likeness(served: Excerpt, seen: Excerpt): Likeness {
  if (served.chars === 0 || seen.chars === 0) return "unknown";
  if (isSame(served, seen) || squeezed(served.text) === squeezed(seen.text)) {
    if (isWhole(served) || served.chars === seen.chars) return "equal";
  }
  const whole = isWhole(served) && isWhole(seen);
  if (whole && isSameJson(served.text, seen.text)) return "equal";
  if (isWhole(served) && seen.text.includes(served.text)) return "inside";
  if (isWhole(served) && served.chars > 4 && isEscapedIn(served.text, seen.text)) return "inside";
  const start = commonStart(served.text, seen.text);
  // Excerpts that are equal as far as they go.
  if (!whole && start >= Math.min(served.text.length, seen.text.length)) {
    return seen.chars < served.chars ? "cut" : "inside";
  }
  if (!isWhole(seen) && isWhole(served)) return "unknown";
  if (seen.chars < served.chars && start >= Math.min(TELLING, seen.chars) && start * 2 >= seen.chars)
    return "cut";
  if (seen.text.length >= TELLING && served.text.includes(seen.text.trim())) return "cut";
  if (isCutBetween(served, seen, start)) return "cut";
  return sharedWords(served.text, seen.text) >= 0.5 ? "rewritten" : "unrelated";
}

/** Laid out otherwise, in lines or not, a value is the same. */
function isSameJson(a: string, b: string): boolean {
  const begins = /^\s*[[{]/;
  return begins.test(a) && begins.test(b) && canonicalText(a) === canonicalText(b);
}

/** Hosts that put a result into JSON write its lines and quotes as JSON does; some write all but ASCII as numbers. */
function isEscapedIn(text: string, inside: string): boolean {
  const written = JSON.stringify(text).slice(1, -1);
  if (written !== text && inside.includes(written)) return true;
  if (!/\\u[0-9a-f]{4}/i.test(inside)) return false;
  const plain = inside.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return plain.includes(written) || plain.includes(text);
}

/** What hosts write where they leave something out. */
const MARK = /\.\.\.|…|truncat|omitted|elided|skipped|shortened|省略|截断/i;
/** A mark is no longer. */
const MARK_CHARS = 200;

/** Beginning and end are as they were, and between them stands a mark in the place of more, or nothing. */
function isCutBetween(served: Excerpt, seen: Excerpt, start: number): boolean {
  if (start < TELLING || seen.chars >= served.chars || !isWhole(seen)) return false;
  const end = isWhole(served) ? commonEnd(served.text, seen.text, start) : null;
  // Of what was not kept whole the end is not known: the mark has to say it.
  if (end === null) return MARK.test(seen.text.slice(start, start + MARK_CHARS));
  const between = seen.text.slice(start, seen.text.length - end).trim();
  const left_out = served.text.length - start - end;
  if (between.length > MARK_CHARS || left_out < 2 * between.length) return false;
  return between === "" || MARK.test(between);
}

function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let n = 0;
  while (n < most && a.charCodeAt(a.length - 1 - n) === b.charCodeAt(b.length - 1 - n)) n++;
  return n;
}

function squeezed(text: string): string {
  return text.trim().replaceAll("\r\n", "\n");
}

export function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let n = 0;
  while (n < most && a.charCodeAt(n) === b.charCodeAt(n)) n++;
  return n;
}

/** How many of the words of the shorter text stand in the other. */
function sharedWords(a: string, b: string): number {
  const [short, long] = [wordsOf(a), wordsOf(b)].toSorted((x, y) => x.size - y.size);
  if (!short || !long || short.size === 0) return 0;
  let shared = 0;
  for (const word of short) if (long.has(word)) shared++;
  return shared / short.size;
}

function wordsOf(text: string): Set<string> {
  return new Set(
    text
      .slice(0, 4_000)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  );
}
