/**
 * What is to be told of one exchange, in its order: a task may hand a body to another thread, and what follows waits for
 * it. The turns are `later`'s.
 */
import type { InParts } from "../../fact/parts.ts";
import type { Later } from "./later.ts";
import { PausedSources } from "./paused-sources.ts";
import { TaskList } from "./task-list.ts";

/** What may wait before its source is stopped; a decoder that hangs stops it once. */
const MOST_BYTES = 1024 * 1024;

/** It may be a long one, which is done in parts before what follows, and waits for what it yields. */
export type FactTask = () => void | Promise<void> | InParts;

export class FactQueue {
  readonly #later: Later;
  readonly #onFailed: (error: unknown) => void;
  /** The first is the next to be run, or runs on another thread. */
  readonly #tasks = new TaskList<FactTask>();
  /** What is left of the first. */
  #begun: InParts | null = null;
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
    const left = this.#run(task);
    if (left === "more") return "again";
    if (left === "nothing") return void this.#tasks.shift();
    this.#isBusy = true;
    this.#later.owe(
      left.then(
        () => this.#goOn(),
        (error: unknown) => {
          this.#onFailed(error);
          this.#goOn();
        },
      ),
    );
  };

  #run(task: FactTask): "nothing" | "more" | Promise<unknown> {
    try {
      const began = this.#begun ?? task();
      if (!began) return "nothing";
      if (began instanceof Promise) return began;
      this.#begun = began;
      const { done, value } = began.next();
      if (!done) return value ?? "more";
    } catch (error) {
      this.#onFailed(error);
    }
    this.#begun = null;
    return "nothing";
  }

  #goOn(): void {
    this.#isBusy = false;
    if (this.#begun === null) this.#tasks.shift();
    const turns = this.#begun === null ? this.#missed : this.#missed + 1;
    const cost = this.#missedBytes;
    this.#missed = 0;
    this.#missedBytes = 0;
    // All that they cost comes with the first of them.
    for (let n = 0; n < turns; n++) this.#later.push(this.#turn, n === 0 ? cost : 0);
    this.#hangs = false;
    this.#paused?.release();
  }
}
