/** `curl -u me:PASSWORD`, `sshpass -p PASSWORD`: options of a letter say nothing by themselves, only behind their command. */
import { ANYTHING, BLANK, chars } from "./chars.ts";
import type { Scan } from "./scan.ts";
import { isGiven, LONGEST_KEY } from "./values.ts";

/** How far in front of it the command may stand, on the same line. */
const LONGEST_COMMAND = 200;

const [U, P] = [117, 112];
const VALUE_END = chars(/[\s"'`<>;|&\\]/);

/** A first look: `-u ` or `-p `, as far as it has come. */
export function isShort(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at - 1] !== BLANK) return false;
  if (at + 1 < end && bytes[at + 1] !== U && bytes[at + 1] !== P) return false;
  return at + 2 >= end || bytes[at + 2] === BLANK;
}

/** The dash at `at` may begin one: where to go on. Null when it does not. */
export function shortOption(scan: Scan, at: number): number | null {
  const { bytes, end } = scan;
  if (!isShort(bytes, at, end)) return null;
  if (at + 3 > end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const kind = bytes[at + 1] === U ? "user" : "password";
  return behind(scan, at, at + 3, kind);
}

/** The name of an option with two dashes ends at `nameEnd`. */
export function userOption(scan: Scan, at: number, nameEnd: number): number | null {
  const name = scan.text(at + 1, nameEnd);
  if (name !== "user" && name !== "proxy-user") return null;
  return scan.bytes[nameEnd] === BLANK ? behind(scan, at, nameEnd + 1, "user") : null;
}

function behind(scan: Scan, at: number, opens: number, kind: "user" | "password"): number | null {
  const { bytes, end } = scan;
  const before = scan.text(Math.max(0, at - LONGEST_COMMAND), at);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (!(kind === "user" ? USER : PASSWORD).test(line)) return null;
  if (opens >= end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  const start = bytes[opens] === 39 || bytes[opens] === 34 ? opens + 1 : opens;
  const stop = scan.until(start, VALUE_END);
  if (stop === end && !scan.isOver && stop - start <= LONGEST_KEY) {
    scan.wait(at, start, VALUE_END);
    return null;
  }
  const word = scan.text(start, Math.min(stop, start + LONGEST_KEY));
  const colon = kind === "user" ? word.indexOf(":") : -1;
  if ((kind === "user" && colon < 0) || !isGiven(word.slice(colon + 1))) return null;
  scan.found(start + colon + 1, stop);
  return stop;
}

const USER = /\b(?:curl|xh|https?)\s(?:[^|;&]*\s)?-?$/;
const PASSWORD = /\b(?:sshpass\s|(?:docker|podman|nerdctl|oras|az|oc|helm registry) login\s(?:[^|;&]*\s)?)$/;
