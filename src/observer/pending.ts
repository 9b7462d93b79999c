/** Entries on their way to the index, where an exchange's conversation is looked for too: agents ask quickly. */
import type { ThreadKnown, ThreadLookup } from "../fact/thread.ts";
import type { FiledEntry } from "../index/index.ts";
import { namesOf } from "../index/threads.ts";

export class Pending<Entry extends FiledEntry = FiledEntry> {
  #entries: Entry[] = [];
  /** By their keys, each in the order in which they came. */
  readonly #byKey = new Map<string, Entry[]>();

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    for (const key of entry.keys ? namesOf(entry.keys) : []) {
      const same = this.#byKey.get(key);
      if (same) same.push(entry);
      else this.#byKey.set(key, [entry]);
    }
  }

  /** Where an exchange that waits has its file. */
  pathOf(id: string): string | null {
    return this.#entries.find(({ row }) => row.id === id)?.file.path ?? null;
  }

  /** All of them, which do not wait any longer. */
  take(): Entry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#byKey.clear();
    return entries;
  }

  /** What `known` finds, and before it what waits and is not younger than the one that asks. */
  lookup({ id, at }: { id: string; at: number }, known: ThreadLookup): ThreadLookup {
    const among = (key: string, which: "all" | "continuing" = "all"): ThreadKnown | null => {
      const found = this.#byKey
        .get(key)
        ?.findLast(({ row }) => row.id !== id && row.at <= at && (which === "all" || row.parent !== null));
      if (!found) return null;
      const { row } = found;
      return { id: row.id, conversation: row.conversation ?? row.id, turn: row.turn ?? 1 };
    };
    return {
      byHeader: (header) => among(`h${header}`) ?? known.byHeader(header),
      continuing: (header) => among(`h${header}`, "continuing") ?? known.continuing(header),
      byResponse: (response) => among(`r${response}`) ?? known.byResponse(response),
      byWhole(wholes) {
        // The longest prefix counts, wherever it is known.
        for (const [n, whole] of wholes.entries()) {
          const waiting = among(`w${whole}`);
          if (waiting) return (n === 0 ? null : known.byWhole(wholes.slice(0, n))) ?? waiting;
        }
        return known.byWhole(wholes);
      },
    };
  }
}
