/** Rows that were given and are no more, until somebody takes their ids. */
import type { RunChanges } from "../../fact/rows.ts";

export function goneRows() {
  const ids = { runs: new Set<string>(), steps: new Set<string>(), ties: new Set<string>() };
  return {
    ...ids,
    take(): RunChanges["gone"] {
      const all = { runs: [...ids.runs], steps: [...ids.steps], ties: [...ids.ties] };
      for (const set of Object.values(ids)) set.clear();
      return all;
    },
  };
}
