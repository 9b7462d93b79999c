import { expect, test } from "bun:test";
import { createLater } from "./later.ts";

const turn = () => new Promise((next) => setTimeout(next, 1));

test("what is pushed is done in order, and not at once", async () => {
  const later = createLater();
  const done: number[] = [];
  for (let n = 0; n < 5; n++) later.push(() => done.push(n), 0);
  expect(done).toEqual([]);
  while (done.length < 5) await turn();
  expect(done).toEqual([0, 1, 2, 3, 4]);
  later.push(() => done.push(5), 0);
  while (done.length < 6) await turn();
});

test("long work is done in slices, so that others have their turn between", async () => {
  const later = createLater();
  const done: (number | "other")[] = [];
  const work = (n: number) => () => {
    Bun.sleepSync(2);
    done.push(n);
  };
  for (let n = 0; n < 4; n++) later.push(work(n), 0);
  const other = setInterval(() => done.length > 0 && done.push("other"), 1);
  while (done.filter((one) => one !== "other").length < 4) await turn();
  clearInterval(other);
  expect(done.indexOf("other")).toBeLessThan(done.indexOf(3));
  expect(done.filter((one) => one !== "other")).toEqual([0, 1, 2, 3]);
});

test("what a task pushes comes behind what waits, and all of it is done when it must be", async () => {
  const later = createLater();
  const done: string[] = [];
  later.push(() => {
    done.push("a");
    later.push(() => done.push("c"), 0);
  }, 0);
  later.push(() => done.push("b"), 0);
  void later.drain();
  expect(done).toEqual(["a", "b", "c"]);
  const { promise, resolve } = Promise.withResolvers<void>();
  later.push(() => later.owe(promise.then(() => later.push(() => done.push("e"), 0))), 0);
  setTimeout(() => (done.push("d"), resolve()), 1);
  await later.drain();
  expect(done).toEqual(["a", "b", "c", "d", "e"]);
});

test("more than memory should hold is done at once", () => {
  const later = createLater();
  const done: number[] = [];
  later.push(() => done.push(0), 10 * 1024 * 1024);
  expect(done).toEqual([]);
  later.push(() => done.push(1), 10 * 1024 * 1024);
  expect(done).toEqual([0, 1]);
});
