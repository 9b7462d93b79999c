/**
 * Several events in the data of one: where no blank line stands between them, or none at all, where a gateway writes the
 * field's name twice, or two objects without anything between them. Clients that keep to the standard cannot read
 * those; what the model said is in them all the same.
 */
import { isObject, parseJson, type Json } from "../json.ts";
import { isEndMark, MOST_FRAMES } from "./frame.ts";

/** `json` is undefined for the mark of the end. */
export type Packed = { readonly data: string; readonly json: Json | undefined };

/** Null when there is anything else in the text. One pass: each character is looked at a few times at most. */
export function packed(text: string): Packed[] | null {
  if (!BEGINS.test(text.slice(0, 200))) return null;
  const found: Packed[] = [];
  for (let at = behind(BETWEEN, text, 0); at < text.length; at = behind(BETWEEN, text, at)) {
    if (found.length === MOST_FRAMES) return null;
    const end = text.charCodeAt(at) === CURLY ? endOfObject(text, at) : behind(MARK, text, at);
    const data = text.slice(at, end);
    const json = parseJson(data);
    if (end <= at || !(isObject(json) || isEndMark(data))) return null;
    found.push({ data, json: isObject(json) ? json : undefined });
    at = end;
  }
  return found.length > 0 ? found : null;
}

const BEGINS = /^\s*(data:|\{|\[DONE\])/i;
const BETWEEN = /(?:\s|data:)*/y;
const MARK = /\[DONE\]/iy;

function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** Behind the bracket that closes the one here; at the end of the text where there is none. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === BACKSLASH) at++;
      else quoted = char !== QUOTE;
    } else if (char === QUOTE) quoted = true;
    else if (char === CURLY) depth++;
    else if (char === CURLY + 2 && --depth === 0) return at + 1;
  }
  return text.length;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CURLY = 0x7b;
