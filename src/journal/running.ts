/** Who runs on this log folder: a small file for each program, so that `status`, `demo` and `run` find it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PRIVATE_FOLDER } from "./private.ts";

export type Running = {
  readonly pid: number;
  readonly started: string;
  readonly proxyUrl: string | null;
  readonly dashboardUrl: string | null;
  readonly target: string | null;
};

const FOLDER = "run";

/** Returns how to take it back. Never throws: a folder that cannot be written is no reason not to run. */
export function announce(logDir: string, running: Running): () => void {
  const path = join(logDir, FOLDER, `${running.pid}.json`);
  try {
    mkdirSync(join(logDir, FOLDER), { recursive: true, mode: PRIVATE_FOLDER });
    writeFileSync(path, JSON.stringify(running) + "\n", { mode: 0o600 });
  } catch {
    return () => {};
  }
  return () => rmSync(path, { force: true });
}

/** Programs that still run, the newest first; what dead ones left is removed. */
export function running(logDir: string): Running[] {
  let names: string[];
  try {
    names = readdirSync(join(logDir, FOLDER));
  } catch {
    return [];
  }
  const found = names.flatMap((name) => {
    const path = join(logDir, FOLDER, name);
    try {
      const one = JSON.parse(readFileSync(path, "utf8")) as Running;
      process.kill(one.pid, 0);
      return [one];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") rmSync(path, { force: true });
      return [];
    }
  });
  return found.toSorted((a, b) => b.started.localeCompare(a.started));
}
