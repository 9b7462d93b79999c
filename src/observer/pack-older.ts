/** Packs what is old, in a process of its own, which gives way to everything else: compressing takes seconds of a core. */
import { constants, setPriority } from "node:os";

const LOWEST = constants.priority.PRIORITY_LOW;

/** Begun from here, never from the traffic's thread: that one would stand still until the other program is loaded. */
export async function packOlder(command: readonly string[]): Promise<void> {
  // In our own folder: Bun runs what a bunfig.toml of the one we were started in names.
  const cwd = import.meta.dir;
  const child = Bun.spawn([...command], { cwd, stdio: ["ignore", "ignore", "inherit"] });
  try {
    setPriority(child.pid, LOWEST);
  } catch {
    // it has already finished, or this system does not allow it: nothing else depends on it
  }
  await child.exited;
}
