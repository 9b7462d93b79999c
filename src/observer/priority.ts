/** The observer's thread gives way: where both want the same core, the client's bytes go first. */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** A third of the weight of a thread that has not given way: on a machine with no core to spare the page still gets its share. */
const NICE = 5;

/** Linux alone has priorities for threads; elsewhere, and where it is not allowed, all stay equal. */
export function giveWay(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(Number(readlinkSync("/proc/thread-self").split("/").at(-1)), NICE);
  } catch {
    // no /proc, or a sandbox that forbids it: it is slower under load, nothing else
  }
}
