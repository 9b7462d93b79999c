/**
 * Words for Postgres' full text: at most 64 distinct ones a row, with their places, so that phrases are found. What stands behind
 * them in a long body is found on the machine that recorded it, whose own index holds all words.
 */
import { clausesOf, wordsIn } from "../words.ts";

/** A tsvector of 200 words halves the rate at which rows come in, its index halves it again (measured). */
const MOST_WORDS = 64;
/** A lexeme may have 2,046 bytes; no word of people is as long. */
const LONGEST_CHARS = 100;
/** Text behind it holds no new words for a row of 64. */
const LOOKED_THROUGH = 64 * 1024;
/** Places of one word. */
const MOST_PLACES = 16;

/** As the text form of a tsvector. */
export function vectorOf(text: string): string {
  const places = new Map<string, number[]>();
  for (const [n, word] of wordsIn(text.slice(0, LOOKED_THROUGH)).entries()) {
    if (n >= LAST_PLACE) break;
    const lexeme = lexemeOf(word);
    const known = places.get(lexeme);
    if (known === undefined && places.size < MOST_WORDS) places.set(lexeme, [n + 1]);
    else if (known !== undefined && known.length < MOST_PLACES) known.push(n + 1);
  }
  return [...places].map(([lexeme, at]) => `'${lexeme}':${at.join(",")}`).join(" ");
}

const LAST_PLACE = 16_000;

/** As the text form of a tsquery; "" when nothing in it is a word. */
export function queryOf(typed: string): string {
  return (clausesOf(typed) ?? [])
    .map(({ words, last }) => {
      const lexemes = words.map((word) => `'${lexemeOf(word)}'`);
      return `(${lexemes.join(" <-> ")}${last === "beginning" ? ":*" : ""})`;
    })
    .join(" & ");
}

/** Letters alone are left: nothing in it needs to be quoted. Without accents, as the index of one machine has it. */
function lexemeOf(word: string): string {
  return word
    .slice(0, LONGEST_CHARS)
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toWellFormed();
}
