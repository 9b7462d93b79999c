/**
 * Long work in parts: it yields where others may have their turn, and a promise where it waits for something. Whoever
 * drives it decides how much is done at once.
 */
export type InParts<T = void> = Generator<Promise<unknown> | void, T, void>;

/** All of it at once; only for work that waits for nothing. */
export function atOnce<T>(work: InParts<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value as T;
  }
}

/** How many bytes are looked through before others have their turn: some ms where all of them are credentials. */
export const PART_BYTES = 4 * 1024;

/** As many where the bytes before them were no credentials, which is the rule: a tenth of a millisecond. */
export const QUIET_PART_BYTES = 32 * 1024;
