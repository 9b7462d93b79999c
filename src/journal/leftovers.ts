/** What dead programs left in the spool: found, claimed by one of those that find it, and drafts taken away. */
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { isOwnerAlive, ownerName } from "./owner.ts";
import type { SpoolFile } from "./spool.ts";
import { DRAFT } from "./write-file.ts";

/** A file of ours is changed for the next one at 16 MiB; one that is as large as this is none of ours. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** A draft is written at once; the disk may be slow. */
const OLD_DRAFT_MS = 60_000;

/**
 * Files that dead programs left, a list for each, in order. Never those of this life or of a program that runs, never
 * what is no file of its own: a name may lead elsewhere, or wait for somebody who writes.
 */
export function leftovers(logDir: string, life: string): string[][] {
  const folder = join(logDir, "spool");
  const own = ownerName(life);
  const dead = namesIn(folder).filter((name) => {
    if (!name.endsWith(".facts") || name.startsWith(`${own}_`)) return false;
    const file = fs.lstatSync(join(folder, name), { throwIfNoEntry: false });
    return file?.isFile() && file.size <= MOST_BYTES && !isOwnerAlive(name, join(folder, name));
  });
  const lives = Map.groupBy(dead.sort(), (name) => name.slice(0, name.lastIndexOf("_")));
  return [...lives.values()].map((files) => files.map((name) => join(folder, name)));
}

/** Names of spool files that are left alone because none of ours is as large. */
export function giants(logDir: string): string[] {
  const folder = join(logDir, "spool");
  return namesIn(folder).filter((name) => {
    const file = fs.lstatSync(join(folder, name), { throwIfNoEntry: false });
    return file?.isFile() && file.size > MOST_BYTES;
  });
}

export type Claim = {
  readonly files: readonly SpoolFile[];
  /** They are understood, and go. */
  done(): void;
  /** They stay, for the next look. */
  release(): void;
};

/**
 * Makes them ours: of two programs that find the same, one may rename it. They are held open under a name that says
 * so, and a program that dies with them leaves them to the next.
 */
export function claim(paths: readonly string[], life: string): Claim {
  const files: SpoolFile[] = [];
  const held: number[] = [];
  const prefix = `${ownerName(life)}-from-${crypto.randomUUID()}`;
  for (const [n, path] of paths.entries()) {
    const mine = join(dirname(path), `${prefix}_${String(n).padStart(6, "0")}.facts`);
    try {
      fs.renameSync(path, mine);
      held.push(fs.openSync(mine, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK));
      fs.utimesSync(mine, new Date(), new Date());
      files.push({ path: mine, size: fs.statSync(mine).size });
    } catch (error) {
      // Another program was faster.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  const release = (): void => {
    for (const fd of held.splice(0)) fs.closeSync(fd);
  };
  return {
    files,
    release,
    done() {
      for (const { path } of files) fs.rmSync(path, { force: true });
      release();
    },
  };
}

/** Takes away drafts of files whose program was killed while it wrote them. */
export function clearDrafts(logDir: string): void {
  const folder = join(logDir, "spool");
  for (const name of namesIn(folder)) {
    if (!name.endsWith(DRAFT)) continue;
    const path = join(folder, name);
    const { mtimeMs } = fs.statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (Date.now() - mtimeMs > OLD_DRAFT_MS) fs.rmSync(path, { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // no folder, no leftovers
  }
}
