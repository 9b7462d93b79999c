/** multipart/form-data (RFC 7578 4.2): the value of a field stands behind an empty line. */
import { chars, QUOTE, ANYTHING } from "./chars.ts";
import { LONGEST_NAME, strengthOf } from "./names.ts";
import type { Scan } from "./scan.ts";
import { isSecretValue, LONGEST_VALUE } from "./values.ts";

/** `name=`, as in the head of a part. */
export function isField(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 4] === 110 && bytes[at - 3] === 97 && bytes[at - 2] === 109 && bytes[at - 1] === 101;
}

/** The `=` at `at` names a field: where to go on. Null where that is no credential, or not known yet. */
export function field(scan: Scan, at: number): number | null {
  const { bytes, end } = scan;
  if (at + 1 < end && bytes[at + 1] !== QUOTE) return null;
  const close = at + 2 < end ? bytes.indexOf(QUOTE, at + 2) : -1;
  const isNameOpen = close < 0 || close >= end;
  if (isNameOpen || close - at > LONGEST_NAME) {
    if (isNameOpen && end - at < LONGEST_NAME && !scan.isOver) scan.wait(at, end, chars(/"/));
    return null;
  }
  const strength = strengthOf(scan.text(at + 2, close), "parameter");
  if (strength === null) return null;
  const seen = scan.text(close + 1, Math.min(end, close + 1 + 256));
  const head = /^(?:;[^\r\n]*)?\r\n(?:[\w-]+:[^\r\n]*\r\n){0,4}\r\n/.exec(seen);
  if (!head) {
    if (seen.length < 256 && /^(?:$|[;\r])/.test(seen) && !scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const start = close + 1 + head[0].length;
  const stop = scan.until(start, FIELD_END);
  if (stop === end && !scan.isOver && stop - start <= LONGEST_VALUE) {
    scan.wait(at, start, FIELD_END);
    return stop;
  }
  if (isSecretValue(strength, scan.text(start, Math.min(stop, start + LONGEST_VALUE))))
    scan.found(start, stop);
  return stop;
}

const FIELD_END = chars(/[\r\n]/);
