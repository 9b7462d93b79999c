/**
 * Names without quotes: `name=value` of addresses, forms, environments and connection strings, `name: value` of headers
 * and YAML, `<name>value</name>`. In text that may be code or prose the form has to be certain, and the value to look
 * like a credential.
 */
import {
  AMPERSAND,
  APOSTROPHE,
  BACKSLASH,
  BLANK,
  chars,
  DASH,
  EQUALS,
  LINE_END,
  NAME,
  PARAMETER_END,
  QUOTE,
  SLASH,
  SPACE,
  VALUE_END,
  type Chars,
} from "./chars.ts";
import { numbered } from "./members.ts";
import { LONGEST_NAME, mayEndAName, strengthOf, type Strength } from "./names.ts";
import { closing, meant, MOST_SLASHES } from "./quotes.ts";
import { ANYTHING, LONGEST_VALUE, type Scan } from "./scan.ts";
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
} from "./values.ts";

/** What kind of pair it is, which says how certain it has to look. */
type Pair = "parameter" | "form" | "variable" | "option" | "header" | "line" | "code";

/** The sign at `at` stands between a name and a value: where to go on. Null when it does not. */
export function pair(scan: Scan, at: number): number | null {
  const { bytes } = scan;
  const nameEnd = at - scan.before(at, BLANK, bytes[at] === EQUALS ? 8 : 0);
  const last = nameEnd - numbered(bytes, nameEnd);
  if (bytes[at] === EQUALS && isField(bytes, at)) return field(scan, at);
  if (!mayEndAName(bytes, last)) return null;
  const start = nameStart(scan, nameEnd);
  const raw = scan.text(start, nameEnd);
  const name = raw.includes("%") ? decoded(raw) : raw.startsWith("-") ? raw.replace(/^-+/, "") : raw;
  const kind = kindOf(scan, at, start, raw);
  if (kind === null) return null;
  const strength = strengthOf(name, PLACES[kind]);
  if (strength === null) return null;
  return valueOf(scan, at, kind, strength, name);
}

const PLACES = {
  parameter: "parameter",
  form: "parameter",
  variable: "variable",
  option: "option",
  header: "header",
  line: "variable",
  code: "variable",
} as const;

function nameStart(scan: Scan, nameEnd: number): number {
  const { bytes } = scan;
  const least = Math.max(0, nameEnd - LONGEST_NAME);
  let at = nameEnd;
  while (at > least && NAME[bytes[at - 1]!] === 1) at--;
  scan.steps += nameEnd - at;
  // The letter of `\n` is no part of it.
  return at > 0 && bytes[at - 1] === BACKSLASH && /[nrt]/.test(String.fromCharCode(bytes[at]!)) ? at + 1 : at;
}

/** A name with a dash, or one that nothing else has. */
const HEADER = /-|^(?:[Aa]uthorization|AUTHORIZATION|[Cc]ookie|apikey)$/;
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;

function kindOf(scan: Scan, at: number, start: number, name: string): Pair | null {
  const { bytes } = scan;
  const front = start > 0 ? bytes[start - 1]! : scan.isBeginning ? 10 : 0;
  if (bytes[at] === EQUALS) {
    if (scan.kind === "form") return start === 0 || front === AMPERSAND ? "form" : null;
    if (front === AMPERSAND && bytes[start - 2] === AMPERSAND) return "code";
    if (front === 63 || front === AMPERSAND || front === 35 || front === 59)
      // `Server=a;Password=b`: connection strings have capitals, code has not.
      return front !== 59 || scan.kind !== "text" ? "parameter" : /^[A-Z]/.test(name) ? "option" : "code";
    if (scan.kind === "parameters" && start === 0) return "parameter";
    if (name.startsWith("--")) return "option";
    if (VARIABLE.test(name)) return bytes[at - 1] === BLANK ? "code" : "variable";
    return name.startsWith("-") ? null : "code";
  }
  const isLine =
    front === 10 || front === 13 || (front >= 110 && front <= 116 && bytes[start - 2] === BACKSLASH);
  const isFree = isLine || SPACE[front] === 1 || front === QUOTE || front === APOSTROPHE || front === 96;
  if (!isFree && front !== BACKSLASH && front !== EQUALS)
    return front === 123 || front === 44 ? "code" : null;
  if (HEADER.test(name) && strengthOf(name, "header") === "strong") return "header";
  if (VARIABLE.test(name) && name.includes("_")) return "variable";
  return isLine || isIndented(scan, start) ? "line" : "code";
}

/** Only blanks and a dash stand between the start of the line and this place. */
function isIndented(scan: Scan, start: number): boolean {
  const { bytes } = scan;
  let at = start;
  while (at > 0 && start - at < 64 && (bytes[at - 1] === BLANK || bytes[at - 1] === DASH)) at--;
  scan.steps += start - at;
  if (at === 0) return scan.isBeginning;
  return bytes[at - 1] === 10 || (bytes[at - 1] === 110 && bytes[at - 2] === BACKSLASH);
}

function valueOf(scan: Scan, at: number, kind: Pair, strength: Strength, name: string): number | null {
  const { bytes, end } = scan;
  let start = at + (bytes[at] === EQUALS && bytes[at + 1] === GREATER ? 2 : 1);
  // `A= B=1` sets A to nothing.
  const isSpaced = bytes[at] !== EQUALS || bytes[at - 1] === BLANK || start === at + 2;
  if (isSpaced && kind !== "parameter" && kind !== "form") start = scan.skip(start, BLANKS);
  if (start - at > 16) return null;
  const slashes = kind === "form" ? 0 : slashesAt(scan, start);
  if (start + slashes >= end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const sign = bytes[start + slashes]!;
  if (kind !== "form" && kind !== "parameter" && (sign === QUOTE || sign === APOSTROPHE || sign === 96))
    return quoted(scan, at, start + slashes + 1, sign, slashes, kind, strength);
  if (kind === "header" && /^(?:proxy-)?authorization$|cookie$/i.test(name))
    return header(scan, at, start, name);
  const ends = ENDS[kind] ?? (scan.kind === "parameters" ? PARAMETER_END : VALUE_END);
  return token(scan, at, start, ends, kind, strength);
}

const GREATER = 62;
const BLANKS = chars(/[ \t]/);
const FORM_END = chars(/&/);
const ENDS: { readonly [kind in Pair]?: Chars } = { form: FORM_END, header: chars(/[\s"'`<>\\,;]/) };

function slashesAt(scan: Scan, at: number): number {
  let n = 0;
  while (n < MOST_SLASHES && at + n < scan.end && scan.bytes[at + n] === BACKSLASH) n++;
  return n;
}

function quoted(
  scan: Scan,
  at: number,
  start: number,
  sign: number,
  slashes: number,
  kind: Pair,
  strength: Strength,
): number | null {
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

function token(
  scan: Scan,
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
function isMaskHere(scan: Scan, start: number, stop: number): boolean {
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
function header(scan: Scan, at: number, start: number, name: string): number | null {
  const stop = scan.until(start, LINE_END);
  if (stop === scan.end && !scan.isOver && stop - start <= LONGEST_KEY) {
    scan.wait(at, start, LINE_END);
    return stop;
  }
  const line = scan.text(start, Math.min(stop, start + LONGEST_KEY));
  const scheme = SCHEME.exec(line)?.[0].length ?? 0;
  const isCookie = /cookie$/i.test(name);
  if (isCookie ? !/^[\w.-]+=[^\s;]{3}/.test(line) : /^[a-z_]+=/.test(line.slice(scheme))) return null;
  const word = isCookie ? line : line.slice(scheme).split(/[\s,]/, 1)[0]!;
  if (word === "" || isPlaceholder(word) || isMasked(line.trimEnd())) return null;
  const is = isCookie || isLikely(word) || (word.length >= (scheme > 0 ? 6 : 16) && isGiven(word));
  if (!is) return null;
  const end =
    start + (scheme > 0 && /^(?:aws4|digest)/i.test(line) ? line.trimEnd().length : scheme + word.length);
  scan.found(start + scheme, isCookie ? start + line.trimEnd().length : end);
  return end;
}

/** `name=`, as in the head of a part. */
function isField(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 4] === 110 && bytes[at - 3] === 97 && bytes[at - 2] === 109 && bytes[at - 1] === 101;
}

/** multipart/form-data (RFC 7578 4.2): the value of a field stands behind an empty line. */
function field(scan: Scan, at: number): number | null {
  const { bytes, end } = scan;
  if (at + 1 < end && bytes[at + 1] !== QUOTE) return null;
  const close = at + 2 < end ? bytes.indexOf(QUOTE, at + 2) : -1;
  const isNameOpen = close < 0 || close >= end;
  if (isNameOpen || close - at > LONGEST_NAME) {
    if (isNameOpen && end - at < LONGEST_NAME && !scan.isOver) scan.wait(at, end, chars(/"/));
    return null;
  }
  const strength = strengthOf(scan.text(at + 2, close), "parameter");
  if (strength === null) return null;
  const seen = scan.text(close + 1, Math.min(end, close + 1 + 256));
  const head = /^(?:;[^\r\n]*)?\r\n(?:[\w-]+:[^\r\n]*\r\n){0,4}\r\n/.exec(seen);
  if (!head) {
    if (seen.length < 256 && /^(?:$|[;\r])/.test(seen) && !scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const start = close + 1 + head[0].length;
  const stop = scan.until(start, FIELD_END);
  if (stop === end && !scan.isOver && stop - start <= LONGEST_VALUE) {
    scan.wait(at, start, FIELD_END);
    return stop;
  }
  if (isSecretValue(strength, scan.text(start, Math.min(stop, start + LONGEST_VALUE))))
    scan.found(start, stop);
  return stop;
}

const FIELD_END = chars(/[\r\n]/);

/** `<name>value</name>`: the `>` at `at` ends a tag that is called like a credential. */
export function element(scan: Scan, at: number): number | null {
  const { bytes, end } = scan;
  if (!mayEndAName(bytes, at)) return null;
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && TAG[bytes[start - 1]!] === 1) start--;
  scan.steps += at - start;
  if (start === 0 || bytes[start - 1] !== 60) return null;
  const strength = strengthOf(scan.text(start, at).replace(/^.*:/, ""), "member");
  if (strength === null) return null;
  const opens = scan.text(at + 1, Math.min(end, at + 1 + CDATA.length));
  if (opens === CDATA) return unparsed(scan, at + 1 + CDATA.length, strength);
  if (CDATA.startsWith(opens) && !scan.isOver) {
    scan.wait(at, end, ANYTHING);
    return null;
  }
  const stop = scan.until(at + 1, TAG_END);
  if (stop + 1 >= end && !scan.isOver && stop - at <= LONGEST_KEY) {
    scan.wait(at, at + 1, ANYTHING);
    return null;
  }
  const text = scan.text(at + 1, Math.min(stop, at + 1 + LONGEST_KEY));
  const isWord = !/\s/.test(text.trim()) && isSecretValue(strength, text.trim());
  if (bytes[stop + 1] !== SLASH || !isWord) return null;
  scan.found(at + 1, stop);
  return stop;
}

const CDATA = "<![CDATA[";

/** `<![CDATA[value]]>` */
function unparsed(scan: Scan, start: number, strength: Strength): number | null {
  const stop = scan.until(start, UNPARSED_END);
  if (stop === scan.end && !scan.isOver && stop - start <= LONGEST_KEY) {
    scan.wait(start - CDATA.length - 1, start, UNPARSED_END);
    return null;
  }
  const text = scan.text(start, Math.min(stop, start + LONGEST_KEY));
  if (stop - start > LONGEST_KEY || !isSecretValue(strength, text)) return null;
  scan.found(start, stop);
  return stop;
}

const UNPARSED_END = chars(/[\]<]/);
const TAG = chars(/[\w:.-]/);
const TAG_END = chars(/[<\r\n"\\]/);

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not what it looks like
  }
}
