/** What waits in its order; taking the first costs the same however much waits. What was taken is let go of at once. */
export class TaskList<Task> {
  readonly #tasks: (Task | undefined)[] = [];
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
    // A task keeps the piece that it is about: hundreds of them that were done would be all that passed in a while.
    this.#tasks[this.#first] = undefined;
    this.#first++;
    if (this.#first === this.#tasks.length) this.#tasks.length = 0;
    // Their places are given up while more waits: half of them at once, so that each is moved but once or twice.
    else if (this.#first >= 512 && this.#first * 2 >= this.#tasks.length) this.#tasks.splice(0, this.#first);
    else return;
    this.#first = 0;
  }
}
