import { expect, test } from "bun:test";
import { FactQueue } from "./fact-queue.ts";
import { AT_ONCE, createLater, type Later } from "./later.ts";

/** Work is told of as it is owed; turns are given at once. */
function ears() {
  const owed: Promise<void>[] = [];
  const failed: unknown[] = [];
  const later: Later = { ...AT_ONCE, owe: (work) => owed.push(work) };
  return { owed, failed, queue: new FactQueue(later, (error) => failed.push(error)) };
}

test("what comes while a body is being decoded has its turn behind it, and what decodes in its turn holds up the rest", async () => {
  const { owed, queue } = ears();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const tell = (word: string) => queue.push(() => void done.push(word), 1);
  const decode = (word: string, work: Promise<void>) =>
    queue.push(() => work.then(() => void done.push(word)), 1);
  decode("a", first.promise);
  tell("b");
  decode("c", second.promise);
  tell("behind c");
  tell("d");
  expect(done).toEqual([]);
  first.resolve();
  await owed[0];
  tell("e");
  expect([done, queue.isBusy]).toEqual([["a", "b"], true]);
  second.resolve();
  await owed[1];
  expect([done, queue.isBusy]).toEqual([["a", "b", "c", "behind c", "d", "e"], false]);
});

test("a source is stopped while too much waits, and told when there is room", async () => {
  const { owed, queue } = ears();
  const { promise, resolve } = Promise.withResolvers<void>();
  const rooms: string[] = [];
  expect(queue.shouldPause(() => rooms.push("too early"))).toBe(false);
  queue.push(() => promise, 0);
  queue.push(() => {}, 2 * 1024 * 1024);
  expect(queue.shouldPause(() => rooms.push("room"))).toBe(true);
  expect(rooms).toEqual([]);
  resolve();
  await owed[0];
  expect([queue.isBusy, rooms, queue.shouldPause(() => {})]).toEqual([false, ["room"], false]);
});

test("many small tasks fill it too", () => {
  const { queue } = ears();
  queue.push(() => new Promise<void>(() => {}), 0);
  for (let n = 0; n < 5000; n++) queue.push(() => {}, 1);
  expect(queue.shouldPause(() => {})).toBe(true);
});

test("a decoder that hangs does not hang the traffic", async () => {
  const { queue } = ears();
  queue.push(() => new Promise<void>(() => {}), 0);
  queue.push(() => {}, 2 * 1024 * 1024);
  const { promise, resolve } = Promise.withResolvers<void>();
  expect(queue.shouldPause(resolve)).toBe(true);
  await promise;
  expect([queue.isBusy, queue.shouldPause(() => {})]).toEqual([true, false]);
});

test("a task that has more to do is done again before what follows, whether it waits or not", async () => {
  const later = createLater();
  const queue = new FactQueue(later, () => {});
  const done: string[] = [];
  queue.push(function* () {
    for (let left = 3; left >= 0; left--) {
      done.push("more");
      if (left > 0) yield left % 2 === 0 ? undefined : Promise.resolve();
    }
  }, 0);
  queue.push(() => void done.push("next"), 0);
  await later.drain();
  expect(done).toEqual(["more", "more", "more", "more", "next"]);
});

test("a task that throws or rejects is told of, and what follows has its turn", async () => {
  const { failed, owed, queue } = ears();
  const done: string[] = [];
  queue.push(() => {
    throw new RangeError("thrown");
  }, 0);
  queue.push(() => Promise.reject(new Error("rejected")), 0);
  queue.push(() => void done.push("next"), 0);
  await owed[0];
  expect([failed.map(String), done]).toEqual([["RangeError: thrown", "Error: rejected"], ["next"]]);
});
