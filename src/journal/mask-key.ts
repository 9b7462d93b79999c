/** The key of the masks' hashes: made once for a log folder, so that the same secret has the same mask tomorrow. */
import { createHmac, randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
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
    const kept = keptAt(path);
    return kept.byteLength >= 16 ? kept : fresh;
  } catch {
    return fresh;
  }
}

/** The folder may be somebody else's: a pipe there would be waited for for ever, a link may lead to a device without an end. */
function keptAt(path: string): Buffer {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const found = fstatSync(file);
    return found.isFile() && found.size <= LARGEST_BYTES ? readFileSync(file) : Buffer.alloc(0);
  } finally {
    closeSync(file);
  }
}

/** Ours are 32 bytes. */
const LARGEST_BYTES = 4096;
