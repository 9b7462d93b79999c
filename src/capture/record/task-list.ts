/** What waits in its order; taking the first costs the same however much waits. */
export class TaskList<Task> {
  readonly #tasks: Task[] = [];
  #first = 0;

  get length(): number {
    return this.#tasks.length - this.#first;
  }

  get first(): Task | undefined {
    return this.#tasks[this.#first];
  }

  push(task: Task): void {
    this.#tasks.push(task);
  }

  shift(): void {
    this.#first++;
    if (this.#first === this.#tasks.length) this.#tasks.length = 0;
    // What was taken is let go of while more waits: half of it at once, so that each is moved but once or twice.
    else if (this.#first >= 512 && this.#first * 2 >= this.#tasks.length) this.#tasks.splice(0, this.#first);
    else return;
    this.#first = 0;
  }
}
