/**
 * Counts each thing once, whoever tells of it how often (the recorder, a file that is taken in, a pack of old files),
 * in bounded memory: names of the latest are kept, and of what is older than all of those it is assumed that it was told.
 */
import { Recent } from "./recent.ts";

/** Some hours of a busy recorder, and a few megabytes. */
const MOST_IDS = 30_000;

export type Once = {
  /** True the first time. `at`: when it ended, ms; what ended before this began is nobody's. */
  isNew(id: string, at: number): boolean;
  knows(id: string): boolean;
  /** Told so late that nobody knows whether it was told before. */
  readonly late: number;
};

/** `since`: what ended earlier was counted by an earlier life, or by nobody. */
export function once(since: number, most = MOST_IDS): Once {
  let horizon = since;
  let late = 0;
  const known = new Recent<number>(most, (old) => {
    for (const at of old.values()) horizon = Math.max(horizon, at);
  });
  return {
    isNew(id, at) {
      if (known.has(id)) return false;
      if (at < horizon) {
        if (at >= since) late++;
        return false;
      }
      known.set(id, at);
      return true;
    },
    knows: (id) => known.has(id),
    get late() {
      return late;
    },
  };
}
