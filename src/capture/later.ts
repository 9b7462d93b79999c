/**
 * Work for the record, behind the traffic: in order, some milliseconds later and in slices, so that the bytes that come
 * next need not wait while what came before is looked through for credentials.
 */
import { PausedSources } from "./paused-sources.ts";
import { TaskList } from "./task-list.ts";

/** `again`: there is more of it, which may be done after others had their turn. */
export type LaterTask = () => unknown;

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
export const TASK_BYTES = 256;

/** Sources that send faster than the record is made are slowed down to it from here on, rather than filling the memory. */
const CROWDED_BYTES = 8 * 1024 * 1024;

/** With more than this waiting (of sources that cannot be stopped) the record goes first, for as long as this at once. */
const MOST_BYTES = 16 * 1024 * 1024;
const CATCH_UP_MS = 10;

/** What another thread has not done by then, at the end of the program, it will not do. */
const LONGEST_OWED_MS = 2_000;

type Task = { readonly run: LaterTask; readonly cost: number };

export function createLater(): Later {
  const tasks = new TaskList<Task>();
  let waiting = 0;
  let scheduled = false;
  let isWorking = false;
  const owed = new Set<Promise<void>>();
  const paused = new PausedSources();

  function push(run: LaterTask, bytes: number): void {
    const cost = bytes + TASK_BYTES;
    tasks.push({ run, cost });
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
    for (let task = tasks.at(0); task; task = tasks.at(0)) {
      if (task.run() !== "again") {
        tasks.shift();
        waiting -= task.cost;
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
  const tasks = new TaskList<LaterTask>();
  return {
    push(run) {
      tasks.push(run);
      if (tasks.length > 1) return;
      for (let task = tasks.at(0); task; task = tasks.at(0)) if (task() !== "again") tasks.shift();
    },
    shouldPause: () => false,
    owe: () => {},
    drain: async () => {},
  };
}
