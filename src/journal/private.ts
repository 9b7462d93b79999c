/**
 * The log folder is its owner's alone (0700, files 0600): everything that was said lies in it, in clear text. Made so
 * when it is made, and mended when it is there already and ours. Windows has its own ways, and needs none of this.
 */
import * as fs from "node:fs";
import { join } from "node:path";

/** The mode of every folder that we make. */
export const PRIVATE_FOLDER = 0o700;

/** Our files and folders in the log folder, by their names. */
const OURS =
  /^(?:llm_proxy|mcp_.+|spool|run|quarantine|trash|stars\.jsonl|index\.sqlite.*|ship\.sqlite.*|\.mask-key|\.git(?:ignore|keep))$/;

/**
 * Takes from others what they may do with the folder and what of ours is in it. A sentence when they still may do
 * something: it is somebody else's, or holds other things than ours, whose owner may want them to be seen. Never throws.
 */
export function keepPrivate(logDir: string): string | null {
  if (process.platform === "win32") return null;
  const folder = look(logDir);
  if (!folder?.isDirectory()) return null;
  const names = namesIn(logDir);
  for (const name of names) if (OURS.test(name)) mend(join(logDir, name));
  const isOnlyOurs = names.every((name) => OURS.test(name));
  if (isOnlyOurs) mend(logDir);
  const mode = look(logDir)?.mode ?? 0;
  // Of a folder that is not ours the group may be how we get in; then it is nobody else's.
  const isOpen = (folder.uid === process.getuid?.() ? mode & 0o077 : mode & 0o007) !== 0;
  if (!isOpen) return null;
  return `other users of this machine can open the log folder: chmod 700 ${logDir}`;
}

/** Only what is ours: a link may lead to anything. */
function mend(path: string): void {
  const found = look(path);
  if (!found || found.uid !== process.getuid?.() || (found.mode & 0o077) === 0) return;
  if (!found.isFile() && !found.isDirectory()) return;
  try {
    fs.chmodSync(path, found.mode & 0o700);
  } catch {
    // a file system without modes; when others may look in, that is told
  }
}

function look(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
