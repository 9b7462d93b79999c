/**
 * No orphan, however the tap ends: a small shell waits on a pipe that only this process holds open. Killed with -9 we
 * can do nothing any more, but the pipe closes, and the shell ends the process that we started.
 */
import { spawn } from "node:child_process";

/** Most servers leave by themselves when their stdin ends; what does not gets a second, then another, then none. */
const SCRIPT = `read _ && exit
[ -n "$1" ] && rm -rf -- "$1"
for signal in TERM KILL; do
  sleep 1
  kill -$signal "$0" 2>/dev/null || exit
done`;

/**
 * Returns how to send it home. Where there is no such shell (Windows) nothing is watched. `folder` is one that we made
 * for the process and that has to go with us.
 */
export function watchOver(pid: number | undefined, folder = ""): () => void {
  if (pid === undefined || process.platform === "win32") return () => {};
  // A session of its own: what ends the terminal or the group must not end the watch.
  const shell = spawn("/bin/sh", ["-c", SCRIPT, String(pid), folder], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {}); // no shell, no watch: the process still sees its stdin end
  shell.stdin?.on("error", () => {});
  shell.unref();
  return () => shell.stdin?.end("\n");
}
