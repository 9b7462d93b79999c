/**
 * A value in the lines below its name, as YAML has it (1.2.2, 8.2): alone in a line that is indented further, or one item
 * of a list in each.
 */
import { ANYTHING, BLANK, chars, CR, LF, BACKSLASH, VALUE_END } from "./chars.ts";
import type { Strength } from "./names.ts";
import type { Search } from "./search.ts";
import { isLikely, isOpaque, LONGEST_KEY } from "./values.ts";

/** More keys than anybody lists; those behind them are left to what they look like. */
const MOST_ITEMS = 64;
/** A line break, an indent, a dash and a quote. */
const LONGEST_BREAK = 128;
const LONGEST_INDENT = 192;

/** The colon at `at` is the last of its line but for blanks, which end at `start`: where to go on, or null. */
export function below(scan: Search, at: number, start: number, strength: Strength | "list"): number | null {
  if (start >= scan.end && !scan.isOver) scan.wait(at, scan.end, ANYTHING);
  const first = start < scan.end ? scan.bytes[start] : BLANK;
  if (first !== LF && first !== CR && first !== BACKSLASH) return null;
  const indent = indentOf(scan, at);
  if (indent < 0) return null;
  const found: [number, number][] = [];
  let place = start;
  for (let n = 0; n < MOST_ITEMS; n++) {
    const item = itemAt(scan, place, n === 0 && strength !== "list" ? indent : null, indent);
    if (item === "open") {
      scan.wait(at, found[0]?.[0] ?? start, ENDS);
      return null;
    }
    if (item === null) break;
    const value = scan.text(item.start, item.stop);
    if (isOne(strength, value)) found.push([item.start, item.stop]);
    place = item.next;
    if (!item.isListed) break;
  }
  for (const [from, stop] of found) scan.found(from, stop);
  return found.at(-1)?.[1] ?? null;
}

function isOne(strength: Strength | "list", value: string): boolean {
  return strength === "strong" ? isLikely(value) : isOpaque(value);
}

type Item = {
  readonly start: number;
  readonly stop: number;
  readonly next: number;
  readonly isListed: boolean;
};

/** `alone`: how far a name is indented whose value may stand here without a dash. */
function itemAt(scan: Search, place: number, alone: number | null, indent: number): Item | "open" | null {
  const { bytes, end, isOver } = scan;
  const seen = scan.text(place, Math.min(end, place + LONGEST_BREAK));
  const line = LINE.exec(seen);
  if (!isOver && seen.length < LONGEST_BREAK && SO_FAR.test(seen)) return "open";
  if (line === null) return null;
  const [whole, blanks = "", dash, quote = ""] = line;
  const isListed = dash !== undefined;
  if (isListed ? blanks.length < indent : alone === null || blanks.length <= alone) return null;
  const start = place + whole.length;
  const stop = scan.until(start, VALUE_END);
  // Its quote, or a comment, may still come.
  if (stop + quote.length + 2 > end && !isOver && stop - start <= LONGEST_KEY) return "open";
  if (stop - start > LONGEST_KEY || bytes[stop - 1] === COLON) return null;
  const next = stop + quote.length;
  if (quote !== "" && scan.text(stop, Math.min(end, next)) !== quote) return null;
  const isComment = bytes[next] === BLANK && bytes[next + 1] === HASH;
  if (next < end && !isComment && ALONE[bytes[next]!] === 0) return null;
  return { start, stop, next: isComment ? scan.until(next, LINE_ENDS) : next, isListed };
}

const [COLON, HASH] = [58, 35];
const LINE = /^(?:\r?\n|(?:\\{1,63}r)?\\{1,63}n)( {0,32})(- {1,4})?(\\{0,63}["'])?/;
const SO_FAR = /^[\r\n\\rn\t "'-]*$/;
/** What stands behind a value that is alone in its line, or the last of a text in quotes. */
const ALONE = chars(/[\r\n\\"'`]/);
const LINE_ENDS = chars(/[\r\n\\"]/);
const ENDS = chars(/[\r\n\\"'n]/);
ENDS[BLANK] = 1;

/** How far the name is indented in whose line the colon stands, with the dash of its own item; -1 where it is in the middle of a line. */
function indentOf(scan: Search, at: number): number {
  const text = scan.text(Math.max(0, at - LONGEST_INDENT), at);
  return NAMED.exec(text)?.[1]?.length ?? -1;
}

const NAMED = /(?:^|[\r\n]|\\n|["'`])([ -]{0,64})[\w.-]{2,128}["']? {0,8}$/;
