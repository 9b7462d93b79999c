/** Writes a whole file or none: a reader never sees half of one. */
import { closeSync, mkdirSync, openSync, renameSync, statSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Throws what the disk says; then nothing is left behind. The folder is made when it is missing. */
export function writeWhole(path: string, text: string): { mtime: number; size: number } {
  const draft = `${path}.${process.pid}.tmp`;
  const bytes = Buffer.from(text, "utf8");
  const fd = openDraft(draft);
  try {
    try {
      let done = 0;
      while (done < bytes.byteLength) done += writeSync(fd, bytes, done);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    try {
      unlinkSync(draft);
    } catch {
      // the disk that refused the bytes may refuse this too; the watcher passes over drafts
    }
    throw error;
  }
  const { mtimeMs, size } = statSync(path);
  return { mtime: mtimeMs, size };
}

function openDraft(draft: string): number {
  try {
    return openSync(draft, "w", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(draft), { recursive: true });
    return openSync(draft, "w", 0o600);
  }
}
