/** Bodies in the log folder: exchange files, exchanges of packs (`….json.zst#12`), session files. */
import { join } from "node:path";
import { kindOf, stampOf } from "../journal/files.ts";
import { packedAt } from "../journal/pack-file.ts";
import type { Bodies, BodyKey } from "./bodies.ts";

/** `pathOf` says where in the folder something stands, as the index knows it. */
export function fileBodies(logs: string, pathOf: (key: BodyKey) => string | null): Bodies {
  async function read(key: BodyKey, start: number, end: number | undefined): Promise<Uint8Array | null> {
    const path = pathOf(key);
    if (path === null) return null;
    const inPack = /^(.*\.zst)#(\d+)$/s.exec(path);
    // The index is a file too, and may be a stranger's: what it names is opened where our files are, and nowhere else.
    const kind = kindOf(inPack?.[1] ?? path);
    const file = stampOf(join(logs, inPack?.[1] ?? path));
    if (kind === null || kind === "other" || file === null) return null;
    try {
      if (inPack?.[1]) return packedAt(join(logs, inPack[1]), Number(inPack[2])).bytes.subarray(start, end);
      return await Bun.file(join(logs, path)).slice(start, end).bytes();
    } catch (error) {
      // Deleted since the index was asked.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  return {
    get: (key) => read(key, 0, undefined),
    async range(key, start, end) {
      const bytes = await read(key, start, end);
      return bytes?.byteLength === end - start ? bytes : null;
    },
  };
}
