/** A file is gone: so is everything that came from it. */
import { addFacets, type Batch, dropExchange } from "./put-exchanges.ts";
import type { FileAt } from "./index.ts";
import type { Store } from "./store.ts";

export function forget(store: Store, path: string): string[] {
  return store.db
    .transaction(() => {
      const file = store.file.get(path);
      if (!file) return [];
      const gone = dropContents(store, file.id);
      store.dropFile.run(file.id);
      // A second file with the same exchange stood back for this one: it has to be taken in again.
      if (gone.length > 0) store.unshadow.run();
      return gone;
    })
    .immediate();
}

/** Those that stay keep their rows: only where they stand in the pack is another number. */
export function repacked(store: Store, pack: FileAt, moved: ReadonlyMap<number, number>): string[] {
  return store.db
    .transaction(() => {
      const file = store.file.get(pack.path);
      if (!file) return [];
      const gone: string[] = [];
      const facets: Batch["facets"] = new Map();
      const move = store.db.query<unknown, [string, number]>(
        "update exchanges set inside = ? where place = ?",
      );
      const all = store.db
        .query<{ place: number; id: string; inside: string }, [number]>(
          "select place, id, inside from exchanges where file = ?",
        )
        .all(file.id);
      for (const { place, id, inside } of all) {
        const now = moved.get(Number(inside.slice(1)));
        if (now !== undefined) move.run(`#${now}`, place);
        else {
          dropExchange(store, { place, id }, facets);
          gone.push(id);
        }
      }
      addFacets(store, facets);
      store.changeFile.run(pack.mtime, pack.size, null, file.id);
      if (gone.length > 0) store.unshadow.run();
      return gone;
    })
    .immediate();
}

function dropContents(store: Store, file: number): string[] {
  const gone: string[] = [];
  const facets: Batch["facets"] = new Map();
  for (const { place, id } of store.exchangesOf.all(file)) {
    dropExchange(store, { place, id }, facets);
    gone.push(id);
  }
  addFacets(store, facets);
  for (const { place, id } of store.sessionsOf.all(file)) {
    store.dropMessages.run(id);
    store.dropSession.run(place);
    store.runs.forget(id);
    gone.push(id);
  }
  return gone;
}
