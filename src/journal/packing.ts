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
  /** It could not be looked, or packed. */
  onTrouble: (error: unknown) => void;
  everyMs?: number;
};

/** Less stays as it is: a handful of files that people can read is worth more than the space. */
export const WORTH = { bytes: 16 * 1024 * 1024, files: 1_000 };

const EVERY_MS = 5 * 60_000;
/** Files between two turns of others: some ms, also where the disk is asked for each. */
const AT_ONCE = 200;

export function startPacking(options: PackingOptions): { close(): void } {
  const { everyMs = EVERY_MS, onTrouble } = options;
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    void packWhenWorth(options)
      .catch(onTrouble)
      .finally(() => (running = false));
  }, everyMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

async function packWhenWorth({ logs, afterMs, pack }: PackingOptions): Promise<void> {
  if (await isWorthPacking(logs, Date.now() - afterMs)) await pack();
}

/**
 * Looks at no more files than decide it, and lets others have their turn meanwhile. `before` in ms since 1970: only files
 * that were written before count.
 */
export async function isWorthPacking(
  logs: string,
  before: number,
  turn: () => Promise<void> = turnOfOthers,
): Promise<boolean> {
  let [files, bytes, looked] = [0, 0, 0];
  for (const { path } of filesIn(logs, EXCHANGES)) {
    // What its name dates later was not written earlier: most that is there has just come.
    if (timeIn(path) >= before) continue;
    if (++looked % AT_ONCE === 0) await turn();
    const file = lstatSync(join(logs, path), { throwIfNoEntry: false });
    if (!file?.isFile() || file.mtimeMs >= before) continue;
    files += 1;
    bytes += file.size;
    if (files >= WORTH.files || bytes >= WORTH.bytes) return true;
  }
  return false;
}

/** When the exchange began, by the name of its file; -Infinity where the name does not say. */
function timeIn(path: string): number {
  const said = /\/(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)_/.exec(path);
  const time = said ? Date.parse(`${said[1]}:${said[2]}:${said[3]}`) : Number.NaN;
  return Number.isNaN(time) ? -Infinity : time;
}

function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
