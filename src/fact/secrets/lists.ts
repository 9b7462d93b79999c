/** Lists and objects as the value of a credential's name. */
import { chars, COLON, SPACE } from "./chars.ts";
import { strengthOf, type Strength } from "./names.ts";
import { closing, meant } from "./quotes.ts";
import type { Search } from "./search.ts";
import { isOpaque, isSecretValue, LONGEST_KEY } from "./values.ts";

const BRACKETS = chars(/[\]}]/);

/** How far a list or an object is looked into as the value of a credential's name. */
const LONGEST_LIST = 16 * 1024;
const DEEPEST_LIST = 8;

/**
 * Strings of a list, and those members of an object that are called `value` or like a credential, or look like one. An
 * object may describe a credential instead of being one: a JSON Schema, a security scheme of OpenAPI.
 */
export function within(
  scan: Search,
  at: number,
  start: number,
  quote: number,
  slashes: number,
  strength: Strength,
): number {
  const { bytes, end } = scan;
  if (!scan.mayLookAhead) return start;
  const stack: number[] = [];
  let name: string | null = null;
  const found: [number, number][] = [];
  let place = start;
  const last = Math.min(end, start + LONGEST_LIST);
  while (place < last) {
    const byte = bytes[place]!;
    if (byte === 123 || byte === 91) {
      if (stack.length === DEEPEST_LIST) break;
      stack.push(byte);
      name = null;
    } else if (byte === 125 || byte === 93) {
      stack.pop();
      if (stack.length === 0) break;
      name = null;
    } else if (byte === 44) name = null;
    else if (byte === quote) {
      const from = place + 1;
      const close = closing(scan, from, quote, slashes);
      if (close < 0) {
        place = end;
        break;
      }
      const text = meant(scan.text(from, Math.min(close, from + LONGEST_KEY)));
      const next = scan.skip(close + slashes + 1, SPACE);
      const isName = stack.at(-1) === 123 && name === null;
      if (isName && bytes[next] === COLON) name = text;
      else if (isOneOfThem(stack, name, text, strength)) found.push([from, close]);
      place = close + slashes + 1;
      continue;
    }
    place++;
  }
  scan.lookedAhead(Math.min(place, last) - start);
  const isCut = stack.length > 0 && place >= end && end - start < LONGEST_LIST;
  if (isCut && !scan.isOver) scan.wait(at, start, BRACKETS);
  else for (const [from, close] of found) scan.foundEarly(from, close);
  return start;
}

function isOneOfThem(
  stack: readonly number[],
  name: string | null,
  text: string,
  strength: Strength,
): boolean {
  if (stack.length > 2) return false;
  if (name === null) return stack.length === 1 && isSecretValue(strength ?? "weak", text);
  if (isSecretValue(strengthOf(name, "member"), text)) return true;
  if (DESCRIBES.test(name)) return false;
  return strength === "strong" && /^(?:value|current|raw|plain|data)$/i.test(name)
    ? isSecretValue("strong", text)
    : isOpaque(text);
}

const DESCRIBES =
  /^(?:id|object|type|name|in|title|description|format|pattern|default|\$ref|.*url|.*_at|.*_id|version)$/i;
