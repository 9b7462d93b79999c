/** Writes a whole file or none: a reader never sees half of one. */
import { closeSync, mkdirSync, openSync, renameSync, statSync, unlinkSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Parts are gathered to this size, so that a large file is never in memory as a whole. */
const GATHERED = 256 * 1024;

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
    try {
      writeParts(fd, parts);
    } finally {
      closeSync(fd);
    }
    withFolder(dirname(path), () => renameSync(draft, path));
  } catch (error) {
    try {
      unlinkSync(draft);
    } catch {
      // the disk that refused the bytes may refuse this too; the next start takes drafts away
    }
    throw error;
  }
  const { mtimeMs, size } = statSync(path);
  return { mtime: mtimeMs, size };
}

function writeParts(fd: number, parts: Iterable<string | Uint8Array>): void {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      if (text.length < GATHERED) continue;
    }
    writeAll(fd, Buffer.from(text, "utf8"));
    text = "";
    if (typeof part !== "string") writeAll(fd, part);
  }
  writeAll(fd, Buffer.from(text, "utf8"));
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength;) done += writeSync(fd, bytes, done);
}

function withFolder<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(folder, { recursive: true });
    return act();
  }
}
