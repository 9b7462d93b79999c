/** What waits in its order; taking the first costs the same however much waits. */
export class TaskList<Task> {
  #tasks: Task[] = [];
  #first = 0;

  get length(): number {
    return this.#tasks.length - this.#first;
  }

  push(task: Task): void {
    this.#tasks.push(task);
  }

  /** The n-th of those that wait. */
  at(n: number): Task | undefined {
    return this.#tasks[this.#first + n];
  }

  shift(): Task | undefined {
    const task = this.#tasks[this.#first];
    if (task === undefined) return undefined;
    this.#first++;
    if (this.#first === this.#tasks.length) this.#tasks = [];
    // What was taken is let go of while more waits: half of it at once, so that each is moved but once or twice.
    else if (this.#first >= 512 && this.#first * 2 >= this.#tasks.length)
      this.#tasks = this.#tasks.slice(this.#first);
    else return task;
    this.#first = 0;
    return task;
  }
}
