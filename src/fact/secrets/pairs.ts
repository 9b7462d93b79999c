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
  COLON,
  DASH,
  DIGIT,
  EQUALS,
  NAME,
  QUOTE,
  SLASH,
  SPACE,
} from "./chars.ts";
import { below } from "./below.ts";
import { coloursBefore } from "./colours.ts";
import { field, isField } from "./fields.ts";
import { bracketsBefore, mayEndAName, numbered } from "./name-ends.ts";
import { isPlural, LONGEST_NAME, strengthOf, type Strength } from "./names.ts";
import { decoded, valueOf, type Pair } from "./pair-values.ts";
import type { Search } from "./search.ts";

/** The sign at `at` stands between a name and a value: where to go on. Null when it does not. */
export function pair(scan: Search, at: number): number | null {
  const { bytes } = scan;
  const spaced = at - scan.before(at, BLANK, 8);
  const whole = spaced - coloursBefore(bytes, spaced);
  const nameEnd = bytes[at] === EQUALS ? whole - bracketsBefore(bytes, whole) : whole;
  const last = nameEnd - numbered(bytes, nameEnd);
  if (bytes[at] === EQUALS && isField(bytes, at)) return field(scan, at);
  if (!mayEndAName(bytes, last)) return null;
  const before = nameStart(scan, nameEnd);
  const colours = coloursIn(bytes, before, nameEnd);
  const start = before + colours;
  const front = frontOf(scan, colours === 0 ? start : start - coloursBefore(bytes, start));
  const raw = scan.text(start, nameEnd);
  const name = raw.includes("%") ? decoded(raw) : raw.startsWith("-") ? raw.replace(/^-+/, "") : raw;
  const kind = nameEnd < whole ? bracketedKind(scan, start, front) : kindOf(scan, at, start, front, raw);
  // `key : value` is YAML's, where it stands in a line of its own.
  const isOwnLine = kind === "line" || kind === "variable" || front === QUOTE || front === APOSTROPHE;
  if (spaced < at && bytes[at] !== EQUALS && !isOwnLine) return null;
  if (kind === null || (raw === "key" && isWithinTag(scan, start))) return null;
  const strength = /^value$/i.test(raw) ? besides(scan, start) : strengthOf(name, PLACES[kind]);
  if (strength === null)
    return bytes[at] === COLON && isPlural(raw) ? below(scan, at, scan.skip(at + 1, BLANKS), "list") : null;
  return valueOf(scan, at, kind, strength, name);
}

const BLANKS = chars(/ /);

const PLACES = {
  parameter: "parameter",
  form: "parameter",
  variable: "variable",
  option: "option",
  header: "header",
  line: "variable",
  code: "variable",
} as const;

function frontOf({ bytes, isBeginning }: Search, start: number): number {
  return start > 0 ? bytes[start - 1]! : isBeginning ? 10 : 0;
}

function nameStart(scan: Search, nameEnd: number): number {
  const { bytes } = scan;
  const least = Math.max(0, nameEnd - LONGEST_NAME);
  let at = nameEnd;
  while (at > least && NAME[bytes[at - 1]!] === 1) at--;
  scan.steps += nameEnd - at;
  // The letter of `\n` is no part of it.
  return at > 0 && bytes[at - 1] === BACKSLASH && /[nrt]/.test(String.fromCharCode(bytes[at]!)) ? at + 1 : at;
}

/** How much of what may be a name is the end of a colour in front of it: `1m` of `\x1b[1mAPI_KEY`. */
function coloursIn(bytes: Uint8Array, at: number, nameEnd: number): number {
  if (at === 0 || (bytes[at - 1] !== OPENS && bytes[at - 1] !== SEMICOLON)) return 0;
  let end = at;
  while (end < nameEnd && DIGIT[bytes[end]!] === 1) end++;
  return bytes[end] === LETTER_M && coloursBefore(bytes, end + 1) > 0 ? end + 1 - at : 0;
}

const [OPENS, SEMICOLON] = [91, 59];

const LETTER_M = 109;

/** A name with a dash, or one that nothing else has. */
const HEADER = /-|^(?:[Aa]uthorization|AUTHORIZATION|[Cc]ookie|apikey)$/;
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;

function kindOf(scan: Search, at: number, start: number, front: number, name: string): Pair | null {
  const { bytes } = scan;
  if (bytes[at] === EQUALS) {
    if (scan.kind === "form") return start === 0 || front === AMPERSAND ? "form" : null;
    if (front === AMPERSAND && bytes[start - 2] === AMPERSAND) return "code";
    if (front === 59 && /^(?:jsessionid|phpsessid)$/i.test(name)) return "parameter";
    if (front === 63 || front === AMPERSAND || front === 35 || front === 59)
      // `Server=a;Password=b`: connection strings have capitals, code has not.
      return front !== 59 || scan.kind !== "text" ? "parameter" : /^[A-Z]/.test(name) ? "option" : "code";
    if (scan.kind === "parameters" && start === 0) return "parameter";
    if (name.startsWith("--")) return "option";
    if (VARIABLE.test(name)) return bytes[at - 1] === BLANK ? "code" : "variable";
    // Java's properties, and the switches of Go.
    if (name.startsWith("-")) return name.startsWith("-D") ? "option" : SPACE[front] === 1 ? "code" : null;
    return "code";
  }
  const isLine =
    front === 10 || front === 13 || (front >= 110 && front <= 116 && bytes[start - 2] === BACKSLASH);
  const isFree = isLine || SPACE[front] === 1 || front === QUOTE || front === APOSTROPHE || front === 96;
  if (!isFree && front !== BACKSLASH && front !== EQUALS)
    return OPENS_LIST.has(front) || isOptionOfWindows(scan, start) ? "code" : null;
  if (HEADER.test(name) && strengthOf(name, "header") === "strong") return "header";
  if (VARIABLE.test(name) && name.includes("_")) return "variable";
  return isLine || isIndented(scan, start) ? "line" : "code";
}

/** `/password:VALUE` */
function isOptionOfWindows({ bytes, isBeginning }: Search, start: number): boolean {
  if (bytes[start - 1] !== SLASH) return false;
  return start === 1 ? isBeginning : SPACE[bytes[start - 2]!] === 1;
}

/** Also of what Go and Elixir print, `map[password:VALUE]`, and of what stands in bold. */
const OPENS_LIST = new Set([..."{,([*"].map((sign) => sign.charCodeAt(0)));

/** `user[password]=` and `token[]=` of a form or an address, `[password] => ` of what PHP prints. */
function bracketedKind(scan: Search, start: number, front: number): Pair | null {
  if (scan.kind !== "text" || front === AMPERSAND || front === 63) return "parameter";
  const before = scan.text(Math.max(0, start - LONGEST_NAME), start);
  if (PARAMETER.test(before)) return "parameter";
  return PRINTED.test(before) ? "line" : null;
}

const PARAMETER = /[?&][\w.-]{1,64}(?:(?:\[|%5B)[\w.-]{0,64}(?:\]|%5D)){0,4}(?:\[|%5B)$/i;
const PRINTED = /(?:^|["'\n]|\\n)\s{0,64}\[$/;

/** `- name: API_KEY` in the line before, `key="ApiKey"` in the same tag. */
function besides(scan: Search, start: number): Strength {
  const found = BESIDES.exec(scan.text(Math.max(0, start - LONGEST_NAME), start));
  const name = found?.[1] ?? found?.[2] ?? found?.[3];
  return name === undefined ? null : strengthOf(name, /^[A-Z0-9_]+$/.test(name) ? "variable" : "member");
}

const BESIDES =
  /\b(?:name|key|type)(?:: *["']?([\w.-]{2,64})["']?(?:\r?\n|\\{1,63}n) *|=\\*["']([\w.-]{2,64})\\*["'] +|=&(?:quot|apos|#3[49]);([\w.-]{2,64})&(?:quot|apos|#3[49]); +)$/i;

/** HTML's lists have a `key` that is none. */
function isWithinTag(scan: Search, start: number): boolean {
  const before = scan.text(Math.max(0, start - LONGEST_NAME), start);
  return before.lastIndexOf("<") > before.lastIndexOf(">") && /<[a-z][^<>]*\s$/i.test(before);
}

/** Only blanks and a dash stand between the start of the line and this place. */
function isIndented(scan: Search, start: number): boolean {
  const { bytes } = scan;
  let at = start;
  while (at > 0 && start - at < 64 && (bytes[at - 1] === BLANK || bytes[at - 1] === DASH)) at--;
  scan.steps += start - at;
  if (at === 0) return scan.isBeginning;
  return bytes[at - 1] === 10 || (bytes[at - 1] === 110 && bytes[at - 2] === BACKSLASH);
}
