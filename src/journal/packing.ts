/**
 * Packs old exchanges from time to time, when there is enough for it to be worth it: an agent sends its whole context
 * again with every turn, and 200 turns of 40 MB become a pack of 0.2 MB. The work is done by whoever is given as
 * `pack`, outside of this thread.
 */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { EXCHANGES, filesIn } from "./files.ts";

export type PackingOptions = {
  /** The folder `logs/`. */
  logs: string;
  /** Exchanges stay files of their own for so long: people look at what has just passed. */
  afterMs: number;
  /** Packs what is older; resolves when it is done. */
  pack: () => Promise<unknown>;
  everyMs?: number;
};

/** Less stays as it is: a handful of files that people can read is worth more than the space. */
export const WORTH = { bytes: 16 * 1024 * 1024, files: 1_000 };

const EVERY_MS = 5 * 60_000;

export function startPacking({ logs, afterMs, pack, everyMs = EVERY_MS }: PackingOptions): { close(): void } {
  let running = false;
  const timer = setInterval(() => {
    if (running || !isWorthPacking(logs, Date.now() - afterMs)) return;
    running = true;
    void pack().finally(() => (running = false));
  }, everyMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** Looks at no more files than decide it. `before` in ms since 1970: only files that were written before count. */
export function isWorthPacking(logs: string, before: number): boolean {
  let [files, bytes] = [0, 0];
  for (const { path } of filesIn(logs, EXCHANGES)) {
    const file = lstatSync(join(logs, path), { throwIfNoEntry: false });
    if (!file?.isFile() || file.mtimeMs >= before) continue;
    files += 1;
    bytes += file.size;
    if (files >= WORTH.files || bytes >= WORTH.bytes) return true;
  }
  return false;
}
