/**
 * `{"name": "X-Api-Key", "value": …}`: how lists of headers, cookies, tags and variables are written, with either of the
 * two first, and a few short members (`"type": "string"`) between them.
 */
import { ANYTHING, APOSTROPHE, BACKSLASH, chars, COMMA, QUOTE, SPACE } from "./chars.ts";
import { strengthOf, type Strength } from "./names.ts";
import { closing } from "./quotes.ts";
import type { Search } from "./search.ts";
import { LONGEST_KEY } from "./values.ts";

/** How far the one stands from the other: two names, a value and two short members with their indents. */
const FURTHEST = 192;

export function isValueName(name: string): boolean {
  return /^val(?:ue)?$/i.test(name);
}

/** What the member in front of the one that begins at `at` says that it is called. */
export function namedBefore(scan: Search, at: number): Strength {
  const text = scan.text(Math.max(0, at - FURTHEST), at);
  let named = -1;
  for (const { index } of text.matchAll(NAME)) named = index;
  const name = named < 0 ? undefined : BEFORE.exec(text.slice(named))?.[1];
  return name === undefined ? null : strengthOf(name, /^[A-Z0-9_]+$/.test(name) ? "variable" : "header");
}

/**
 * What the member behind the string at `start` says that it is called; the colon of the value's own name is at `at`.
 * `open` where that is still to come: then the search waits.
 */
export function namedBehind(scan: Search, at: number, start: number, slashes: number): Strength | "open" {
  const { bytes, end } = scan;
  const quote = bytes[start + slashes];
  if (start + slashes >= end) return scan.isOver ? null : wait(scan, at, end, ANYTHING);
  if ((quote !== QUOTE && quote !== APOSTROPHE) || scan.before(start + slashes, BACKSLASH, 64) !== slashes)
    return null;
  const from = start + slashes + 1;
  const close = closing(scan, from, quote, slashes, LONGEST_KEY);
  if (close < 0) return scan.isOver || end - from > LONGEST_KEY ? null : wait(scan, at, from, QUOTES);
  const behind = close + slashes + 1;
  const comma = scan.skip(behind, SPACE);
  if (comma < end && bytes[comma] !== COMMA) return null;
  const text = scan.text(behind, Math.min(end, behind + FURTHEST));
  const name = BEHIND.exec(text)?.[1];
  if (name !== undefined) return strengthBehind(name);
  const mayCome = !scan.isOver && text.length < FURTHEST && SO_FAR.test(text);
  return mayCome ? wait(scan, at, from, ENDS) : null;
}

function wait(scan: Search, at: number, from: number, until: Uint8Array): "open" {
  scan.wait(at, from, until);
  return "open";
}

/** A pair of a value and a name may be anything's: what only a header's name would say has to look like a credential. */
function strengthBehind(name: string): Strength {
  if (/^[A-Z0-9_]+$/.test(name)) return strengthOf(name, "variable");
  return strengthOf(name, "member") ?? (strengthOf(name, "header") === null ? null : "weak");
}

const QUOTES = chars(/["']/);
/** What ends a string, a member or the object. */
const ENDS = chars(/["',}\]]/);

const [SIGN, GAP] = [String.raw`\\{0,63}["']`, String.raw`[\s\\nrt]{0,64}`];
const SHORT = String.raw`${SIGN}\w{1,24}${SIGN}\s{0,8}:\s{0,8}(?:${SIGN}[^"'\\]{0,48}${SIGN}|[\w.]{1,16})\s{0,64},${GAP}`;
const SAID = String.raw`${SIGN}(?:name|key)${SIGN}\s{0,64}:\s{0,64}${SIGN}([\w-]{2,64})${SIGN}`;
const NAME = /["'](?:name|key)\\{0,63}["']\s{0,64}:/gi;
const BEFORE = new RegExp(String.raw`^${SAID}\s{0,64},${GAP}(?:${SHORT}){0,2}$`, "i");
const BEHIND = new RegExp(String.raw`^\s{0,64},${GAP}(?:${SHORT}){0,2}?${SAID}`, "i");
/** Nothing yet that would end the object or be longer than such a member. */
const SO_FAR = /^\s*(?:$|,[^{}[\]]*$)/;
