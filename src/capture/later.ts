/**
 * Work for the record, behind the traffic: in order, some milliseconds later and in slices, so that the bytes that come
 * next need not wait while what came before is looked through for credentials.
 */
export type Later = {
  /** `weight`: the bytes that the task keeps. */
  readonly push: (task: () => void, weight: number) => void;
  /** Part of a task that another thread does; what follows it is pushed when it is done. */
  readonly owe: (work: Promise<void>) => void;
  /** Does everything now. */
  readonly drain: () => Promise<void>;
};

/** A killed process loses what waits here and in the outbox: both together are far below 50 ms. */
const PAUSE_MS = 4;

/** How long bytes that come may have to wait for it. */
const SLICE_MS = 0.5;

/** With more than this waiting the record goes first: the traffic is slowed down rather than memory filled. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What another thread has not done by then, at the end of the program, it will not do. */
const LONGEST_OWED_MS = 2_000;

type Task = { readonly run: () => void; readonly weight: number };

export function createLater(): Later {
  let tasks: Task[] = [];
  let next = 0;
  let weight = 0;
  let scheduled = false;
  const owed = new Set<Promise<void>>();

  function push(run: () => void, bytes: number): void {
    tasks.push({ run, weight: bytes });
    weight += bytes;
    if (weight > MOST_BYTES) work(Infinity);
    else schedule(() => setTimeout(slice, PAUSE_MS));
  }

  function slice(): void {
    scheduled = false;
    work(performance.now() + SLICE_MS);
    if (next < tasks.length) schedule(() => setImmediate(slice));
  }

  function schedule(how: () => void): void {
    if (scheduled) return;
    scheduled = true;
    how();
  }

  function work(until: number): void {
    while (next < tasks.length) {
      const task = tasks[next++]!;
      weight -= task.weight;
      task.run();
      if (performance.now() > until) break;
    }
    if (next < tasks.length) return;
    tasks = [];
    next = 0;
  }

  function owe(promise: Promise<void>): void {
    owed.add(promise);
    void promise.finally(() => owed.delete(promise));
  }

  async function drain(): Promise<void> {
    work(Infinity);
    if (owed.size === 0) return;
    const { promise: given, resolve: giveUp } = Promise.withResolvers<"given up">();
    const timer = setTimeout(() => giveUp("given up"), LONGEST_OWED_MS);
    let state: unknown;
    while (owed.size > 0 && state !== "given up") {
      state = await Promise.race([Promise.all(owed), given]);
      work(Infinity);
    }
    clearTimeout(timer);
  }

  return { push, owe, drain };
}

/** Without any delay. */
export const AT_ONCE: Later = { push: (task) => task(), owe: () => {}, drain: async () => {} };
