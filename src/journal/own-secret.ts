/** A secret of this user on this machine, beside every log folder: what is signed with it was written here, by us. */
import { createHmac, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { PRIVATE_FOLDER } from "./private.ts";

const NAME = "secret";
const LENGTH = 32;

/** Null where there is no place to keep it. `home`: for tests. */
export function signer(home: string = homedir()): ((text: string) => string) | null {
  const own = process.getuid?.() ?? "user";
  for (const folder of [join(home, ".mcp-proxy-logger"), join(tmpdir(), `mcp-proxy-logger-${own}`)]) {
    const secret = secretIn(folder);
    if (secret) return (text) => createHmac("sha256", secret).update(text).digest("hex");
  }
  return null;
}

function secretIn(folder: string): Buffer | null {
  const path = join(folder, NAME);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    if (!isOurs(fs.lstatSync(folder))) return null;
    try {
      fs.writeFileSync(path, randomBytes(LENGTH), { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const found = fs.lstatSync(path);
    if (!found.isFile() || !isOurs(found)) return null;
    const secret = fs.readFileSync(path);
    return secret.byteLength === LENGTH ? secret : null;
  } catch {
    return null; // nowhere to write: the other place is tried, or nothing is signed
  }
}

/** Nobody else may have written it, or read it. */
function isOurs({ uid, mode }: fs.Stats): boolean {
  return process.platform === "win32" || (uid === process.getuid?.() && (mode & 0o077) === 0);
}
