/** `scheme://user:password@host`: what stands before the host of an address, wherever the address stands. */
import { AT, BACKSLASH, COLON, DIGIT, RUN, SLASH, WORD, chars, ANYTHING } from "./chars.ts";
import { MOST_SLASHES } from "./quotes.ts";
import type { Search } from "./search.ts";
import { isMasked, isOpaque, isPlaceholder } from "./values.ts";

/** Nobody's user and password are longer together. */
const LONGEST_USER = 2048;

const USER_END = chars(/[\s"'<>\\/?#@`]/);
const HOST = chars(/[\w[-]/);

/** The colon at `at` is an address's: where to go on. Null when it is not. */
export function address(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  if (at === 0 || WORD[bytes[at - 1]!] === 0) return null;
  let start = at + 1;
  for (const _ of "//") {
    // As some write JSON: `https:\/\/`, and that in a string again.
    for (let n = 0; n < MOST_SLASHES && bytes[start] === BACKSLASH; n++) start++;
    if (start >= end && !scan.isOver) {
      scan.wait(at, end, ANYTHING);
      return at + 1;
    }
    if (start >= end || bytes[start] !== SLASH) return null;
    start++;
  }
  const stop = scan.until(start, USER_END);
  if (stop - start > LONGEST_USER) return stop;
  if (stop === end && !scan.isOver) {
    const colon = bytes.indexOf(COLON, start);
    scan.wait(at, colon < 0 || colon >= end ? start : colon + 1, USER_END);
    return stop;
  }
  // An @ that nothing follows ends a sentence about somebody.
  if (bytes[stop] !== AT || stop >= end) return start;
  if (stop + 1 < end && HOST[bytes[stop + 1]!] === 0) return start;
  const colon = bytes.indexOf(COLON, start);
  if (colon >= 0 && colon < stop) {
    const word = scan.text(colon + 1, stop);
    // What is at random in front of the colon is one too: some write a token there.
    if (isOpaque(scan.text(start, colon))) scan.found(start, colon);
    if (word !== "" && !isPlaceholder(word) && !isMasked(word)) scan.found(colon + 1, stop);
  } else if (isOpaque(scan.text(start, stop))) scan.found(start, stop);
  return stop;
}

/** Telegram's: `123456789:AA…`, in an address too. */
export function botToken(scan: Search, at: number): number | null {
  const digits = digitsBefore(scan, at);
  if (digits < 8 || digits > 10 || scan.bytes[at + 1] !== 65) return null;
  const stop = scan.skip(at + 1, RUN);
  if (stop === scan.end && !scan.isOver) {
    if (stop - at <= 64) scan.wait(at, at + 1, NOT_RUN);
    return null;
  }
  if (stop - at < 34 || stop - at > 48) return null;
  scan.found(at + 1, stop);
  return stop;
}

function digitsBefore(scan: Search, at: number): number {
  let n = 0;
  while (n < 12 && at - n > 0 && DIGIT[scan.bytes[at - n - 1]!] === 1) n++;
  scan.steps += n;
  return n;
}

const NOT_RUN = RUN.map((is) => 1 - is);
