/** Which files of `logs/` are whose. Paths are relative to `logs/`, with "/", so that the folder can be moved. */
import * as fs from "node:fs";
import { join } from "node:path";

/** `other`: stands where our files stand and is none of them; it is named on the page. */
export type Kind = "exchange" | "pack" | "session" | "other";

export type LogFile = { readonly path: string; readonly kind: Kind };

export const EXCHANGES = "llm_proxy";
export const PACKS = "llm_proxy/packed";

/** A folder for each MCP server; more than this is not a log folder of a person, and is cut. */
const MOST_FOLDERS = 500;

/** What a file is by its name; null for what is none of our business: half-written, hidden, elsewhere. */
export function kindOf(path: string): Kind | null {
  const end = path.lastIndexOf("/");
  const [folder, name] = [path.slice(0, end), path.slice(end + 1)];
  if (end < 0 || name === "" || name.startsWith(".") || /(?:\.tmp|\.part|~)$/.test(name)) return null;
  if (path === PACKS) return null;
  if (folder === EXCHANGES) return name.endsWith(".json") ? "exchange" : "other";
  if (folder === PACKS) return name.endsWith(".json.zst") ? "pack" : "other";
  if (isSessionFolder(folder)) return name.endsWith(".jsonl") ? "session" : "other";
  return null;
}

/** The folders of ours that are there, exchanges first. A missing `logs/` has none. */
export function logFolders(logs: string): string[] {
  const own = [EXCHANGES, PACKS].filter((folder) => isFolder(join(logs, folder)));
  // A link would let whoever deletes by age delete elsewhere.
  const names = namesIn(logs).filter(
    (name) => isSessionFolder(name) && lookAtLink(join(logs, name))?.isDirectory(),
  );
  return [...own, ...names.sort().slice(0, MOST_FOLDERS)];
}

/** The files of ours in one of those folders. */
export function filesIn(logs: string, folder: string): LogFile[] {
  const found: LogFile[] = [];
  for (const name of namesIn(join(logs, folder))) {
    const path = `${folder}/${name}`;
    const kind = kindOf(path);
    if (kind) found.push({ path, kind });
  }
  return found;
}

/** Modification time in ms and size in bytes; null when it is gone or is no file. Links are not followed. */
export function stampOf(file: string): { mtime: number; size: number } | null {
  const found = lookAtLink(file);
  return found?.isFile() ? { mtime: found.mtimeMs, size: found.size } : null;
}

/** What stands where a file of ours could, and is none: to read a pipe may take for ever, a link may lead to anything. */
export function oddity(file: string): { mtime: number; size: number; why: string } | null {
  const found = lookAtLink(file);
  if (!found || found.isFile()) return null;
  const kind = found.isSymbolicLink()
    ? "a symbolic link"
    : found.isDirectory()
      ? "a folder"
      : found.isFIFO()
        ? "a pipe"
        : found.isSocket()
          ? "a socket"
          : "a device";
  return { mtime: found.mtimeMs, size: found.size, why: `it is ${kind}, and no file: it is not opened` };
}

/** No exchange of ours: bodies are cut at 32 MiB each, and stand in the file twice at the most. */
export const LARGEST_FILE = 192 * 1024 * 1024;

function isSessionFolder(name: string): boolean {
  return /^mcp_[^/]+$/.test(name);
}

function isFolder(path: string): boolean {
  return lookAt(path)?.isDirectory() ?? false;
}

/** Undefined for what is not there, or may not be looked at: a file can stand where a folder should be. */
export function lookAt(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function lookAtLink(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
