/** A filter as an address has it: names of fields in English, whatever they were called when it was typed. Values stay. */
import { field } from "./fields.ts";

/** A phrase, or a name in front of its colon, which may be a full-width one. */
const NAMES = /"[^"]*"?|(^|[\s-])([\p{L}_]{1,40})[:：]/gu;

export function inEnglish(typed: string): string {
  return typed.replace(NAMES, (whole, before: string | undefined, name: string | undefined) => {
    const known = name === undefined ? undefined : field(name);
    return known ? `${before ?? ""}${known.name}:` : whole;
  });
}
