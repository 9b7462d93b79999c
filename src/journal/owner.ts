/**
 * Whether the program that writes a spool file still runs. Its number alone says little: it may be that of a process
 * which has ended and that nobody has taken leave of, or of another one by now. So the system is asked who holds the
 * file, and where it cannot say, when the file was last touched.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { hostname } from "node:os";

/** How often a living program touches its file, and after how long without that it is dead: two may be late. */
export const HEARTBEAT_MS = 5_000;
const DEAD_MS = 15_000;

/** `<host>_<pid>_<life>`, with what stands in a file's name. */
export function ownerName(life: string): string {
  return `${safe(hostname())}_${process.pid}_${safe(life)}`;
}

function safe(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.-]/g, "-");
}

/** Our own number is that of an earlier life: in a container it is always the same. */
export function isOwnerAlive(name: string, path: string): boolean {
  const [host, number] = name.split("_");
  const pid = Number(number);
  // Of another machine only its touch can be seen.
  if (host !== safe(hostname()) || !Number.isSafeInteger(pid) || pid <= 0) return isTouched(path);
  if (pid === process.pid) return false;
  switch (stateOf(pid)) {
    case "dead":
      return false;
    case "unknown":
      return isTouched(path);
    case "alive":
      return holds(pid, path) ?? isTouched(path);
  }
}

function isTouched(path: string): boolean {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
  return Date.now() - mtimeMs < DEAD_MS;
}

/** `dead` is also what has ended and waits for its parent to hear of it (proc(5), state Z or X). */
export function stateOf(pid: number): "alive" | "dead" | "unknown" {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return "dead";
  }
  if (process.platform !== "linux") return "unknown";
  try {
    // The name of the program stands in brackets and may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return /^[ZXx]/.test(stat.slice(stat.lastIndexOf(")") + 2)) ? "dead" : "alive";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "dead" : "unknown";
  }
}

/** A program keeps the files that it writes open. Null where that cannot be seen: it is another user's. */
function holds(pid: number, path: string): boolean | null {
  try {
    const { dev, ino } = statSync(path);
    for (const fd of readdirSync(`/proc/${pid}/fd`))
      if (isSame(`/proc/${pid}/fd/${fd}`, dev, ino)) return true;
    return false;
  } catch {
    return null;
  }
}

function isSame(link: string, dev: number, ino: number): boolean {
  try {
    // Sockets and pipes are many, and no files: their links say so without a look at what they lead to.
    if (!readlinkSync(link).startsWith("/")) return false;
    const found = statSync(link);
    return found.dev === dev && found.ino === ino;
  } catch {
    return false; // closed since
  }
}
