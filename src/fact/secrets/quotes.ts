/**
 * Strings within strings. Inside of a JSON string a quote has a backslash before it, inside of a string in that one
 * three, then seven: what opens with `slashes` of them is closed by as many, or by the end of what it stands in.
 */
import { BACKSLASH } from "./chars.ts";
import type { Search } from "./search.ts";

/** Five strings deep; nobody quotes deeper, and the backslashes double each time. */
export const MOST_SLASHES = 63;

/**
 * Where the string that begins at `start` is closed: the place of the first backslash of its closing quote. -1 where the
 * bytes end before that, or where it is longer than `most`.
 */
export function closing(
  scan: Search,
  start: number,
  quote: number,
  slashes: number,
  most = Infinity,
): number {
  const { bytes, end } = scan;
  for (let at = bytes.indexOf(quote, start); at >= 0 && at < end; at = bytes.indexOf(quote, at + 1)) {
    if (at - start > most) return -1;
    const n = scan.before(at, BACKSLASH, at - start);
    scan.steps++;
    const own = n % (2 * (slashes + 1));
    if (own <= slashes) return at - own;
  }
  return -1;
}

/** What a string means. The same key has the same mask however it is written, so its escapes are undone. */
export function meant(text: string): string {
  for (let deep = 0; deep < 6 && text.includes("\\"); deep++) {
    const less = undone(text);
    if (less === text) break;
    text = less;
  }
  return text;
}

function undone(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (whole, code: string | undefined, sign: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }[sign] ?? (/["\\/']/.test(sign) ? sign : whole);
  });
}
