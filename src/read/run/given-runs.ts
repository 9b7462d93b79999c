/** Rows of runs as they were given last: one that is as it was is not given again. */
import type { RunRow } from "../../fact/rows.ts";

/** `gone` holds the runs that are no more, until somebody takes them. */
export function givenRuns(rowOf: (id: string) => RunRow | null, gone: Set<string>) {
  const given = new Map<string, string>();

  return {
    /** Of these runs the rows that are others now. */
    others(ids: Iterable<string>): RunRow[] {
      const found: RunRow[] = [];
      for (const id of ids) {
        const row = rowOf(id);
        if (row === null) {
          if (given.delete(id)) gone.add(id);
          continue;
        }
        const text = JSON.stringify(row);
        if (given.get(id) === text) continue;
        given.set(id, text);
        gone.delete(id);
        found.push(row);
      }
      return found;
    },
  };
}
