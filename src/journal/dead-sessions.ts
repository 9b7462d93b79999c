/** Session files whose recorder was killed get the last line that it could not write any more. */
import * as fs from "node:fs";
import { isGone } from "./recorder-mark.ts";

/** The first line of a session is some KB: a command line and versions. */
const FIRST = 64 * 1024;
/** Enough for the last line in most files; a longer one is passed over. */
const LAST = 1024 * 1024;

/** The mark of who writes this file; null when it does not say. */
export function recorderOf(path: string): unknown {
  const first = partOf(path, 0, FIRST)?.split("\n", 1)[0] ?? "";
  return parsed(first)?.["recorder"] ?? null;
}

/** Ends the session when its recorder is gone and it has no end. True when a line was written. */
export function endWhereDead(path: string, recorder: unknown): boolean {
  if (!isGone(recorder)) return false;
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const text = partOf(path, Math.max(0, size - LAST), LAST);
  if (text === null || size === 0) return false;
  const last = text
    .split("\n")
    .map(parsed)
    .findLast((line) => line !== null);
  if (!last || last["event"] === "exit") return false;
  const line = {
    session_id: last["session_id"],
    timestamp: new Date().toISOString(),
    seq: typeof last["seq"] === "number" ? last["seq"] + 1 : 1,
    t_ms: last["t_ms"],
    event: "exit",
    ending: "interrupted",
    error: "the recorder was killed; what came afterwards is not in the record",
  };
  // A line that was cut stays as it is, for itself.
  const before = text.endsWith("\n") ? "" : "\n";
  fs.appendFileSync(path, `${before}${JSON.stringify(line)}\n`);
  return true;
}

function partOf(path: string, at: number, most: number): string | null {
  try {
    const file = fs.openSync(path, "r");
    try {
      const bytes = Buffer.alloc(most);
      return bytes.toString("utf8", 0, fs.readSync(file, bytes, 0, most, at));
    } finally {
      fs.closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // half a line: it was being written when its writer was killed
  }
}
