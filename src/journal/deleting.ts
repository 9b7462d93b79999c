/** Deletes records for good: a file of their own, or their part of a pack, which is written anew without them. */
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { kindOf, stampOf } from "./files.ts";
import { readTable, writeWithout } from "./pack-file.ts";

/** A path as the index has it is not believed: only a file of ours in a folder of ours. Throws what the disk says. */
export function deleteFile(logs: string, path: string): void {
  guard(logs, path);
  fs.rmSync(join(logs, path), { force: true });
}

/**
 * Gives the pack as it stands afterwards and the new number of each exchange that stays, by the old one; null when none does, and
 * the file is gone. A crash leaves the pack as it was.
 */
export async function deleteFromPack(
  logs: string,
  path: string,
  gone: ReadonlySet<number>,
): Promise<{ file: { mtime: number; size: number }; moved: Map<number, number> } | null> {
  guard(logs, path);
  const pack = join(logs, path);
  const count = readTable(pack).files.length;
  const stay = Array.from({ length: count }, (_, n) => n).filter((n) => !gone.has(n));
  if (stay.length === 0) {
    fs.rmSync(pack, { force: true });
    return null;
  }
  const draft = join(dirname(pack), `.${crypto.randomUUID()}.tmp`);
  try {
    const file = fs.openSync(draft, "wx", 0o600);
    try {
      // A block at a time: others have their turn between two.
      for (const _ of writeWithout(pack, file, gone)) await new Promise((next) => setImmediate(next));
      // As old as it was, for whoever deletes by age.
      const { mtime } = fs.statSync(pack);
      fs.futimesSync(file, mtime, mtime);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(draft, pack);
  } finally {
    fs.rmSync(draft, { force: true });
  }
  return { file: stampOf(pack)!, moved: new Map(stay.map((n, at) => [n, at])) };
}

function guard(logs: string, path: string): void {
  const folder = fs.lstatSync(join(logs, dirname(path)));
  const kind = kindOf(path);
  if (kind === null || kind === "other" || !folder.isDirectory())
    throw new Error(`${path} is none of our files`);
}
