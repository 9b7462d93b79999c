/** Which files the index has taken in, what it holds of each, and that one is forgotten. */
import type { UnreadableFile } from "../fact/rows.ts";
import type { FileAt, LocalIndex } from "./index.ts";
import { exchangeRow, sessionRow, type Store } from "./store.ts";

export function putFile(store: Store, { path, mtime, size }: FileAt, why: string | null): number {
  const added = store.addFile.run(path, mtime, size, why);
  if (added.changes === 1) return Number(added.lastInsertRowid);
  const { id } = store.file.get(path)!;
  store.changeFile.run(mtime, size, why, id);
  return id;
}

export function fileOf({ fileOfExchange, fileOfSession }: Store, id: string): FileAt | null {
  return fileOfExchange.get(id) ?? fileOfSession.get(id);
}

export function rowsIn(store: Store, path: string): ReturnType<LocalIndex["rowsIn"]> {
  const file = store.file.get(path)?.id ?? -1;
  return {
    exchanges: store.rowsOf.all(file).map(exchangeRow),
    sessions: store.sessionRowsOf.all(file).map(sessionRow),
  };
}

export function someFiles({ files }: Store, after: string, limit: number): ReturnType<LocalIndex["files"]> {
  const found: ReturnType<LocalIndex["files"]> = new Map();
  for (const { path, mtime, size } of files.all(after, limit)) found.set(path, { mtime, size });
  return found;
}

export function oneFile(store: Store, path: string): ReturnType<LocalIndex["file"]> {
  const found = store.file.get(path);
  if (!found) return null;
  const { id, mtime, size } = found;
  const contents = [...store.exchangesOf.all(id), ...store.sessionsOf.all(id)];
  return { mtime, size, ids: contents.map((one) => one.id) };
}

export function putUnreadable(store: Store, { why, ...file }: UnreadableFile & FileAt): void {
  store.db.transaction(() => putFile(store, file, why)).immediate();
}
