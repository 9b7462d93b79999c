/**
 * JSON made readable without being parsed: numbers, the order of keys and double keys stay as they were sent. One pass,
 * and within bounds: a body of brackets would be a thousand times as long when it is indented.
 */
import { parseWithin } from "../fact/nesting.ts";

/** Characters that are laid out, of what came and of what is made of it. The rest stands as it came. */
const MOST_READ = 2 * 1024 * 1024;
const MOST_MADE = 16 * 1024 * 1024;
/** Levels that are told from each other by their indentation: further right nobody reads. */
const DEEPEST = 50;

/** A body: JSON, or a stream whose lines or `data:` fields are JSON. What is neither comes back as it is. */
export function indentedBody(text: string): string {
  if (/^\s*[[{]/.test(text)) return whole(text);
  let left = MOST_MADE;
  return text.replace(/^(data: ?)([[{].*)$/gm, (line: string, name: string, json: string) => {
    if (left <= 0) return line;
    const shown = name + indented(json).replaceAll("\n", "\n      ");
    left -= shown.length;
    return shown;
  });
}

/** Only what is JSON as a whole: an argument that was cut off is shown as it came. */
export function indented(text: string): string {
  return isJson(text) ? whole(text) : text;
}

/** False also for what is too long or too deep to find out. */
export function isJson(text: string): boolean {
  return text.length <= MOST_READ && parseWithin(text) !== undefined;
}

/** Its beginning, about so many characters, and how many of the text are not shown. */
export function indentedStart(text: string, most: number): { shown: string; hidden: number } {
  const { made, read } = laidOut(text, most);
  return { shown: made.slice(0, most), hidden: text.length - read };
}

function whole(text: string): string {
  const { made, read } = laidOut(text, MOST_MADE);
  return read < text.length ? `${made}\n${text.slice(read)}` : made;
}

/** Anything that is not JSON passes through, token by token. Values that follow each other start a line each. */
function laidOut(text: string, most: number): { made: string; read: number } {
  const out: string[] = [];
  let made = 0;
  let depth = 0;
  let last = "";
  let at = 0;
  while (at < text.length && at < MOST_READ && made < most) {
    const end = endOfToken(text, at);
    const token = text.slice(at, end);
    at = end;
    if (SPACE.has(token)) continue;
    const closes = token === "}" || token === "]";
    const opened = last === "{" || last === "[";
    if (closes) depth = Math.max(0, depth - 1);
    if ((opened && !closes) || (closes && !opened) || last === "," || (depth === 0 && isEnd(last)))
      add(`\n${"  ".repeat(Math.min(depth, DEEPEST))}`);
    add(token === ":" ? ": " : token);
    if (token === "{" || token === "[") depth += 1;
    last = token;
  }
  return { made: out.join(""), read: at };

  function add(piece: string): void {
    out.push(piece);
    made += piece.length;
  }
}

const SPACE = new Set([" ", "\t", "\n", "\r", "\f", "\v", "\u00a0", "\ufeff", "\u2028", "\u2029"]);
const SIGNS = new Set(["{", "}", "[", "]", ",", ":"]);

/** A string, a sign, a white space, or what stands between those. */
function endOfToken(text: string, start: number): number {
  const first = text[start] ?? "";
  if (SIGNS.has(first) || SPACE.has(first)) return start + 1;
  if (first === '"') return endOfString(text, start);
  let end = start + 1;
  while (end < text.length && !isBorder(text[end] ?? "")) end++;
  return end;
}

function isBorder(char: string): boolean {
  return SIGNS.has(char) || SPACE.has(char) || char === '"';
}

/** What never ends goes to the end of the text: each character is looked at once. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return Math.min(end + 1, text.length);
}

function isEnd(token: string): boolean {
  return token === "}" || token === "]";
}
