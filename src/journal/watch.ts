/**
 * Notices that files in `logs/` came, changed or went, whoever did it. Says where to look, not what happened: the
 * listener compares with the disk, so a notice too many costs a stat, and one that the system did not give (a
 * mounted folder, too many watches) is made good by a look at the folder's own time.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { kindOf, logFolders, lookAt as lookAtPath, PACKS } from "./files.ts";

/** `files`: look at these. `folders`: look at everything in these, which may have come or gone. */
export type Notice = { readonly files: readonly string[]; readonly folders: readonly string[] };

export type WatchOptions = {
  /** How long notices are collected, so that a file written in pieces is looked at once. */
  collectMs?: number;
  /** How often the folders are looked at: for those that come and go, and where watching does not work. */
  lookMs?: number;
  /** How often the time of `logs` itself is looked at, so that a new folder is seen sooner. */
  rootMs?: number;
  /** More files than this at once are told as their folders. */
  mostFiles?: number;
  /** Asked of each word of the system about a file: true when it is no news. */
  isKnown?: (path: string) => boolean;
};

type Watched = {
  /** Its number and its time of birth: a folder that is made again may have the number of the one before. */
  readonly identity: string;
  mtime: number;
  /** The system told us of something since the last look. */
  heard: boolean;
  readonly watcher: fs.FSWatcher | null;
};

export function watchLogs(
  logs: string,
  notice: (notice: Notice) => void,
  {
    collectMs = 20,
    lookMs = 1_000,
    rootMs = 100,
    mostFiles = 5_000,
    isKnown = () => false,
  }: WatchOptions = {},
): { close(): void } {
  /** By folder below `logs`. */
  const watches = new Map<string, Watched>();
  const files = new Set<string>();
  const folders = new Set<string>();
  let collecting: ReturnType<typeof setTimeout> | null = null;
  let root = "";

  /**
   * `logs` itself is not watched: the index is written there, and each of its pages would be told. Its time changes when
   * something comes or goes.
   */
  function lookAtRoot(): void {
    const found = lookAtPath(logs);
    const seen = found ? `${found.ino} ${found.mtimeMs}` : "";
    if (seen !== root) look();
    root = seen;
  }

  function look(): void {
    const there = new Set(logFolders(logs));
    for (const folder of watches.keys()) if (!there.has(folder)) lookAt(folder);
    for (const folder of there) lookAt(folder);
  }

  function lookAt(folder: string): void {
    const path = join(logs, folder);
    const found = lookAtPath(path);
    const before = watches.get(folder);
    const identity = found ? `${found.ino} ${found.birthtimeMs}` : "";
    if (before && found && before.identity === identity) {
      if (before.mtime !== found.mtimeMs && !before.heard) suspect(folder);
      Object.assign(before, { mtime: found.mtimeMs, heard: false });
      return;
    }
    before?.watcher?.close();
    watches.delete(folder);
    if (found?.isDirectory()) {
      const watcher = watcherOf(path, (name) => hear(folder, name));
      watches.set(folder, { identity, mtime: found.mtimeMs, heard: false, watcher });
    }
    if (before || found) suspect(folder);
  }

  function hear(folder: string, name: string | null): void {
    const watched = watches.get(folder);
    if (watched) watched.heard = true;
    if (name === null) return suspect(folder);
    const path = `${folder}/${name}`;
    if (isKnown(path)) return;
    if (kindOf(path)) {
      if (files.size < mostFiles) files.add(path);
      else folders.add(folder);
      return collect();
    }
    // A folder of ours that comes is filled at once: it is looked at before the next regular look.
    if (path === PACKS) look();
  }

  function suspect(folder: string): void {
    folders.add(folder);
    collect();
  }

  function collect(): void {
    collecting ??= setTimeout(tell, collectMs);
  }

  function tell(): void {
    collecting = null;
    const seen = { files: [...files], folders: [...folders] };
    files.clear();
    folders.clear();
    notice(seen);
  }

  lookAtRoot();
  const timers = [setInterval(look, lookMs), setInterval(lookAtRoot, rootMs)];
  for (const timer of timers) timer.unref();
  return {
    close() {
      for (const timer of timers) clearInterval(timer);
      if (collecting) clearTimeout(collecting);
      for (const { watcher } of watches.values()) watcher?.close();
    },
  };
}

/** Null where the system refuses (too many watches, a file system without): then only the looks notice. */
function watcherOf(path: string, hear: (name: string | null) => void): fs.FSWatcher | null {
  try {
    const watcher = fs.watch(path, { persistent: false }, (_, name) => hear(name));
    watcher.on("error", () => hear(null));
    return watcher;
  } catch {
    return null;
  }
}
