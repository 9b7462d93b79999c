/**
 * A tool's input that comes as text and stands in the whole answer as an object. Where it was cut, the object holds what is
 * complete, as the official clients make it; the text as it came is remembered beside it for the reading.
 */
import { parseExact } from "../../fact/json-source.ts";
import { parsePartial } from "./partial-json.ts";
import { argumentsOf } from "./values.ts";

const texts = new WeakMap<object, string>();

/** The input as an object. Text that is no JSON stays text. */
export function inputOf(text: string): unknown {
  const { value, state } = parsePartial(text);
  if (state === "broken") return text;
  // Numbers that no double has are remembered as they were written.
  if (state === "whole" && /\d{16}/.test(text)) return parseExact(text);
  if (state === "cut" && typeof value === "object" && value !== null) texts.set(value, text);
  return value;
}

/** The exact text of an input that was cut, else the compact JSON of what the API sends as an object. */
export function inputText(input: unknown): string {
  return (typeof input === "object" && input !== null && texts.get(input)) || argumentsOf(input);
}
