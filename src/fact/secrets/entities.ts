/**
 * What HTML writes for quotes and brackets (HTML 13.1.4): `&quot;api_key&quot;:&quot;VALUE&quot;`, `password=&quot;VALUE&quot;`,
 * `&lt;apiKey&gt;VALUE&lt;/apiKey&gt;`, as pages show JSON and XML, and as errors say them again.
 */
import { AMPERSAND, ANYTHING, chars, SPACE } from "./chars.ts";
import { mayEndAName } from "./name-ends.ts";
import { LONGEST_NAME, strengthOf } from "./names.ts";
import type { Search } from "./search.ts";
import { isSecretValue, LONGEST_KEY } from "./values.ts";

const SEMICOLON = 59;
const LONGEST_GAP = 16;
/** `&amp;amp;quot;`: escaped three times. */
const LONGEST_ENTITY = 16;

/** A first look: `&quot;` or the like ends in front of `at`, and a name may end in front of that. */
export function mayEndAnEntity(bytes: Uint8Array, at: number): boolean {
  if (bytes[at - 1] !== SEMICOLON) return false;
  const least = Math.max(0, at - LONGEST_ENTITY);
  let from = at - 1;
  while (from > least && (bytes[from] !== AMPERSAND || isAgain(bytes, from))) from--;
  return bytes[from] === AMPERSAND && mayEndAName(bytes, from);
}

/** `amp;` of `&amp;quot;` stands in front of its own `&`, where it is one. */
function isAgain(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 1] === SEMICOLON;
}

/** The colon at `at` stands behind a name in such quotes: where to go on. Null where it does not. */
export function entityMember(scan: Search, at: number): number | null {
  if (!mayEndAnEntity(scan.bytes, at)) return null;
  const before = scan.text(Math.max(0, at - LONGEST_NAME - 2 * LONGEST_ENTITY), at);
  const [, quote, name] = NAMED.exec(before) ?? [];
  if (quote === undefined || name === undefined) return null;
  const strength = strengthOf(name, "member");
  if (strength === null) return null;
  const opens = scan.skip(at + 1, SPACE);
  return opens - at > LONGEST_GAP
    ? null
    : inEntities(scan, at, opens, (value) => isSecretValue(strength, value));
}

const ENTITY = "&(?:amp;){0,2}(?:quot|apos|#34|#39|#x22|#x27);";
const NAMED = new RegExp(`(${ENTITY})([\\w.-]{2,64})\\1\\s{0,8}$`, "i");
const OPENS = new RegExp(`^${ENTITY}`, "i");

/** The value in such quotes that begins at `opens`, behind the sign at `at`. Null where there is none, or it is none. */
export function inEntities(
  scan: Search,
  at: number,
  opens: number,
  isOne: (value: string) => boolean,
): number | null {
  const { end, isOver } = scan;
  const seen = scan.text(opens, Math.min(end, opens + LONGEST_ENTITY));
  const quote = OPENS.exec(seen)?.[0];
  if (quote === undefined) {
    if (opens + seen.length === end && seen.length < LONGEST_ENTITY && SO_FAR.test(seen) && !isOver)
      scan.wait(at, end, ANYTHING);
    return null;
  }
  const start = opens + quote.length;
  let stop = scan.until(start, MAY_CLOSE);
  while (stop < end && stop - start <= LONGEST_KEY) {
    const closes = scan.text(stop, Math.min(end, stop + quote.length));
    if (closes === quote) {
      if (!isOne(scan.text(start, stop))) return null;
      scan.found(start, stop);
      return stop;
    }
    if (!isOver && quote.startsWith(closes)) break;
    stop = scan.until(stop + 1, MAY_CLOSE);
  }
  if (!isOver && stop - start <= LONGEST_KEY) scan.wait(at, start, ANYTHING);
  return null;
}

const SO_FAR = /^(?:&[\w#;]*)?$/;
const MAY_CLOSE = chars(/&/);

/** A first look: `&gt;` ends at `at`, and what may be a name in front of it. */
export function mayCloseATag(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at - 1] === 116 &&
    bytes[at - 2] === 103 &&
    bytes[at - 3] === AMPERSAND &&
    mayEndAName(bytes, at - 3)
  );
}

/** The `;` at `at` ends a tag that is written so: where to go on. */
export function entityElement(scan: Search, at: number): number | null {
  const { end } = scan;
  const before = scan.text(Math.max(0, at - LONGEST_NAME), at + 1);
  const name = TAG.exec(before)?.[1];
  if (name === undefined) return null;
  const strength = strengthOf(name, "member");
  if (strength === null) return null;
  const stop = scan.until(at + 1, VALUE_END);
  if (stop + CLOSES.length > end && !scan.isOver && stop - at <= LONGEST_KEY) {
    scan.wait(at, at + 1, ANYTHING);
    return null;
  }
  const isElement = scan.text(stop, Math.min(end, stop + CLOSES.length)) === CLOSES;
  if (!isElement || stop - at > LONGEST_KEY || !isSecretValue(strength, scan.text(at + 1, stop))) return null;
  scan.found(at + 1, stop);
  return stop;
}

const TAG = /&lt;(?:[\w-]{1,32}:)?([\w.-]{2,64})&gt;$/;
const CLOSES = "&lt;/";
const VALUE_END = chars(/[\s<>"&\\]/);
