/** Kinds of bytes, by which names and values are told from what stands around them. ASCII only: no credential has more. */

export type Chars = Uint8Array;

/** All of ASCII in its order, and a sign that is none of it. */
const ASCII = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte)).join("");
const NO_ASCII = "\u0100";

/** The bytes that a pattern of one sign fits: found with one call, since both threads make all of these at each start. */
export function chars(pattern: RegExp): Chars {
  const marked = ASCII.replace(new RegExp(pattern, `${pattern.flags}g`), NO_ASCII);
  const found = new Uint8Array(256);
  for (let byte = 0; byte < ASCII.length; byte++) if (marked[byte] === NO_ASCII) found[byte] = 1;
  return found;
}

/** A colour of a terminal ends a value too. */
function withEscape(some: Chars): Chars {
  some[ESCAPE] = 1;
  return some;
}

export const ESCAPE = 27;

/** Whatever comes next. */
export const ANYTHING: Chars = new Uint8Array(256).fill(1);

export const DIGIT = chars(/\d/);
export const ALNUM = chars(/[A-Za-z0-9]/);
export const WORD = chars(/\w/);
export const SPACE = chars(/\s/);
/** What keys are made of. */
export const RUN = chars(/[\w-]/);
/** What names without quotes are made of; `%` as in `api%5Fkey`. */
export const NAME = chars(/[\w.%-]/);

/** What ends a value that has no quotes around it. */
export const VALUE_END = withEscape(chars(/[\s"'`<>\\&#;,(){}[\]|]/));
/** In an address that is known to be one there is no code and no prose. */
export const PARAMETER_END = chars(/[\s"<>&#;]/);
/** What ends a line of a header: in JSON the line break and the quote have a backslash before them. */
export const LINE_END = withEscape(chars(/[\r\n"'`\\]/));

export const [TAB, LF, CR, BLANK] = [9, 10, 13, 32];
export const [QUOTE, APOSTROPHE, BACKSLASH, COLON, EQUALS, AMPERSAND, DASH, SLASH, AT, PERCENT, COMMA] = [
  34, 39, 92, 58, 61, 38, 45, 47, 64, 37, 44,
];

export const [SEMICOLON, CLOSES_TAG, B] = [59, 62, 66];

const utf8 = new TextDecoder();

/** What these bytes say. For short stretches only. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 127) return utf8.decode(bytes.subarray(start, end));
    text += SIGNS[byte]!;
  }
  return text;
}

const SIGNS = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
