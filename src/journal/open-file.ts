/** Opens what the index points at: an exchange file, or one exchange of a pack (`….json.zst#12`). */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { packedAt } from "./pack-file.ts";

/** The text of the exchange file, as it was written. Throws when it is gone or broken. */
export function exchangeTextAt(logs: string, path: string): string {
  const inPack = /^(.*\.zst)#(\d+)$/s.exec(path);
  if (!inPack?.[1]) return readFileSync(join(logs, path), "utf8");
  return new TextDecoder().decode(packedAt(join(logs, inPack[1]), Number(inPack[2])).bytes);
}

/** A line of a session's file. Null when it cannot be read: the file is gone, or shorter by now. */
export function lineAt(
  logs: string,
  path: string,
  { offset, size }: { offset: number; size: number },
): string | null {
  try {
    const file = openSync(join(logs, path), "r");
    try {
      const bytes = Buffer.alloc(size);
      return readSync(file, bytes, 0, size, offset) === size ? bytes.toString("utf8") : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null; // an answer: whoever asks has the outline
  }
}
