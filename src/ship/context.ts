/** What every part of shipping has at hand, and what two of them do alike. */
import type { Origin } from "../fact/rows.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { isOwnFault, sentenceOf } from "./failure.ts";
import type { Local, SetAside, Store } from "./ports.ts";

export type Context = {
  readonly local: Local;
  readonly store: Store;
  readonly origin: Origin;
  readonly checkpoint: Checkpoint;
  readonly count: { exchanges: number; sessions: number; runs: number; bytes: number };
  readonly setAside: (what: SetAside) => void;
};

/**
 * Puts all of them at once; where one of them is refused for its own fault, each half by itself, until it is known which. Rejects
 * with what the store says when that is about all of them.
 */
export async function putOrSetAside<T>(
  all: readonly T[],
  put: (some: readonly T[]) => Promise<void>,
  refused: (one: T, why: string) => void,
): Promise<void> {
  if (all.length === 0) return;
  try {
    await put(all);
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    const [only] = all;
    if (all.length === 1) return refused(only!, `the store refused it: ${sentenceOf(error)}`);
    const half = all.length >> 1;
    await putOrSetAside(all.slice(0, half), put, refused);
    await putOrSetAside(all.slice(half), put, refused);
  }
}

/** Some of them at the same time. The first failure is the failure of all, once none is under way any more. */
export async function someAtOnce<T>(
  most: number,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const one of waiting) {
      if (failures.length > 0) return;
      await work(one).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Who comes with so much waits until all that are there leave room for it; alone anything has. Gives what says that it leaves. */
export function roomFor(most: number): (size: number) => Promise<() => void> {
  let taken = 0;
  let waiting: (() => void)[] = [];
  return async (size) => {
    while (taken > 0 && taken + size > most) await new Promise<void>((resolve) => waiting.push(resolve));
    taken += size;
    return () => {
      taken -= size;
      const all = waiting;
      waiting = [];
      for (const go of all) go();
    };
  };
}
