/**
 * What is to be told of one exchange, in its order: a task may hand a body to another thread, and what follows waits for
 * it. The turns are `later`'s.
 */
import type { Later } from "./later.ts";
import { PausedSources } from "./paused-sources.ts";
import { TaskList } from "./task-list.ts";

/** What may wait before its source is stopped; a decoder that hangs stops it once. */
const MOST_BYTES = 1024 * 1024;

/** `again`: there is more of it, which is done before what follows. */
export type FactTask = () => void | "again" | Promise<void | "again">;

export class FactQueue {
  readonly #later: Later;
  readonly #onFailed: (error: unknown) => void;
  /** The first is the next to be run, or runs on another thread. */
  readonly #tasks = new TaskList<FactTask>();
  #isBusy = false;
  /** Turns that came while it was busy: they are asked for again behind it. */
  #missed = 0;
  /** What these turns cost, while it is busy. */
  #missedBytes = 0;
  #hangs = false;
  #paused: PausedSources | null = null;

  /** `onFailed`: told what a task threw; what follows it has its turn all the same. */
  constructor(later: Later, onFailed: (error: unknown) => void) {
    this.#later = later;
    this.#onFailed = onFailed;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** `bytes`: what the task keeps. */
  push(run: FactTask, bytes: number): void {
    this.#tasks.push(run);
    this.#later.push(this.#turn, bytes);
  }

  /** True where the source should be stopped until `resume` is called. */
  shouldPause(resume: () => void): boolean {
    if (this.#missedBytes <= MOST_BYTES || this.#hangs) return false;
    this.#paused ??= new PausedSources(() => (this.#hangs = true));
    this.#paused.add(resume);
    return true;
  }

  readonly #turn = (cost: number): void | "again" => {
    const task = this.#tasks.first;
    if (!task) return;
    if (this.#isBusy) {
      this.#missed++;
      this.#missedBytes += cost;
      return;
    }
    const result = this.#run(task);
    if (result === "again") return "again";
    if (!(result instanceof Promise)) return void this.#tasks.shift();
    this.#isBusy = true;
    this.#later.owe(
      result.then(
        (then) => this.#goOn(then ?? "done"),
        (error: unknown) => {
          this.#onFailed(error);
          this.#goOn("done");
        },
      ),
    );
  };

  #run(task: FactTask): ReturnType<FactTask> {
    try {
      return task();
    } catch (error) {
      this.#onFailed(error);
    }
  }

  #goOn(first: "again" | "done"): void {
    this.#isBusy = false;
    if (first === "done") this.#tasks.shift();
    const turns = first === "done" ? this.#missed : this.#missed + 1;
    const cost = this.#missedBytes;
    this.#missed = 0;
    this.#missedBytes = 0;
    // All that they cost comes with the first of them.
    for (let n = 0; n < turns; n++) this.#later.push(this.#turn, n === 0 ? cost : 0);
    this.#hangs = false;
    this.#paused?.release();
  }
}
