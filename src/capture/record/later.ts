/**
 * Work for the record, behind the traffic: in order, some milliseconds later and in slices, so that the bytes that come
 * next need not wait while what came before is looked through for credentials.
 */
import { PausedSources } from "./paused-sources.ts";
import { TaskList } from "./task-list.ts";

/** Gets what it costs. `again`: there is more of it, which may be done after others had their turn. */
export type LaterTask = (cost: number) => unknown;

export type Later = {
  /** `bytes`: what the task keeps. */
  readonly push: (task: LaterTask, bytes: number) => void;
  /** True where a source should be stopped until `resume` is called: more waits than is done in a moment. */
  readonly shouldPause: (resume: () => void) => boolean;
  /** Part of a task that another thread does; what follows it is pushed when it is done. */
  readonly owe: (work: Promise<void>) => void;
  /** Does everything now. */
  readonly drain: () => Promise<void>;
};

/** A killed process loses what waits here and in the outbox: both together are far below 50 ms. */
const PAUSE_MS = 4;

/** How long bytes that come may have to wait for it. */
const SLICE_MS = 0.5;

/** What a task costs beside the bytes that it keeps: many small ones fill the memory too. */
const TASK_BYTES = 256;

/** Sources that send faster than the record is made are slowed down to it from here on, rather than filling the memory. */
const CROWDED_BYTES = 8 * 1024 * 1024;

/** With more than this waiting (of sources that cannot be stopped) the record goes first, for as long as this at once. */
const MOST_BYTES = 16 * 1024 * 1024;
const CATCH_UP_MS = 10;

/** What another thread has not done by then, at the end of the program, it will not do. */
const LONGEST_OWED_MS = 2_000;

export function createLater(): Later {
  const tasks = new TaskList<LaterTask>();
  const costs = new TaskList<number>();
  let waiting = 0;
  let scheduled = false;
  let isWorking = false;
  const owed = new Set<Promise<void>>();
  const paused = new PausedSources();

  function push(run: LaterTask, bytes: number): void {
    const cost = bytes + TASK_BYTES;
    tasks.push(run);
    costs.push(cost);
    waiting += cost;
    if (waiting > MOST_BYTES && !isWorking) work(performance.now() + CATCH_UP_MS);
    if (tasks.length > 0) schedule(() => setTimeout(slice, PAUSE_MS));
  }

  function slice(): void {
    scheduled = false;
    work(performance.now() + SLICE_MS);
    if (tasks.length > 0) schedule(() => setImmediate(slice));
  }

  function schedule(how: () => void): void {
    if (scheduled) return;
    scheduled = true;
    how();
  }

  function work(until: number): void {
    isWorking = true;
    for (let run = tasks.first; run; run = tasks.first) {
      const cost = costs.first!;
      if (run(cost) !== "again") {
        tasks.shift();
        costs.shift();
        waiting -= cost;
      }
      if (performance.now() > until) break;
    }
    isWorking = false;
    if (paused.size > 0 && waiting < CROWDED_BYTES / 2) paused.release();
  }

  function shouldPause(resume: () => void): boolean {
    if (waiting < CROWDED_BYTES) return false;
    paused.add(resume);
    return true;
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

  return { push, shouldPause, owe, drain };
}

/** Without any delay; what a task pushes comes behind it. */
export const AT_ONCE: Later = atOnce();

function atOnce(): Later {
  const tasks = new TaskList<() => unknown>();
  return {
    push(run, bytes) {
      tasks.push(() => run(bytes + TASK_BYTES));
      if (tasks.length > 1) return;
      for (let task = tasks.first; task; task = tasks.first) if (task() !== "again") tasks.shift();
    },
    shouldPause: () => false,
    owe: () => {},
    drain: async () => {},
  };
}
