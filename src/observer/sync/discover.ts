/** Compares what lies in the log folder with what the index knows of it, a file a step. */
import { join } from "node:path";
import type { LocalIndex } from "../../index/index.ts";
import { filesIn, logFolders, PACKS, stampOf } from "../../journal/files.ts";
import type { SessionFollower } from "../session-follower.ts";
import { isSame, type File, type Stamps } from "./stamps.ts";
import type { How, ToDo } from "./to-do.ts";

/** Files that are asked of the index at once. */
const PAGE_FILES = 2_000;

export type DiscoverOptions = {
  readonly logs: string;
  readonly index: LocalIndex;
  readonly stamps: Stamps;
  readonly sessions: SessionFollower;
  /** ms since 1970 UTC: what was written before is no news. */
  readonly startedAt: number;
};

/** Every folder that is there, or was. */
export function* allFolders({ logs, index }: DiscoverOptions, toDo: ToDo): Generator<void> {
  toDo.folder(...logFolders(logs));
  for (const [path] of knownFiles(index, "")) {
    toDo.folder(folderOf(path));
    yield;
  }
}

/** `quiet` until everything was compared once. */
export function* compareFolder(
  { logs, index, stamps, sessions, startedAt }: DiscoverOptions,
  toDo: ToDo,
  folder: string,
  how: How,
): Generator<void> {
  const before = new Map<string, File>();
  for (const [path, file] of knownFiles(index, `${folder}/`)) {
    if (folderOf(path) === folder) before.set(path, file);
    yield;
  }
  const found: string[] = [];
  for (const { path, kind } of filesIn(logs, folder)) {
    yield;
    const known = before.get(path) ?? null;
    before.delete(path);
    if (!known && kind === "exchange") {
      if (!stamps.isKnown(path)) found.push(path);
      continue;
    }
    const file = stampOf(join(logs, path));
    if (!file && !known) found.push(path);
    if (!file || stamps.isTold(path, file)) continue;
    if (kind === "session" && how === "quiet") sessions.before(path, file.size);
    // Known although we did not take it in: another process did, and our page is not told.
    const isUntold = how === "live" && file.mtime > startedAt && !sessions.follows(path);
    if (!isSame(known, file) || isUntold) found.push(path);
  }
  toDo.missing(...before.keys());
  if (found.length > 0) toDo.found(found, how);
}

export function newPacks({ logs, index, stamps }: DiscoverOptions): string[] {
  return filesIn(logs, PACKS)
    .map(({ path }) => path)
    .filter((path) => {
      const file = stampOf(join(logs, path));
      return file !== null && !stamps.isTold(path, file) && !isSame(index.file(path), file);
    });
}

function* knownFiles(index: LocalIndex, prefix: string): Generator<[string, File]> {
  for (let after = prefix; ;) {
    const page = [...index.files(after, PAGE_FILES)];
    for (const [path, file] of page) {
      if (!path.startsWith(prefix)) return;
      yield [path, file];
    }
    const last = page.at(-1);
    if (page.length < PAGE_FILES || !last) return;
    after = last[0];
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
