/** A later empty value takes nothing away: the one rule by which fields of a stream's events follow each other. */
import { isObject, put, type Json } from "../json.ts";

/**
 * Sets the field, unless the value is empty and the field is there already: of two kinds of nothing the first stays, but
 * that an object with nothing in it is more than null.
 */
export function keep(target: Json, key: string, value: unknown): void {
  const before = Object.hasOwn(target, key) ? target[key] : undefined;
  // Each event of a stream repeats most of what the one before said.
  if (
    before !== undefined &&
    (before === value || isEmpty(value, key)) &&
    !(before === null && isObject(value))
  )
    return;
  put(target, key, value);
}

/** All fields of an event, less those that its reader takes itself. */
export function keepAll(target: Json, given: Json, ...apart: string[]): void {
  for (const key of Object.keys(given)) if (!apart.includes(key)) keep(target, key, given[key]);
}

/**
 * Nothing, in the forms in which servers write it: null, no text, an empty list, an object with nothing in it, counts
 * that are all zero, the year 1970. A zero and a `false` elsewhere are values.
 */
export function isEmpty(value: unknown, key = "", depth = 0): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return value === 0 && (key.startsWith("created") || (depth > 0 && COUNTS.test(key)));
  // What nests deeper than anything that an API sends is not looked through.
  return depth < DEEPEST && Object.values(value).every((one) => isEmpty(one, key, depth + 1));
}

const COUNTS = /^usage/;
const DEEPEST = 8;
