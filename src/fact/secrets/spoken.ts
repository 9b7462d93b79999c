/**
 * Names in quotes with another sign than `:` behind them: `["x-api-key", "VALUE"]`, `define('API_KEY', 'VALUE')`,
 * `environ["API_KEY"] = "VALUE"`, and `PASSWORD 'VALUE'` of SQL.
 */
import { ANYTHING, APOSTROPHE, BACKSLASH, BLANK, QUOTE, SPACE, chars } from "./chars.ts";
import { mayEndAName } from "./name-ends.ts";
import { LONGEST_NAME, strengthOf, type Strength } from "./names.ts";
import { closing, meant, MOST_SLASHES } from "./quotes.ts";
import type { Search } from "./search.ts";
import { isGiven, isLikely, isOpaque, LONGEST_KEY } from "./values.ts";

const LONGEST_GAP = 64;
const CLOSES_INDEX = 93;
const QUOTES = chars(/["']/);

/** The comma at `at` stands behind a name in quotes: where to go on. Null where the next string is no credential. */
export function listed(scan: Search, at: number): number | null {
  const name = named(scan, at);
  if (name === null || strengthIn(name.text) === null) return null;
  return string(scan, at, name, (value) => isOpaque(value));
}

/** The `=` at `at` stands behind `["NAME"]`. */
export function subscript(scan: Search, at: number): number | null {
  const closed = at - scan.before(at, BLANK, 8);
  if (scan.bytes[closed - 1] !== CLOSES_INDEX) return null;
  const name = named(scan, closed - 1);
  if (name === null || strengthIn(name.text) === null) return null;
  return string(scan, at, name, isGiven);
}

/** The apostrophe at `at` opens what `PASSWORD` or `IDENTIFIED BY` say that it is. */
export function told(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  const before = scan.text(Math.max(0, at - 32), at);
  if (!SAYS.test(before)) return null;
  const close = closing(scan, at + 1, APOSTROPHE, 0, LONGEST_KEY);
  if (close < 0) {
    if (!scan.isOver && end - at <= LONGEST_KEY) scan.wait(at, at + 1, QUOTES);
    return null;
  }
  const value = scan.text(at + 1, close);
  if (!isLikely(value) || /\s/.test(value) || bytes[at + 1] === BACKSLASH) return null;
  scan.found(at + 1, close);
  return close;
}

const SAYS = /(?:^|\W)(?:password|identified by) $/i;

type Named = { readonly text: string; readonly quote: number; readonly slashes: number };

/** The string that ends at `at`, where it may be a name. */
function named(scan: Search, at: number): Named | null {
  const { bytes } = scan;
  const quote = bytes[at - 1]!;
  if (QUOTES[quote] === 0) return null;
  const slashes = scan.before(at - 1, BACKSLASH, MOST_SLASHES);
  const end = at - 1 - slashes;
  if (!mayEndAName(bytes, end)) return null;
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && NAME[bytes[start - 1]!] === 1) start--;
  scan.steps += end - start;
  return bytes[start - 1] === quote ? { text: scan.text(start, end), quote, slashes } : null;
}

const NAME = chars(/[\w.-]/);

function strengthIn(name: string): Strength {
  return strengthOf(name, /^[A-Z0-9_]+$/.test(name) ? "variable" : "header");
}

/** The string behind the sign at `at`, in quotes of the same depth. */
function string(
  scan: Search,
  at: number,
  { slashes }: Named,
  isOne: (value: string) => boolean,
): number | null {
  const { bytes, end } = scan;
  const opens = scan.skip(at + 1, SPACE);
  if (opens - at > LONGEST_GAP) return null;
  if (opens + slashes >= end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const quote = bytes[opens + slashes]!;
  if (QUOTES[quote] === 0 || scan.before(opens + slashes, BACKSLASH, slashes + 1) !== slashes) return null;
  const start = opens + slashes + 1;
  const close = closing(scan, start, quote, slashes, LONGEST_KEY);
  if (close < 0) {
    if (!scan.isOver && end - start <= LONGEST_KEY) scan.wait(at, start, quote === QUOTE ? DOUBLE : QUOTES);
    return null;
  }
  if (!isOne(meant(scan.text(start, close)))) return null;
  scan.found(start, close);
  return close;
}

const DOUBLE = chars(/"/);
