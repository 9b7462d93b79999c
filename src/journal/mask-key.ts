/** The key of the masks' hashes: made once for a log folder, so that the same secret has the same mask tomorrow. */
import { createHmac, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMask, type Mask } from "../fact/mask.ts";
import { PRIVATE_FOLDER } from "./private.ts";

/** With a folder that cannot be written the key lasts as long as the process. Never throws. */
export function maskFor(logDir: string): Mask {
  const key = keyOf(logDir);
  return createMask((secret) => createHmac("sha256", key).update(secret).digest("hex").slice(0, 8));
}

function keyOf(logDir: string): Buffer {
  const path = join(logDir, ".mask-key");
  const fresh = randomBytes(32);
  try {
    mkdirSync(logDir, { recursive: true, mode: PRIVATE_FOLDER });
    // "wx": of two programs that start at once, one makes it and the other reads it.
    writeFileSync(path, fresh, { mode: 0o600, flag: "wx" });
    return fresh;
  } catch {
    // it is there already, or it cannot be made
  }
  try {
    const kept = readFileSync(path);
    return kept.byteLength >= 16 ? kept : fresh;
  } catch {
    return fresh;
  }
}
