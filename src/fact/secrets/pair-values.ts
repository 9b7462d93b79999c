/** The value of a pair without quotes around its name: how far it goes, and whether it is a credential. */
import {
  AMPERSAND,
  APOSTROPHE,
  BACKSLASH,
  BLANK,
  chars,
  COLON,
  EQUALS,
  LINE_END,
  PARAMETER_END,
  QUOTE,
  VALUE_END,
  type Chars,
  ANYTHING,
} from "./chars.ts";
import { below } from "./below.ts";
import { coloursBehind, mayBecomeColours } from "./colours.ts";
import { inEntities } from "./entities.ts";
import type { Strength } from "./names.ts";
import { closing, meant, MOST_SLASHES } from "./quotes.ts";
import type { Search } from "./search.ts";
import {
  isGiven,
  isLikely,
  isMasked,
  isOpaque,
  isPlaceholder,
  isSecretValue,
  LONGEST_KEY,
  SCHEME,
  withoutScheme,
  LONGEST_VALUE,
} from "./values.ts";

/** What kind of pair it is, which says how certain it has to look. */
export type Pair = "parameter" | "form" | "variable" | "option" | "header" | "line" | "code";

/** Where to go on behind the value; null where it is no credential, or not known yet. */
export function valueOf(
  scan: Search,
  at: number,
  kind: Pair,
  strength: Strength,
  name: string,
): number | null {
  const { bytes, end } = scan;
  let start = at + (bytes[at] === EQUALS && bytes[at + 1] === GREATER ? 2 : 1);
  // `A= B=1` sets A to nothing.
  const isSpaced = bytes[at] !== EQUALS || bytes[at - 1] === BLANK || start === at + 2;
  const isText = kind !== "parameter" && kind !== "form";
  if (isSpaced && isText) start = scan.skip(start, BLANKS);
  if (start - at > 16) return null;
  if (isText) start += coloursBehind(bytes, start, end);
  if (isText && !scan.isOver && mayGoOnAsMark(scan, start, bytes[at] !== EQUALS)) {
    scan.wait(at, start, ANYTHING);
    return null;
  }
  if (isSpaced && isText && bytes[at] !== EQUALS) start = behindMarks(scan, behindEmphasis(scan, start));
  if (bytes[at] === COLON && isText && kind !== "option") {
    const value = below(scan, at, start, strength);
    if (value !== null || scan.open !== null) return value;
  }
  const slashes = kind === "form" ? 0 : slashesAt(scan, start);
  if (start + slashes >= end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const sign = bytes[start + slashes]!;
  if (sign === AMPERSAND && slashes === 0 && isText)
    return inEntities(scan, at, start, (value) => isOne(kind, strength, value));
  if (kind !== "form" && kind !== "parameter" && (sign === QUOTE || sign === APOSTROPHE || sign === 96))
    return quoted(scan, at, start + slashes + 1, sign, slashes, kind, strength);
  if (kind === "header" && /^(?:proxy-)?authorization$|cookie$/i.test(name))
    return header(scan, at, start, name);
  const wrapped = kind === "form" || kind === "parameter" ? null : wrapper(scan, at, start);
  if (wrapped === "open") return null;
  if (wrapped !== null) return quoted(scan, at, wrapped.start, wrapped.sign, wrapped.slashes, kind, strength);
  const ends = ENDS[kind] ?? (scan.kind === "parameters" ? PARAMETER_END : VALUE_END);
  return token(scan, at, start, ends, kind, strength);
}

/** `**API key:** VALUE`, as models write it. */
function behindEmphasis(scan: Search, start: number): number {
  const stars = scan.skip(start, STARS);
  return stars - start === 2 ? scan.skip(stars, BLANKS) : start;
}

/**
 * YAML's tag or anchor in front of a value (1.2.2, 6.9), and the sign of a block (8.1) with the indent of its first line,
 * in which a credential stands alone.
 */
function behindMarks(scan: Search, start: number): number {
  const first = scan.bytes[start];
  if (first !== 33 && first !== 38 && first !== 124 && first !== 62) return start;
  const text = scan.text(start, Math.min(scan.end, start + LONGEST_MARKS));
  return start + (MARKS.exec(text)?.[0].length ?? 0);
}

/** A colour, or a mark, of which not all has come. */
function mayGoOnAsMark({ bytes, end }: Search, start: number, isYaml: boolean): boolean {
  if (mayBecomeColours(bytes, start, end)) return true;
  const first = bytes[start];
  return (
    isYaml && end - start < LONGEST_MARKS && (first === 33 || first === 38 || first === 124 || first === 62)
  );
}

const LONGEST_MARKS = 96;
const MARKS =
  /^(?:(?:!{1,2}[\w/.-]{0,32}|&[\w-]{1,32}) {1,4}){0,2}(?:[|>][+-]?\d?[+-]?(?:\s|\\{1,63}[nr]){1,32})?/;

/** `Some("…")`, `SecretStr('…')`: how Rust and Python print what holds a value. A call's argument is a name. */
function wrapper(
  scan: Search,
  at: number,
  start: number,
): { start: number; sign: number; slashes: number } | "open" | null {
  if (scan.bytes[start] !== LETTER_S) return null;
  const text = scan.text(start, Math.min(scan.end, start + LONGEST_WRAPPER));
  const found = WRAPPER.exec(text);
  if (found) {
    const opens = start + found[0].length;
    return { start: opens, sign: scan.bytes[opens - 1]!, slashes: found[1]!.length };
  }
  if (scan.isOver || text.length === LONGEST_WRAPPER || !WRAPPER_SO_FAR.test(text)) return null;
  scan.wait(at, start, ANYTHING);
  return "open";
}

const LETTER_S = 83;
const LONGEST_WRAPPER = 32;
const WRAPPER = /^(?:Some|SecretStr|SecretString|Secret)\((\\{0,8})["']/;
const WRAPPER_SO_FAR =
  /^(?:S(?:o(?:me?)?|e(?:c(?:r(?:e(?:t(?:S(?:t(?:r(?:i(?:ng?)?)?)?)?)?)?)?)?)?)?)\(?\\*$/;

const GREATER = 62;
const BLANKS = chars(/[ \t]/);
const STARS = chars(/\*/);
const FORM_END = chars(/&/);
const ENDS: { readonly [kind in Pair]?: Chars } = { form: FORM_END, header: chars(/[\s"'`<>\\,;]/) };

function slashesAt(scan: Search, at: number): number {
  let n = 0;
  while (n < MOST_SLASHES && at + n < scan.end && scan.bytes[at + n] === BACKSLASH) n++;
  return n;
}

function quoted(
  scan: Search,
  at: number,
  start: number,
  sign: number,
  slashes: number,
  kind: Pair,
  strength: Strength,
): number | null {
  // Python's and TOML's: three of them.
  if (slashes === 0 && scan.bytes[start] === sign && start < scan.end) {
    if (start + 1 >= scan.end && !scan.isOver) {
      scan.wait(at, start, ANYTHING);
      return null;
    }
    if (scan.bytes[start + 1] === sign) start += 2;
  }
  const close = closing(scan, start, sign, slashes, 2 * LONGEST_KEY);
  if (close < 0) {
    if (scan.end - start > 2 * LONGEST_KEY) return null;
    if (!scan.isOver) scan.wait(at, start, QUOTES);
    else if (strength === "strong" && isLikely(scan.text(start, scan.end)))
      scan.found(start, scan.end, "half");
    return null;
  }
  const text = meant(scan.text(start, close));
  // `name=` stands at the end of one string, and this quote opens the next.
  if (/[\n,]/.test(text) || !isOne(kind, strength, text)) return null;
  scan.found(start, close);
  return close;
}

const QUOTES = chars(/["'`]/);

/** A value without quotes. */
export function token(
  scan: Search,
  at: number,
  start: number,
  ends: Chars,
  kind: Pair,
  strength: Strength,
): number | null {
  const stop = scan.until(start, ends);
  const size = stop - start;
  if (stop === scan.end && !scan.isOver && size <= LONGEST_VALUE) {
    scan.wait(at, start, ends);
    return stop;
  }
  if (size > LONGEST_KEY) {
    if (kind === "form" && strength === "strong") scan.found(start, stop, "half");
    if (kind === "form" && strength === "strong" && stop === scan.end)
      scan.inside = { quote: AMPERSAND, slashes: 0 };
    return stop;
  }
  const text = scan.text(start, stop);
  // A call, an index: what stands here is code.
  const isCode =
    kind !== "form" && kind !== "parameter" && /[([{]/.test(String.fromCharCode(scan.bytes[stop] ?? 0));
  if (stop < scan.end && isCode) return null;
  const trimmed = kind === "form" || kind === "parameter" ? text : text.replace(/[.:!?]+$/, "");
  const isAlone = kind === "header" && (stop === scan.end || LINE_END[scan.bytes[stop]!] === 1);
  if (!isOne(kind, strength, trimmed) && !(isAlone && isGiven(trimmed))) return null;
  if (isMaskHere(scan, start, stop)) return null;
  if (kind === "parameter" && scan.kind === "text" && trimmed.length < 4) return null;
  scan.found(start, start + trimmed.length);
  return start + trimmed.length;
}

/** The `#` of a mask ends a parameter. */
function isMaskHere(scan: Search, start: number, stop: number): boolean {
  return scan.bytes[stop] === 35 && isMasked(scan.text(start, Math.min(scan.end, stop + 9)));
}

function isOne(kind: Pair, strength: Strength, text: string): boolean {
  const value = kind === "form" || kind === "parameter" ? decoded(text.replaceAll("+", " ")) : text;
  if (text === "" || isMasked(text) || isPlaceholder(value)) return false;
  switch (kind) {
    case "parameter":
    case "form":
      return isSecretValue(strength, strength === "weak" ? decoded(text) : value);
    case "variable":
    case "option":
      return strength === "weak" ? isLikely(text) : isGiven(withoutScheme(text));
    case "header":
      return isLikely(text) || (text.length >= 16 && isGiven(text));
    case "line":
      return strength === "weak"
        ? isOpaque(text)
        : isLikely(text) || /^(?=.*\d)(?=.*[a-z])[\w!@#$%^*+-]{6,7}$/i.test(text);
    case "code":
      return strength === "weak" ? isOpaque(text) : isLikely(text);
    default:
      return kind satisfies never;
  }
}

/** `Authorization: Bearer …`, `Cookie: a=…; b=…` within a text: to the end of the line or of the quotes. */
function header(scan: Search, at: number, start: number, name: string): number | null {
  let stop = scan.until(start, LINE_END);
  const mayBeQuoted = scan.end - stop < LONGEST_QUOTED && scan.bytes[stop - 1] === EQUALS;
  if ((stop === scan.end || mayBeQuoted) && !scan.isOver && stop - start <= LONGEST_KEY) {
    scan.wait(at, start, mayBeQuoted ? ANYTHING : LINE_END);
    return stop;
  }
  const isCookie = /cookie$/i.test(name);
  if (isCookie && scan.bytes[stop - 1] === EQUALS) stop = behindQuotes(scan, stop);
  const line = scan.text(start, Math.min(stop, start + LONGEST_KEY));
  const scheme = SCHEME.exec(line)?.[0].length ?? 0;
  const isSigned = scheme > 0 && /^aws4/i.test(line);
  if (isCookie ? !COOKIE.test(line) : !isSigned && /^[a-z_]+=/.test(line.slice(scheme))) return null;
  const word = isCookie ? line : line.slice(scheme).split(/[\s,]/, 1)[0]!;
  if (word === "" || isPlaceholder(word) || isMasked(line.trimEnd())) return null;
  const is =
    isCookie || isSigned || isLikely(word) || (word.length >= (scheme > 0 ? 6 : 16) && isGiven(word));
  if (!is) return null;
  const end = start + (isSigned ? line.trimEnd().length : scheme + word.length);
  scan.found(start + scheme, isCookie ? start + line.trimEnd().length : end);
  return end;
}

const COOKIE = /(?:^|; ?)[\w.-]{1,64}=\\*"?[^\s;"\\]{3}/;

/** A cookie may have its value in quotes (RFC 6265 4.1.1): where the line goes on behind them. */
function behindQuotes(scan: Search, stop: number): number {
  const { bytes } = scan;
  const slashes = slashesAt(scan, stop);
  const start = stop + slashes + 1;
  if (bytes[start - 1] !== QUOTE) return stop;
  const close = scan.until(start, QUOTED_END);
  const behind = close + slashes + 1;
  const isClosed = slashesAt(scan, close) === slashes && bytes[behind - 1] === QUOTE && behind <= scan.end;
  if (!isClosed || close - start < 3 || (behind < scan.end && BEHIND_QUOTES[bytes[behind]!] === 0))
    return stop;
  return scan.until(behind, LINE_END);
}

const QUOTED_END = chars(/["\\;\s,]/);
const BEHIND_QUOTES = chars(/[;\s\\"']/);
const LONGEST_QUOTED = 1_200;

export function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not what it looks like
  }
}
