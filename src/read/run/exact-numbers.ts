/**
 * Arguments with their numbers as they were written. A host that reads 9007199254740993 into a double sends another
 * number on, and nobody sees it in the value: 1e2 and 100 are the same, those two are not.
 */
import { numberSource, parseExact } from "../../fact/json-source.ts";
import { isDeepValue } from "../../fact/nesting.ts";
import { canonical, cut, KEPT } from "./excerpt.ts";

/** Of a JSON text; null where its numbers say no more than their values, or where it is no JSON. */
export function exactText(json: string): string | null {
  // Sixteen digits, a fraction or an exponent: other numbers are what they look like.
  if (!/\d{16}|\d[.eE]/.test(json)) return null;
  try {
    return exactValue(parseExact(json));
  } catch {
    return null; // a script, or arguments that were cut off
  }
}

/** Of a value that `parseExact` has read. */
export function exactValue(value: unknown): string | null {
  if (isDeepValue(value)) return null;
  let isOther = false;
  const plain = canonical(value);
  const written = canonical(value, (holder, key, n) => {
    const source = numberSource(holder, key);
    isOther ||= source !== undefined && normal(source) !== normal(JSON.stringify(n));
    return normal(source ?? JSON.stringify(n));
  });
  return isOther && plain !== written ? cut(written, KEPT) : null;
}

/** What a value without such numbers is compared by. */
export function plainText(value: unknown): string {
  return cut(
    canonical(value, (_, __, n) => normal(JSON.stringify(n))),
    KEPT,
  );
}

/** `1.50e2` and `150` are `15e1`. */
export function normal(source: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source);
  if (!found) return source;
  const [, sign, whole = "", fraction = "", power = "0"] = found;
  const digits = (whole + fraction).replace(/^0+/, "");
  const short = digits.replace(/0+$/, "");
  if (short === "") return "0";
  return `${sign}${short}e${Number(power) - fraction.length + digits.length - short.length}`;
}
