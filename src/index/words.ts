/**
 * Text for full-text search and the questions put to it. Chinese, Japanese and Korean have no spaces, so each of their
 * characters is a word of its own, and what a person types is a phrase of them: any number of characters is found,
 * one included. Measured at 10,000 exchanges of 5 KB (English, Chinese, JSON) against the alternatives: this
 * 46 MB and 2,270 exchanges/s, pairs of characters 74 MB and 1,090/s, trigrams 198 MB and 580/s (and nothing
 * shorter than three characters).
 */
const CJK =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;

/** All of these scripts lie behind U+0E00: a text without such characters needs no closer look. */
const MAYBE_CJK = /[\u0e00-\uffff]/;

/** What the index stores of a text. */
export function spaced(text: string): string {
  return MAYBE_CJK.test(text) ? text.replace(CJK, " $& ") : text;
}

/**
 * What a person typed, as an FTS5 expression: all words, in any order, each whole or as a beginning (from three
 * characters on); "in quotes" as a phrase. Any text is safe. Null when nothing was asked; "" when nothing in it
 * is a word (`{}`), which finds nothing.
 */
export function question(typed: string): string | null {
  const clauses = clausesOf(typed);
  if (clauses === null) return null;
  return clauses
    .map(({ words, last }) => `"${words.join(" ")}"${last === "beginning" ? "*" : ""}`)
    .join(" AND ");
}

/** Words that stand one behind the other; the last of them whole, or as the beginning of one. */
export type Clause = { readonly words: readonly string[]; readonly last: "whole" | "beginning" };

/** What a person typed, for any engine; null when nothing was asked. */
export function clausesOf(typed: string): Clause[] | null {
  const asked = typed.slice(0, LONGEST_CHARS);
  if (asked.trim() === "") return null;
  const clauses: Clause[] = [];
  for (const [, phrase, word] of asked.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const words = wordsIn(phrase ?? word ?? "");
    if (words.length === 0 || clauses.length >= MOST_CLAUSES) continue;
    clauses.push({ words, last: phrase === undefined ? lastOf(words) : "whole" });
  }
  return clauses;
}

/** More than anybody types; a pasted page is searched by its beginning. */
const LONGEST_CHARS = 2_000;
/** FTS5 refuses expressions that nest deeper than 256. */
const MOST_CLAUSES = 64;

const WORD = /[\p{L}\p{N}\p{Co}]/u;

/** Whatever is not part of a word separates words anyway; so no quote and no NUL gets through. */
export function wordsIn(text: string): string[] {
  if (!WORD.test(text)) return [];
  return spaced(text)
    .replace(/[^\p{L}\p{M}\p{N}\p{Co}]+/gu, " ")
    .trim()
    .split(" ");
}

/** One or two letters as a beginning would touch half of all words (measured: 24 ms at 10,000 exchanges). */
function lastOf(words: readonly string[]): Clause["last"] {
  return /[\p{L}\p{M}\p{N}]{3,}$/u.test(words.at(-1) ?? "") ? "beginning" : "whole";
}
