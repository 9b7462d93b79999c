/** Writes a whole file or none: a reader never sees half of one. */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { PRIVATE_FOLDER } from "./private.ts";

/** How a draft's name ends: the watcher and the index pass over it. */
export const DRAFT = ".tmp";

/**
 * Writes the parts one behind the other. Throws what the disk says; then nothing is left behind. Folders are made when
 * they are missing. The draft lies in `drafts`, on the same disk.
 */
export function writeWhole(
  path: string,
  parts: Iterable<string | Uint8Array>,
  drafts: string = dirname(path),
): { mtime: number; size: number } {
  const draft = join(drafts, `${basename(path)}.${process.pid}${DRAFT}`);
  const fd = withFolder(drafts, () => openSync(draft, "w", 0o600));
  try {
    let written: Stats;
    try {
      for (const part of parts) writeAll(fd, part);
      written = fstatSync(fd);
    } finally {
      closeSync(fd);
    }
    withFolder(dirname(path), () => renameSync(draft, path));
    return { mtime: written.mtimeMs, size: written.size };
  } catch (error) {
    try {
      unlinkSync(draft);
    } catch {
      // the disk that refused the bytes may refuse this too; the next start takes drafts away
    }
    throw error;
  }
}

function writeAll(fd: number, part: string | Uint8Array): void {
  const size = typeof part === "string" ? Buffer.byteLength(part) : part.byteLength;
  let done = typeof part === "string" ? writeSync(fd, part) : writeSync(fd, part, 0);
  if (done === size) return;
  const bytes = typeof part === "string" ? Buffer.from(part) : part;
  while (done < size) done += writeSync(fd, bytes, done);
}

function withFolder<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    return act();
  }
}
