/** When a process began, so that its number alone is not taken for it: numbers are given again, also after a restart. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** One text for one process of one start of this machine; null when there is no such process, or it cannot be told. */
export function birthOf(pid: number): string | null {
  try {
    if (process.platform === "linux") {
      // Field 22 of proc_pid_stat(5), behind the name, which may hold spaces and brackets.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      const [state, start] = [fields[0], fields[19]];
      return state === "Z" || state === "X" || start === undefined ? null : `${boot} ${start}`;
    }
    if (process.platform === "win32") return isAlive(pid) ? "running" : null;
    const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return stdout.trim() || null;
  } catch {
    return null; // it is gone
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
