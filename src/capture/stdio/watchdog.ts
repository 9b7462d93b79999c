/**
 * No orphan, however the tap ends: a small shell waits on a pipe that only this process holds open. Killed with -9 we
 * can do nothing any more, but the pipe closes, and the shell ends the process that we started.
 */
import { spawn } from "node:child_process";

/**
 * Most servers leave by themselves when their stdin ends; what does not gets a second, then another, then none. Also
 * what stands behind a launcher (`npx`, `sh -c`), which would die of the signal alone: so all below it are found first.
 */
const SCRIPT = `read _ && exit
[ -n "$1" ] && rm -rf -- "$1"
[ -n "$0" ] || exit
all="$0 $(ps -A -o pid=,ppid= 2>/dev/null | awk -v top="$0" '
  { up[$1] = $2 }
  END { for (pid in up) { for (at = up[pid]; at && at != top; at = up[at]); if (at == top) print pid } }' 2>/dev/null)"
for signal in TERM KILL; do
  sleep 1
  kill -$signal $all 2>/dev/null
done`;

/**
 * Returns how to send it home. Where there is no such shell (Windows) nothing is watched. `folder` is one that we made
 * for the process and that has to go with us; it may be watched over alone.
 */
export function watchOver(pid: number | undefined, folder = ""): () => void {
  if ((pid === undefined && folder === "") || process.platform === "win32") return () => {};
  // A session of its own: what ends the terminal or the group must not end the watch.
  const shell = spawn("/bin/sh", ["-c", SCRIPT, String(pid ?? ""), folder], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {}); // no shell, no watch: the process still sees its stdin end
  shell.stdin?.on("error", () => {});
  shell.unref();
  return () => shell.stdin?.end("\n");
}
