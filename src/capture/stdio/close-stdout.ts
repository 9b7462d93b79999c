/**
 * Ends this process's stdout for good, as a server does that closes its own: the reader at the other end sees an end.
 * `process.stdout.end()` leaves the file open, and the runtime holds a second number of it (Bun 1.4.5).
 */
import { closeSync, fstatSync, openSync } from "node:fs";
import { devNull } from "node:os";

/** Numbers that are looked through for others of the same file. The runtime takes its own at the start. */
const HIGHEST = 256;

/** What was written has to be gone already. Nothing is done where stdin or stderr is the same file: a terminal. */
export function closeStdout(): void {
  const stdout = markOf(1);
  if (stdout === null || stdout === markOf(0) || stdout === markOf(2)) return;
  const others = Array.from({ length: HIGHEST - 3 }, (_, n) => n + 3).filter((fd) => markOf(fd) === stdout);
  for (const fd of [1, ...others]) {
    closeSync(fd);
    // The lowest free number is taken: what is opened next must not get what somebody still writes to stdout.
    openSync(devNull, "w");
  }
}

function markOf(fd: number): string | null {
  try {
    const { dev, ino } = fstatSync(fd);
    return `${dev}/${ino}`;
  } catch {
    return null; // not open
  }
}
