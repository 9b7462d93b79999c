import { expect, test } from "bun:test";
import { TaskList } from "./task-list.ts";

test("tasks come out in their order, however many wait", () => {
  const tasks = new TaskList<number>();
  const seen: (number | undefined)[] = [];
  for (let n = 0; n < 3000; n++) {
    tasks.push(n);
    if (n % 3 !== 0) continue;
    seen.push(tasks.first);
    tasks.shift();
  }
  for (; tasks.length > 0; tasks.shift()) seen.push(tasks.first);
  expect(seen).toEqual(Array.from({ length: 3000 }, (_, n) => n));
});

test("what was taken is kept by nobody, also while more waits behind it", () => {
  const tasks = new TaskList<object>();
  const taken = filled(tasks, 400);
  for (let n = 0; n < 300; n++) tasks.shift();
  Bun.gc(true);
  // The collector looks at the stack by guess: a few may still seem to be in use.
  expect(taken.slice(0, 300).filter((task) => task.deref() !== undefined).length).toBeLessThan(30);
  expect(tasks.length).toBe(100);
});

function filled(tasks: TaskList<object>, count: number): WeakRef<object>[] {
  return Array.from({ length: count }, () => {
    const task = { piece: new Uint8Array(16) };
    tasks.push(task);
    return new WeakRef(task);
  });
}
