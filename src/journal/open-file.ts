/** Opens what the index points at: an exchange file, or one exchange of a pack (`….json.zst#12`). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packedAt } from "./pack-file.ts";

/** The text of the exchange file, as it was written. Throws when it is gone or broken. */
export function exchangeTextAt(logs: string, path: string): string {
  const inPack = /^(.*\.zst)#(\d+)$/s.exec(path);
  if (!inPack?.[1]) return readFileSync(join(logs, path), "utf8");
  return new TextDecoder().decode(packedAt(join(logs, inPack[1]), Number(inPack[2])).bytes);
}
