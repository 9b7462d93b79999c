/** `payload=%7B%22token%22%3A…`: JSON as the value of a parameter, as Slack and others send their forms. */
import { chars, PERCENT } from "./chars.ts";
import type { Scan } from "./scan.ts";
import { LONGEST_VALUE } from "./values.ts";

const [FIVE, SEVEN, LETTER_B] = [53, 55, 98];
const VALUE_END = chars(/[\s"'<>&#;]/);

/** A first look: `=%7B` or `=%5B`, as far as it has come. */
export function isCoded(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 1 < end && bytes[at + 1] !== PERCENT) return false;
  if (at + 2 < end && bytes[at + 2] !== SEVEN && bytes[at + 2] !== FIVE) return false;
  return at + 3 >= end || (bytes[at + 3]! | 32) === LETTER_B;
}

/** The `=` at `at` stands before it: where to go on. Null where it is none. All of it is masked where it holds a credential. */
export function coded(scan: Scan, at: number): number | null {
  const { bytes, end } = scan;
  if (!isCoded(bytes, at, end)) return null;
  const start = at + 1;
  const stop = scan.until(start, VALUE_END);
  if (stop === end && !scan.isOver && stop - start <= LONGEST_VALUE) {
    scan.wait(at, start, VALUE_END);
    return stop;
  }
  if (stop - start < 4) return null;
  // What it means holds all that stands in it: it is looked through once, and passed over.
  if (scan.holdsOne(meant(scan.text(start, stop)))) scan.found(start, stop);
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
