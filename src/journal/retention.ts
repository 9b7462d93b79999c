/**
 * Deletes the oldest records beyond an age, a total size or a count. Off unless asked for. A pack counts as its
 * exchanges and goes as a whole, when its youngest is old enough.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { filesIn, logFolders, stampOf, type Kind } from "./files.ts";
import { readTable } from "./pack-file.ts";

/** Null is no limit. */
export type Limits = {
  readonly maxAgeMs: number | null;
  readonly maxBytes: number | null;
  readonly maxCount: number | null;
};

export type RetentionOptions = {
  /** The folder `logs/`. */
  logs: string;
  limits: Limits;
  /** Wall time, ms. */
  now: number;
  /** Starred, or in flight: counted, and never deleted. */
  keep: (path: string, kind: Kind) => boolean;
};

export type Deleted = { files: number; records: number; bytes: number };

type Record = { path: string; kind: Kind; mtime: number; size: number; records: number };

/** Whoever wrote it this recently may still be writing, or reading it back. */
const YOUNG_MS = 60_000;
/** Files between two turns of the loop: some ms. */
const SLICE = 500;

export async function retain({ logs, limits, now, keep }: RetentionOptions): Promise<Deleted> {
  const deleted: Deleted = { files: 0, records: 0, bytes: 0 };
  const { maxAgeMs, maxBytes, maxCount } = limits;
  if (maxAgeMs === null && maxBytes === null && maxCount === null) return deleted;
  const all = await recordsIn(logs);
  let [bytes, count] = [0, 0];
  for (const { size, records } of all) {
    bytes += size;
    count += records;
  }
  let done = 0;
  for (const { path, kind, mtime, size, records } of all.sort((a, b) => a.mtime - b.mtime)) {
    const tooOld = maxAgeMs !== null && now - mtime > maxAgeMs;
    const tooMuch = (maxBytes !== null && bytes > maxBytes) || (maxCount !== null && count > maxCount);
    if (!tooOld && !tooMuch) break;
    if (now - mtime < YOUNG_MS || keep(path, kind)) continue;
    fs.rmSync(join(logs, path), { force: true });
    bytes -= size;
    count -= records;
    deleted.files++;
    deleted.records += records;
    deleted.bytes += size;
    if (++done % SLICE === 0) await turn();
  }
  return deleted;
}

async function recordsIn(logs: string): Promise<Record[]> {
  const found: Record[] = [];
  for (const folder of logFolders(logs)) {
    for (const { path, kind } of filesIn(logs, folder)) {
      const file = kind === "other" ? null : stampOf(join(logs, path));
      if (file) found.push({ path, kind, ...file, records: kind === "pack" ? recordsOf(logs, path) : 1 });
      if (found.length % SLICE === 0) await turn();
    }
  }
  return found;
}

function recordsOf(logs: string, pack: string): number {
  try {
    return readTable(join(logs, pack)).files.length;
  } catch {
    return 1; // broken, and named on the page; it still has an age and a size
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
