/**
 * The file of stars, `logs/stars.jsonl`: a line for each star that was given or taken, the last of a thing holds. It outlives the
 * index, and any number of programs may append to it.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import type { Star } from "../fact/rows.ts";
import { stampOf } from "./files.ts";
import { writeWhole } from "./write-file.ts";

export const STARS_FILE = "stars.jsonl";

/** More than a person finds again; a list of them is sent as a whole. */
export const MOST_STARS = 10_000;
/** Longer than any id of ours. */
const LONGEST_ID = 1_000;
/** What is behind it is not read: all stars that may be take a tenth of it when each is named once. */
const MOST_BYTES = 16 * 1024 * 1024;
/** A file of this size is written anew with what holds: then it is short again. */
const COMPACT = 4 * 1024 * 1024;

/** What is starred, the earliest first. What is no line of ours is passed over. Throws what the disk says, but for a file that is not there. */
export function readStars(logs: string): Star[] {
  const found = new Map<string, Star>();
  for (const line of textOf(join(logs, STARS_FILE)).split("\n")) {
    const said = starIn(line);
    if (said === null) continue;
    const key = `${said.star.of} ${said.star.id}`;
    found.delete(key);
    if (said.how === "given") found.set(key, said.star);
  }
  return [...found.values()].slice(-MOST_STARS);
}

/** `at` in ms since 1970. Throws what the disk says. */
export function writeStar(logs: string, { of, id }: Star, how: "given" | "taken", at: number): void {
  const path = join(logs, STARS_FILE);
  const line = lineOf({ of, id }, how, at);
  const size = stampOf(path)?.size ?? 0;
  // Another program may append at this very moment: what it says then is lost, which takes 40,000 stars given and taken.
  if (size > COMPACT) writeWhole(path, [...readStars(logs).map((star) => lineOf(star, "given", at)), line]);
  else appendTo(path, line);
}

/** Mtime and size in one text; "" when there is none. */
export function starsStamp(logs: string): string {
  const found = stampOf(join(logs, STARS_FILE));
  return found ? `${found.mtime} ${found.size}` : "";
}

function lineOf({ of, id }: Star, how: "given" | "taken", at: number): string {
  return `${JSON.stringify({ star: of, id, timestamp: new Date(at).toISOString(), how })}\n`;
}

/** A link of this name may lead anywhere. */
function appendTo(path: string, line: string): void {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = fs.constants;
  const file = fs.openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    fs.writeSync(file, line);
  } finally {
    fs.closeSync(file);
  }
}

function textOf(path: string): string {
  const size = stampOf(path)?.size ?? 0;
  if (size === 0) return "";
  const file = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  try {
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    return bytes.toString("utf8", 0, fs.readSync(file, bytes));
  } finally {
    fs.closeSync(file);
  }
}

function starIn(line: string): { star: Star; how: "given" | "taken" } | null {
  try {
    const { star: of, id, how } = JSON.parse(line) as Record<string, unknown>;
    if (of !== "exchange" && of !== "session" && of !== "run") return null;
    if (typeof id !== "string" || id.length > LONGEST_ID || (how !== "given" && how !== "taken")) return null;
    return { star: { of, id }, how };
  } catch {
    return null; // torn by a crash, or not ours
  }
}
