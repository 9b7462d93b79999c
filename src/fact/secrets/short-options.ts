/** `curl -u me:PASSWORD`, `curl -b sid=COOKIE`, `sshpass -p PASSWORD`: options of a letter say nothing by themselves, only behind their command. */
import { ANYTHING, BLANK, chars } from "./chars.ts";
import type { Search } from "./search.ts";
import { isGiven, isLikely, LONGEST_KEY } from "./values.ts";

/** How far in front of it the command may stand, on the same line. */
const LONGEST_COMMAND = 200;

type Kind = "user" | "password" | "cookie";

const KINDS = new Map<number, Kind>(
  [
    ["u", "user"],
    ["a", "user"],
    ["b", "cookie"],
    ["p", "password"],
    ["P", "password"],
  ].map(([letter, kind]) => [letter!.charCodeAt(0), kind as Kind]),
);
const VALUE_END = chars(/[\s"'`<>;|&\\]/);

/** A first look: `-u ` or `-p `, as far as it has come. */
export function isShort(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at - 1] !== BLANK) return false;
  if (at + 1 < end && !KINDS.has(bytes[at + 1]!)) return false;
  return at + 2 >= end || bytes[at + 2] === BLANK;
}

/** The dash at `at` may begin one: where to go on. Null when it does not. */
export function shortOption(scan: Search, at: number): number | null {
  const { bytes, end } = scan;
  if (!isShort(bytes, at, end)) return null;
  if (at + 3 > end) {
    if (!scan.isOver) scan.wait(at, end, ANYTHING);
    return null;
  }
  return behind(scan, at, at + 3, KINDS.get(bytes[at + 1]!)!);
}

/** The name of an option with two dashes ends at `nameEnd`. */
export function userOption(scan: Search, at: number, nameEnd: number): number | null {
  const name = scan.text(at + 1, nameEnd);
  const kind = name === "user" || name === "proxy-user" || name === "auth" ? "user" : null;
  return kind !== null && scan.bytes[nameEnd] === BLANK ? behind(scan, at, nameEnd + 1, kind) : null;
}

function behind(scan: Search, at: number, opens: number, kind: Kind): number | null {
  const { bytes, end } = scan;
  const before = scan.text(Math.max(0, at - LONGEST_COMMAND), at);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (!COMMANDS[kind].test(line)) return null;
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
  const colon = kind === "password" ? -1 : word.indexOf(kind === "user" ? ":" : "=");
  if ((kind !== "password" && colon < 0) || !isGiven(word.slice(colon + 1))) return null;
  if (kind === "cookie" && !isLikely(word.slice(colon + 1))) return null;
  scan.found(start + colon + 1, stop);
  return stop;
}

const COMMANDS: { readonly [kind in Kind]: RegExp } = {
  user: /\b(?:curl|xh|https?)\s(?:[^|;&]*\s)?-?$/,
  cookie: /\bcurl\s(?:[^|;&]*\s)?$/,
  password:
    /\b(?:sshpass\s|(?:docker|podman|nerdctl|oras|az|oc|helm registry) login\s(?:[^|;&]*\s)?|(?:mosquitto_(?:pub|sub)|sqlcmd|bcp|zip|unzip|zipcloak)\s(?:[^|;&]*\s)?)$/,
};
