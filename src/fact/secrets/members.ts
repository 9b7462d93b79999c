/**
 * `"name": "value"`: members of JSON and of what is written like it, in bodies, in strings within bodies (the arguments
 * of a tool, the text of an MCP result), in lines.
 */
import {
  ALNUM,
  ANYTHING,
  APOSTROPHE,
  BACKSLASH,
  BLANK,
  chars,
  COLON,
  DASH,
  QUOTE,
  SPACE,
  VALUE_END,
} from "./chars.ts";
import { isValueName, namedBefore, namedBehind } from "./besides.ts";
import { coloursBefore, coloursBehind, mayBecomeColours } from "./colours.ts";
import { within } from "./lists.ts";
import { mayEndAName, numbered } from "./name-ends.ts";
import { isPlural, LONGEST_NAME, strengthOf, type Strength } from "./names.ts";
import { closing, meant, MOST_SLASHES } from "./quotes.ts";
import { token } from "./pair-values.ts";
import type { Search } from "./search.ts";
import { isOpaque, isSecretValue, LONGEST_KEY, LONGEST_VALUE } from "./values.ts";

/** Between a name and its value. */
const LONGEST_GAP = 64;
/** How far in front of a name the bracket or comma may stand that says that it is one. */
const LONGEST_INDENT = 256;

/** The sign at `at` (`:`, or `=>` in Ruby and PHP) ends a name in quotes: where to go on. Null when it does not. */
export function member(scan: Search, at: number, width = 1): number | null {
  const { bytes } = scan;
  const quoteAt = gapBefore(scan, at) - 1;
  const quote = bytes[quoteAt];
  if (quote !== QUOTE && quote !== APOSTROPHE) return null;
  const slashes = scan.before(quoteAt, BACKSLASH, MOST_SLASHES);
  const nameEnd = quoteAt - slashes;
  const lastWord = nameEnd - numbered(bytes, nameEnd);
  if (!mayEndAName(bytes, lastWord) && !isEscaped(bytes, nameEnd)) return at + 1;
  const nameStart = opening(scan, nameEnd, quote, slashes);
  if (nameStart < 0 || !isMemberHere(scan, nameStart - 1 - slashes, slashes)) return at + 1;
  const name = meant(scan.text(nameStart, nameEnd));
  const isValue = isValueName(name);
  const said = isValue ? namedBefore(scan, nameStart - 1 - slashes) : strengthOf(name, "member");
  const plural = said === null && isPlural(name);
  if (said === null && !plural && !isValue) return at + 1;
  const gap = scan.skip(at + width, SPACE);
  if (gap - at > LONGEST_GAP) return at + 1;
  const start = gap + coloursBehind(bytes, gap, scan.end);
  if (!scan.isOver && mayBecomeColours(bytes, start, scan.end)) {
    scan.wait(at, start, ANYTHING);
    return at + 1;
  }
  const strength = said ?? (isValue ? namedBehind(scan, at, start, slashes) : null);
  if (strength === "open" || (strength === null && !plural)) return at + 1;
  return value(scan, { at, start, quote, slashes, strength, plural });
}

/** A first look: the name in quotes in front of `at` ends in a sign that is written as `\u0064`. */
export function endsEscaped(bytes: Uint8Array, at: number): boolean {
  if (bytes[at - 1] !== QUOTE) return false;
  let end = at - 1;
  while (bytes[end - 1] === BACKSLASH) end--;
  return isEscaped(bytes, end);
}

function isEscaped(bytes: Uint8Array, end: number): boolean {
  return bytes[end - 5] === LETTER_U && bytes[end - 6] === BACKSLASH;
}

const LETTER_U = 117;
const [LETTER_N, LETTER_R, LETTER_T] = [110, 114, 116];

/** Where the blanks, line breaks and colours begin that end here. */
function gapBefore(scan: Search, at: number): number {
  const { bytes } = scan;
  let from = at;
  while (from > 0 && at - from < LONGEST_GAP && SPACE[bytes[from - 1]!] === 1) from--;
  scan.steps += at - from;
  return from - coloursBefore(bytes, from);
}

/** Where the name begins that ends here, or -1. */
function opening(scan: Search, nameEnd: number, quote: number, slashes: number): number {
  const { bytes } = scan;
  const least = Math.max(0, nameEnd - LONGEST_NAME);
  let at = nameEnd;
  while (at > least && bytes[at - 1] !== quote && bytes[at - 1]! >= BLANK) at--;
  scan.steps += nameEnd - at;
  if (at === 0 || bytes[at - 1] !== quote) return -1;
  return scan.before(at - 1, BACKSLASH, MOST_SLASHES + 1) === slashes ? at : -1;
}

/** A name stands behind a bracket, a comma or at the start of a line; what stands in a sentence is a quotation. */
function isMemberHere(scan: Search, at: number, slashes: number): boolean {
  const { bytes } = scan;
  const least = Math.max(0, at - LONGEST_INDENT);
  let before = at - 1;
  while (before >= least) {
    const byte = bytes[before]!;
    if (byte === 123 || byte === 44 || byte === 91 || byte === 40) return true;
    if (byte === 10 || byte === 13) return true;
    // The sign of a difference.
    if (byte === 43 || byte === DASH) return before === 0 ? scan.isBeginning : bytes[before - 1] === 10;
    if (SPACE[byte] === 1) before--;
    else if (slashes > 0 && bytes[before - 1] === BACKSLASH && (byte === LETTER_N || byte === LETTER_R))
      return true;
    else if (slashes > 0 && bytes[before - 1] === BACKSLASH && byte === LETTER_T)
      before -= 1 + scan.before(before, BACKSLASH, MOST_SLASHES);
    else return false;
    scan.steps++;
  }
  return before < 0 ? scan.isBeginning : true;
}

type Value = {
  readonly at: number;
  readonly start: number;
  readonly quote: number;
  readonly slashes: number;
  readonly strength: Strength;
  readonly plural: boolean;
};

function value(scan: Search, { at, start, quote, slashes, strength, plural }: Value): number {
  const { bytes, end } = scan;
  const opened = slashesAt(scan, start, slashes);
  if (start + opened >= end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return at + 1;
  }
  const sign = bytes[start + opened]!;
  if (opened === 0 && (sign === 123 || sign === 91)) return within(scan, at, start, quote, slashes, strength);
  // Python prints either quote, whichever the value does not hold.
  const isQuoted = sign === quote || (slashes === 0 && (sign === QUOTE || sign === APOSTROPHE));
  // YAML may have its names in quotes, and their values without.
  if (opened === 0 && !isQuoted && strength !== null && ALNUM[sign] === 1 && bytes[at] === COLON)
    return token(scan, at, start, VALUE_END, "line", strength) ?? at + 1;
  // In a string an apostrophe has no backslash before it.
  const isYaml = opened === 0 && slashes > 0 && sign === APOSTROPHE && quote === QUOTE;
  if (isYaml && !plural) return value(scan, { at, start, quote: sign, slashes: 0, strength, plural });
  if (opened !== slashes || !isQuoted || plural) return at + 1;
  const from = start + opened + 1;
  const most = strength === "weak" ? 2 * LONGEST_KEY : Infinity;
  const close = closing(scan, from, sign, slashes, most);
  if (close >= 0) {
    const size = close - from;
    if (size > LONGEST_VALUE && strength === "strong") scan.found(from, close, "half");
    else if (size <= LONGEST_VALUE && isSecretValue(strength, meant(scan.text(from, close))))
      scan.found(from, close);
    else return at + 1;
    return close;
  }
  if (end - from > most) return at + 1;
  if (scan.isOver) {
    const came = scan.text(from, Math.min(end, from + LONGEST_VALUE));
    if (strength === "strong" ? came !== "" : isOpaque(meant(came))) scan.found(from, end, "half");
    return end;
  }
  if (strength === "strong" && end - from > LONGEST_VALUE) {
    scan.found(from, end, "half");
    scan.inside = { quote: sign, slashes };
  } else scan.wait(at, from, ENDS.get(sign)!);
  return at + 1;
}

function slashesAt(scan: Search, at: number, most: number): number {
  let n = 0;
  while (n < most && at + n < scan.end && scan.bytes[at + n] === BACKSLASH) n++;
  return n;
}

const ENDS = new Map([
  [QUOTE, chars(/"/)],
  [APOSTROPHE, chars(/'/)],
]);
