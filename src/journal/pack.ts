/**
 * Packs old exchange files: writes them into a pack, makes it durable, reads it back, and only then deletes them. A
 * crash at any moment leaves each exchange in its file, in a pack, or in both; both is put right by the next run.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { EXCHANGES, filesIn, LARGEST_FILE, PACKS, stampOf } from "./files.ts";
import { packed, type Packed, readTable, writePack } from "./pack-file.ts";
import { PRIVATE_FOLDER } from "./private.ts";

export type PackOptions = {
  /** The folder `logs/`. */
  logs: string;
  /** Only files that were last written before this time (ms). */
  before: number;
  /** Files of one pack: it is deleted as a whole when retention comes to it. */
  files?: number;
  /** Bytes of one pack before compression. */
  bytes?: number;
};

export type PackResult = { exchanges: number; packs: number; bytesBefore: number; bytesAfter: number };

export function packExchanges({
  logs,
  before,
  files = 1_000,
  bytes = 256 * 1024 * 1024,
}: PackOptions): PackResult {
  const result: PackResult = { exchanges: 0, packs: 0, bytesBefore: 0, bytesAfter: 0 };
  fs.mkdirSync(join(logs, PACKS), { recursive: true, mode: PRIVATE_FOLDER });
  finishEarlierRuns(logs);
  let group: string[] = [];
  let size = 0;
  const finishGroup = () => {
    if (group.length > 0) packGroup(logs, group, result);
    group = [];
    size = 0;
  };
  for (const path of exchangeFiles(logs)) {
    const file = stampOf(join(logs, path));
    if (!file || file.mtime >= before || file.size > LARGEST_FILE) continue;
    if (group.length >= files || (size > 0 && size + file.size > bytes)) finishGroup();
    group.push(path);
    size += file.size;
  }
  finishGroup();
  return result;
}

/** Names begin with the time, so this is oldest first, and one agent's turns stand together. */
function exchangeFiles(logs: string): string[] {
  return filesIn(logs, EXCHANGES)
    .filter(({ kind }) => kind === "exchange")
    .map(({ path }) => path)
    .sort();
}

function packGroup(logs: string, paths: readonly string[], result: PackResult): void {
  const first = paths[0]?.slice(EXCHANGES.length + 1) ?? "";
  const half = join(logs, PACKS, `.${first}.${crypto.randomUUID()}.tmp`);
  try {
    const file = fs.openSync(half, "wx", 0o600);
    try {
      writePack(file, filesOf(logs, paths));
      // As old as its youngest exchange, for whoever deletes by age.
      const youngest = new Date(Math.max(...paths.map((path) => stampOf(join(logs, path))?.mtime ?? 0)));
      fs.futimesSync(file, youngest, youngest);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    const path = linked(half, join(logs, PACKS, first.replace(/\.json$/, "")));
    syncFolder(join(logs, PACKS));
    result.packs++;
    result.bytesAfter += fs.statSync(path).size;
    const { exchanges, bytes } = deleteWhatIsPacked(logs, path);
    result.exchanges += exchanges;
    result.bytesBefore += bytes;
  } finally {
    fs.rmSync(half, { force: true });
  }
}

/** Gives the file a name that nobody has: a rename would write over what another program packs just now. */
function linked(half: string, wanted: string): string {
  for (let n = 1; ; n++) {
    const path = `${wanted}${n > 1 ? `-${n}` : ""}.json.zst`;
    try {
      fs.linkSync(half, path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function* filesOf(logs: string, paths: readonly string[]): Generator<Packed> {
  for (const path of paths) {
    const bytes = read(join(logs, path));
    if (bytes) yield { name: path.slice(EXCHANGES.length + 1), bytes };
  }
}

/** A crash after a pack was made and before its files were deleted, and half-written packs. */
function finishEarlierRuns(logs: string): void {
  for (const name of fs.readdirSync(join(logs, PACKS))) {
    const path = join(logs, PACKS, name);
    if (name.startsWith(".") && name.endsWith(".tmp") && isOld(path)) fs.rmSync(path, { force: true });
    if (!name.endsWith(".json.zst") || name.startsWith(".")) continue;
    if (namesIn(path).some((file) => fs.existsSync(join(logs, EXCHANGES, file))))
      deleteWhatIsPacked(logs, path);
  }
}

function namesIn(path: string): string[] {
  try {
    return readTable(path).files.map((file) => file.name);
  } catch {
    return []; // a broken pack is named on the page; here it holds nothing that could be deleted elsewhere
  }
}

/** Deletes the files whose bytes the pack gives back, as read from the disk again. */
function deleteWhatIsPacked(logs: string, pack: string): { exchanges: number; bytes: number } {
  let [exchanges, bytes] = [0, 0];
  for (const file of packed(pack)) {
    // The table holds names of exchange files only; a link of such a name may lead anywhere.
    const path = join(logs, EXCHANGES, file.name);
    if (stampOf(path)?.size !== file.bytes.byteLength) continue;
    const original = read(path);
    if (!original || !original.equals(file.bytes)) continue;
    fs.rmSync(path, { force: true });
    exchanges++;
    bytes += original.length;
  }
  return { exchanges, bytes };
}

/** Another program may be writing it: an hour is longer than any pack takes. */
function isOld(path: string): boolean {
  const file = stampOf(path);
  return file !== null && Date.now() - file.mtime > 3_600_000;
}

function read(path: string): Buffer | null {
  try {
    return fs.readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** A name is durable when its folder is. Windows cannot open folders, and needs not. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = fs.openSync(path, "r");
  try {
    fs.fsyncSync(folder);
  } finally {
    fs.closeSync(folder);
  }
}
