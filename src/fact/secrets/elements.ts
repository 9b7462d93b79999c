/** `<name>value</name>`: elements of XML that are called like a credential. */
import { chars, SLASH, ANYTHING } from "./chars.ts";
import { LONGEST_NAME, strengthOf, type Strength } from "./names.ts";
import { mayEndAName } from "./name-ends.ts";
import type { Scan } from "./scan.ts";
import { isSecretValue, LONGEST_KEY } from "./values.ts";

/** The `>` at `at` ends such a tag: where to go on. Null when it does not. */
export function element(scan: Scan, at: number): number | null {
  const { bytes, end } = scan;
  const strength = strengthAt(scan, at);
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

/** What the tag that ends at `at` is called, or says that it is. */
function strengthAt(scan: Scan, at: number): Strength {
  const { bytes } = scan;
  if (QUOTED[bytes[at - 1]!] === 1) return strengthSaid(scan, at);
  if (!mayEndAName(bytes, at)) return null;
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && TAG[bytes[start - 1]!] === 1) start--;
  scan.steps += at - start;
  if (start === 0 || bytes[start - 1] !== 60) return null;
  const name = scan.text(start, at);
  if (name !== "string") return strengthOf(name.replace(/^.*:/, ""), "member");
  // A property list has the name in an element of its own.
  const key = KEY.exec(scan.text(Math.max(0, start - LONGEST_NAME), start - 1))?.[1];
  return key === undefined ? null : strengthOf(key, "member");
}

const QUOTED = chars(/["'\\]/);
const KEY = /<key>([\w.-]+)<\/key>(?:\s|\\[nrt])*$/;

/** `<wsse:Password Type="…">`, `<string name="api_key">`. */
function strengthSaid(scan: Scan, at: number): Strength {
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
