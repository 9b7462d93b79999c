/**
 * How deep JSON may nest to be taken as a value. Writing a value and walking over it go down the stack, level by level:
 * 200 KB of brackets end it. What nests deeper is text like any other, and whoever says so looks here first.
 */

/** APIs nest some tens of levels, schemas that people write under a hundred; the stack of a thread ends at 20,000. */
export const DEEPEST = 500;

/** A file of ours wraps what was said in some levels of its own; older files may hold what was deeper. */
export const DEEPEST_IN_FILES = 2_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = [0x5b, 0x7b];
const CLOSED = [0x5d, 0x7d];

/**
 * Whether JSON text nests deeper than that, found without a stack in one pass: a nanosecond a character, strings are
 * passed over. Of what is not JSON it says something or other.
 */
export function isTooDeep(text: string, most: number = DEEPEST): boolean {
  // Each level is opened and closed; of a text that was cut off somewhere only opened.
  if (text.length <= most) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
      if (at < 0) return false;
    } else if (char === OPEN[0] || char === OPEN[1]) {
      depth++;
      if (depth > most) return true;
    } else if (depth > 0 && (char === CLOSED[0] || char === CLOSED[1])) depth--;
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

/** The value, or undefined when the text is not JSON or nests too deep. */
export function parseWithin(text: string, most: number = DEEPEST): unknown {
  if (isTooDeep(text, most)) return undefined;
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
