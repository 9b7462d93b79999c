/** `<name>value</name>`: elements of XML that are called like a credential. */
import { ANYTHING, BACKSLASH, chars, SLASH, SPACE } from "./chars.ts";
import { LONGEST_NAME, strengthOf, type Strength } from "./names.ts";
import { mayEndAName } from "./name-ends.ts";
import type { Search } from "./search.ts";
import { isSecretValue, LONGEST_KEY } from "./values.ts";

/** The `>` at `at` ends such a tag: where to go on. Null when it does not. */
export function element(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  const strength = strengthAt(scan, at);
  if (strength === null) return null;
  const opens = scan.text(at + 1, Math.min(end, at + 1 + CDATA.length));
  if (opens === CDATA) return unparsed(scan, at + 1 + CDATA.length, strength);
  if (CDATA.startsWith(opens) && !scan.isOver) {
    scan.wait(at, end, ANYTHING);
    return null;
  }
  const start = behindBreak(scan, at + 1);
  const stop = scan.until(start, TAG_END);
  const closes = behindBreak(scan, stop);
  if (closes + 1 >= end && !scan.isOver && closes - at <= LONGEST_KEY) {
    scan.wait(at, at + 1, ANYTHING);
    return null;
  }
  const text = scan.text(start, Math.min(stop, start + LONGEST_KEY));
  const isWord = !/\s/.test(text.trim()) && isSecretValue(strength, text.trim());
  if (bytes[closes] !== OPENS || bytes[closes + 1] !== SLASH || !isWord) return null;
  scan.found(start, stop);
  return stop;
}

/** Printed over several lines, a value has a break and its indent around it: in a string as they are written there. */
function behindBreak(scan: Search, at: number): number {
  const { bytes, end } = scan;
  let to = at;
  while (to < end && to - at < LONGEST_INDENT) {
    if (SPACE[bytes[to]!] === 1) to++;
    else {
      let letter = to;
      while (bytes[letter] === BACKSLASH) letter++;
      if (letter === to || !BREAKS.has(bytes[letter]!)) break;
      to = letter + 1;
    }
  }
  scan.steps += to - at;
  return to;
}

const LONGEST_INDENT = 64;
const OPENS = 60;
const BREAKS = new Set([..."nrt"].map((sign) => sign.charCodeAt(0)));

/** What the tag that ends at `at` is called, or says that it is. */
function strengthAt(scan: Search, at: number): Strength {
  const { bytes } = scan;
  if (QUOTED[bytes[at - 1]!] === 1) return strengthSaid(scan, at);
  if (!mayEndAName(bytes, at)) return null;
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && TAG[bytes[start - 1]!] === 1) start--;
  scan.steps += at - start;
  if (start === 0 || bytes[start - 1] !== 60) return null;
  const name = scan.text(start, at);
  if (name !== "string" && name !== "value") return strengthOf(name.replace(/^.*:/, ""), "member");
  // A property list, and a configuration of Java or .NET, have the name in an element of its own or around it.
  const key = KEY.exec(scan.text(Math.max(0, start - LONGEST_NAME), start - 1));
  const said = key?.[1] ?? key?.[2];
  return said === undefined ? null : strengthOf(said, "member");
}

const QUOTED = chars(/["'\\]/);
const KEY =
  /(?:<(?:key|name)>([\w.-]{1,64})<\/(?:key|name)>|<\w{1,32} (?:name|key)=\\*["']([\w.-]{1,64})\\*["'][^<>]{0,64}>)(?:\s|\\[nrt])*$/;

/** `<wsse:Password Type="…">`, `<string name="api_key">`. */
function strengthSaid(scan: Search, at: number): Strength {
  const least = Math.max(0, at - LONGEST_TAG);
  let start = at - 1;
  while (start > least && scan.bytes[start] !== 60 && scan.bytes[start] !== 62) start--;
  scan.steps += at - start;
  if (scan.bytes[start] !== 60) return null;
  let nameEnd = start + 1;
  while (TAG[scan.bytes[nameEnd]!] === 1) nameEnd++;
  // Nearly all tags of nearly all pages are passed over here.
  if (!mayEndAName(scan.bytes, nameEnd) && !mayEndAName(scan.bytes, at - 1 - scan.before(at - 1, 92, 64)))
    return null;
  const tag = scan.text(start + 1, at);
  const name = /^(?:[\w-]+:)?([\w.-]+)\s/.exec(tag)?.[1];
  if (name === undefined) return null;
  const said = /\s(?:name|key|id)=\\*["']([\w.-]{2,64})\\*["']/.exec(tag)?.[1];
  return strengthOf(name, "member") ?? (said === undefined ? null : strengthOf(said, "member"));
}

const LONGEST_TAG = 200;

const CDATA = "<![CDATA[";

/** `<![CDATA[value]]>` */
function unparsed(scan: Search, start: number, strength: Strength): number | null {
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
