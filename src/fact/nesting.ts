/**
 * How deep JSON may nest, and of how many values it may be, to be taken as a value. Writing a value and walking over it
 * go down the stack, level by level: 200 KB of brackets end it. And each value takes many times the memory of the two
 * bytes that it may be written in: 100 MB of `{},` took 5 GB and half a minute. What is more is text like any other, and
 * whoever takes JSON for a value looks here first.
 */

/** APIs nest some tens of levels, schemas that people write under a hundred; the stack of a thread ends at 20,000. */
export const DEEPEST = 500;

/**
 * Objects, lists, and what stands in them. The longest embeddings that fit into a body have some two millions; what an
 * agent says in a turn has some ten thousands.
 */
export const MOST_VALUES = 2_000_000;

/** A file of ours wraps what was said in some levels of its own; older files may hold what was deeper. */
export const DEEPEST_IN_FILES = 2_000;

/** A line of a session is a message in an envelope, and its readers walk through it as it is. */
export const DEEPEST_IN_LINES = DEEPEST + 10;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = [0x5b, 0x7b];
const CLOSED = [0x5d, 0x7d];
const [COMMA, COLON] = [0x2c, 0x3a];

/**
 * Whether JSON text nests deeper than that, or holds more values, found without a stack in one pass: a nanosecond a
 * character, strings are passed over. Of what is not JSON it says something or other.
 */
export function isTooMuch(text: string, most: number = DEEPEST, mostValues: number = MOST_VALUES): boolean {
  // Each level is opened and closed; of a text that was cut off somewhere only opened.
  if (text.length <= most) return false;
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
      if (at < 0) return false;
    } else if (char === OPEN[0] || char === OPEN[1]) {
      depth++;
      values++;
      if (depth > most || values > mostValues) return true;
    } else if (char === CLOSED[0] || char === CLOSED[1]) {
      if (depth > 0) depth--;
    } else if (char === COMMA || char === COLON) {
      values++;
      if (values > mostValues) return true;
    }
  }
  return false;
}

/** Where the string that begins here ends; -1 when it does not. Each backslash is looked at once. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}

/** The value, or undefined when the text is not JSON or too much. */
export function parseWithin(text: string, most: number = DEEPEST): unknown {
  if (isTooMuch(text, most)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a value nests deeper than that, found without a stack. */
export function isDeepValue(value: unknown, most: number = DEEPEST): boolean {
  let level = [value].filter(isNested);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((one) => Object.values(one).filter(isNested));
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
