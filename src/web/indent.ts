/** What of a JSON text the server draws itself: the beginnings of arguments and values in a fragment. */
import { parseWithin } from "../fact/nesting.ts";
import { indentedText, laidOut } from "../shown/indent.ts";

/** Characters that are looked at here, beside the record; whole bodies are laid out in the page. */
const MOST_READ = 2 * 1024 * 1024;
const MOST_MADE = 16 * 1024 * 1024;

/** Only what is JSON as a whole: an argument that was cut off is shown as it came. */
export function indented(text: string): string {
  return isJson(text) ? indentedText(text, { read: MOST_READ, made: MOST_MADE }) : text;
}

/** False also for what is too long or too deep to find out. */
export function isJson(text: string): boolean {
  return text.length <= MOST_READ && parseWithin(text) !== undefined;
}

/** Its beginning, about so many characters, and how many of the text are not shown. */
export function indentedStart(text: string, most: number): { shown: string; hidden: number } {
  const { made, read } = laidOut(text, { read: MOST_READ, made: most });
  return { shown: made.slice(0, most), hidden: text.length - read };
}
