/** Excerpts and canonical JSON: what makes two texts of two wires comparable without keeping both. */
import { beginningOf } from "../../fact/beginning.ts";
import { parseJson } from "../json.ts";
import { roll } from "../hash.ts";
import type { Excerpt } from "./evidence.ts";

/** Of a result or of arguments: enough to show, and to find one inside of the other. */
export const KEPT = 4_000;
/** Hashing reads each character: of a longer text its two ends are read, and its length is compared beside. */
const HASHED = 200_000;
/** Deeper values are compared as they are written. */
const DEEPEST = 64;

/** `most` characters are kept. */
export function excerpt(text: string, most = KEPT): Excerpt {
  return { text: text.length > most ? cut(text, most) : text, chars: text.length, hash: hashOf(text) };
}

export function isWhole({ text, chars }: Excerpt): boolean {
  return text.length === chars;
}

export function isSame(a: Excerpt, b: Excerpt): boolean {
  return a.chars === b.chars && a.hash === b.hash;
}

export function hashOf(text: string): string {
  return roll("", text.length > HASHED ? text.slice(0, HASHED / 2) + text.slice(-HASHED / 2) : text);
}

/** Arguments and structured content: equal values give equal texts, whatever the order of their keys. */
export function canonical(value: unknown, number?: NumberWriter): string {
  return written(value, 0, number);
}

/** How a number is written that stands at this key of an object or a list. */
type NumberWriter = (holder: object, key: string, value: number) => string;

/** Of a JSON text; a text that is no JSON stays as it is. No arguments at all are an empty object's. */
export function canonicalText(json: string): string {
  if (json.trim() === "") return "{}";
  const value = parseJson(json);
  return value === undefined ? json : canonical(value);
}

function written(value: unknown, depth: number, number?: NumberWriter): string {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return JSON.stringify(value) ?? "null";
  const each = (key: string, member: unknown) =>
    number && typeof member === "number" ? number(value, key, member) : written(member, depth + 1, number);
  if (Array.isArray(value)) return `[${value.map((member, n) => each(String(n), member)).join()}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${each(key, member)}`).join()}}`;
}

/** Never cuts a character in two. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : beginningOf(text, most).replace(/[\uD800-\uDBFF]$/, "");
}

/** Of a text in a row. */
export const MOST_SHOWN_CHARS = 160;

/** What blocks say, one behind the other. */
export function wordsOf(blocks: readonly { said: { text: string } | null; type: string }[]): string {
  return blocks.map(({ said, type }) => said?.text ?? `[${type}]`).join(" ");
}
