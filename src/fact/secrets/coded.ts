/**
 * `payload=%7B%22token%22%3A…`, `next=https%3A%2F%2F…`: JSON as the value of a parameter, as Slack and others send their
 * forms, and an address within an address.
 */
import { chars, PERCENT } from "./chars.ts";
import type { Search } from "./search.ts";
import { LONGEST_VALUE } from "./values.ts";

const [TWO, FIVE, SEVEN, LETTER_B] = [50, 53, 55, 98];
const VALUE_END = chars(/[\s"'<>&#;\\]/);

/** A first look: `=%7B`, `=%5B` or `=http`, as far as it has come. */
export function isCoded(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at + 1] === HTTP[0]) return isHttp(bytes, at + 1, end);
  if (at + 1 < end && bytes[at + 1] !== PERCENT) return false;
  let sign = at + 2;
  // Coded again: `%257B`.
  for (let n = 1; n < DEEPEST && bytes[sign] === TWO && bytes[sign + 1] === FIVE && sign + 1 < end; n++)
    sign += 2;
  if (sign < end && bytes[sign] !== SEVEN && bytes[sign] !== FIVE && bytes[sign] !== TWO) return false;
  return sign + 1 >= end || (bytes[sign + 1]! | 32) === LETTER_B;
}

function isHttp(bytes: Uint8Array, at: number, end: number): boolean {
  for (let n = 0; n < HTTP.length && at + n < end; n++) if (bytes[at + n] !== HTTP[n]) return false;
  return true;
}

const HTTP = [..."http"].map((sign) => sign.charCodeAt(0));
const ADDRESS = /^https?%(?:25){0,2}3a/i;
const JSON_AGAIN = /^%(?:25){0,2}[57]b/i;
/** As far as it has come. */
const LONGEST_SCHEME = 12;
/** An address within an address within one. */
const DEEPEST = 3;

/** The `=` at `at` stands before it: where to go on. Null where it is none. All of it is masked where it holds a credential. */
export function coded(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  if (!isCoded(bytes, at, end)) return null;
  const start = at + 1;
  const isAddress = bytes[start] === HTTP[0];
  if (isAddress && !ADDRESS.test(scan.text(start, Math.min(end, start + LONGEST_SCHEME)))) {
    if (end - start < LONGEST_SCHEME && !scan.isOver) scan.wait(at, start, VALUE_END);
    return null;
  }
  const stop = scan.until(start, VALUE_END);
  if (stop === end && !scan.isOver && stop - start <= LONGEST_VALUE) {
    scan.wait(at, start, VALUE_END);
    return stop;
  }
  if (stop - start < 4) return null;
  // What it means holds all that stands in it: it is looked through once, and passed over.
  let said = meant(scan.text(start, stop));
  for (let n = 1; n < DEEPEST && (ADDRESS.test(said) || JSON_AGAIN.test(said)); n++) said = meant(said);
  if (scan.holdsOne(said)) scan.found(start, stop);
  return stop;
}

/** Also where a part of it is no code. */
function meant(text: string): string {
  const plain = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}
