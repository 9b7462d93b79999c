/** `scheme://user:password@host`: what stands before the host of an address, wherever the address stands. */
import { AT, COLON, SLASH, WORD, chars } from "./chars.ts";
import { ANYTHING, type Scan } from "./scan.ts";
import { isMasked, isOpaque, isPlaceholder } from "./values.ts";

/** Nobody's user and password are longer together. */
const LONGEST_USER = 2048;

const USER_END = chars(/[\s"'<>\\/?#@`]/);
const HOST = chars(/[\w[-]/);

/** The colon at `at` is an address's: where to go on. Null when it is not. */
export function address(scan: Scan, at: number): number | null {
  const { bytes, end } = scan;
  if (at === 0 || WORD[bytes[at - 1]!] === 0) return null;
  for (const ahead of [1, 2]) {
    if (at + ahead === end && !scan.isOver) {
      scan.wait(at, end, ANYTHING);
      return at + 1;
    }
    if (bytes[at + ahead] !== SLASH || at + ahead >= end) return null;
  }
  const start = at + 3;
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
    if (word !== "" && !isPlaceholder(word) && !isMasked(word)) scan.found(colon + 1, stop);
  } else if (isOpaque(scan.text(start, stop))) scan.found(start, stop);
  return stop;
}
