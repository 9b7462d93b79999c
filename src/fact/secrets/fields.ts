/** multipart/form-data (RFC 7578 4.2): the value of a field stands behind an empty line. */
import { ANYTHING, BACKSLASH, chars, QUOTE } from "./chars.ts";
import { LONGEST_NAME, strengthOf } from "./names.ts";
import { MOST_SLASHES } from "./quotes.ts";
import type { Search } from "./search.ts";
import { isSecretValue, LONGEST_VALUE } from "./values.ts";

/** `name=`, as in the head of a part. */
export function isField(bytes: Uint8Array, at: number): boolean {
  return (
    (bytes[at - 4]! | 32) === 110 &&
    (bytes[at - 3]! | 32) === 97 &&
    (bytes[at - 2]! | 32) === 109 &&
    (bytes[at - 1]! | 32) === 101
  );
}

/** The `=` at `at` names a field: where to go on. Null where that is no credential, or not known yet. */
export function field(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  const isCertain = IS_HEAD.test(scan.text(Math.max(0, at - LONGEST_HEAD), at - 4));
  // In a string a quote has backslashes before it, and its lines end as that writes them.
  let slashes = 0;
  while (isCertain && slashes < MOST_SLASHES && bytes[at + 1 + slashes] === BACKSLASH) slashes++;
  const isQuoted = at + 1 + slashes >= end || bytes[at + 1 + slashes] === QUOTE;
  if (!isQuoted && (!isCertain || slashes > 0)) return null;
  const from = isQuoted ? at + 2 + slashes : at + 1;
  const quote = isQuoted && from < end ? bytes.indexOf(QUOTE, from) : -1;
  const close = from >= end ? -1 : !isQuoted ? scan.until(from, WORD_END) : quote < 0 ? -1 : quote - slashes;
  const isNameOpen = close < 0 || close >= end;
  if (isNameOpen || close - at > LONGEST_NAME) {
    if (isNameOpen && end - at < LONGEST_NAME && !scan.isOver)
      scan.wait(at, end, isQuoted ? QUOTES : WORD_END);
    return null;
  }
  const strength = strengthOf(scan.text(from, close), "parameter");
  if (strength === null) return null;
  const behind = isQuoted ? close + slashes + 1 : close;
  const seen = scan.text(behind, Math.min(end, behind + 256));
  const head = (isCertain ? HEAD : STRICT_HEAD).exec(seen);
  if (!head) {
    if (seen.length < 256 && /^(?:$|[;\r\n\\])/.test(seen) && !scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const start = behindBreaks(scan, behind + head[0].length);
  if (!scan.isOver && end - start < LONGEST_BREAKS && BREAK_SO_FAR.test(scan.text(start, end))) {
    scan.wait(at, end, ANYTHING);
    return null;
  }
  const stop = scan.until(start, FIELD_END);
  if (stop === end && !scan.isOver && stop - start <= LONGEST_VALUE) {
    scan.wait(at, start, FIELD_END);
    return stop;
  }
  const value = scan.text(start, Math.min(stop, start + LONGEST_VALUE));
  // Behind an empty field stands the boundary.
  if (!value.startsWith("--") && isSecretValue(strength, value)) scan.found(start, stop);
  return stop;
}

/** What people paste begins with a line break now and then. */
function behindBreaks(scan: Search, start: number): number {
  const first = scan.bytes[start];
  if (first !== 13 && first !== 10 && first !== BACKSLASH) return start;
  const seen = scan.text(start, Math.min(scan.end, start + LONGEST_BREAKS));
  return start + BREAKS.exec(seen)![0].length;
}

const LONGEST_BREAKS = 64;
const BREAK_SO_FAR = /^(?:\r|\\{1,15}(?:r(?:\\{0,15}))?)?$/;
const BREAKS = /^(?:\r?\n|(?:\\{1,15}r)?\\{1,15}n){0,2}/;

const QUOTES = chars(/"/);
const WORD_END = chars(/[;\s\\]/);
/** The rest of the head, to the empty line. Where nothing else says what it is, its lines must end as they ought to. */
const STRICT_HEAD = /^(?:;[^\r\n]*)?\r\n(?:[\w-]+:[^\r\n]*\r\n){0,4}\r\n/;
const HEAD =
  /^(?:;[^\r\n\\]*)?(?:\r?\n(?:[\w-]+:[^\r\n]*\r?\n){0,4}\r?\n|(?:\\{1,63}r)?\\{1,63}n(?:[\w-]+:[^\r\n\\]*(?:\\{1,63}r)?\\{1,63}n){0,4}(?:\\{1,63}r)?\\{1,63}n)/;

/** What stands in front of a name that can be nothing else. */
const IS_HEAD = /form-data; (?:filename=\\*"[^"\r\n]{0,128}"; )?$/i;
const LONGEST_HEAD = 180;

const FIELD_END = chars(/[\r\n\\]/);
