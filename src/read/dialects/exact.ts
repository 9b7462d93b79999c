/**
 * Arguments that an API sends as an object, with their numbers as they were written: an id of 64 bits is another one as a
 * double. Read once more from the text, and only where it holds such an object and such a number.
 */
import { parseExact } from "../../fact/json-source.ts";
import { isObject, type Json } from "../json.ts";

/** A double holds 15 digits of any number. */
const LONG = /\d{16}/;
const ARGUMENTS = /"(?:args|arguments|input)"\s*:\s*\{/;
/** Reading with a memory of each number takes ten times as long; the arguments of a call are far shorter. */
export const LONGEST_EXACT = 4 * 1024 * 1024;

/** `json` is what `text` was parsed to. */
export function exactArguments(json: Json, text: string): Json {
  if (text.length > LONGEST_EXACT || !LONG.test(text) || !ARGUMENTS.test(text)) return json;
  const exact = parseExact(text);
  return isObject(exact) ? exact : json;
}
