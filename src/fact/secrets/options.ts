/** `--api-key VALUE` and `-ApiKey VALUE` within a text: a command that somebody pasted, the arguments of a program as a list of JSON. */
import { APOSTROPHE, BACKSLASH, BLANK, chars, DASH, QUOTE, SPACE, VALUE_END, ANYTHING } from "./chars.ts";
import { mayEndAName } from "./name-ends.ts";
import { strengthOf } from "./names.ts";
import { userOption } from "./short-options.ts";
import { closing, meant, MOST_SLASHES } from "./quotes.ts";
import type { Search } from "./search.ts";
import { isGiven, isLikely, LONGEST_KEY } from "./values.ts";

const OPTION = chars(/[\w-]/);
const LETTER = chars(/[A-Za-z]/);
const LONGEST_OPTION = 64;
/** Between an option and its value: in a list that is printed, a line break and its indent. */
const LONGEST_GAP = 128;

/** The dash at `at` is the second of an option that takes a credential: where to go on. Null when it is not. */
export function option(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  if (at === 0 || bytes[at - 1] !== DASH) return null;
  const front = at > 1 ? bytes[at - 2]! : 10;
  const isFree = SPACE[front] === 1 || front === QUOTE || front === 39 || front === 96;
  if (!isFree && !(front === 110 && bytes[at - 3] === BACKSLASH)) return null;
  const nameEnd = scan.skip(at + 1, OPTION);
  if (nameEnd - at > LONGEST_OPTION) return null;
  if (nameEnd === end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  if (!mayEndAName(bytes, nameEnd)) return userOption(scan, at, nameEnd);
  const strength = nameEnd > at + 1 ? strengthOf(scan.text(at + 1, nameEnd), "option") : null;
  if (strength === null) return null;
  if (bytes[nameEnd] === BLANK) return behindBlank(scan, at, nameEnd);
  return front === QUOTE ? inList(scan, at, nameEnd) : null;
}

/** A first look: one dash and a letter behind a blank, as in `-Token VALUE` of PowerShell, .NET, Java and Go. */
export function maySwitch(bytes: Uint8Array, at: number): boolean {
  const front = bytes[at - 1];
  return (front === BLANK || front === QUOTE || front === APOSTROPHE) && LETTER[bytes[at + 1]!] === 1;
}

/** The dash at `at` is the only one of a switch that takes a credential: where to go on. Null when it is not. */
export function switched(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  if (at + 1 === end && bytes[at - 1] === BLANK && !scan.isOver) {
    scan.wait(at, end, ANYTHING);
    return null;
  }
  if (!maySwitch(bytes, at)) return null;
  const nameEnd = scan.skip(at + 1, OPTION);
  if (nameEnd - at > LONGEST_OPTION) return null;
  if (nameEnd === end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  if (!mayEndAName(bytes, nameEnd) || bytes[nameEnd] !== BLANK) return null;
  return strengthOf(scan.text(at + 1, nameEnd), "option") === null ? null : behindBlank(scan, at, nameEnd);
}

function behindBlank(scan: Search, at: number, nameEnd: number): number | null {
  const { bytes, end } = scan;
  const start = scan.skip(nameEnd, BLANKS);
  const opens = bytes[start] === 39 || bytes[start] === QUOTE ? 1 : 0;
  const stop = scan.until(start + opens, VALUE_END);
  if (stop === end && !scan.isOver && stop - start <= LONGEST_KEY) {
    scan.wait(at, start, VALUE_END);
    return null;
  }
  if (stop - start > LONGEST_KEY) return null;
  const value = scan.text(start + opens, stop);
  if (value.startsWith("-") || !isLikely(value)) return null;
  scan.found(start + opens, stop);
  return stop;
}

const BLANKS = chars(/ /);

/** `"--api-key", "VALUE"`, in any depth of quoting, also as the lines of a difference. */
function inList(scan: Search, at: number, nameEnd: number): number | null {
  const { bytes, end } = scan;
  let slashes = 0;
  while (slashes < MOST_SLASHES && bytes[nameEnd + slashes] === BACKSLASH) slashes++;
  if (nameEnd + slashes >= end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  if (bytes[nameEnd + slashes] !== QUOTE) return null;
  const gap = scan.text(nameEnd + slashes + 1, Math.min(end, nameEnd + slashes + 1 + LONGEST_GAP));
  const between = /^\s*,(?:\s|\\[nrt])*[+-]?(?:\s|\\[nrt])*/.exec(gap);
  if (!between || between[0].length === gap.length) {
    const mayGoOn = nameEnd + slashes + 1 + gap.length === end && /^\s*,?[\s\\nrt+-]*$/.test(gap);
    if (mayGoOn && gap.length < LONGEST_GAP && !scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const start = nameEnd + slashes + 1 + between[0].length + slashes + 1;
  if (start > end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  if (bytes[start - 1] !== QUOTE) return null;
  const close = closing(scan, start, QUOTE, slashes, 2 * LONGEST_KEY);
  if (close < 0) {
    if (!scan.isOver && end - start <= 2 * LONGEST_KEY) scan.wait(at, start, QUOTES);
    return null;
  }
  const value = meant(scan.text(start, close));
  if (value.startsWith("-") || !isGiven(value)) return null;
  scan.found(start, close);
  return close;
}

const QUOTES = chars(/"/);
