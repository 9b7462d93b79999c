/**
 * Files in which a place says what stands there: `machine H login U password P` of netrc, the seventh column of Netscape's
 * cookie jar, and the cell behind a credential's name in a table of Markdown.
 */
import { ANYTHING, BACKSLASH, BLANK, chars, DIGIT, SPACE, TAB, VALUE_END } from "./chars.ts";
import { LONGEST_NAME, strengthOf } from "./names.ts";
import type { Search } from "./search.ts";
import { isGiven, isLikely, isMasked, isOpaque, isPlaceholder, LONGEST_KEY } from "./values.ts";

/** How much of a line is looked at in front of the value, and behind the sign at which it was seen. */
const BEFORE = 256;
const BEHIND = 160;
const [LETTER_A, LETTER_E, LETTER_N, LETTER_S] = [97, 69, 110, 115];

/** A first look: the `p` at `at` begins a word `pass…`, as far as it has come. */
export function mayBePassword(bytes: Uint8Array, at: number, end: number): boolean {
  const front = bytes[at - 1]!;
  if (SPACE[front] === 0 && !(front === LETTER_N && bytes[at - 2] === BACKSLASH)) return false;
  if (at + 1 >= end) return true;
  return bytes[at + 1] === LETTER_A && (at + 2 >= end || bytes[at + 2] === LETTER_S);
}

/** A first look: the tab at `at`, or the letter of a written one, stands behind TRUE or FALSE. */
export function mayBeJar(bytes: Uint8Array, at: number): boolean {
  let front = at - 1;
  if (bytes[at] !== TAB) {
    if (bytes[front] !== BACKSLASH) return false;
    while (bytes[front] === BACKSLASH) front--;
  }
  return bytes[front] === LETTER_E;
}

/** The `p` at `at` may begin the password of an entry of netrc(5): where to go on, or null. */
export function netrc(scan: Search, at: number): number | null {
  if (!mayBePassword(scan.bytes, at, scan.end)) return null;
  const seen = scan.text(at, Math.min(scan.end, at + BEHIND));
  const said = PASSWORD.exec(seen);
  if (said === null || said[0].length === seen.length) {
    const mayCome = seen.length < BEHIND && (said !== null || "password".startsWith(seen));
    if (mayCome && !scan.isOver) scan.wait(at, scan.end, ANYTHING);
    return null;
  }
  if (!ENTRY.test(scan.text(Math.max(0, at - BEFORE), at))) return null;
  return value(scan, at, at + said[0].length, isGiven);
}

const GAP = String.raw`(?:\s|\\{1,63}[nrt]){1,64}`;
const PASSWORD = new RegExp(`^password${GAP}`);
const ENTRY = new RegExp(
  String.raw`(?:\b|\\[nrt])(?:machine${GAP}[^\s\\]{1,128}|default)${GAP}login${GAP}[^\s\\]{1,128}${GAP}$`,
);

/** The tab at `at` may stand behind the fourth column of a cookie jar: where to go on, or null. */
export function jar(scan: Search, at: number): number | null {
  if (!mayBeJar(scan.bytes, at)) return null;
  if (at + 1 < scan.end && DIGIT[scan.bytes[at + 1]!] === 0) return null;
  if (!COLUMNS.test(scan.text(Math.max(0, at - BEFORE), at + 1))) return null;
  const seen = scan.text(at + 1, Math.min(scan.end, at + 1 + BEHIND));
  const said = NAMED.exec(seen);
  if (said !== null) return value(scan, at, at + 1 + said[0].length, isCookie);
  if (seen.length < BEHIND && !scan.isOver && SO_FAR.test(seen)) scan.wait(at, scan.end, ANYTHING);
  return null;
}

const COLUMN = String.raw`(?:\t|\\{1,63}t)`;
const COLUMNS = new RegExp(
  String.raw`[\w.-]${COLUMN}(?:TRUE|FALSE)${COLUMN}/[^\s\\]{0,128}${COLUMN}(?:TRUE|FALSE)${COLUMN}$`,
);
const NAMED = new RegExp(String.raw`^\d{1,20}${COLUMN}[^\s\\]{1,100}${COLUMN}`);
const SO_FAR = new RegExp(String.raw`^\d{0,20}(?:\\{0,63}|${COLUMN}[^\s\\]{0,100}\\{0,63})$`);

function isCookie(text: string): boolean {
  return text.length >= 4 && !isMasked(text) && !isPlaceholder(text);
}

/** The bar at `at` ends a cell that is called like a credential: where to go on, or null. */
export function cell(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  const nameEnd = at - scan.before(at, BLANK, 64);
  let start = nameEnd;
  while (start > 0 && nameEnd - start < LONGEST_NAME && NAME[bytes[start - 1]!] === 1) start--;
  scan.steps += nameEnd - start;
  if (bytes[start - 1 - scan.before(start, BLANK, 64)] !== BAR) return null;
  const strength = strengthOf(scan.text(start, nameEnd), "variable");
  if (strength === null) return null;
  const from = scan.skip(at + 1, DRESS);
  const stop = scan.until(from, VALUE_END);
  const behind = scan.skip(stop, DRESS);
  if (behind === end && !scan.isOver && behind - at <= LONGEST_KEY) {
    scan.wait(at, from, ANYTHING);
    return null;
  }
  if (bytes[behind] !== BAR || stop - from > LONGEST_KEY) return null;
  const text = scan.text(from, stop);
  if (strength === "strong" ? !isLikely(text) : !isOpaque(text)) return null;
  scan.found(from, stop);
  return stop;
}

const BAR = 124;
const NAME = chars(/[\w.-]/);
const DRESS = chars(/[ `]/);

function value(scan: Search, at: number, start: number, isOne: (text: string) => boolean): number | null {
  const stop = scan.until(start, ENDS);
  if (stop === scan.end && !scan.isOver && stop - start <= LONGEST_KEY) {
    scan.wait(at, start, ENDS);
    return null;
  }
  if (stop - start > LONGEST_KEY || !isOne(scan.text(start, stop))) return null;
  scan.found(start, stop);
  return stop;
}

const ENDS = chars(/[\s"\\]/);
