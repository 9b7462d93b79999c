/**
 * Colours of a terminal (ECMA-48 8.3.117) between a name, its sign and its value: what runs behind a pipe writes them
 * all the same. As they are, or as JSON writes them: `\\u001b[32m`, and that in a string again.
 */
import { BACKSLASH, DIGIT, ESCAPE, textOf } from "./chars.ts";
import { MOST_SLASHES } from "./quotes.ts";

const [OPENS, SEMICOLON, M] = [91, 59, 109];
/** `38;2;255;255;255` */
const LONGEST_NUMBERS = 20;
const WRITTEN = "u001b";
const NUMBERS = /^(?:$|\[[\d;]*$)/;
const WRITTEN_NUMBERS = /^\\+(?:$|u$|u0$|u00$|u001$|u001b(?:$|\[[\d;]*$))/i;

/** How long the colours are that end at `at`. */
export function coloursBefore(bytes: Uint8Array, at: number): number {
  let from = at;
  for (let size = one(bytes, from); size > 0; size = one(bytes, from)) from -= size;
  return at - from;
}

function one(bytes: Uint8Array, at: number): number {
  if (bytes[at - 1] !== M) return 0;
  let start = at - 1;
  while (start > 0 && at - start < LONGEST_NUMBERS && isNumbers(bytes[start - 1]!)) start--;
  if (bytes[start - 1] !== OPENS) return 0;
  start--;
  if (bytes[start - 1] === ESCAPE) return at - start + 1;
  for (let n = 0; n < WRITTEN.length; n++)
    if ((bytes[start - 1 - n]! | 32) !== (WRITTEN.charCodeAt(WRITTEN.length - 1 - n) | 32)) return 0;
  start -= WRITTEN.length;
  let slashes = 0;
  while (slashes <= MOST_SLASHES && bytes[start - 1 - slashes] === BACKSLASH) slashes++;
  return slashes === 0 ? 0 : at - start + slashes;
}

/** How long the colours are that begin at `at`. */
export function coloursBehind(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== ESCAPE && bytes[at] !== BACKSLASH) return 0;
  const last = Math.min(end, at + MOST_SLASHES + LONGEST_NUMBERS);
  for (let stop = at + 3; stop <= last; stop++) {
    if (bytes[stop - 1] !== M) continue;
    const size = one(bytes, stop);
    return size === stop - at ? size + coloursBehind(bytes, stop, end) : 0;
  }
  return 0;
}

function isNumbers(byte: number): boolean {
  return DIGIT[byte] === 1 || byte === SEMICOLON;
}

/** A colour may begin here of which not all has come. */
export function mayBecomeColours(bytes: Uint8Array, at: number, end: number): boolean {
  if ((bytes[at] !== ESCAPE && bytes[at] !== BACKSLASH) || end - at > MOST_SLASHES + LONGEST_NUMBERS)
    return false;
  const text = textOf(bytes, bytes[at] === ESCAPE ? at + 1 : at, end);
  return (bytes[at] === ESCAPE ? NUMBERS : WRITTEN_NUMBERS).test(text);
}
