import { expect, test } from "bun:test";
import { FactOrder } from "./fact-order.ts";

test("what comes while a body is being decoded has its turn behind it, and what decodes in its turn holds up the rest", async () => {
  const owed: Promise<void>[] = [];
  const order = new FactOrder((work) => owed.push(work));
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const tell = (word: string): void => (order.busy ? order.wait(() => tell(word), 1) : void done.push(word));
  const decode = (word: string): void => {
    if (order.busy) return order.wait(() => decode(word), 1);
    order.decode(second.promise.then(() => void done.push(word)));
    tell(`behind ${word}`);
  };
  order.decode(first.promise.then(() => void done.push("a")));
  tell("b");
  decode("c");
  tell("d");
  expect(done).toEqual([]);
  first.resolve();
  await owed[0];
  tell("e");
  expect([done, order.busy]).toEqual([["a", "b"], true]);
  second.resolve();
  await owed[1];
  expect([done, order.busy]).toEqual([["a", "b", "c", "behind c", "d", "e"], false]);
});

test("a source is stopped while too much waits, and told when there is room", async () => {
  const order = new FactOrder(() => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  const rooms: string[] = [];
  expect(order.shouldPause(() => rooms.push("too early"))).toBe(false);
  order.decode(promise);
  order.wait(() => {}, 2 * 1024 * 1024);
  expect(order.shouldPause(() => rooms.push("room"))).toBe(true);
  expect(rooms).toEqual([]);
  resolve();
  while (order.busy) await promise;
  expect([rooms, order.shouldPause(() => {})]).toEqual([["room"], false]);
});

test("a decoder that hangs does not hang the traffic", async () => {
  const order = new FactOrder(() => {});
  order.decode(new Promise(() => {}));
  order.wait(() => {}, 2 * 1024 * 1024);
  const { promise, resolve } = Promise.withResolvers<void>();
  expect(order.shouldPause(resolve)).toBe(true);
  await promise;
  expect([order.busy, order.shouldPause(() => {})]).toEqual([true, false]);
});
