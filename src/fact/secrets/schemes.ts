/** What says by itself that a credential follows: `Bearer …`, `Basic …`, `-----BEGIN PRIVATE KEY-----`. */
import { BLANK, DASH, WORD, chars, ANYTHING } from "./chars.ts";
import type { Search } from "./search.ts";
import { isMasked, LONGEST_KEY } from "./values.ts";

/** RFC 6750 2.1: what a token is made of. */
const TOKEN68 = chars(/[\w.~+/=|-]/);
const NOT_TOKEN68 = TOKEN68.map((is) => 1 - is);

/** The `B` at `at` begins one of them: where to go on. Null when it does not. */
export function blockOrScheme(scan: Search, at: number): number | null {
  const front = at > 0 ? scan.bytes[at - 1]! : BLANK;
  if (front === DASH) return block(scan, at);
  if (WORD[front] === 1 && !(front === 110 && scan.bytes[at - 2] === 92)) return null;
  const next = scan.bytes[at + 1];
  if (next === 101) return scheme(scan, at, "Bearer ");
  if (next === 97) return scheme(scan, at, "Basic ");
  if (at + 1 === scan.end && !scan.isOver) scan.wait(at, scan.end, ANYTHING);
  return null;
}

/** How many characters of the word stand here, or -1 when it is another one. */
function matched(scan: Search, at: number, word: string): number {
  let n = 0;
  while (n < word.length && at + n < scan.end) {
    if (scan.bytes[at + n] !== word.charCodeAt(n)) return -1;
    n++;
  }
  scan.steps += n;
  return n;
}

function scheme(scan: Search, at: number, word: string): number | null {
  const n = matched(scan, at, word);
  if (n < 0) return null;
  if (n < word.length) {
    if (!scan.isOver) scan.wait(at, scan.end, ANYTHING);
    return at + 1;
  }
  const start = scan.skip(at + n, BLANKS);
  const stop = scan.skip(start, TOKEN68);
  if (stop === scan.end && !scan.isOver) {
    scan.wait(at, start, NOT_TOKEN68);
    return at + 1;
  }
  if (stop - start > LONGEST_KEY) return stop;
  const value = scan.text(start, stop);
  const is = word === "Basic " ? isUserAndPassword(value) : isToken(value);
  if (!is || isMasked(scan.text(start, Math.min(scan.end, stop + 12)))) return start;
  const end = start + value.replace(/\.+$/, "").length;
  scan.found(start, end);
  return end;
}

const BLANKS = chars(/[ \t]/);

/** In prose and in code a word follows; parameters of a challenge (RFC 9728 5.1) say where to get a token. */
function isToken(value: string): boolean {
  return value.length >= 16 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/^[a-z_]+=(?!=|$)/.test(value);
}

/** RFC 7617 2: base64 of `user:password`. */
export function isUserAndPassword(value: string): boolean {
  return userAndPassword(value) !== null;
}

export function userAndPassword(value: string): { user: string; password: string } | null {
  if (value.length < 4 || !/^[\w+/-]+={0,2}$/.test(value)) return null;
  try {
    const said = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
    const [, user, password] = /^([ -~\x80-\xff]*?):([ -~\x80-\xff]*)$/.exec(said) ?? [];
    return user === undefined || password === undefined ? null : { user, password };
  } catch {
    return null; // not base64
  }
}

const LONGEST_BLOCK = 16 * 1024;
const BLOCK_TITLE = /^BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const LONGEST_TITLE = 64;
const DASHES = chars(/-/);
/** Behind the title of a block; a sentence may speak of one. */
const KEY_DATA = /^(?:\s|\\+[nr])*(?:[A-Z][\w-]+: |[\w+/=]{8})/;

/** Its last line says so too, so that a block is masked to its end. */
function block(scan: Search, at: number): number | null {
  const n = matched(scan, at, "BEGIN ");
  if (n < 0) return null;
  const title = scan.text(at, Math.min(scan.end, at + LONGEST_TITLE));
  const begins = BLOCK_TITLE.exec(title);
  if (!begins) {
    const mayBecome = title.length < LONGEST_TITLE && /^BEGIN ?[A-Z0-9 ]*-{0,4}$/.test(title);
    if (mayBecome && !scan.isOver) scan.wait(at, scan.end, DASHES);
    return at + 1;
  }
  const start = at + begins[0].length;
  const last = Math.min(scan.end, start + LONGEST_BLOCK);
  const seen = scan.text(start, Math.min(last, start + LONGEST_TITLE));
  if (!KEY_DATA.test(seen)) {
    if (seen.length < LONGEST_TITLE && !scan.isOver) scan.wait(at, start, ANYTHING);
    return at + 1;
  }
  for (let place = scan.bytes.indexOf(DASH, start); place >= 0 && place < last;) {
    scan.steps += 1;
    if (matched(scan, place, "-----END ") === 9) {
      scan.found(start, place);
      return place;
    }
    place = scan.bytes.indexOf(DASH, place + 1);
  }
  scan.steps += last - start;
  if (last === scan.end && !scan.isOver && last - start < LONGEST_BLOCK) {
    scan.wait(at, start, DASHES);
    return at + 1;
  }
  scan.found(start, last, "half");
  return last;
}
