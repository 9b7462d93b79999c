/**
 * Which process writes a session's file, so that others can see whether it still does: a tap that is killed writes no
 * last line. A number is given again to other processes, so where the system says it, the process's start is told too.
 */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { stateOf } from "./owner.ts";

/** `machine` tells machines apart without naming them. `born`: since the machine's start, in the system's own ticks. */
export type RecorderMark = {
  readonly machine: string;
  readonly pid: number;
  readonly born: string | null;
};

export function recorderMark(): RecorderMark {
  return { machine: thisMachine(), pid: process.pid, born: bornOf(process.pid) };
}

/** False also where that cannot be known: the file is another machine's, or somebody wrote it by hand. */
export function isGone(mark: unknown): boolean {
  if (typeof mark !== "object" || mark === null) return false;
  const { machine, pid, born } = mark as Record<string, unknown>;
  if (machine !== thisMachine() || typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0)
    return false;
  if (stateOf(pid) === "dead") return true;
  const now = bornOf(pid);
  return typeof born === "string" && now !== null && now !== born;
}

function thisMachine(): string {
  return new Bun.CryptoHasher("sha256").update(hostname()).digest("hex").slice(0, 16);
}

/** proc(5): the 22nd field; the name of the program before it stands in brackets and may hold anything. */
function bornOf(pid: number): string | null {
  if (process.platform !== "linux") return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null; // it is gone, or another user's: then its number alone has to do
  }
}
