/** Puts entries into the index: all at once, and where it refuses one of them, each by itself. */
import type { FiledEntry, LocalIndex } from "../index/index.ts";
import { isOfTheDisk, reasonOf } from "./of-the-disk.ts";

/** `waits`: what the disk refused, for another try; `refused`: what the index never takes, by its own fault. */
export type Put = {
  readonly waits: readonly FiledEntry[];
  readonly refused: readonly { readonly entry: FiledEntry; readonly why: string }[];
  /** What the disk says. */
  readonly trouble: string | null;
};

type Writing = Pick<LocalIndex, "putExchanges" | "putUnreadable">;

const ALL: Put = { waits: [], refused: [], trouble: null };

/** Never throws. A file that the index refuses is named on the page, as other files are that cannot be read. */
export function putEntries(index: Writing, entries: readonly FiledEntry[]): Put {
  try {
    index.putExchanges(entries);
    return ALL;
  } catch (error) {
    if (isOfTheDisk(error)) return { ...ALL, waits: entries, trouble: reasonOf(error) };
    const [only] = entries;
    if (entries.length > 1 || !only) return each(index, entries);
    const why = `the index refused it: ${reasonOf(error)}`;
    return named(index, only, why);
  }
}

function each(index: Writing, entries: readonly FiledEntry[]): Put {
  const puts = entries.map((entry) => putEntries(index, [entry]));
  return {
    waits: puts.flatMap(({ waits }) => waits),
    refused: puts.flatMap(({ refused }) => refused),
    trouble: puts.find(({ trouble }) => trouble !== null)?.trouble ?? null,
  };
}

function named(index: Writing, entry: FiledEntry, why: string): Put {
  const refused = [{ entry, why }];
  try {
    index.putUnreadable({ ...entry.file, why });
    return { ...ALL, refused };
  } catch (error) {
    // The sentence that the caller tells is all that is left.
    return { ...ALL, refused, trouble: reasonOf(error) };
  }
}
